"""Measuring writes: on a copy of a database that is gone afterwards, and how the times of requests are told."""

from pathlib import Path

from bench.writing import Load, copied


def test_shares_of_the_requests_took_at_most_so_long() -> None:
    found = Load(1, 2.0, [number / 1000 for number in range(1, 101)], refused=0)
    assert (found.per_second, found.milliseconds(0.5), found.milliseconds(0.99)) == (50, 51, 100)


def test_what_is_written_to_is_a_copy_and_gone_afterwards(tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    kept.write_bytes(b"as it was")
    with copied(f"sqlite:///{kept}") as url:
        copy = Path(url.removeprefix("sqlite:///"))
        assert copy.read_bytes() == b"as it was"
        copy.write_bytes(b"written to")
    assert list(tmp_path.iterdir()) == [kept]
    assert kept.read_bytes() == b"as it was"
