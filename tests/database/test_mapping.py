"""A SQLite file is mapped into memory as long as all of it is to be; of a larger one each connection keeps some pages."""

from pathlib import Path

import pytest

from api.database import connections
from api.database.connections import connect, create_sqlite_file
from api.database.current import use_database
from api.database.statements import rows


@pytest.mark.parametrize(("most", "is_mapped"), [(1 << 28, True), (0, False)])
def test_a_file_is_mapped_while_all_of_it_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, is_mapped: bool
) -> None:
    monkeypatch.setattr(connections, "MAPPED", most)
    create_sqlite_file(tmp_path / "some.db")
    opened = connect(f"sqlite:///{tmp_path / 'some.db'}")
    with use_database(opened):
        [(mapped,)], [(kept,)] = rows("PRAGMA mmap_size"), rows("PRAGMA cache_size")
    assert (mapped > 0, kept == -connections.CACHED) == (is_mapped, not is_mapped)
    opened.close_all()  # type: ignore[no-untyped-call]
