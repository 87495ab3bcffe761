"""A speaker whom very many statements show is renamed while others write, and the service is killed in the midst of it."""

import os
import signal
from pathlib import Path

import orjson
from applications import article, speaker, statement
from changing import eventually
from served import Server, serving

STATEMENTS = 1_000
VOICE, OTHER = "/v1/speakers/voice", "/v1/speakers/other"


def _records() -> bytes:
    """A speaker, another, and a thousand statements by the first, to be imported."""
    of_type = {
        "speakers": [speaker("voice", name={"en": "Zebulon"}), speaker("other")],
        "articles": [article("an-article")],
        "statements": [statement(f"said-{number}", speaker_id="voice") for number in range(STATEMENTS)],
    }
    lines = [{"type": name, "document": document} for name, documents in of_type.items() for document in documents]
    return b"\n".join(map(orjson.dumps, lines))


def _rename(server: Server, token: str, address: str, name: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "If-Match": "*", "Content-Type": "application/merge-patch+json"}
    answer = server.request("PATCH", address, orjson.dumps({"name": {"en": name}}), **headers)
    assert answer.status == 200, answer.body


def _shown(server: Server, name: str) -> int:
    """How many statements are found by what their speaker is called."""
    return int(orjson.loads(server.get(f"/v1/statements?q={name}&limit=1&total=exact").body)["page"]["total"])


def _kill_all(server: Server) -> None:
    """Kill the arbiter and its workers at once."""
    pid = server.process.pid
    workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    server.kill()
    for worker in workers:
        os.kill(int(worker), signal.SIGKILL)


def test_a_long_change_of_names_lets_others_write_and_survives_a_kill(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.tasrih("import", "-", given=_records())
        token = server.token()
        _rename(server, token, VOICE, "Zofia")
        assert _shown(server, "Zofia") < STATEMENTS, "it is answered before all is done"
        for number in range(3):
            _rename(server, token, OTHER, f"Somebody {number}")
        assert _shown(server, "Zofia") < STATEMENTS, "and so are the others"
        _kill_all(server)
        assert "The database is sound.\nRecords that are yet to show names that have changed: " in server.tasrih(
            "check"
        )
    with serving(tmp_path) as again:
        assert eventually(lambda: _shown(again, "Zofia") == STATEMENTS, seconds=60)
        assert again.tasrih("check") == "The database is sound.\n"
