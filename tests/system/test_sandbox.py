"""`tasrih sandbox`: written to, reset, and gone."""

from pathlib import Path

import orjson
from served import COMMAND, serving

NEW = "/v1/speakers/somebody-new"
DOCUMENT = orjson.dumps({"kind": "person", "name": {"en": "Somebody new"}})


def test_a_sandbox_is_written_to_and_reset_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    settings = {"TMPDIR": str(folder), "WEB_CONCURRENCY": "2"}
    with serving(tmp_path, command=(COMMAND, "sandbox"), **settings) as server:
        [token] = [line for line in server.printed if line.startswith("tasrih_")]
        writing = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        for _ in range(2):
            assert server.request("PUT", NEW, DOCUMENT, **writing).status == 201
            assert server.request("DELETE", "/v1/places/nowhere", None, **writing).status == 404
            assert server.get(NEW).status == 200
            assert server.request("POST", "/sandbox/reset", None, **writing).status == 204
            assert [server.get(NEW).status for _ in range(6)] == [404] * 6, "in every worker"
            assert server.get("/v1/speakers/antonio-guterres").status == 200
        assert server.request("POST", "/sandbox/reset", None).status == 401
        assert server.get("/sandbox/reset").status == 405
        assert not server.database.exists(), "DATABASE_URL is left alone"
        assert list(folder.iterdir())
    assert list(folder.iterdir()) == []
