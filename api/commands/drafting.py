"""The command that drafts: `tasrih draft`, for one article, for a folder of them, or against what is recorded."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import orjson

from api.commands.bulk import progress_bar
from api.commands.terminal import end, opened, report_errors
from api.drafting import documents, markup
from api.drafting.drafts import About, Draft
from api.evidence.texts import LARGEST_FILE, NotText, UnreadableText, decoded, digest, normalised
from api.migrations.versions import require_current
from api.settings import Settings
from api.texts import attaching
from api.texts.drafting import drafted
from schemas.answers.drafts import LANGUAGES, LONGEST_TEXT
from schemas.values import dates
from schemas.values.normal_form import NotStreamSafe

SUFFIXES = (".txt", ".html", ".htm")


def _edtf(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None:
        try:
            dates.parse(value)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None
    return value


@click.command("draft")
@click.argument("source", required=False, type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--title", help="The article's title.")
@click.option("--publisher", help="Its publisher: a name, or the id of a speaker.")
@click.option("--published", callback=_edtf, help="When it was published (EDTF), if the text does not say it.")
@click.option("--language", type=click.Choice(LANGUAGES), help="The language; found out from the text unless given.")
@click.option("--explain", is_flag=True, help="Name the rules that made each statement.")
@click.option("--documents", "as_documents", is_flag=True, help="Print lines for 'tasrih import' instead of the draft.")
@click.option("--against", metavar="ARTICLE", help="Compare the draft with what is recorded of this article.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="For a folder: the file to which a line is added for each article that it lacks.",
)
@report_errors
def draft_command(settings: Settings, source: Path | None, **options: Any) -> None:
    """Draft the statements of SOURCE, a text or HTML file, standard input (-) or a folder. Nothing is stored.

    With --against and without SOURCE the attached text of the article is drafted.
    """
    about = About(*(options.pop(name) for name in ("title", "publisher", "published", "language")))
    _require_sense(source, **options)
    with opened(settings):
        require_current()
        if source is not None and source.is_dir():
            _draft_folder(source, about, options["output"])
        elif options["against"]:
            _compare(source, about, options["against"])
        else:
            _print(_drafted(_bytes(source or Path("-")), about), options["explain"], options["as_documents"])


def _require_sense(source: Path | None, output: Path | None, against: str | None, **_: Any) -> None:
    is_folder = source is not None and source.is_dir()
    if source is None and against is None:
        raise click.UsageError("Name a file, a folder or - for standard input, or an article with --against.")
    if is_folder and output is None:
        raise click.UsageError("Drafts of a folder take --output: the file for their lines.")
    if is_folder and against is not None:
        raise click.UsageError("Only one text can be compared with an article.")
    if output is not None and not is_folder:
        raise click.UsageError("--output is for folders; the draft of one text is printed.")


def _bytes(source: Path) -> bytes:
    if str(source) == "-":
        return sys.stdin.buffer.read(LARGEST_FILE + 1)
    try:
        with source.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UnreadableText(f"can't be read: {error.strerror or error}") from None


def _drafted(raw: bytes, about: About) -> Draft:
    try:
        return drafted(_text(raw), about)
    except (NotText, UnreadableText) as error:
        end(f"The text {error}.")


def _text(raw: bytes) -> str:
    """The normalised text of a file; raise NotText or UnreadableText."""
    text = decoded(raw)
    if len(text) > LONGEST_TEXT:
        raise NotText(f"has {len(text):,} characters; at most {LONGEST_TEXT:,} are drafted")
    try:
        text = normalised(markup.text_of(text) if markup.is_html(text) else text)
    except NotStreamSafe:
        raise NotText("has more combining marks in a row than any writing") from None
    if not any(character.isalnum() for character in text):
        raise NotText("has no words")
    return text


def _print(draft: Draft, explain: bool, as_documents: bool) -> None:
    if as_documents:
        if draft["article"]["published"] is None:
            end("The text gives no date, and the record of an article has one: give it with --published.")
        for line in documents.lines(draft):
            click.echo(orjson.dumps(line).decode())
        return
    if not explain:
        for statement in draft["statements"]:
            del statement["rules"]
    click.echo(orjson.dumps(draft, option=orjson.OPT_INDENT_2).decode())


# Folders


def _draft_folder(folder: Path, about: About, output: Path) -> None:
    """Add a line for each article of a folder that the output lacks; what broke off can be gone on with."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    done, refused = _done(output), 0
    with output.open("ab") as lines, progress_bar("Drafting", len(files)) as progress:
        for path in files:
            name = str(path.relative_to(folder))
            line = None if name in done else _line(name, path, about)
            if line is not None:
                refused += "error" in line
                lines.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
                lines.flush()
            progress(1)
    counts = f"{len(files)} articles: {len(files) - len(done & _names(files, folder)) - refused} drafted, "
    click.echo(f"{counts}{len(done & _names(files, folder))} there already, {refused} can't be read.")


def _names(files: list[Path], folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in files}


def _done(output: Path) -> set[str]:
    """The files that have whole lines in the output; a last line that was cut off is taken away."""
    if not output.exists():
        return set()
    whole = output.read_bytes()
    kept = whole[: whole.rfind(b"\n") + 1]
    if kept != whole:
        output.write_bytes(kept)
    try:
        return {orjson.loads(line)["file"] for line in kept.splitlines()}
    except (orjson.JSONDecodeError, KeyError, TypeError):
        end(f"{output} holds other lines than drafts: name another file.")


def _line(name: str, path: Path, about: About) -> dict[str, Any]:
    try:
        return {"file": name, "draft": drafted(_text(_bytes(path)), about)}
    except (NotText, UnreadableText) as error:
        return {"file": name, "error": f"The text {error}."}


# Against what is recorded


def _compare(source: Path | None, about: About, article: str) -> None:
    """Print what a draft misses, has beside and has otherwise than the records, and by which rules."""
    text = attaching.text_of(article) if source is None else _text(_bytes(source))
    draft = drafted(text, about)
    known = draft["article"]["known"]
    if known is None or known["id"] != article:
        end(f"The text is not that of '{article}': its digest is {digest(text)[:12]}...")
    click.echo(f"{known['drafted_again']} of {known['recorded']} statements drafted again.")
    _list("missed", known["only_recorded"])
    _list("only drafted", list(_only_drafted(draft, text)))
    _list(
        "other acts",
        [f"{each['statement']}: {each['recorded']}, drafted as {each['drafted']}" for each in known["other_acts"]],
    )
    rules = Counter(rule for statement in draft["statements"] for rule in statement["rules"])
    beside = Counter(rule for place in known["only_drafted"] for rule in draft["statements"][place]["rules"])
    _list(
        "rules (drafted, of these not recorded)",
        [f"{rule}: {count}, {beside[rule]}" for rule, count in rules.most_common()],
    )


def _only_drafted(draft: Draft, text: str) -> Iterator[str]:
    for place in draft["article"]["known"]["only_drafted"]:
        statement = draft["statements"][place]
        words = " ... ".join(text[span["start"] : span["end"]] for span in statement["evidence"])
        yield f"{statement['act']} ({', '.join(statement['rules'])}): {json.dumps(words, ensure_ascii=False)}"


def _list(title: str, lines: list[str]) -> None:
    click.echo(f"\n{title}: {len(lines)}")
    for line in lines:
        click.echo(f"  {line}")
