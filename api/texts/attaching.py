"""Attaching texts to articles and detaching them: all or nothing, and as often as one likes.

A file is recognised by the digest of its normalised text. Texts are the operator's: no message repeats any of them.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from api.database.transactions import writing
from api.errors import TasrihError
from api.evidence.recognising import Fingerprint, Fingerprints, Span, first_broken, first_difference, resembles
from api.evidence.texts import NotText, UnreadableText, digest, read
from api.lookups.attached_texts import texts_of
from api.models.articles import Article, ArticleText
from api.models.base import tuples
from api.models.statements import Evidence, Report
from api.records import attached_texts
from api.records.propagation import bound_quotations, rerender

ATTACHED, ALREADY, UNKNOWN = "attached", "already attached", "unknown article"
ALTERED, UNREADABLE = "altered", "unreadable"
FAULTS = (ALTERED, UNREADABLE)


class NothingDetached(TasrihError):
    """Some of the articles to be detached do not exist, so none was."""


class NoText(TasrihError):
    """An article does not exist, or its text is not attached."""


class FileChanged(TasrihError):
    """A file that was recognised is another one now, so nothing was stored."""


@dataclass(frozen=True)
class Finding:
    """What a file of the folder turned out to be; `told` is more about it, without its words."""

    path: Path
    status: str
    article: str = ""
    told: str = ""


@dataclass
class Attachment:
    """What was found in a folder. Nothing was stored when there are faults."""

    findings: list[Finding] = field(default_factory=list)  # without the unknown ones beyond those to be kept
    counts: Counter[str] = field(default_factory=Counter)
    folders: int = 0  # not entered
    others: int = 0  # no files, or links that lead out of the folder

    @property
    def faulty(self) -> bool:
        """Whether some file kept all of them from being attached."""
        return any(self.counts[status] for status in FAULTS)


def attach(
    folder: Path, longest_quotation: int, recursive: bool = False, unknown_kept: int | None = None
) -> Attachment:
    """Attach the texts of a folder's files to their articles, and show them in their statements, unless one is faulty.

    They are quoted at no greater length than what was attached before. Of unknown files only so many findings are kept,
    all with None: there may be very many of them.
    """
    attachment = Attachment()
    known, done = _Known(), set[str]()
    for path in _files(folder, folder.resolve(), recursive, attachment):
        finding = known.examined(path) if isinstance(path, Path) else path
        if finding.article in done and finding.status == ATTACHED:
            finding = Finding(finding.path, ALREADY, finding.article)
        done.add(finding.article)
        attachment.counts[finding.status] += 1
        if finding.status != UNKNOWN or unknown_kept is None or attachment.counts[UNKNOWN] <= unknown_kept:
            attachment.findings.append(finding)
    if not attachment.faulty:
        _store([finding for finding in attachment.findings if finding.status == ATTACHED], longest_quotation)
    return attachment


def _store(findings: list[Finding], longest_quotation: int) -> None:
    with writing():
        longest = min([longest_quotation, *attached_texts.bounds()])
        fresh = []
        for finding in findings:
            text = read(finding.path)
            found = list(tuples(Article.select(Article.number).where(Article.sha256 == digest(text))))
            if not found:
                raise FileChanged(f"{finding.path} changed while it was read: nothing was stored.")
            fresh.append(found[0][0])
            attached_texts.put(fresh[-1], text, longest)
            attached_texts.bound(fresh[-1])
        rerender("statements", attached_texts.statements_of(fresh))
        bound_quotations(attached_texts.bound_otherwise(longest), longest)


def requote(longest_quotation: int, raising: bool = False) -> int:
    """Let no quotation be longer than the setting; give the number of articles changed.

    Only with `raising` is one bound by a lower setting made longer: which is for the service to say, whose setting the
    bound is, and not for every command that happens to run without it.
    """
    if not attached_texts.bound_otherwise(longest_quotation, raising):
        return 0
    with writing():
        articles = attached_texts.bound_otherwise(longest_quotation, raising)
        bound_quotations(articles, longest_quotation)
        return len(articles)


def detach(ids: Iterable[str] | None) -> dict[str, bool]:
    """Remove the texts of these articles, or of all, and their quotations; tell of each whether there was one.

    Raise NothingDetached, naming them, when some do not exist.
    """
    with writing():
        numbers = _numbers(ids)
        attached = set(attached_texts.with_texts())
        gone = {number for number in numbers.values() if number in attached}
        for number in gone:
            attached_texts.remove(number)
        rerender("statements", attached_texts.statements_of(gone))
        return {article: number in gone for article, number in numbers.items()}


def text_of(article: str) -> str:
    """The text attached to an article; raise NoText when there is none."""
    for _, sha256, attached in texts_of([article]):
        if _is_of(article, sha256):
            return attached.text
        raise NoText(f"The text attached to '{article}' is not this article's: attach the right one.")
    if Article.select().where(Article.id == article).exists():
        raise NoText(f"The text of '{article}' is not attached: run 'tasrih articles attach DIR' first.")
    raise NoText(f"There is no article '{article}'.")


def _numbers(ids: Iterable[str] | None) -> dict[str, int]:
    if ids is None:
        attached = Article.select(Article.id, Article.number).join(
            ArticleText, on=(ArticleText.article == Article.number)
        )
        return dict(tuples(attached.order_by(Article.id)))
    wanted = list(dict.fromkeys(ids))
    found = {
        article: number
        for wish in wanted
        for article, number in tuples(Article.select(Article.id, Article.number).where(Article.id == wish))
    }
    if missing := [wish for wish in wanted if wish not in found]:
        raise NothingDetached(f"Nothing was detached, for there is no article {', '.join(map(repr, missing))}.")
    return found


# --- the files -------------------------------------------------------------------------------------------------------


def _files(folder: Path, root: Path, recursive: bool, attachment: Attachment) -> Iterator[Path | Finding]:
    """The files of a folder in the order of their names; what is passed over is counted."""
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield Finding(folder, UNREADABLE, told=f"can't be read: {error.strerror or error}")
        return
    for name in names:
        path = folder / name
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            attachment.others += 1
        elif path.is_file():
            yield path
        elif path.is_dir() and not path.is_symlink() and recursive:
            yield from _files(path, root, recursive, attachment)
        elif path.is_dir():
            attachment.folders += 1
        else:
            attachment.others += 1


class _Known:
    """The articles of the database, asked about one file after another."""

    def __init__(self) -> None:
        self._fingerprints: Fingerprints | None = None

    def examined(self, path: Path) -> Finding:
        """What a file is."""
        try:
            text = read(path)
        except NotText as reason:
            return Finding(path, UNKNOWN, told=str(reason))
        except UnreadableText as reason:
            return Finding(path, UNREADABLE, told=str(reason))
        with_text = Article.select(Article.id, ArticleText.text)
        found = with_text.left_outer_join(ArticleText, on=(ArticleText.article == Article.number))
        for article, attached in tuples(found.where(Article.sha256 == digest(text))):
            return Finding(path, ALREADY if attached == text else ATTACHED, article)
        told = f"{len(text)} characters, sha256 {digest(text)}"  # what a record of the article would say
        return self._altered(path, text) or Finding(path, UNKNOWN, told=told)

    def _altered(self, path: Path, text: str) -> Finding | None:
        if self._fingerprints is None:
            self._fingerprints = Fingerprints([known.probes() for known in _fingerprints()])
        for article in self._fingerprints.likely(text):
            known = next(_fingerprints(article))
            if resembles(text, known):
                return Finding(path, ALTERED, article, _difference(text, known))
        return None


def _fingerprints(article: str | None = None) -> Iterator[Fingerprint]:
    """What is known of one article, or of each that has spans."""
    spans = (
        Article.select(Article.id, Article.length, Evidence.start, Evidence.end, Evidence.sha256)
        .join(Report, on=(Report.article == Article.number))
        .join(Evidence, on=(Evidence.owner == Report.number))
        .distinct()
        .order_by(Article.id, Evidence.start, Evidence.end)
    )
    rows = tuples(spans if article is None else spans.where(Article.id == article))
    for (known, length), some in groupby(rows, key=lambda row: (row[0], row[1])):
        yield Fingerprint(known, length, tuple(Span(*row[2:]) for row in some))


def _difference(text: str, known: Fingerprint) -> str:
    """Where a text first differs from an article's, as exactly as can be said."""
    for _, sha256, attached in texts_of([known.article]):
        if _is_of(known.article, sha256):
            return f"it first differs at position {first_difference(text, attached.text)}"
    broken = first_broken(text, known)
    if broken is None:
        return "every span verifies: it differs somewhere beside them"
    return f"the first span that does not verify is {broken.start}-{broken.end}: it differs there or before"


def _is_of(article: str, sha256: str) -> bool:
    return Article.select().where((Article.id == article) & (Article.sha256 == sha256)).exists()
