"""Pieces of HTML that stand on every page: names, texts, dates and links, each with its language and direction.

What comes from records is escaped here or by Jinja, and isolated, so that no text turns the direction of its neighbours.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup, escape

from api.pages.frame.languages import LANGUAGES, Noun, Wording, direction_of
from schemas.records.vocabularies import labels
from schemas.values.languages import best

Texts = Mapping[str, str]
Document = dict[str, Any]

_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


_WHOLE = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
"""A date without anything vague about it, as HTML has it."""


@cache
def _label(vocabulary: str, term: str, language: str) -> str:
    label = labels(vocabulary)[term]
    return label[best(label, (language,))]


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


def together(one: Document, next_one: Document) -> bool:
    """Whether two neighbours in a chain spoke or issued the words jointly, so that nothing passed from one to the other."""
    return bool(one["role"] == next_one["role"] and one["role"] in ("spoke", "issued"))


@dataclass(frozen=True)
class Elements:
    """Makes pieces of HTML for one reader. `root` is the path that the service is mounted at, mostly empty."""

    wording: Wording
    root: str = ""
    kept: Sequence[tuple[str, str]] = field(default=())
    """The parameters that every link carries on: the reader's choice of digits."""
    _links: dict[tuple[str, str], Markup] = field(default_factory=dict, compare=False)
    """The links that were made already: lists name the same few records over and over."""

    @property
    def code(self) -> str:
        """The tag of the page's language."""
        return self.wording.language.code

    def t(self, ar: str, en: str) -> str:
        """The one of two wordings that is in the reader's language."""
        return self.wording.t(ar, en)

    def url(self, path: str, query: Mapping[str, Any] | Sequence[tuple[str, Any]] = (), language: str = "") -> str:
        """The path of a page, with parameters; None among their values leaves one out."""
        if not query and not self.kept:
            return f"{self.root}/{language or self.code}{path}"
        pairs = list(query.items()) if isinstance(query, Mapping) else list(query)
        given = [(name, value) for name, value in (*pairs, *self.kept) if value is not None]
        return f"{self.root}/{language or self.code}{path}" + (f"?{urlencode(given)}" if given else "")

    def api(self, path: str) -> str:
        """The path of what programs read."""
        return f"{self.root}{path}"

    def number(self, value: float) -> Markup:
        """A number, isolated."""
        return Markup(f"<bdi>{self.wording.number(value)}</bdi>")

    def counted(self, number: int, noun: Noun) -> Markup:
        """A number of things, isolated."""
        return Markup(f"<bdi>{self.wording.counted(number, noun)}</bdi>")

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
            return Markup(f"<bdi>{escape(text)}</bdi>")
        return Markup(f'<bdi lang="{escape(language)}" dir={direction_of(language)}>{escape(text)}</bdi>')

    def link(self, record_type: str, reference: Document) -> Markup:
        """The name of a record that a document refers to, leading to its page."""
        key = record_type, reference["id"]
        if key not in self._links:
            address = escape(self.url(f"/{record_type}/{reference['id']}"))
            self._links[key] = Markup(f'<a href="{address}">{self.name(reference["name"])}</a>')
        return self._links[key]

    def links(self, record_type: str, references: Sequence[Document]) -> Markup:
        """The names of several records, separated as the language does."""
        return Markup(self.t("، ", ", ")).join(self.link(record_type, reference) for reference in references)

    def term(self, vocabulary: str, term: str) -> str:
        """The label of a term."""
        return _label(vocabulary, term, self.code)

    def time(self, expression: str) -> Markup:
        """A date; whole days are marked up for machines."""
        written = self.wording.date(expression)
        if _WHOLE.fullmatch(expression):
            return Markup(f'<time datetime="{expression}"><bdi>{written}</bdi></time>')
        return Markup(f"<bdi class=date>{escape(written)}</bdi>")

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
