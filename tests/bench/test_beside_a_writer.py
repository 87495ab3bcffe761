"""What is printed of reads beside a writer."""

from bench.beside_a_writer import CACHED, UNCACHED, table


def test_each_work_has_the_medians_of_its_rounds_with_and_without_cache_and_writer() -> None:
    shares = {("W1", UNCACHED, False): [0.5, 0.7, 0.6], ("W1", UNCACHED, True): [0.4]}
    shares |= {("W1", CACHED, False): [1.0], ("W1", CACHED, True): [0.2, 0.3]}
    assert table(["W1"], shares).splitlines()[-1] == "| W1 item by id | 0.60 | 0.40 | 1.00 | 0.25 |"
