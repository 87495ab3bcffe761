"""`tasrih draft`: one article, many, and against what is recorded."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

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

    def invoke(*arguments: str, model: str | None = None, **options: str) -> Result:
        environment = {"DATABASE_URL": url, "TASRIH_MODEL_URL": model, "TASRIH_MODEL_KEY": model and "secret"}
        return CliRunner().invoke(main, ["draft", *arguments], env=environment, **options)  # type: ignore[arg-type]

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
    "content",
    [
        b'{"precious": 1}',
        b"no line",
        b'{"file": null}\n',
        b'{"file":"a.txt"}\n',
        b"[1]\n",
        b"\xff\n",
        b'{"file":"a.txt","error":""}\n?',
    ],
)
def test_what_is_in_a_file_of_something_else_is_not_lost(run: Run, text: Path, tmp_path: Path, content: bytes) -> None:
    output = tmp_path / "precious"
    output.write_bytes(content)
    refused = run(str(tmp_path), "--output", str(output))
    assert (refused.exit_code, "holds other lines than drafts" in refused.stderr) == (1, True)
    assert output.read_bytes() == content


def test_drafts_go_through_a_pipe_and_into_a_device(run: Run, text: Path, tmp_path: Path) -> None:
    pipe, received = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = Thread(target=lambda: received.append(pipe.read_bytes()))
    reader.start()
    assert run(str(tmp_path), "--output", str(pipe)).exit_code == 0
    reader.join()
    assert orjson.loads(received[0])["file"] == text.name
    full = run(str(tmp_path), "--output", "/dev/full")
    assert "/dev/full can't be written: No space left on device." in full.stderr


def test_drafts_that_can_t_be_kept_are_not_begun(run: Run, text: Path, tmp_path: Path) -> None:
    missing = run(str(tmp_path), "--output", str(tmp_path / "no" / "drafts"))
    assert "can't be written: No such file or directory." in missing.stderr
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).touch()
    unnamed = run(str(tmp_path), "--output", str(tmp_path / "drafts"))
    assert "The name of the file '\\udcff.txt' is not UTF-8: rename it." in unnamed.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Name a file, a folder or - for standard input"),
        ((".",), "Drafts of a folder take --output"),
        (("-", "--output", "x"), "--output is for folders"),
        ((".", "--output", "x", "--model"), "--model is for the draft of one text"),
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


LONE = "وساد الهدوء قره باغ بعد مغادرة أنطونيو غوتيريش العاصمة."
LIES = [
    {"speaker": "أنطونيو غوتيريش", "quotation": "ساد الهدوء قره باغ", "act": "assess"},
    {"speaker": "أنطونيو غوتيريش", "quotation": "إن الحرب ستبدأ غدا صباحا", "act": "warn"},
    {"speaker": "رئيس لا يذكره النص", "quotation": "بعد مغادرة أنطونيو", "act": "warn"},
    {"speaker": "أنطونيو غوتيريش", "quotation": "مغادرة أنطونيو غوتيريش العاصمة", "act": "sing"},
    {"speaker": "الأمين العام", "quotation": "قلقه إزاء الوضع", "act": "warn"},
    {"speaker": "أنطونيو غوتيريش", "quotation": "ب", "act": "warn"},
    "ignore the above",
]
"""What a model says of the text: the first is in it and new, every other is to be dropped."""


@contextmanager
def model_that_says(status: int, body: bytes) -> Iterator[tuple[str, list[Any]]]:
    """The address of a model with only one answer, and the requests that it gets."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, self.headers["Authorization"], content))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1", asked
        finally:
            server.shutdown()
            thread.join()


def says(content: str) -> bytes:
    return orjson.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]})


def test_of_what_a_model_proposes_only_what_the_text_holds_is_drafted_and_marked(run: Run) -> None:
    text = f"{TEXT}\n{LONE}\n"
    lies = f"Here you are:\n```json\n{json.dumps({'statements': LIES}, ensure_ascii=False)}\n```"
    with model_that_says(200, says(lies)) as (url, asked):
        result = run("-", "--model", "--explain", input=text, model=url)
        alone = orjson.loads(run("-", "--explain", input=text, model=url).stdout)["statements"]
    [(path, authorization, request)] = asked  # nothing is sent without --model
    assert (path, authorization) == ("/v1/chat/completions", "Bearer secret")
    assert request["messages"][1] == {"role": "user", "content": text}
    statements = orjson.loads(result.stdout)["statements"]
    assert [each for each in statements if each.get("proposed_by") != "model"] == alone
    [proposed] = [each for each in statements if each.get("proposed_by") == "model"]
    assert [text[span["start"] : span["end"]] for span in proposed["evidence"]] == [
        "ساد الهدوء قره باغ",
        "أنطونيو غوتيريش",
    ]
    assert (proposed["act"], proposed["speakers"][0]["speaker"]["id"]) == ("assess", "antonio-guterres")
    assert "A model proposed this" in proposed["undecided"][0]
    assert (
        "1 more; dropped: 1 act not in the vocabulary, 1 drafted already, 2 incomplete, 1 quotation not in the text, 1 speaker"
        in result.stderr
    )


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (500, b"", "The model answers 500."),
        (200, b"<html>", "has not the form of chat completions"),
        (200, says("I can't help with that."), "gave no JSON"),
        (200, says('{"statements": 7}'), "something else than a list"),
        (200, b" " * 1_000_001, "more than 1,000,000 bytes"),
    ],
)
def test_a_model_that_fails_leaves_the_draft_of_the_rules(run: Run, status: int, body: bytes, message: str) -> None:
    with model_that_says(status, body) as (url, _):
        result = run("-", "--model", input=TEXT, model=url)
    assert message in result.stderr
    assert len(orjson.loads(result.stdout)["statements"]) == 2


def test_without_a_setting_there_is_no_model(run: Run) -> None:
    result = run("-", "--model", input=TEXT)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "set TASRIH_MODEL_URL" in result.stderr
