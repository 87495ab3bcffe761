"""Known records in a text, by their names: speakers, agreements, places, events.

Whoever drafts brings the names along, from a database or from files; a word of the text stands for a word of a name as in
the search (`api.search.names`): with the particles that Arabic writes onto it, or an English 's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from api.drafting.text.words import SIGN, Token
from api.search.names import is_distinctive, name_words, root, stands_for

LONGEST_NAME = 16  # words; longer names are not looked for


class KnownName(NamedTuple):
    """A name that a record goes by, with the record's type, id and label. `proper` says that it is a name, not an alias."""

    written: str
    record_type: str
    id: str
    label: Mapping[str, str]
    proper: bool = True


class Mention(NamedTuple):
    """A known name in tokens `first` to `end` (exclusive), and the records that go by it, of one type each.

    Several records of the same type make it ambiguous; `names` has them all.
    """

    first: int
    end: int
    names: tuple[KnownName, ...]


class _Node(NamedTuple):
    after: dict[str, dict[str, "_Node"]]
    names: list[KnownName]


class Names:
    """Names by their words, so that a text is read once however many names there are."""

    def __init__(self, names: Iterable[KnownName] = ()) -> None:
        self._top = _Node({}, [])
        for name in names:
            words = name_words(name.written)
            if is_distinctive(words) and len(words) <= LONGEST_NAME:
                self._add(words, name)

    def _add(self, words: Sequence[str], name: KnownName) -> None:
        node = self._top
        for word in words:
            node = node.after.setdefault(root(word), {}).setdefault(word, _Node({}, []))
        node.names.append(name)

    def mentions(self, tokens: Sequence[Token]) -> list[Mention]:
        """The names in a text, the longest at each place, none inside another."""
        words = [(place, token.text) for place, token in enumerate(tokens) if token.kind != SIGN]
        found: list[Mention] = []
        position = 0
        while position < len(words):
            length, names = self._longest(words, position)
            if names:
                first, last = words[position][0], words[position + length - 1][0]
                found.append(Mention(first, last + 1, tuple(_meant(names))))
            position += length or 1
        return found

    def _longest(self, words: Sequence[tuple[int, str]], position: int) -> tuple[int, list[KnownName]]:
        nodes, best = [self._top], (0, list[KnownName]())
        for length in range(1, min(LONGEST_NAME, len(words) - position) + 1):
            word = words[position + length - 1][1]
            nodes = [
                node
                for before in nodes
                for known, node in before.after.get(root(word), {}).items()
                if stands_for(word, known)
            ]
            if not nodes:
                break
            if names := [name for node in nodes for name in node.names]:
                best = (length, names)
        return best


def _meant(names: Sequence[KnownName]) -> Iterator[KnownName]:
    """Each record once; where a phrase is the name of some and an alias of others, those of whom it is the name."""
    likeliest = [name for name in names if name.proper] or list(names)
    yield from {(name.record_type, name.id): name for name in likeliest}.values()
