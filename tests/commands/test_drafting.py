"""`tasrih draft`: one article, many, and against what is recorded."""

from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result
from conftest import DATABASES, NewDatabase, fill

from api.commands.main import main
from api.database.current import database

Run = Callable[..., Result]
TEXT = "خبر\n\n4 ديسمبر 2020\n\nأعرب الأمين العام أنطونيو غوتيريش عن قلقه إزاء الوضع، داعيا أرمينيا إلى الحوار.\n"


@pytest.fixture
def run(new_database: NewDatabase) -> Iterator[Run]:
    """The command on a database with the corpus."""
    url = new_database()
    fill(url)

    def invoke(*arguments: str, **options: str) -> Result:
        return CliRunner().invoke(main, ["draft", *arguments], env={"DATABASE_URL": url}, **options)  # type: ignore[arg-type]

    yield invoke
    database.obj.close_all()


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_file_and_standard_input_are_drafted_alike(run: Run, text: Path) -> None:
    drafts = [orjson.loads(result.stdout) for result in (run(str(text)), run("-", input=TEXT))]
    assert drafts[0] == drafts[1]
    assert [statement["act"] for statement in drafts[0]["statements"]] == ["express-concern", "urge"]
    assert "rules" not in drafts[0]["statements"][0]
    assert "rules" in orjson.loads(run(str(text), "--explain").stdout)["statements"][0]


def test_its_documents_can_be_imported_and_compared_again(run: Run, text: Path, tmp_path: Path) -> None:
    lines = tmp_path / "lines.ndjson"
    lines.write_text(run(str(text), "--documents").stdout, encoding="utf-8")
    article = next(
        line["document"]["id"]
        for line in map(orjson.loads, lines.read_bytes().splitlines())
        if line["type"] == "articles"
    )
    imported = CliRunner().invoke(main, ["import", str(lines)], env={"DATABASE_URL": DATABASES[-1]})
    assert imported.exit_code == 0, imported.output
    compared = run(str(text), "--against", article)
    assert compared.stdout.startswith("2 of 2 statements drafted again.\n\nmissed: 0\n")
    assert "verb-first: 1, 0" in compared.stdout
    assert (
        "is not that of 'sochi-trilateral-summit-2022'"
        in run(str(text), "--against", "sochi-trilateral-summit-2022").stderr
    )


def test_a_folder_is_drafted_once_and_goes_on_where_it_broke_off(run: Run, text: Path, tmp_path: Path) -> None:
    folder, output = tmp_path / "articles", tmp_path / "drafts.ndjson"
    folder.mkdir()
    for name, content in (("a.txt", TEXT), ("b.html", f"<p>{TEXT}</p><br><b>x</b>"), ("c.txt", "\0"), ("d.pdf", "x")):
        (folder / name).write_text(content, encoding="utf-8")
    assert (
        run(str(folder), "--output", str(output)).stdout == "3 articles: 2 drafted, 0 there already, 1 can't be read.\n"
    )
    whole = output.read_bytes()
    assert [line.get("file") for line in map(orjson.loads, whole.splitlines())] == ["a.txt", "b.html", "c.txt"]
    output.write_bytes(whole[: whole.index(b"\n") + 40])
    assert (
        run(str(folder), "--output", str(output)).stdout == "3 articles: 1 drafted, 1 there already, 1 can't be read.\n"
    )
    assert output.read_bytes() == whole


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Name a file, a folder or - for standard input"),
        ((".",), "Drafts of a folder take --output"),
        (("-", "--output", "x"), "--output is for folders"),
        (("-", "--processes", "2"), "--processes is for folders"),
        (("-", "--published", "soon"), "'soon' is not a date"),
        (("-", "--language", "fr"), "'fr' is not one of"),
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments, input="")
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("content", "message"), [("", "has no words"), ("a" * 50_001, "has 50,001 characters"), ("\0", "NUL")]
)
def test_what_can_not_be_drafted_is_refused(run: Run, content: str, message: str) -> None:
    result = run("-", input=content)
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr


def test_lines_for_an_import_take_a_date(run: Run) -> None:
    result = run("-", "--documents", input="قال الوزير سالم عمر إن الحرب انتهت.")
    assert "give it with --published" in result.stderr
