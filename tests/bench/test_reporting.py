"""What `python -m bench` prints: figures beside the hello-world's, growth from size to size, and whether targets are met."""

import os
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner

from bench.__main__ import main
from bench.load.measuring import (
    CACHED,
    CACHED_WRITTEN,
    CONDITIONS,
    HELLO,
    WORKED_OUT,
    WRITTEN,
    Findings,
    Measurement,
    Plan,
)
from bench.load.reporting import markdown, results
from bench.load.serving import Under
from bench.load.works import Sample
from bench.load.wrk import Load

SMALL, LARGE = 10_000, 1_000_000
QUESTIONS = {"ids": ["a", "b"], "triples": [["s", "a", "2020", "2021", 33]], "words": {"w": 44}, "speakers": {"s": 5}, "busiest": {"s": 5}}  # fmt: skip


def found(rates: dict[tuple[int, str], list[float]]) -> dict[str, Any]:
    """The results of so many requests per second by size and subject, one for each round, in W1."""
    rounds = len(next(iter(rates.values())))
    conditions = [each for each in CONDITIONS if (LARGE, each.name) in rates]
    plan = Plan([SMALL, LARGE], ["W1"], rounds, 5, 8, Under(2, 4), conditions=conditions)
    measurements = [
        Measurement(number, (size, "W1", subject), Load(rate, p50=2.0, p99=9.0))
        for (size, subject), some in rates.items()
        for number, rate in enumerate(some, 1)
    ]
    samples = {(size, "W1"): Sample(2048, {}) for size in (SMALL, LARGE)}
    asked = {SMALL: QUESTIONS, LARGE: QUESTIONS}
    return results(plan, Findings(measurements, samples, asked, {SMALL: 10.0, LARGE: 9.5}))


SERVICE = WORKED_OUT.name
STEADY = {(SMALL, SERVICE): [900.0] * 3, (SMALL, HELLO): [1000.0] * 3}


def test_the_share_is_the_median_of_the_rounds_each_against_its_own_hello_world() -> None:
    result = found({**STEADY, (LARGE, SERVICE): [450, 900, 100], (LARGE, HELLO): [500, 1000, 1000]})
    assert [figures[SERVICE]["share"] for figures in result["figures"]] == [0.9, 0.9]


def test_growth_is_the_cost_of_a_request_against_that_at_the_smallest_size() -> None:
    result = found({**STEADY, (LARGE, SERVICE): [450.0] * 3, (LARGE, HELLO): [1000.0] * 3})
    assert result["growth"][0]["growth"] == pytest.approx(2)


def test_targets_are_judged_at_the_largest_size_only() -> None:
    page = markdown(found({**STEADY, (LARGE, SERVICE): [800.0] * 3, (LARGE, HELLO): [1000.0] * 3}))
    small, large = page.split("### 1,000,000 statements")
    assert "met" not in small
    assert "0.80 (0.80-0.80) | ≥ 0.85: **not met**" in large
    assert "1.12 | 1.12 - 1.12 | ≤ 1.30: met" in large


def test_a_target_that_is_just_reached_is_met() -> None:
    page = markdown(found({**STEADY, (LARGE, SERVICE): [850.0] * 3, (LARGE, HELLO): [1000.0] * 3}))
    assert "≥ 0.85: met" in page


def test_figures_come_with_their_spread_and_what_was_asked() -> None:
    page = markdown(found({**STEADY, (LARGE, SERVICE): [700, 800, 900], (LARGE, HELLO): [1000.0] * 3}))
    assert "800 | 0.80 (0.70-0.90)" in page
    assert "W3: 1 combinations, hits 33 / 33 / 33" in page


def test_beside_a_writer_it_is_told_how_much_is_left_of_the_rate_without_one() -> None:
    loads = {WORKED_OUT: [800.0], WRITTEN: [600.0], CACHED: [1100.0], CACHED_WRITTEN: [550.0]}
    rates = {(size, condition.name): some for size in (SMALL, LARGE) for condition, some in loads.items()}
    page = markdown(found({**rates, (SMALL, HELLO): [1000.0], (LARGE, HELLO): [1000.0]}))
    line = next(line for line in page.split("### 1,000,000")[1].splitlines() if line.startswith("| W1"))
    assert "| 0.75, ≥ 0.80: **not met** |" in line
    assert "| 1.10 (1.10-1.10) | 9.0 | 0.50 |" in line
    assert "The writer made 9.5 changes a second." in page


@pytest.mark.parametrize(("sizes", "told"), [("ten", "'ten' is no number"), ("10k,", "'' is no number"), ("0", "'0'")])
def test_sizes_that_are_none_are_refused(sizes: str, told: str) -> None:
    answer = CliRunner().invoke(main, ["--sizes", sizes])
    assert answer.exit_code == 2
    assert told in answer.output


def test_works_that_are_unknown_are_refused() -> None:
    answer = CliRunner().invoke(main, ["--works", "W1,W9"])
    assert (answer.exit_code, "'W9' is no work" in answer.output) == (2, True)


def test_without_wrk_it_says_how_to_get_it_before_it_builds_anything() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench"], env={**os.environ, "PATH": ""}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "wrk is not installed: on Debian and Ubuntu 'apt install wrk'" in done.stderr
