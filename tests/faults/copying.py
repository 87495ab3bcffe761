"""A backup taken while clients write, put back into a new database."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ports import free_port

from faults.engines import Engine
from faults.load import Lost, mirrored, verify, writing
from faults.service import command, prepared, serving


def run(engine: Engine, port: int, writes: int = 300) -> dict[str, Any]:
    """Back a database up in mid-load and restore it elsewhere; raise Lost unless both are sound, and one within the other."""
    url, copy = engine.new_database(), engine.new_database()
    token = prepared(url)
    with TemporaryDirectory(prefix="faults-backup-") as folder, serving(url, port):
        file = Path(folder) / "copy"
        with writing(port, token, writes, clients=8, seed=1) as load:
            load.wait_for(writes // 4)
            earlier = load.acknowledged
            command(url, "backup", str(file))
            later = load.acknowledged
        verify(load, url, port)
        command(copy, "restore", str(file))
        command(copy, "check")
        size = file.stat().st_size
    with serving(copy, free_port()) as restored:
        held = len(mirrored(restored.port))
    if not held:
        raise Lost("The copy is empty")
    command(url, "check")
    return {
        "writes": writes,
        "acknowledged before and after the backup": [earlier, later],
        "bytes": size,
        "records restored": held,
    }
