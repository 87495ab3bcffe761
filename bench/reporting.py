"""What was found, as Markdown for people and as JSON for programs."""

import os
import platform
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import version
from statistics import median
from typing import Any

from bench.measuring import HELLO, SERVICE, Findings, Plan
from bench.works import TITLES

SHARES = {"W1": 0.85, "W2": 0.80, "W3": 0.70, "W4": 0.70, "W5": 0.55, "W6": 0.60}
"""At the largest size, at least this share of the hello-world's requests per second."""
GROWTHS = {"W1": 1.25, "W2": 1.25, "W3": 1.25, "W4": 1.25, "W5": 1.5, "W6": 1.5}
"""A request at the largest size costs at most so many times what it costs at the smallest."""

Result = dict[str, Any]


def results(plan: Plan, findings: Findings) -> Result:
    """Everything worth keeping: the conditions, the figures of each size and work, and every single load."""
    works = [work for work in TITLES if work in plan.works]
    return {
        "conditions": conditions(plan),
        "asked": {str(size): _asked(found) for size, found in findings.asked.items()},
        "figures": [_figures(findings, size, work) for size in plan.sizes for work in works],
        "growth": [_growth(plan, findings, work) for work in works] if len(plan.sizes) > 1 else [],
        "loads": [
            {"round": one.round, **dict(zip(("size", "work", "subject"), one.case, strict=True)), **asdict(one.load)}
            for one in findings.measurements
        ],
    }


def machine() -> str:
    """The machine on which something is measured, without its name."""
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"


def conditions(plan: Plan) -> Result:
    """What the figures depend on."""
    return {
        "machine": machine(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "engine": "PostgreSQL" if plan.server else "SQLite",
        "gunicorn": version("gunicorn"),
        "flask": version("flask"),
        "worker_class": plan.under.worker_class or "the service's own",
        "workers": plan.under.workers,
        "threads": plan.under.threads,
        "connections": plan.connections,
        "rounds": plan.rounds,
        "seconds": plan.seconds,
        "seed": plan.seed,
        "response_cache_megabytes": "the service's own"
        if plan.under.response_cache_megabytes is None
        else plan.under.response_cache_megabytes,
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


def _shares(findings: Findings, size: int, work: str) -> list[float]:
    """Of each round: the service's requests per second as a share of the hello-world's."""
    service, hello = (_by_round(findings, size, work, subject, "rate") for subject in (SERVICE, HELLO))
    return [ours / theirs for ours, theirs in zip(service, hello, strict=True)]


def _figures(findings: Findings, size: int, work: str) -> Result:
    figures: Result = {"size": size, "work": work, "body": findings.samples[size, work].size}
    for subject in (SERVICE, HELLO):
        rates = _by_round(findings, size, work, subject, "rate")
        latencies = {what: median(_by_round(findings, size, work, subject, what)) for what in ("p50", "p99")}
        figures[subject] = {"rate": median(rates), "least": min(rates), "most": max(rates), **latencies}
    return {**figures, "share": median(_shares(findings, size, work)), "target": SHARES.get(work)}


def _growth(plan: Plan, findings: Findings, work: str) -> Result:
    """What a request costs at the largest size against the smallest, each measured in hello-worlds of its round."""
    small, large = (_shares(findings, size, work) for size in (min(plan.sizes), max(plan.sizes)))
    grown = [before / after for before, after in zip(small, large, strict=True)]
    return {"work": work, "growth": median(grown), "least": min(grown), "most": max(grown), "target": GROWTHS.get(work)}


def markdown(result: Result) -> str:
    """The results as tables."""
    return "\n".join(_lines(result)) + "\n"


def _lines(result: Result) -> Iterator[str]:
    yield " · ".join(f"{name.replace('_', ' ')}: {value}" for name, value in result["conditions"].items())
    sizes = list(dict.fromkeys(figures["size"] for figures in result["figures"]))
    for size in sizes:
        yield from ("", f"### {size:,} statements", "", *_asked_lines(result["asked"][str(size)]), "")
        yield "| work | service req/s | hello-world req/s | share | target | p50 ms | p99 ms | hello p50 / p99 | KiB |"
        yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
        for figures in result["figures"]:
            if figures["size"] == size:
                yield _figures_line(figures, size == max(sizes))
    if result["growth"]:
        yield from ("", f"### From {min(sizes):,} to {max(sizes):,} statements", "")
        yield from ("| work | cost grows to | least - most | target |", "|---|--:|--:|--:|")
        for growth in result["growth"]:
            verdict = _verdict(growth["target"], growth["growth"], at_most=True)
            spread = f"{growth['least']:.2f} - {growth['most']:.2f}"
            yield f"| {growth['work']} {TITLES[growth['work']]} | {growth['growth']:.2f} | {spread} | {verdict} |"


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


def _figures_line(figures: Result, judged: bool) -> str:
    ours, theirs = figures[SERVICE], figures[HELLO]
    cells = [
        f"{figures['work']} {TITLES[figures['work']]}",
        *(f"{some['rate']:,.0f} ({some['least']:,.0f}-{some['most']:,.0f})" for some in (ours, theirs)),
        f"{figures['share']:.2f}",
        _verdict(figures["target"], figures["share"]) if judged else "",
        f"{ours['p50']:.1f}",
        f"{ours['p99']:.1f}",
        f"{theirs['p50']:.1f} / {theirs['p99']:.1f}",
        f"{figures['body'] / 1024:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def _verdict(target: float | None, found: float, at_most: bool = False) -> str:
    if target is None:
        return ""
    met = found <= target if at_most else found >= target
    return f"{'≤' if at_most else '≥'} {target:.2f}: {'met' if met else '**not met**'}"
