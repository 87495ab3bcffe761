"""Attaching and detaching texts, and the commands on evidence: what they do, print and leave behind."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from builders import change, report, row_counts, statement, versions, write
from click.testing import CliRunner, Result
from conftest import NewDatabase, fill
from texts import ANSWERS, COUNTS, FORMS, NBSP, TEXT, WELCOMES, article, digest, of_text, saved, span

from api.commands.main import main
from api.database.connections import connect
from api.database.current import database
from api.models.articles import ArticleText
from api.models.base import tuples
from api.models.statements import Statement

Run = Callable[..., Result]


@pytest.fixture
def url(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with the invented article, its text not attached."""
    url = new_database()
    fill(url, write(article(), tmp_path_factory.mktemp("world")))
    yield url
    database.obj.close_all()


@pytest.fixture
def run(url: str) -> Run:
    def invoke(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(main, arguments, env={"DATABASE_URL": url, **environment})

    return invoke


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder for article files."""
    folder = tmp_path / "texts"
    folder.mkdir()
    return folder


def output_of(result: Result) -> str:
    """The standard output of a command that succeeded."""
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


def error_of(result: Result) -> str:
    """The sentence with which a command failed."""
    assert result.exit_code == 1, result.output
    assert result.stderr.startswith("tasrih: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("tasrih: ").rstrip()


def look(url: str, at: Callable[[], Any]) -> Any:
    """What there is to see in the database after a command is over."""
    opened: Any = connect(url)
    database.initialize(opened)
    seen = at()
    opened.close_all()
    return seen


def evidence(url: str) -> list[tuple[str, str | None, bool]]:
    """Status, quotation and whether it is truncated, of every span, statement by statement."""

    def shown() -> list[Any]:
        bodies = tuples(Statement.select(Statement.document).order_by(Statement.id))
        reports = [report for (body,) in bodies for report in orjson.loads(bytes(body))["reports"]]
        return [(s["status"], s["quotation"], s["truncated"]) for report in reports for s in report["evidence"]]

    return list(look(url, shown))


QUOTED = [("verified", WELCOMES, False), ("verified", COUNTS, False), ("verified", ANSWERS, False)]
UNQUOTED = [("text-not-attached", None, False)] * 3


# --- attaching -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_file_is_attached_however_it_was_saved(form: str, run: Run, texts: Path, url: str) -> None:
    (texts / "page.txt").write_bytes(FORMS[form])
    printed = output_of(run("articles", "attach", str(texts)))
    assert printed.splitlines() == [
        "page.txt: attached: page",
        "1 files: 1 attached, 0 already attached, 0 unknown article, 0 altered, 0 unreadable.",
    ]
    assert evidence(url) == QUOTED
    assert output_of(run("check")) == "The database is sound.\n"


def test_attaching_again_changes_nothing(run: Run, texts: Path, url: str) -> None:
    output_of(run("articles", "attach", str(saved(texts))))
    before = look(url, versions)
    saved(texts, name="copy.txt", encoding="utf-16")
    printed = output_of(run("articles", "attach", str(texts)))
    assert printed.splitlines()[:2] == ["copy.txt: already attached: page", "page.txt: already attached: page"]
    assert look(url, versions) == before


def test_detaching_undoes_attaching(run: Run, texts: Path, url: str) -> None:
    before, rows = look(url, versions), look(url, row_counts)
    output_of(run("articles", "attach", str(saved(texts))))
    assert output_of(run("articles", "detach", "page")).splitlines() == ["page: detached", "1 texts detached."]
    assert evidence(url) == UNQUOTED
    assert {**look(url, row_counts), "change": rows["change"]} == rows, "but for the log, which tells of both"
    assert {name: version.etag != before[name].etag for name, version in look(url, versions).items()} == {
        name: name.startswith("statements/") for name in before
    }
    assert output_of(run("articles", "detach", "page")).splitlines() == [
        "page: no text was attached",
        "0 texts detached.",
    ]
    assert output_of(run("check")) == "The database is sound.\n"


def test_all_texts_are_detached_at_once(run: Run, texts: Path, url: str) -> None:
    output_of(run("articles", "attach", str(saved(texts))))
    assert output_of(run("articles", "detach", "--all")).splitlines() == ["page: detached", "1 texts detached."]
    assert output_of(run("articles", "detach", "--all")) == "0 texts detached.\n"
    assert evidence(url) == UNQUOTED


def test_an_unknown_article_to_detach_is_named_and_nothing_is_detached(run: Run, texts: Path, url: str) -> None:
    output_of(run("articles", "attach", str(saved(texts))))
    sentence = error_of(run("articles", "detach", "nobody", "page", "nothing"))
    assert sentence == "Nothing was detached, for there is no article 'nobody', 'nothing'."
    assert evidence(url) == QUOTED


@pytest.mark.parametrize("arguments", [(), ("--all", "page")])
def test_detaching_needs_articles_or_all(arguments: tuple[str, ...], run: Run) -> None:
    result = run("articles", "detach", *arguments)
    assert result.exit_code == 2
    assert "--all" in result.stderr


@pytest.mark.parametrize(
    ("position", "written", "reason"),
    [
        (0, "xy", "the first span that does not verify is"),
        (len(TEXT) // 2, "xyz", "the first span that does not verify is"),
        (TEXT.index(COUNTS) + 3, "", "the first span that does not verify is"),
        (len(TEXT) - 3, "x", "every span verifies"),
    ],
)
def test_an_altered_file_is_recognised_by_the_spans_and_nothing_is_stored(
    position: int, written: str, reason: str, run: Run, texts: Path, url: str
) -> None:
    altered = TEXT[:position] + written + TEXT[position + 1 :]
    result = run("articles", "attach", str(saved(texts, altered)))
    assert error_of(result).startswith("Nothing was stored")
    assert result.stdout.startswith(f"page.txt: altered: page: {reason}")
    assert evidence(url) == UNQUOTED


def test_the_span_that_no_longer_verifies_lies_at_the_difference_or_behind_it(run: Run, texts: Path) -> None:
    position = TEXT.index(COUNTS) + 3
    result = run("articles", "attach", str(saved(texts, TEXT[:position] + "xy" + TEXT[position:])))
    broken = span(COUNTS)
    assert f"the first span that does not verify is {broken['start']}-{broken['end']}" in result.stdout


@pytest.mark.parametrize("position", [0, 100, len(TEXT) - 1])
def test_an_altered_file_of_an_attached_article_is_reported_with_its_first_difference(
    position: int, run: Run, texts: Path, url: str
) -> None:
    output_of(run("articles", "attach", str(saved(texts))))
    altered = TEXT[:position] + "x" + TEXT[position + 1 :]
    result = run("articles", "attach", str(saved(texts, altered)))
    assert f"page.txt: altered: page: it first differs at position {position}\n" in result.stdout
    assert evidence(url) == QUOTED


def test_a_no_break_space_that_became_a_blank_is_an_alteration(run: Run, texts: Path) -> None:
    result = run("articles", "attach", str(saved(texts, TEXT.replace(NBSP, " "))))
    assert result.exit_code == 1
    assert result.stdout.startswith("page.txt: altered: page: ")


def test_a_faulty_file_keeps_all_others_from_being_attached(run: Run, texts: Path, url: str) -> None:
    saved(texts, name="good.txt")
    (texts / "other.txt").write_bytes("نص".encode("cp1256"))
    result = run("articles", "attach", str(texts))
    assert error_of(result).startswith("Nothing was stored")
    assert result.stdout.splitlines() == [
        "good.txt: could be attached: page",
        "other.txt: unreadable: is not text in UTF-8: save it as such (byte 0)",
        "2 files: 1 attached, 0 already attached, 0 unknown article, 0 altered, 1 unreadable.",
    ]
    assert evidence(url) == UNQUOTED


def test_unrelated_files_are_ignored(run: Run, texts: Path, url: str) -> None:
    saved(texts)
    (texts / "empty").write_bytes(b"")
    (texts / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    with (texts / "video").open("wb") as file:
        file.truncate(20_000_000)
    (texts / "notes.txt").write_text("Milk, bread", encoding="utf-8")
    (texts / "line\nbreak").write_text("Tea", encoding="utf-8")
    (texts / "folder").mkdir()
    os.mkfifo(texts / "pipe")
    outside = saved(texts.parent, name="outside.txt") / "outside.txt"
    (texts / "link.txt").symlink_to(outside)
    printed = output_of(run("articles", "attach", str(texts)))
    assert printed.splitlines() == [
        f"empty: unknown article: 0 characters, sha256 {digest('')}",
        f"line0abreak: unknown article: 3 characters, sha256 {digest('Tea')}",
        f"notes.txt: unknown article: 11 characters, sha256 {digest('Milk, bread')}",
        "page.txt: attached: page",
        "picture.png: unknown article: is not text: it holds NUL bytes",
        "video: unknown article: has more than 10,000,000 bytes, which no article has",
        "1 folders were not entered; --recursive does.",
        "2 entries were passed over: they are no files, or lead out of the folder.",
        "6 files: 1 attached, 0 already attached, 5 unknown article, 0 altered, 0 unreadable.",
    ]
    assert evidence(url) == QUOTED


def test_subfolders_are_read_with_recursive(run: Run, texts: Path) -> None:
    (texts / "a" / "b").mkdir(parents=True)
    saved(texts / "a" / "b")
    assert "0 attached" in output_of(run("articles", "attach", str(texts)))
    assert output_of(run("articles", "attach", "--recursive", str(texts))).startswith("a/b/page.txt: attached: page\n")


def test_thousands_of_unrelated_files_are_counted_in_seconds(run: Run, texts: Path) -> None:
    for number in range(2_000):
        (texts / f"{number}.txt").write_text(f"{number} {TEXT[::-1]}", encoding="utf-8")
    saved(texts)
    began = time.process_time()
    printed = output_of(run("articles", "attach", str(texts))).splitlines()
    assert time.process_time() - began < 12  # of the processor: about half a second
    assert "page.txt: attached: page" in printed
    assert len([line for line in printed if ": unknown article: " in line]) == 20
    assert "and 1980 more files of no article; --verbose names them." in printed
    assert "2001 files: 1 attached, 0 already attached, 2000 unknown article, 0 altered, 0 unreadable." in printed


def test_every_unknown_file_is_named_with_verbose(run: Run, texts: Path) -> None:
    for number in range(30):
        (texts / f"{number}.txt").write_text(str(number), encoding="utf-8")
    printed = output_of(run("articles", "attach", "--verbose", str(texts)))
    assert printed.count(": unknown article: ") == 30


def test_attaching_from_anything_but_a_folder_is_refused(run: Run) -> None:
    assert run("articles", "attach", "missing").exit_code == 2


# --- what a text is worth afterwards ---------------------------------------------------------------------------------


def test_a_text_outlives_loading_and_mending(run: Run, texts: Path, url: str, tmp_path: Path) -> None:
    output_of(run("articles", "attach", str(saved(texts))))
    before = look(url, versions)
    output_of(run("load", str(write(article(), tmp_path / "again"))))
    output_of(run("check", "--mend"))
    assert look(url, versions) == before
    assert evidence(url) == QUOTED


def test_a_statement_loaded_later_is_quoted_at_once(run: Run, texts: Path, url: str, tmp_path: Path) -> None:
    output_of(run("articles", "attach", str(saved(texts))))
    later = statement("z-later", "premier", report(("premier", "spoke"), ("outlet", "published")))
    later["reports"][0]["evidence"] = [span("مساء السبت"), {**span("بحسب مراسلها"), "sha256": "ab" * 32}]
    output_of(run("load", str(write({"statements": {"z-later": later}}, tmp_path / "later"))))
    assert evidence(url)[3:] == [("verified", "مساء السبت", False), ("mismatch", None, False)]
    assert output_of(run("check")) == "The database is sound.\n"


def test_a_mismatch_is_reported_and_its_span_is_never_moved(run: Run, texts: Path, url: str, tmp_path: Path) -> None:
    shifted = {**span(ANSWERS), "start": span(ANSWERS)["start"] + 1, "end": span(ANSWERS)["end"] + 1}
    documents = of_text(article(), TEXT, [span(WELCOMES)], [shifted])
    output_of(run("load", str(write(documents, tmp_path / "shifted"))))
    output_of(run("articles", "attach", str(saved(texts))))
    assert evidence(url) == [QUOTED[0], ("mismatch", None, False)]
    result = run("evidence", "verify")
    assert error_of(result) == "The evidence does not verify."
    where = f"statements/premier-answers: {shifted['start']}-{shifted['end']} of page"
    assert result.stdout.splitlines() == [
        f"{where}: mismatch: the words there have another digest.",
        f"{where}: warning: begins inside a word.",
        "2 spans: 1 verified, 0 text-not-attached, 1 mismatch; 1 warnings.",
    ]


def test_a_text_no_longer_belongs_to_an_article_whose_digest_has_changed(
    run: Run, texts: Path, url: str, tmp_path: Path
) -> None:
    output_of(run("articles", "attach", str(saved(texts))))
    other = TEXT.replace("الجمعة", "الخميس")
    documents = article()
    change(documents, "articles/page", "/sha256", digest(other))
    output_of(run("load", str(write(documents, tmp_path / "other"))))
    assert evidence(url) == UNQUOTED
    assert "page: the attached text is not this article's" in run("evidence", "verify").stdout
    assert "articles/page has a text attached that is not its own" in run("check").stderr
    assert "is not this article's" in error_of(run("evidence", "locate", "page", "الوزير"))
    assert "page.txt: attached: page" in output_of(run("articles", "attach", str(saved(texts, other))))
    assert output_of(run("check")) == "The database is sound.\n"


def test_quotations_are_as_long_as_the_setting_says_and_follow_it(run: Run, texts: Path, url: str) -> None:
    output_of(run("articles", "attach", str(saved(texts)), TASRIH_QUOTATION_LENGTH="20"))
    cut = [("verified", words[:20], True) for words in (WELCOMES, COUNTS, ANSWERS)]
    assert evidence(url) == cut
    assert output_of(run("check")) == "The database is sound.\n"
    output_of(run("migrate", TASRIH_QUOTATION_LENGTH="0"))
    assert evidence(url) == [("verified", None, False)] * 3
    served(run)
    assert evidence(url) == QUOTED
    before = look(url, versions)
    output_of(run("migrate"))
    assert look(url, versions) == before
    served(run, TASRIH_QUOTATION_LENGTH="20")
    assert evidence(url) == cut


def served(run: Run, **environment: str) -> None:
    """Start the service, at an address that is nowhere: it does all but listen."""
    assert "can't be listened on" in error_of(run("serve", HOST="192.0.2.1", **environment))


@pytest.mark.parametrize("command", [("load", "--if-empty"), ("migrate",), ("articles", "attach", ".")])
def test_no_command_without_the_setting_lets_quotations_be_longer(
    command: tuple[str, ...], run: Run, texts: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output_of(run("articles", "attach", str(saved(texts)), TASRIH_QUOTATION_LENGTH="20"))
    before = evidence(url)
    monkeypatch.chdir(tmp_path)
    output_of(run(*command))
    assert evidence(url) == before
    output_of(run(*command, TASRIH_QUOTATION_LENGTH="10"))
    assert all(9 <= len(words or "") <= 10 for _, words, _ in evidence(url))
    assert output_of(run("check")) == "The database is sound.\n"


def test_quotations_do_not_become_longer_when_another_text_is_attached(
    run: Run, texts: Path, url: str, tmp_path: Path
) -> None:
    output_of(run("articles", "attach", str(saved(texts)), TASRIH_QUOTATION_LENGTH="20"))
    corrected = TEXT.replace("السبت", "الأحد")
    documents = article()
    change(documents, "articles/page", "/sha256", digest(corrected))
    output_of(run("load", str(write(documents, tmp_path / "corrected"))))
    saved(texts, corrected)
    assert "page.txt: attached: page" in output_of(run("articles", "attach", str(texts)))
    assert evidence(url) == [("verified", words[:20], True) for words in (WELCOMES, COUNTS, ANSWERS)]
    output_of(run("articles", "detach", "--all"))
    output_of(run("articles", "attach", str(texts)))
    assert evidence(url) == QUOTED


def test_quotations_of_another_length_than_the_setting_are_not_served_from_a_database_that_can_not_be_written_to(
    run: Run, texts: Path, url: str
) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("PostgreSQL has no mode=ro")
    output_of(run("articles", "attach", str(saved(texts))))
    sentence = error_of(run("serve", DATABASE_URL=f"{url}?mode=ro", TASRIH_QUOTATION_LENGTH="10"))
    assert "can't be written to" in sentence


def test_a_quotation_ends_between_letters(run: Run, texts: Path, url: str) -> None:
    length = COUNTS.index("الطُّرُق") + len("الطُّ") - 1
    output_of(run("articles", "attach", str(saved(texts)), TASRIH_QUOTATION_LENGTH=str(length)))
    assert evidence(url)[1] == ("verified", COUNTS[: COUNTS.index("الطُّرُق") + 2], True)


def test_spans_that_make_up_the_text_are_quoted_in_part(run: Run, texts: Path, url: str, tmp_path: Path) -> None:
    half = len(TEXT) // 2
    documents = of_text(article(), TEXT, [span(TEXT[:half])], [span(TEXT[half:])])
    output_of(run("articles", "attach", str(saved(texts))))
    output_of(run("load", str(write(documents, tmp_path / "whole"))))
    quoted = evidence(url)
    assert [status for status, _, _ in quoted] == ["verified"] * 2
    assert any(truncated for _, _, truncated in quoted)
    assert sum(len(words or "") for _, words, _ in quoted) <= len(TEXT) - len(TEXT) // 40
    assert output_of(run("check")) == "The database is sound.\n"
    output_of(run("load", str(write(article(), tmp_path / "parts"))))
    assert evidence(url) == QUOTED
    assert output_of(run("check")) == "The database is sound.\n"


def test_quotations_that_differ_from_the_text_are_reported_and_mended(run: Run, texts: Path, url: str) -> None:
    output_of(run("articles", "attach", str(saved(texts))))

    def plant() -> None:
        for number, body in list(tuples(Statement.select(Statement.number, Statement.document))):
            false = bytes(body).replace("الهدنة".encode(), "الحرب".encode())
            Statement.update(document=false).where(Statement.number == number).execute()
        ArticleText.update(quotation_length=599).execute()

    look(url, plant)
    found = run("check").stderr
    assert "statements/minister-welcomes shows other evidence, by status or quotation, than the attached texts" in found
    assert "articles/page is quoted at other lengths than its spans allow" in found
    assert output_of(run("check", "--mend")) == "The database is sound.\n"
    assert evidence(url) == QUOTED


def test_a_database_without_tables_is_reported(new_database: NewDatabase, tmp_path: Path) -> None:
    for arguments in (("articles", "attach", str(tmp_path)), ("evidence", "verify")):
        result = CliRunner().invoke(main, arguments, env={"DATABASE_URL": new_database()})
        assert "run 'tasrih migrate' first" in error_of(result)


# --- verifying and locating ------------------------------------------------------------------------------------------


def test_verifying_counts_all_spans(run: Run, texts: Path) -> None:
    assert output_of(run("evidence", "verify")) == (
        "3 spans: 0 verified, 3 text-not-attached, 0 mismatch; 0 warnings.\n"
    )
    output_of(run("articles", "attach", str(saved(texts))))
    assert output_of(run("evidence", "verify")) == (
        "3 spans: 3 verified, 0 text-not-attached, 0 mismatch; 0 warnings.\n"
    )


def test_a_wrong_length_of_an_article_is_a_warning(run: Run, texts: Path, tmp_path: Path) -> None:
    documents = article()
    change(documents, "articles/page", "/length", len(TEXT) + 1)
    output_of(run("load", str(write(documents, tmp_path / "longer"))))
    output_of(run("articles", "attach", str(saved(texts))))
    [warning, _] = output_of(run("evidence", "verify")).splitlines()
    assert warning == f"page: warning: its record says {len(TEXT) + 1} characters, its text has {len(TEXT)}."


def test_spans_that_split_letters_and_words_are_warnings(run: Run, texts: Path, tmp_path: Path) -> None:
    documents = of_text(article(), TEXT, [span("لطُّرُ")], [span("تُفتَ")])
    output_of(run("load", str(write(documents, tmp_path / "split"))))
    output_of(run("articles", "attach", str(saved(texts))))
    warnings = output_of(run("evidence", "verify")).splitlines()[:-1]
    start = TEXT.index("لطُّرُ")
    assert warnings[:2] == [
        f"statements/minister-welcomes: {start}-{start + 6} of page: warning: begins inside a word.",
        f"statements/minister-welcomes: {start}-{start + 6} of page: warning: ends inside a word.",
    ]


def test_a_span_that_splits_a_combining_sequence_is_a_warning(run: Run, texts: Path, tmp_path: Path) -> None:
    documents = of_text(article(), TEXT, [span("الط")], [span("ُّرُق")])
    output_of(run("load", str(write(documents, tmp_path / "split"))))
    output_of(run("articles", "attach", str(saved(texts))))
    printed = output_of(run("evidence", "verify"))
    assert "of page: warning: ends inside a combining sequence." in printed
    assert "of page: warning: begins inside a combining sequence." in printed


def test_a_passage_is_located_for_the_annotator(run: Run, texts: Path) -> None:
    output_of(run("articles", "attach", str(saved(texts))))
    found = json.loads(output_of(run("evidence", "locate", "page", WELCOMES, "--json")))
    [occurrence] = found["occurrences"]
    assert found["exact"] is True
    assert {key: occurrence[key] for key in ("start", "end", "sha256")} == span(WELCOMES)
    printed = output_of(run("evidence", "locate", "page", "الطرق الى المدينة"))
    assert printed.startswith("page: 1 found, as it is written only when blanks, tatweel, marks")
    place = span("الطُّرُق إلى المدينة")
    assert f"start {place['start']}, end {place['end']}, sha256 {place['sha256']}" in printed
    assert "الطُّرُق إلى المدينة" in printed


def test_the_reason_why_a_passage_can_not_be_located_is_reported(run: Run, texts: Path) -> None:
    assert error_of(run("evidence", "locate", "nobody", "x")) == "There is no article 'nobody'."
    assert "is not attached: run 'tasrih articles attach DIR'" in error_of(run("evidence", "locate", "page", "x"))
    output_of(run("articles", "attach", str(saved(texts))))
    assert error_of(run("evidence", "locate", "page", "لا يوجد")).startswith("The passage does not occur in 'page'")
    assert error_of(run("evidence", "locate", "page", "", "--json")).startswith("The passage does not occur")


def test_no_message_repeats_the_words_of_an_article(run: Run, texts: Path) -> None:
    output_of(run("articles", "attach", str(saved(texts))))
    saved(texts, TEXT.replace("السبت", "الأحد"), name="other.txt")
    printed = run("articles", "attach", str(texts)).output + run("evidence", "verify").output + run("check").output
    assert not any("\u0600" <= character <= "\u06ff" for character in printed)
