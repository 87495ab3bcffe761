"""The restore drill: a base backup and archived WAL become a sound database again, up to the last change or to a moment."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from applications import add, client_of, speaker
from replicating import Node, node
from served import COMMAND

from api.database.connections import connect
from api.database.current import database

SCRIPT = Path(__file__).parents[2] / "docs" / "restore-drill.sh"


def drilled(primary: Node, server: Any, backup: Path, archive: Path, *moment: str) -> str:
    """What the drill says, with its last change by the number of speakers that were added."""
    programs = f"{server.bin_path}:{Path(COMMAND).parent}:{os.environ['PATH']}"
    user = f"runuser -u {server.system_user} --preserve-environment --" if server.system_user else ""
    ended = subprocess.run(
        [str(SCRIPT), str(backup), str(archive), "postgres", *moment],
        env={"PATH": programs, "AS": user, "TMPDIR": str(primary.folder)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def change(primary: Node, name: str) -> int:
    """Add a speaker; return the position of that change."""
    database.initialize(connect(primary.url()))
    add({"speakers": [speaker(name)]})
    database.obj.close_all()
    [(position,)] = primary.run('SELECT MAX(sequence) FROM "change"')
    return int(position)


def test_a_backup_and_its_archive_are_restored_whole_and_up_to_a_moment(
    quick_folder: Path, postgresql_server: Any
) -> None:
    with node(quick_folder / "archiving", postgresql_server) as primary:
        archive, backup = primary.folder / "archive", primary.folder / "backup"
        primary.program("pg_ctl", "-D", str(primary.data), "-m", "fast", "-w", "stop")
        with (primary.data / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"archive_mode = on\narchive_command = 'mkdir -p {archive} && cp %p {archive}/%f'\n")
        primary.start()
        with client_of(primary.url(), {"speakers": [speaker("before-the-backup")]}):
            pass
        primary.program(
            "pg_basebackup", "-h", str(primary.folder), "-U", "postgres", "-D", str(backup), "-c", "fast", "--no-sync"
        )
        first = change(primary, "before-the-moment")
        moment = datetime.now(UTC).isoformat(" ")
        last = change(primary, "after-the-moment")
        primary.run("SELECT pg_switch_wal()")
        primary.program("pg_ctl", "-D", str(primary.data), "-m", "fast", "-w", "stop")  # which archives all there is
        for position, arguments in ((last, ()), (first, (moment,))):
            told = drilled(primary, postgresql_server, backup, archive, *arguments)
            assert f"The last change is {position}, " in told
            assert "The database is sound." in told
