"""Programs that write at the same time: each sees what the other has done."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from builders import change, world, write
from conftest import Command, NewDatabase


def test_a_record_that_arrives_while_another_is_renamed_shows_its_name_as_it_is(
    new_database: NewDatabase, tasrih: Command, tasrih_process: Command, tmp_path: Path
) -> None:
    url = new_database()
    before, renamed, more = world(), world(), world()
    change(renamed, "speakers/minister", "/name/en", "Somebody Else")
    for number in range(20):
        more["statements"][f"another-{number}"] = {**more["statements"]["minister-welcomes"], "id": f"another-{number}"}
    folders = [
        write(some, tmp_path / name) for name, some in (("before", before), ("renamed", renamed), ("more", more))
    ]
    tasrih("migrate", DATABASE_URL=url)
    tasrih("load", str(folders[0]), DATABASE_URL=url)
    with ThreadPoolExecutor(2) as threads:
        ended = list(threads.map(lambda folder: tasrih_process("load", str(folder), DATABASE_URL=url), folders[1:]))
    assert [(one.returncode, one.stderr) for one in ended] == [(0, "")] * 2
    assert tasrih("check", DATABASE_URL=url).stdout == "The database is sound.\n"


def test_programs_that_migrate_at_the_same_time_do_not_disturb_each_other(
    new_database: NewDatabase, tasrih_process: Command
) -> None:
    url = new_database()
    with ThreadPoolExecutor(4) as threads:
        ended = list(threads.map(lambda _: tasrih_process("migrate", DATABASE_URL=url), range(4)))
    assert [(one.returncode, one.stderr) for one in ended] == [(0, "")] * 4
    assert sum("Migrated" in one.stdout for one in ended) == 1
