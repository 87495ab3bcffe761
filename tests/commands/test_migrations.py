"""Versions of the database: an older version is refused with the way out, and a failed migration leaves nothing behind."""

import hashlib
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from applications import bearer
from asking import problem
from builders import row_counts, world, write
from click.testing import CliRunner, Result
from conftest import NewDatabase, fill

from api.application import create_app
from api.commands.main import main
from api.database.connections import connect
from api.database.current import database, use_database
from api.database.transactions import writing
from api.migrations import versions
from api.models.places import Place
from api.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def url(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of this version with a few records."""
    url = new_database()
    fill(url, write(world(), tmp_path_factory.mktemp("world")))
    yield url
    database.obj.close_all()


@pytest.fixture
def run(url: str) -> Run:
    return lambda *arguments: CliRunner().invoke(main, arguments, env={"DATABASE_URL": url})


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations, to which a later version can be added."""
    folder = tmp_path / "migrations"
    shutil.copytree(versions.FOLDER, folder, ignore=shutil.ignore_patterns("__*"))
    monkeypatch.setattr(versions, "FOLDER", folder)
    return folder


def look(url: str, at: Callable[[], Any]) -> Any:
    """What there is to see in the database after a command is over."""
    opened: Any = connect(url)
    database.initialize(opened)
    seen = at()
    opened.close_all()
    return seen


@pytest.mark.parametrize("command", ["serve", "load", "check"])
def test_a_database_of_an_older_version_is_refused_with_the_way_out(command: str, run: Run, scripts: Path) -> None:
    (scripts / "0099_later.py").write_text("def up(migrator, db):\n    pass\n")
    ended = run(command)
    assert ended.exit_code == 1
    assert "of an older version (it lacks 0099_later): run 'tasrih migrate' first." in ended.stderr


def test_migrating_brings_an_older_database_up_and_keeps_its_records(run: Run, scripts: Path, url: str) -> None:
    before = look(url, row_counts)
    (scripts / "0099_later.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE later (number INTEGER)')\n"
    )
    migrated = run("migrate").stdout
    assert migrated == "Writing all records anew, for this version keeps more of them ...\nMigrated: 0099_later.\n"
    assert run("migrate").stdout == "The database is up to date.\n"
    assert look(url, row_counts) == {**before, "migration_digest": before["migration_digest"] + 1}


def test_a_migration_that_fails_leaves_nothing_behind(run: Run, scripts: Path, url: str) -> None:
    (scripts / "0099_later.py").write_text(
        "def up(migrator, db):\n"
        "    db.execute_sql('CREATE TABLE later (number INTEGER)')\n"
        "    db.execute_sql('CREATE TABLE later (number INTEGER)')\n"
    )
    ended = run("migrate")
    assert ended.exit_code == 1
    assert "later" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "later" not in look(url, lambda: database.get_tables())
    (scripts / "0099_later.py").unlink()
    assert run("check").stdout == "The database is sound.\n"


EDITED = "0005_changes"


def edit(scripts: Path, url: str, ending: str) -> None:
    """Edit a migration as somebody does who thinks that no database is of it yet."""
    engine = "sqlite" if url.startswith("sqlite") else "postgresql"
    name = f"{EDITED}.{engine}.sql" if ending == "sql" else f"{EDITED}.py"
    comment = "-- edited\n" if ending == "sql" else "# edited\n"
    (scripts / name).write_text(comment + (scripts / name).read_text(encoding="utf-8"), encoding="utf-8")


@pytest.mark.parametrize("ending", ["py", "sql"])
def test_a_database_of_a_script_that_was_edited_since_is_refused_with_the_way_out(
    ending: str, run: Run, scripts: Path, url: str
) -> None:
    before = look(url, row_counts)
    edit(scripts, url, ending)
    for command in ("serve", "migrate", "check", "export"):
        ended = run(command)
        assert (ended.exit_code, ended.stderr) == (
            1,
            f"tasrih: The database was migrated by another program, whose {EDITED} is not this one's: use the program that"
            " made it, or export all records with that one and import them into a new database.\n",
        ), command
    assert look(url, row_counts) == before


def test_the_script_of_the_other_engine_and_line_ends_do_not_matter(run: Run, scripts: Path, url: str) -> None:
    other = "postgresql" if url.startswith("sqlite") else "sqlite"
    (scripts / f"{EDITED}.{other}.sql").write_text("")
    for script in scripts.glob(f"{EDITED}*"):
        script.write_bytes(script.read_bytes().replace(b"\n", b"\r\n"))
    assert run("check").stdout == "The database is sound.\n"


def test_a_copy_of_a_script_that_was_edited_since_is_refused_and_changes_nothing(
    run: Run, scripts: Path, url: str, new_database: NewDatabase, tmp_path: Path
) -> None:
    assert run("backup", str(tmp_path / "copy")).exit_code == 0
    edit(scripts, url, "sql")
    other = new_database()
    ended = CliRunner().invoke(main, ["restore", str(tmp_path / "copy")], env={"DATABASE_URL": other})
    assert ended.exit_code == 1
    assert f"was migrated by another program, whose {EDITED} is not this one's" in ended.stderr
    assert look(other, lambda: database.get_tables()) == []


def test_a_database_without_digests_is_trusted_once(run: Run, scripts: Path, url: str) -> None:
    """The scripts that made a database of an earlier version are not known any more."""
    look(url, lambda: database.execute_sql("DROP TABLE migration_digest"))
    look(url, lambda: database.execute_sql("DELETE FROM schema_migration WHERE name = '0011_migration_digests'"))
    edit(scripts, url, "sql")
    assert "lacks 0011_migration_digests" in run("check").stderr
    assert run("migrate").stdout.endswith("Migrated: 0011_migration_digests.\n")
    assert run("check").stdout == "The database is sound.\n"
    edit(scripts, url, "sql")
    assert "was migrated by another program" in run("check").stderr


def test_digests_that_were_lost_are_found_and_recorded_again(run: Run, url: str) -> None:
    look(url, lambda: database.execute_sql(f"UPDATE migration_digest SET name = 'x' WHERE name = '{EDITED}'"))
    ended = run("check")
    assert ended.stderr.splitlines() == [
        f"The migration {EDITED} has no digest: run 'tasrih migrate'.",
        "There is a digest of x, a migration that was not applied: run 'tasrih migrate'.",
        "tasrih: The database has 2 faults.",
    ]
    assert run("migrate").exit_code == 0
    assert run("check").stdout == "The database is sound.\n"


def test_tables_that_other_scripts_of_the_same_names_made_are_not_upgraded(run: Run, scripts: Path, url: str) -> None:
    look(url, lambda: database.execute_sql("ALTER TABLE figure RENAME COLUMN bound TO bounds"))
    (scripts / "0099_later.py").write_text("def up(migrator, db):\n    pass\n")
    assert run("migrate").stderr == (
        "tasrih: Nothing was changed, for the database would lack figure.bound: use the program that made it, or export"
        " all records with that one and import them into a new database.\n"
    )
    (scripts / "0099_later.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('ALTER TABLE figure RENAME bound TO bonds')\n"
    )
    assert "Nothing was changed, for a migration does not fit the tables" in run("migrate").stderr


def test_a_service_whose_database_was_upgraded_meanwhile_says_so(url: str, caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings(database_url=url, response_cache_megabytes=0, document_cache_megabytes=0)
    client = create_app(settings).test_client()
    served, writer = database.obj, bearer("write")
    assert client.get("/health").status_code == 200
    assert client.get("/v1/speakers").status_code == 200
    look(url, lambda: database.execute_sql("ALTER TABLE speaker RENAME COLUMN body TO bodies"))
    look(url, lambda: database.execute_sql(f"INSERT INTO schema_migration (name, applied) VALUES {LATER}"))
    database.initialize(served)
    place = {"id": "hamlet", "kind": "city", "name": {"en": "Hamlet"}}
    for answer in (
        client.get("/v1/speakers"),
        client.get("/v1/speakers/minister"),
        client.post("/v1/places", json=place, headers=writer),
        client.get("/health"),
    ):
        detail = problem(answer, 503, "database-unavailable")["detail"]
        assert detail == "The database has been upgraded, and this service has not yet. The operator should restart it."
        assert answer.headers["Retry-After"] == "5"
    assert client.get("/v1/places/hamlet").status_code == 404, "what the old program can still read is answered"
    assert "9999_later" in caplog.text
    assert "Traceback" not in caplog.text


def test_a_service_answers_while_its_database_is_upgraded_and_writes_nothing_afterwards(url: str) -> None:
    client = create_app(Settings(database_url=url, response_cache_megabytes=0)).test_client()
    served, writer, answers = database.obj, bearer("write"), []
    place = {"id": "hamlet", "kind": "city", "name": {"en": "Hamlet"}}

    def post() -> None:
        answers.append(client.post("/v1/places", json=place, headers=writer))

    waiting = threading.Thread(target=post)
    upgraded: Any = connect(url)
    with use_database(upgraded):
        with writing():
            database.execute_sql("ALTER TABLE speaker RENAME COLUMN body TO bodies")
            database.execute_sql(f"INSERT INTO schema_migration (name, applied) VALUES {LATER}")
            waiting.start()
            with use_database(served):
                answers.append(client.get("/v1/speakers"))  # of PostgreSQL's readers those of other tables do not wait
                answers.append(client.get("/v1/places"))
        upgraded.close_all()
    waiting.join()
    statuses = {(answer.request.method, answer.request.path): answer.status_code for answer in answers}
    engine = "sqlite" if url.startswith("sqlite") else "postgresql"
    assert statuses == {
        ("GET", "/v1/speakers"): {"sqlite": 200, "postgresql": 503}[engine],
        ("GET", "/v1/places"): 200,
        ("POST", "/v1/places"): 503,
    }
    assert look(url, lambda: Place.select().where(Place.id == "hamlet").count()) == 0


LATER = "('9999_later', '2030-01-01 00:00:00')"


ADDED_BESIDE = "0099_later_beside"


def test_a_program_goes_on_beside_a_migration_that_only_adds(
    url: str, run: Run, scripts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = create_app(Settings(database_url=url, response_cache_megabytes=0))
    client, opened, writer = served.test_client(), database.obj, bearer("write")
    assert client.get("/v1/places").status_code == 200
    before = look(url, row_counts)
    (scripts / f"{ADDED_BESIDE}.py").write_text(
        "def up(migrator, db):\n"
        "    db.execute_sql('CREATE TABLE later (number INTEGER)')\n"
        "    db.execute_sql('ALTER TABLE place ADD COLUMN later INTEGER')\n"
    )
    migrated = run("migrate").stdout
    assert "Programs of the version before may go on" in migrated
    assert migrated.endswith(f"Migrated: {ADDED_BESIDE}.\n")
    monkeypatch.undo()  # the program from before, which knows of no such migration
    database.initialize(opened)
    for path in ("/health", "/readyz", "/v1/places", "/v1/changes?since=0"):
        assert client.get(path).status_code == 200, path
    place = {"id": "hamlet", "kind": "city", "name": {"en": "Hamlet"}}
    assert client.post("/v1/places", json=place, headers=writer).status_code == 201
    opened.close_all()
    assert run("check").stdout == "The database is sound.\n"
    assert look(url, row_counts)["place"] == before["place"] + 1
    assert f"newer version (it has {ADDED_BESIDE})" in run("migrate").stderr, "its vocabularies may be older"


ADDITIONS = re.compile(
    r"CREATE (UNIQUE )?INDEX |CREATE TABLE |COMMENT ON |INSERT INTO migration_|"
    r"ALTER TABLE \S+ ADD COLUMN (?!.*NOT NULL(?!.*DEFAULT)|.*UNIQUE|.*PRIMARY KEY)",
    re.IGNORECASE,
)
"""The beginnings of statements that programs need not know of: what is not empty by itself has a default."""

TABLE = re.compile(r'CREATE TABLE "?(\w+)', re.IGNORECASE)
FORBIDDING = re.compile(r'CREATE UNIQUE INDEX \S+ ON "?(\w+)|REFERENCES "?(\w+)(?!.*ON DELETE)', re.IGNORECASE)
"""What refuses changes of a table that was fine before: an index that wants rows to differ, and rows that refer to others, which then
can't be deleted by a program that does not know them."""


def only_adds(script: str) -> bool:
    statements = [" ".join(statement.split()) for statement in re.sub(r"--.*", "", script).split(";")]
    added = {table.lower() for table in TABLE.findall(script)}
    touched = {table.lower() for line in script.splitlines() for pair in FORBIDDING.findall(line) for table in pair}
    return all(ADDITIONS.match(statement) for statement in statements if statement) and touched - {""} <= added


ONLY_ITS_SCRIPT = "from api.migrations.running import run_script\n\n\ndef up(migrator, db):\n    run_script(__file__)\n"
"""A migration whose SQL is all that it does."""


def test_a_migration_says_that_older_programs_may_go_on_only_if_it_only_adds() -> None:
    says_so = [file for file in versions.FOLDER.glob("0*") if file.stem.split(".")[0].endswith(versions.BESIDE)]
    scripts = {file.name: file.read_text(encoding="utf-8") for file in says_so}
    assert [name for name, text in scripts.items() if name.endswith(".sql") and not only_adds(text)] == []
    assert [name for name, text in scripts.items() if name.endswith(".py") and not text.endswith(ONLY_ITS_SCRIPT)] == []
    assert only_adds(
        "CREATE TABLE a (b INTEGER NOT NULL);\nALTER TABLE c ADD COLUMN d TEXT; -- e\nCREATE INDEX f ON a (b);"
    )
    assert only_adds("ALTER TABLE c ADD COLUMN d INTEGER NOT NULL DEFAULT 0;")
    assert only_adds("CREATE TABLE a (b INTEGER);\nCREATE UNIQUE INDEX a_b ON a (b);")
    assert only_adds("CREATE TABLE a (b INTEGER REFERENCES c (d) ON DELETE CASCADE);")
    for other in ("DROP TABLE a", "UPDATE a SET b = 1", "ALTER TABLE c DROP COLUMN d", "ALTER TABLE c RENAME d TO e"):
        assert not only_adds(f"CREATE TABLE a (b INTEGER);\n{other};"), other
    assert not only_adds("ALTER TABLE c ADD COLUMN d INTEGER NOT NULL;")
    assert not only_adds("CREATE UNIQUE INDEX c_d ON c (d);"), "programs may write what it refuses"
    readings = (versions.FOLDER / "0019_readings.postgresql.sql").read_text(encoding="utf-8")
    assert not only_adds(readings), "programs that know of no readings may delete the articles that these refer to"


def test_released_scripts_are_what_they_were() -> None:
    """Databases out there were made by them. Write a new migration; list its files with `sha256sum 0* > FILE`."""
    listed = Path(__file__).with_name("released_migrations.sha256").read_text(encoding="utf-8").splitlines()
    scripts = sorted(versions.FOLDER.glob("0*"))
    digests = [hashlib.sha256(script.read_bytes().replace(b"\r\n", b"\n")).hexdigest() for script in scripts]
    assert [f"{digest}  {script.name}" for digest, script in zip(digests, scripts, strict=True)] == listed
