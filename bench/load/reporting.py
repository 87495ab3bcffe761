"""What was found, as Markdown for people and as JSON for programs."""

import os
import platform
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import version
from statistics import median
from typing import Any

from bench.load.measuring import CACHED, CACHED_WRITTEN, HELLO, WORKED_OUT, WRITTEN, Condition, Findings, Plan
from bench.load.works import TITLES

SHARES = {"W1": 0.85, "W2": 0.80, "W3": 0.60, "W4": 0.60, "W5": 0.55, "W6": 0.60, "W6b": 0.50}
"""Worked out at the largest size, at least this share of the hello-world's requests per second."""
GROWTH = 1.3
"""A request that is worked out costs at the largest size at most so many times what it costs at the smallest."""
LEFT = 0.8
"""Beside a writer, at least this share of the rate without one."""

Result = dict[str, Any]


def results(plan: Plan, findings: Findings) -> Result:
    """Everything worth keeping: the circumstances, the figures of each size and work, and every single load."""
    works = [work for work in TITLES if work in plan.works]
    return {
        "circumstances": circumstances(plan),
        "changes_per_second": {str(size): rate for size, rate in findings.written.items()},
        "asked": {str(size): _asked(found) for size, found in findings.asked.items()},
        "figures": [_figures(plan, findings, size, work) for size in plan.sizes for work in works],
        "growth": [_growth(plan, findings, work) for work in works] if len(plan.sizes) > 1 else [],
        "loads": [
            {"round": one.round, **dict(zip(("size", "work", "subject"), one.case, strict=True)), **asdict(one.load)}
            for one in findings.measurements
        ],
    }


def machine() -> str:
    """The machine on which something is measured, without its name."""
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"


def circumstances(plan: Plan) -> Result:
    """What the figures depend on."""
    return {
        "machine": machine(),
        "python": platform.python_version(),
        "engine": "PostgreSQL" if plan.server else f"SQLite {sqlite3.sqlite_version}",
        "gunicorn": version("gunicorn"),
        "flask": version("flask"),
        "worker_class": plan.under.worker_class or "the service's own",
        "workers": plan.under.workers,
        "threads": plan.under.threads,
        "connections": plan.connections,
        "rounds": plan.rounds,
        "seconds": plan.seconds,
        "seed": plan.seed,
        "changes_wanted_per_second": plan.writes_per_second,
        "hello_headers": "none of its own" if plan.bare else "those of the service",
    }


def _asked(found: Any) -> Result:
    return {
        "ids": len(found["ids"]),
        "filters": {"asked": len(found["triples"]), "hits": _spread([triple[-1] for triple in found["triples"]])},
        "words": {"asked": len(found["words"]), "hits": _spread(list(found["words"].values()))},
        "speakers": {"asked": len(found["speakers"]), "statements": _spread(list(found["speakers"].values()))},
        "busiest": {"asked": len(found["busiest"]), "statements": _spread(list(found["busiest"].values()))},
    }


def _spread(values: list[int]) -> list[float]:
    """Least, median, most."""
    return [min(values), median(values), max(values)] if values else []


def _by_round(findings: Findings, size: int, work: str, subject: str, what: str) -> list[float]:
    return [getattr(one.load, what) for one in findings.measurements if one.case == (size, work, subject)]


def _shares(findings: Findings, size: int, work: str, subject: str, of: str = HELLO) -> list[float]:
    """Of each round: the requests per second of one subject as a share of another's."""
    ours, theirs = (_by_round(findings, size, work, each, "rate") for each in (subject, of))
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def _figures(plan: Plan, findings: Findings, size: int, work: str) -> Result:
    """Of each subject requests per second and milliseconds, and its share: of the hello-world's rate, beside a writer of that without one."""
    figures: Result = {"size": size, "work": work, "body": findings.samples[size, work].size, "target": SHARES[work]}
    for subject in (*(condition.name for condition in plan.conditions), HELLO):
        rates, shares = _by_round(findings, size, work, subject, "rate"), _shares(findings, size, work, subject)
        latencies = {what: median(_by_round(findings, size, work, subject, what)) for what in ("p50", "p99")}
        shared = {"share": median(shares), "least": min(shares), "most": max(shares)}
        figures[subject] = {"rate": median(rates), **shared, **latencies}
    for beside, without in ((WRITTEN, WORKED_OUT), (CACHED_WRITTEN, CACHED)):
        if {beside, without} <= {*plan.conditions}:
            figures[beside.name]["left"] = median(_shares(findings, size, work, beside.name, without.name))
    return figures


def _growth(plan: Plan, findings: Findings, work: str) -> Result:
    """What a request costs at the largest size against the smallest, each measured in hello-worlds of its round."""
    subject = plan.conditions[0].name
    small, large = (_shares(findings, size, work, subject) for size in (min(plan.sizes), max(plan.sizes)))
    grown = [before / after for before, after in zip(small, large, strict=True)]
    return {"work": work, "growth": median(grown), "least": min(grown), "most": max(grown), "target": GROWTH}


def markdown(result: Result) -> str:
    """The results as tables."""
    return "\n".join(_lines(result)) + "\n"


def _lines(result: Result) -> Iterator[str]:
    yield " · ".join(f"{name.replace('_', ' ')}: {value}" for name, value in result["circumstances"].items())
    sizes = list(dict.fromkeys(figures["size"] for figures in result["figures"]))
    for size in sizes:
        some = [figures for figures in result["figures"] if figures["size"] == size]
        yield from ("", f"### {size:,} statements", "", *_asked_lines(result["asked"][str(size)]), "")
        if any(condition.beside_a_writer and condition.name in some[0] for condition in _COLUMNS):
            yield from (f"The writer made {result['changes_per_second'][str(size)]:.1f} changes a second.", "")
        columns = {condition: headings for condition, headings in _COLUMNS.items() if condition.name in some[0]}
        headings = ["work", "hello-world req/s", *(each for few in columns.values() for each in few), "KiB"]
        yield f"| {' | '.join(headings)} |"
        yield f"|---|{'--:|' * (len(headings) - 1)}"
        yield from (_figures_line(figures, list(columns), judged=size == max(sizes)) for figures in some)
    if result["growth"]:
        yield from ("", f"### From {min(sizes):,} to {max(sizes):,} statements", "")
        yield from ("| work | cost grows to | least - most | target |", "|---|--:|--:|--:|")
        for growth in result["growth"]:
            verdict = _verdict(growth["target"], growth["growth"], at_most=True)
            spread = f"{growth['least']:.2f} - {growth['most']:.2f}"
            yield f"| {growth['work']} {TITLES[growth['work']]} | {growth['growth']:.2f} | {spread} | {verdict} |"


_COLUMNS: dict[Condition, tuple[str, ...]] = {
    WORKED_OUT: ("worked out: req/s", "share", "target", "p50 ms", "p99 ms"),
    WRITTEN: ("beside a writer: of that rate", "p99 ms"),
    CACHED: ("cached: share", "p99 ms"),
    CACHED_WRITTEN: ("beside a writer: of that rate", "p99 ms"),
}
"""What is told of each condition."""


def _asked_lines(asked: Result) -> Iterator[str]:
    yield (
        f"W1 rotates over {asked['ids']:,} ids. "
        f"W3: {asked['filters']['asked']:,} combinations, hits {_told(asked['filters']['hits'])}. "
        f"W5: {asked['words']['asked']:,} words, hits {_told(asked['words']['hits'])}. "
        f"W6: {asked['speakers']['asked']:,} speakers, statements {_told(asked['speakers']['statements'])}; "
        f"W6b: statements {_told(asked['busiest']['statements'])}. (Least / median / most.)"
    )


def _told(spread: list[float]) -> str:
    return " / ".join(f"{value:,.0f}" for value in spread)


def _figures_line(figures: Result, conditions: list[Condition], judged: bool) -> str:
    cells = [f"{figures['work']} {TITLES[figures['work']]}", f"{figures[HELLO]['rate']:,.0f}"]
    for condition in conditions:
        cells += _cells(figures[condition.name], condition, figures["target"] if judged else None)
    cells.append(f"{figures['body'] / 1024:.1f}")
    return f"| {' | '.join(cells)} |"


def _cells(found: Result, condition: Condition, target: float | None) -> list[str]:
    share = f"{found['share']:.2f} ({found['least']:.2f}-{found['most']:.2f})"
    if condition == WORKED_OUT:
        verdict = _verdict(target, found["share"])
        return [f"{found['rate']:,.0f}", share, verdict, f"{found['p50']:.1f}", f"{found['p99']:.1f}"]
    if "left" not in found:
        return [share, f"{found['p99']:.1f}"]
    verdict = "" if condition.cached or target is None or found["left"] >= LEFT else f", ≥ {LEFT:.2f}: **not met**"
    return [f"{found['left']:.2f}{verdict}", f"{found['p99']:.1f}"]


def _verdict(target: float | None, found: float, at_most: bool = False) -> str:
    if target is None:
        return ""
    met = found <= target if at_most else found >= target
    return f"{'≤' if at_most else '≥'} {target:.2f}: {'met' if met else '**not met**'}"
