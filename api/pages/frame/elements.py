"""Pieces of HTML that stand on every page: names, texts, dates and links, each with its language and direction.

What comes from records is escaped here or by Jinja, and isolated, so that no text turns the direction of its neighbours.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup, escape

from api.pages.frame.languages import LANGUAGES, Noun, Wording, direction_of
from schemas.vocabularies import labels

Texts = Mapping[str, str]
Document = dict[str, Any]

_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def bare(text: str) -> str:
    """A text on one line without marks of direction, for titles and attributes, which nothing isolates."""
    return " ".join(_BIDI_CONTROLS.sub("", text).split())


def named(record_type: str, document: Document) -> Texts:
    """The texts that a whole record is called by."""
    if record_type == "statements":
        return dict(document["summary"])
    if record_type == "articles":
        return {document["language"]: document["title"]} if document["title"] else dict(document["supplied_title"])
    return dict(document["name"])


@dataclass(frozen=True)
class Elements:
    """Makes pieces of HTML for one reader. `root` is the path that the service is mounted at, mostly empty."""

    wording: Wording
    root: str = ""
    kept: Sequence[tuple[str, str]] = field(default=())
    """The parameters that every link carries on: the reader's choice of digits."""

    @property
    def code(self) -> str:
        """The tag of the page's language."""
        return self.wording.language.code

    def t(self, ar: str, en: str) -> str:
        """The one of two wordings that is in the reader's language."""
        return self.wording.t(ar, en)

    def url(self, path: str, query: Mapping[str, Any] | Sequence[tuple[str, Any]] = (), language: str = "") -> str:
        """The path of a page, with parameters; None among their values leaves one out."""
        pairs = list(query.items()) if isinstance(query, Mapping) else list(query)
        given = [(name, value) for name, value in (*pairs, *self.kept) if value is not None]
        return f"{self.root}/{language or self.code}{path}" + (f"?{urlencode(given)}" if given else "")

    def api(self, path: str) -> str:
        """The path of what programs read."""
        return f"{self.root}{path}"

    def number(self, value: float) -> Markup:
        """A number, isolated."""
        return Markup("<bdi>{}</bdi>").format(self.wording.number(value))

    def counted(self, number: int, noun: Noun) -> Markup:
        """A number of things, isolated."""
        return Markup("<bdi>{}</bdi>").format(self.wording.counted(number, noun))

    def text(self, texts: Texts, tag: str = "span") -> Markup:
        """A text, marked with its language and, where it is not in the reader's, saying which that is."""
        language = self.wording.best(texts)
        if language.split("-")[0] == self.code:
            return Markup("<{0} dir={1}>{2}</{0}>").format(Markup(tag), direction_of(language), texts[language])
        note = self.wording.language_name(language)
        return Markup('<{0} lang="{1}" dir={2}>{3}</{0}> <small class=otherwise>({4})</small>').format(
            Markup(tag), language, direction_of(language), texts[language], note
        )

    def name(self, texts: Texts) -> Markup:
        """A name, isolated, marked with its language where that is not the page's."""
        language = self.wording.best(texts)
        return self.written(texts[language], language)

    def written(self, text: str, language: str) -> Markup:
        """A short text in a language, isolated."""
        if language == self.code:
            return Markup("<bdi>{}</bdi>").format(text)
        return Markup('<bdi lang="{}" dir={}>{}</bdi>').format(language, direction_of(language), text)

    def link(self, record_type: str, reference: Document) -> Markup:
        """The name of a record that a document refers to, leading to its page."""
        return Markup('<a href="{}">{}</a>').format(
            self.url(f"/{record_type}/{reference['id']}"), self.name(reference["name"])
        )

    def links(self, record_type: str, references: Sequence[Document]) -> Markup:
        """The names of several records, separated as the language does."""
        return Markup(self.t("، ", ", ")).join(self.link(record_type, reference) for reference in references)

    def term(self, vocabulary: str, term: str) -> str:
        """The label of a term."""
        return self.wording.plain(labels(vocabulary)[term])

    def time(self, expression: str) -> Markup:
        """A date; whole days are marked up for machines."""
        written = self.wording.date(expression)
        if re.fullmatch(r"\d{4}(-\d\d){0,2}", expression, re.ASCII):
            return Markup('<time datetime="{}"><bdi>{}</bdi></time>').format(expression, written)
        return Markup("<bdi class=date>{}</bdi>").format(written)

    def moment(self, recorded: str) -> Markup:
        """A moment when something was recorded."""
        return Markup('<time datetime="{}"><bdi>{}</bdi></time>').format(recorded, self.wording.moment(recorded))

    def marked(self, text: str, ranges: Sequence[tuple[int, int]]) -> Markup:
        """A text with what a search matched in it marked; offsets are code points."""
        pieces, position = [], 0
        for start, end in ranges:
            pieces += [escape(text[position:start]), Markup("<mark>{}</mark>").format(text[start:end])]
            position = end
        return Markup("").join([*pieces, escape(text[position:])])

    def direction(self, tag: str) -> str:
        """Which way a language is written."""
        return direction_of(tag)

    @property
    def others(self) -> list[tuple[str, str]]:
        """The tags and names of the languages of the pages that are not this one's."""
        return [(language.code, language.name) for language in LANGUAGES.values() if language.code != self.code]
