"""`tasrih sandbox` begins with a copy that is given to it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Command, fill
from flask import Flask

from api.backups import copying
from api.commands import sandbox
from api.database.connections import create_sqlite_file
from api.database.current import database
from api.settings import Settings


def test_a_sandbox_may_begin_with_a_copy_and_is_reset_to_that(
    tmp_path: Path, tasrih: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def look(settings: Settings, create: Callable[[Settings], Flask]) -> None:
        client = create(settings).test_client()
        seen.append(client.get("/v1/places/sochi").headers["ETag"])
        seen.append(client.post(sandbox.RESET).status_code)
        database.obj.close_all()

    create_sqlite_file(tmp_path / "own.db")
    url = f"sqlite:///{tmp_path / 'own.db'}"
    opened = fill(url)
    opened.execute_sql("UPDATE place SET etag = '\"marked\"' WHERE id = 'sochi'")
    opened.close_all()  # type: ignore[no-untyped-call]
    copying.back_up(url, tmp_path / "copy", lambda done, total: None)
    monkeypatch.setattr(sandbox, "start", look)
    ended = tasrih("sandbox", "--from", str(tmp_path / "copy"))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[-1].startswith("tasrih_")
    assert seen == ['"marked"', 401]
