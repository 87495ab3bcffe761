"""`tasrih mcp` as an assistant's client uses it: the tools of the SDK's own client, over standard input and output."""

import asyncio
import json
import os
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from served import COMMAND, Server, serving

from api.assistants.tools import Tools
from api.remote.service import Answer

mcp = pytest.importorskip("mcp", reason="the extra 'mcp' is missing: 'make test-system' installs it")

T = TypeVar("T")
Session = Any


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("served")) as server:
        yield server


def used(server: Server, use: Callable[[Session], Awaitable[T]]) -> T:
    """What comes of using a session."""
    arguments = ["mcp", "--url", f"http://127.0.0.1:{server.port}"]
    parameters = mcp.StdioServerParameters(command=COMMAND, args=arguments, env={"PATH": os.environ["PATH"]})

    async def run() -> T:
        async with mcp.stdio_client(parameters) as (read, write), mcp.ClientSession(read, write) as session:
            await session.initialize()
            return await use(session)

    return asyncio.run(run())


def small(result: Any) -> Any:
    """The structured content of a result that is within the limits."""
    assert not result.is_error, result.content
    [text] = result.content
    assert len(text.text.encode()) <= 10_000
    for row in result.structured_content.get("rows", ()):
        assert len(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()) <= 300, row
    return result.structured_content


def test_an_assistant_finds_reads_and_cites(server: Server) -> None:
    async def use(session: Session) -> None:
        listed = (await session.list_tools()).tools
        names = {"find", "statements", "statement", "statements_on_agreement", "figures", "timeline", "coverage"}
        assert {tool.name for tool in listed} == names
        assert all(tool.annotations.read_only_hint and tool.output_schema for tool in listed)

        found = small(await session.call_tool("find", {"name": "غوتيريش"}))["rows"]
        assert found[0]["id"] == "antonio-guterres"
        rows: list[Any] = []
        cursor: str | None = None
        while cursor is not None or not rows:
            answer = small(await session.call_tool("statements", {"until": "2022", "cursor": cursor}))
            rows, cursor = rows + answer["rows"], answer["cursor"]
        assert len(rows) > 50
        assert len({row["iri"] for row in rows}) == len(rows)
        assert all(row["cite"].startswith("according to ") and row["text"] for row in rows)
        assert server.get(rows[0]["iri"]).status == 200
        for row in rows[::9]:
            whole = small(await session.call_tool("statement", {"id": row["iri"]}))["record"]
            assert whole["reports"][0]["cite"].startswith("according to ")

        arabic = small(await session.call_tool("statements", {"speaker": "antonio-guterres", "language": "ar"}))
        assert "غوتيريش" in arabic["rows"][0]["who"]
        agreement = small(await session.call_tool("find", {"name": "trilateral"}))["rows"]
        [on] = [row["id"] for row in agreement if row["id"] == "trilateral-statement-2020-11-09"] or [
            agreement[0]["id"]
        ]
        assert small(await session.call_tool("statements_on_agreement", {"agreement": on}))["rows"][0]["relation"]
        figures = small(await session.call_tool("figures", {"measure": "soldiers-killed"}))["rows"]
        assert any("105" in row["value"] for row in figures)
        assert small(await session.call_tool("timeline", {"interval": "year"}))["rows"][0]["count"]
        asked = {"publisher": "un-news", "since": "2021-11", "until": "2021-11"}
        [covered] = small(await session.call_tool("coverage", asked))["rows"]
        assert (covered["articles"], covered["days"]) == ("1 of 1 known articles read", "0 of 30 days covered")
        assert server.get(covered["iri"]).status == 200

    used(server, use)


def test_what_is_not_found_or_wrong_is_said(server: Server) -> None:
    async def use(session: Session) -> None:
        empty = small(await session.call_tool("statements", {"words": "nonexistentword"}))
        assert empty["rows"] == []
        assert "does not mean that nothing was said" in empty["note"]
        earlier = small(await session.call_tool("statements", {"until": "2019"}))["note"]
        assert "the 0 articles" in earlier  # of which this service has none so old
        wrong = await session.call_tool("statements", {"since": "2021-13-45", "act": "sing"})
        assert wrong.is_error
        assert "has no month 13" in wrong.content[0].text
        assert "act" in wrong.content[0].text
        missing = await session.call_tool("statement", {"id": "nothing-has-this-id"})
        assert missing.is_error

    used(server, use)


class Nonsense:
    """A service that answers everything with the same."""

    url = "http://nonsense.example"

    def __init__(self, body: object) -> None:
        self._answer = Answer(200, {}, json.dumps(body).encode())

    def get(self, path: str, query: object = ()) -> Answer:
        return self._answer


SPAN = {"from": "2020", "count": 1}


@pytest.mark.parametrize("body", [None, [], {"data": 5}, {"data": {}}, {"data": [SPAN, {**SPAN, "x": "y" * 60_000}]}])
@pytest.mark.parametrize(("tool", "arguments"), [("find", {"name": "x"}), ("statement", {"id": "x"}), ("timeline", {})])
def test_nonsense_of_a_service_is_said_in_a_sentence(tool: str, arguments: dict[str, str], body: object) -> None:
    from api.assistants.server import server_of

    server = server_of(Tools(Nonsense(body)))  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"The service's answer (has not the form|is longer)"):
        asyncio.run(server.call_tool(tool, arguments))


def test_without_a_service_the_command_says_so(tmp_path: Path) -> None:
    ended = subprocess.run(
        [COMMAND, "mcp", "--url", "ftp://x"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "is not the http or https address of a service" in ended.stderr
