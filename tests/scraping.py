"""The metrics of a server, read as Prometheus reads them."""

import time
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def scrape(port: int, seconds: float = 20) -> str:
    """The metrics at a port, which may not be listened at yet."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            assert time.monotonic() < until, "nobody listens"
            time.sleep(0.1)


def samples(port: int) -> Samples:
    """Each value by the name and the labels of its metric."""
    families = text_string_to_metric_families(scrape(port))
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def value(port: int, name: str, **labels: str) -> float:
    """One value, 0 where there is none."""
    return samples(port).get((name, frozenset(labels.items())), 0)
