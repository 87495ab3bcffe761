"""The command that drafts: `tasrih draft`, for one article, for a folder of them, or against what is recorded."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import click
import orjson

from api.backups.files import extended_file
from api.commands.bulk import progress_bar
from api.commands.terminal import end, opened, report_errors, standard_input
from api.drafting import documents, proposals
from api.drafting.drafts import About, Draft
from api.errors import ServiceUnreachable
from api.evidence.texts import LARGEST_FILE, NotText, UnreadableText, digest
from api.migrations.versions import require_current
from api.remote.completions import Model, complete
from api.settings import Settings
from api.texts import attaching
from api.texts.drafting import drafted
from api.texts.drafting_folders import files_of, line_of, raw_of, text_of
from schemas.answers.drafts import LANGUAGES
from schemas.values import dates


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
@click.option(
    "--model", "with_model", is_flag=True, help="Let the model of TASRIH_MODEL_URL propose what the rules missed."
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
            text = _read(_bytes(source or Path("-")))
            draft = drafted(text, about)
            if options["with_model"]:
                _propose(settings, text, draft)
            _print(draft, options["explain"], options["as_documents"])


def _require_sense(source: Path | None, output: Path | None, against: str | None, with_model: bool, **_: Any) -> None:
    is_folder = source is not None and source.is_dir()
    if source is None and against is None:
        raise click.UsageError("Name a file, a folder or - for standard input, or an article with --against.")
    if is_folder and output is None:
        raise click.UsageError("Drafts of a folder take --output: the file for their lines.")
    if with_model and (is_folder or against is not None):
        raise click.UsageError("--model is for the draft of one text.")
    if is_folder and against is not None:
        raise click.UsageError("Only one text can be compared with an article.")
    if output is not None and not is_folder:
        raise click.UsageError("--output is for folders; the draft of one text is printed.")


def _bytes(source: Path) -> bytes:
    return standard_input().read(LARGEST_FILE + 1) if str(source) == "-" else raw_of(source)


def _read(raw: bytes) -> str:
    try:
        return text_of(raw)
    except (NotText, UnreadableText) as error:
        end(f"The text {error}.")


def _propose(settings: Settings, text: str, draft: Draft) -> None:
    """Add to a draft what a model proposes and the text holds, and say what was dropped."""
    if settings.model_url is None:
        end("There is no model: set TASRIH_MODEL_URL.")
    model = Model(settings.model_url, settings.model_name, settings.model_key)
    try:
        found = proposals.proposed(complete(model, proposals.messages(text)), text, draft)
    except (ServiceUnreachable, proposals.NotProposals) as error:
        click.echo(f"tasrih: {error} The draft is that of the rules alone.", err=True)
        return
    draft["statements"] = sorted(
        [*draft["statements"], *found.statements], key=lambda each: int(each["evidence"][0]["start"])
    )
    dropped = ", ".join(f"{count} {reason}" for reason, count in sorted(found.dropped.items())) or "none"
    click.echo(f"tasrih: The model proposed {len(found.statements)} more; dropped: {dropped}.", err=True)


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
    files = files_of(folder)
    _require_names(files)
    refused = 0
    with extended_file(output) as lines, progress_bar("Drafting", len(files)) as progress:
        done = _done(lines, output) & files.keys()
        left = [(name, path) for name, path in files.items() if name not in done]
        progress(len(done))
        for name, path in left:
            line = line_of(name, path, about)
            refused += not line.is_draft
            lines.write(line.body)
            lines.flush()
            progress(1)
    counts = (
        f"{len(files)} articles: {len(left) - refused} drafted, {len(done)} there already, {refused} can't be read."
    )
    click.echo(counts)


def _require_names(files: Iterable[str]) -> None:
    """End the program when a line could not say which file it is of."""
    for name in files:
        try:
            name.encode()
        except UnicodeEncodeError:
            end(f"The name of the file {name!r} is not UTF-8: rename it.")


def _done(lines: IO[bytes], output: Path) -> set[str]:
    """The files that have whole lines in the output; a last line that was cut off is taken away."""
    if not lines.readable():
        return set()
    done: set[str] = set()
    kept = lines.seek(0)
    for line in lines:
        if _is_cut_off(line):
            lines.truncate(kept)
            break
        kept += len(line)
        done.add(_file_of(line, output))
    return done


def _is_cut_off(line: bytes) -> bool:
    """Whether a line is one of ours without its end. What else has no end is somebody's, and must not be lost."""
    return not line.endswith(b"\n") and line[: len(_BEGINNING)] == _BEGINNING[: len(line)]


_BEGINNING = b'{"file":"'
"""How `api.texts.drafting_folders` begins each line."""


def _file_of(line: bytes, output: Path) -> str:
    with suppress(orjson.JSONDecodeError, TypeError):
        match orjson.loads(line):
            case {"file": str(name), "draft": _} | {"file": str(name), "error": _}:
                return name
    end(f"{output} holds other lines than drafts: name another file.")


# Against what is recorded


def _compare(source: Path | None, about: About, article: str) -> None:
    """Print what a draft misses, has beside and has otherwise than the records, and by which rules."""
    text = attaching.text_of(article) if source is None else text_of(_bytes(source))
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
