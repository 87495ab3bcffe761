"""Many clients add one to the same figure, each by reading it and putting it back: no addition may get lost."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from faults.clients import Client
from faults.engines import Engine
from faults.load import ARTICLE, Lost, article, person, statement
from faults.service import command, prepared, serving

COUNTED = "/v1/statements/counted"
FIGURE = {"measure": "soldiers-killed", "unit": "people", "bound": "exact", "claimant": {"id": "counter"}}


def run(engine: Engine, port: int, clients: int = 32, times: int = 5) -> dict[str, Any]:
    """Let clients count together; raise Lost unless the figure is the sum."""
    url = engine.new_database()
    token = prepared(url)
    with serving(url, port), Client(port, token) as first:
        first.persist("PUT", f"/v1/articles/{ARTICLE}", article())
        first.persist("PUT", "/v1/speakers/counter", person(0))
        first.persist("PUT", COUNTED, {**statement(0, "counter"), "figures": [{**FIGURE, "value": 0}]})
        with ThreadPoolExecutor(clients) as pool:
            late = sum(pool.map(lambda _: _count(port, token, times), range(clients)))
        answer, _ = first.persist("GET", COUNTED)
        value = answer.document["figures"][0]["value"]
        history, _ = first.persist("GET", f"{COUNTED}/history?limit=1")
        revision = history.document["data"][0]["revision"]
    if (value, revision) != (clients * times, clients * times + 1):
        raise Lost(f"{clients} clients added 1 for {times} times, and it is {value}, at revision {revision}")
    command(url, "check")
    return {"clients": clients, "additions": clients * times, "lost": 0, "412, read again": late}


def _count(port: int, token: str, times: int) -> int:
    """Add one so many times; give how often somebody else was faster."""
    done = late = 0
    with Client(port, token) as client:
        while done < times:
            read, _ = client.persist("GET", COUNTED)
            document = read.document
            document["figures"][0]["value"] += 1
            answer, again = client.persist("PUT", COUNTED, document, If_Match=read.headers["etag"])
            if answer.status == 200:
                done += 1
            elif answer.status == 412 and not again:
                late += 1
            else:
                raise Lost(f"answered {answer.status}: {answer.body[:500]!r}")
    return late
