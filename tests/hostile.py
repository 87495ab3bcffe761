"""Requests made to cost more time than they have bytes: each kind of work that could grow faster than what it is done on."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import islice, product
from string import ascii_lowercase
from typing import Any
from urllib.parse import quote

from builders import ref, report, statement
from bulk import line

from schemas.values.languages import canonical

Document = dict[str, Any]

LONGEST_BODY = 1 << 20  # bytes; the service's own limit
LONGEST_URI = 8000  # bytes of path and query
LONGEST_HEADER = 8000  # bytes; servers in front of the service let no more through, as a rule

ACUTE, OVERLAY, DOUBLE = "\u0301", "\u0334", "\u0f73"
"""Non-starters of two combining classes, which change places when normalised, and a character that becomes two of them."""


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def filled(begin: str, piece: str, end: str, size: int = LONGEST_BODY) -> bytes:
    """A body of this size: pieces over and over between a beginning and an end."""
    room = size - len((begin + end).encode())
    return (begin + piece * (room // len(piece.encode())) + end).encode()


def listed(begin: str, item: str, end: str, size: int = LONGEST_BODY) -> bytes:
    """A body of this size with items in a list."""
    return filled(begin + item, f",{item}", end, size)


def in_summary(piece: str) -> bytes:
    return filled('{"summary":{"en":"', piece, '"}}')


def letters(length: int) -> Iterator[str]:
    """Words that all differ."""
    return map("".join, product(ascii_lowercase, repeat=length))


@cache
def counted(count: int, length: int) -> tuple[str, ...]:
    """Words that all differ, as many as that."""
    return tuple(islice(letters(length), count))


def unknown_keys(objects: int) -> bytes:
    """Objects with as many keys as are read, all long, and none of them a key of ours."""
    words = letters(4)
    each = LONGEST_BODY // objects // 106
    return as_json({"speakers": [{f"{'a' * 90}{next(words)}": 1 for _ in range(each)} for _ in range(objects)]})


def nested(levels: int) -> bytes:
    return b'{"speakers":' + b"[" * levels + b"]" * levels + b"}"


def hollow(*path: int) -> bytes:
    """A statement whose reports hold so many pieces of evidence with nothing in them."""
    reports, pieces = path
    return as_json(
        statement("new", "minister") | {"reports": [{"evidence": [{}] * pieces, "chain": [{}] * pieces}] * reports}
    )


def with_texts(words: Callable[[int], str], languages: int = 50) -> Document:
    """A statement whose summary is as long as may be in many languages."""
    codes = (f"{a}{b}" for a, b in product(ascii_lowercase, repeat=2))
    tags = islice((code for code in codes if canonical(code) == code), languages)
    return statement("new", "minister", summary={tag: words(n)[:2000].strip() for n, tag in enumerate(tags)})


def with_aliases(value: Callable[[int], str], count: int = 1000) -> Document:
    """A speaker with as many aliases as may be."""
    aliases = [{"value": value(n)[:200].strip(), "lang": "en", "kind": "variant"} for n in range(count)]
    return {"id": "new", "kind": "person", "name": {"en": "New"}, "aliases": aliases}


def distinct(n: int, length: int = 4) -> str:
    """2,000 characters of words that no other text has."""
    return " ".join(islice(letters(length), 400 * n, 400 * (n + 1)))


STATEMENTS: Mapping[str, Callable[[], bytes]] = {
    "a run of one mark": lambda: in_summary(ACUTE),
    "a run of marks that change places": lambda: in_summary(ACUTE + OVERLAY),
    "a run of marks that become two each": lambda: in_summary(DOUBLE),
    "a run of escaped marks": lambda: in_summary("\\u0301\\u0334"),
    "marks in a key": lambda: filled('{"', ACUTE + OVERLAY, '":1}'),
    "marks outside of any text": lambda: filled("{", ACUTE + OVERLAY, "}"),
    "many runs of marks as long as may be": lambda: in_summary("a" + (ACUTE + OVERLAY) * 15),
    "runs of marks in many texts": lambda: listed('{"topics":[', f'"{(ACUTE + OVERLAY) * 40}"', "]}"),
    "Korean letters to be composed": lambda: in_summary("\u1100\u1161\u11a8"),
    "letters that become many": lambda: in_summary("\ufdfa"),
    "letters beyond the first plane": lambda: "".join(
        ['{"summary":{"en":"', *map(chr, range(0x20000, 0x2A000)), '"}}']
    ).encode(),
    "one long text": lambda: in_summary("a "),
    "one text of blanks": lambda: in_summary(" "),
    "control characters": lambda: in_summary("\\u0000"),
    "halves of surrogate pairs": lambda: in_summary("\\ud800"),
    "brackets": lambda: b"[" * LONGEST_BODY,
    "lists within lists": lambda: nested(LONGEST_BODY // 2 - 10),
    "lists within lists, as deep as is read": lambda: listed('{"speakers":[', "[" * 17 + "]" * 17, "]}"),
    "empty objects": lambda: listed("[", "{}", "]"),
    "empty lists": lambda: listed("[", "[]", "]"),
    "objects within lists within objects": lambda: listed('{"reports":[', '{"evidence":[{}]}', "]}"),
    "keys without end": lambda: as_json(dict.fromkeys(counted(LONGEST_BODY // 10, 5), 1)),
    "one key over and over": lambda: listed("{", '"a":1', "}"),
    "keys twice, in many objects": lambda: listed('{"speakers":[', '{"id":1,"id":2}', "]}"),
    "unknown keys in one object": lambda: unknown_keys(1),
    "unknown keys in many objects": lambda: unknown_keys(12),
    "unknown keys in thousands of objects": lambda: listed('{"speakers":[', '{"speeker":1}', "]}"),
    "a number without end": lambda: filled('{"id":', "9", "}"),
    "a fraction without end": lambda: filled('{"id":0.', "9", "}"),
    "numbers with huge exponents": lambda: listed('{"figures":[', "1e-999999999", "]}"),
    "long numbers": lambda: listed('{"figures":[', f"0.{'9' * 390}", "]}"),
    "a date without end": lambda: filled('{"date":"', "2020-", '"}'),
    "an interval without end": lambda: filled('{"date":"2020/', "/", '"}'),
    "an id of hyphens": lambda: filled('{"act":{"id":"', "a-", '!"}}'),
    "a reference whose id has no end": lambda: filled('{"event":{"id":"', "a-a", '!"}}'),
    "a language without end": lambda: filled('{"summary":{"', "aa-", '":"a"}}'),
    "languages without end": lambda: as_json({"summary": {f"aa-{word}": "a" for word in counted(60_000, 4)}}),
    "pieces of evidence with nothing in them": lambda: hollow(1000, 140),
    "a few thousand pieces of evidence with nothing in them": lambda: hollow(10, 900),
    "references that are none": lambda: as_json(
        statement("new", "minister") | dict.fromkeys(("addressees", "targets", "places", "about_events"), [1] * 1000)
    ),
    "references that lead nowhere": lambda: as_json(
        statement(
            "new",
            "minister",
            addressees=[ref(f"nobody-{n}") for n in range(1000)],
            targets=[ref(f"no-{n}") for n in range(1000)],
        )
    ),
    "the same over and over": lambda: as_json(
        statement("new", "minister", topics=["peacekeeping"] * 1000, addressees=[ref("south")] * 1000)
    ),
    "figures by the thousand": lambda: as_json(
        statement(
            "new",
            "minister",
            figures=[
                {"measure": "soldiers-killed", "value": n, "unit": "people", "bound": "exact", "claimant": ref("north")}
                for n in range(1000)
            ],
        )
    ),
    "reports by the thousand": lambda: as_json(
        statement("new", "minister", *[report(("minister", "spoke"), article=f"page-{n}") for n in range(1000)])
    ),
    "spans by the thousand": lambda: as_json(
        statement(
            "new",
            "minister",
            {
                **report(("minister", "spoke")),
                "evidence": [{"start": n, "end": n + 1, "sha256": "ab" * 32} for n in range(1000)],
            },
        )
    ),
    "texts of one word": lambda: as_json(with_texts(lambda n: f"{counted(50, 2)[n]} " + "north " * 400)),
    "texts of words that all differ": lambda: as_json(with_texts(distinct)),
    "texts of Arabic words": lambda: as_json(
        with_texts(
            lambda n: " ".join(
                f"وبال{chr(0x628 + n % 20)}{chr(0x62A + m % 30)}{chr(0x631 + m // 30)}ينا" for m in range(250)
            )
        )
    ),
    "texts of one endless word": lambda: as_json(with_texts(lambda n: counted(50, 2)[n] * 1000)),
    "texts of numbers in groups": lambda: as_json(with_texts(lambda n: f"{n}1" + ",111" * 500)),
}
"""Bodies of statements."""

SPEAKERS: Mapping[str, Callable[[], bytes]] = {
    "aliases by the thousand": lambda: as_json(with_aliases(lambda n: counted(1000, 3)[n])),
    "aliases by the thousand, all long": lambda: as_json(
        with_aliases(lambda n: f"{counted(1000, 3)[n]} " + "a b c d " * 25)
    ),
    "aliases of one word, each longer than the last": lambda: as_json(with_aliases(lambda n: "aaa " * (n + 1), 50)),
    "aliases twice": lambda: as_json(with_aliases(lambda n: "the same")),
}
"""Bodies of speakers."""

PATCHES: Mapping[str, Callable[[], bytes]] = {
    "a patch within patches": lambda: b'{"summary":' * (LONGEST_BODY // 13) + b"1" + b"}" * (LONGEST_BODY // 13),
    "a patch that takes away": lambda: as_json({"summary": dict.fromkeys(counted(900, 5))}),
    "a patch of many objects": lambda: listed('{"speakers":[', '{"a":{"b":{}}}', "]}"),
    "a patch with marks": lambda: filled('{"summary":{"en":"', ACUTE + OVERLAY, '"}}'),
}
"""Merge patches of a statement."""

CONSONANTS = "تثجحخدذرزسشصضطظعغقمن"


def named(sentence: str, count: int, words: int) -> str:
    """A sentence as often as that, each time with other words."""
    names = map("".join, product(CONSONANTS, repeat=4))
    return "".join(sentence.format(*islice(names, words)) for _ in range(count))


DRAFTS: Mapping[str, Callable[[], str]] = {
    "others in each sentence": lambda: named("قال {} {} {} إن بلاده. ", 1_450, 3),
    "other ministers in each sentence": lambda: named("قال وزير {} {} إن. ", 1_950, 2),
    "what was announced earlier": lambda: "الأربعاء 11 نوفمبر 2020\n\n" + "وكان قد أعلن الوزير أن بلاده. " * 1_600,
    "lines of sources that name somebody": lambda: "المصدر: بوتين علييف\n" * 2_400,
    "quotations of a word": lambda: "قال الوزير إن " + "«ا» ب " * 2_990,
    "quotations before verbs": lambda: '"ا" قال الوزير ' * 2_390,
    "what announces itself": lambda: "قال الوزير إننا " + "نعلن " * 9_000,
    "answers to an interview": lambda: "عن المدينة\n" * 2_300 + "س: ما\nج: شكرا لكم جميعا\n" * 1_100,
    "open brackets after verbs": lambda: "قال ( " * 5_990,
    "numbers of nothing": lambda: "قال الوزير إن " + "5 " * 11_900,
    "a reference to a character without end": lambda: "<html><p><p>&#" + "9" * 49_900 + ";",
    "a word of saying in English": lambda: "said " * 10_000,
    "turns of a transcript": lambda: "الرئيس: شكرا\n" * 3_800,
    "turns of a transcript in English": lambda: "The President: thanks\n" * 2_200,
    "open quotation marks": lambda: "«" * 50_000,
    "sentences that say something": lambda: "قال الوزير إن بلاده تدعم. " * 1_900,
    "tags that are never closed": lambda: "<html>" + "<div>" * 9_900,
    "attributes without end": lambda: "<html><a" + "/" * 49_000,
    "scripts that are never closed": lambda: "<html>" + "<script>" * 6_000,
}
"""Texts to draft from, as long as they may be."""

RECONCILED: Mapping[str, Callable[[], dict[str, Any]]] = {
    "names as long as may be": lambda: {
        "queries": {f"q{n}": {"query": " ".join(counted(10_100, 4)[100 * n :][:101])[:500]} for n in range(100)}
    },
    "a name without end": lambda: {"queries": {"q": {"query": "a " * 500_000}}},
    "queries without end": lambda: {"queries": {f"q{n}": {"query": "a"} for n in range(40_000)}},
    "rows of columns without end": lambda: {
        "extend": {"ids": ["minister"] * 20_000, "properties": [{"id": "name"}] * 20_000}
    },
}
"""Requests for reconciliation."""

LINES: Mapping[str, Callable[[int], bytes]] = {
    "lines with a run of marks": lambda size: filled(
        '{"type":"statements","document":{"summary":{"en":"', ACUTE + OVERLAY, '"}}}\n', size
    ),
    "lines with nothing in them": lambda size: filled("", "\n", "", size),
    "lines that are no records": lambda size: filled("", "{}\n", "", size),
    "lines that are not JSON": lambda size: filled("", "[\n", "", size),
    "one line without end": lambda size: filled("", " ", "", size),
    "one record over and over": lambda size: filled(
        "", line("speakers", {"id": "a", "kind": "person", "name": {"en": "A"}}) + "\n", "", size
    ),
    "records by the hundred": lambda size: "".join(
        line("speakers", {"id": f"s-{n}", "kind": "person", "name": {"en": f"Name {n}"}}) + "\n"
        for n in range(size // 100)
    ).encode(),
}
"""Imports, by their size in bytes."""


def repeated(address: str, piece: str, end: str = "") -> str:
    """An address that is as long as is read."""
    return address + piece * ((LONGEST_URI - len(address) - len(end)) // len(piece)) + end


def searched(q: str) -> str:
    return f"/v1/statements?highlight=true&q={quote(q)}"


def parameters(address: str, length: int) -> str:
    """An address with parameters that all differ."""
    each = length + 2
    return address + "&".join(f"{name}=" for name in counted((LONGEST_URI - len(address)) // each, length))


QUERIES: Mapping[str, Callable[[], str]] = {
    "marks in q": lambda: repeated("/v1/statements?q=a", "%CC%81%CC%B4"),
    "marks in an id": lambda: repeated("/v1/statements?speaker=a", "%CC%81%CC%B4"),
    "marks in the name of a parameter": lambda: repeated("/v1/statements?", "%CC%81%CC%B4"),
    "marks in a suggestion": lambda: repeated("/v1/suggest?q=a", "%CC%81%CC%B4"),
    "marks in a path": lambda: repeated("/v1/statements/a", "%CC%81%CC%B4"),
    "short parameters without end": lambda: parameters("/v1/statements?", 3),
    "long parameters without end": lambda: parameters("/v1/statements?", 90),
    "parameters that are almost right": lambda: (
        "/v1/statements?" + "&".join(f"on_behalf_{word}=1" for word in counted(450, 3))
    ),
    "one parameter without end": lambda: repeated("/v1/statements?", "q=a&"),
    "one unknown parameter without end": lambda: repeated("/v1/statements?", "a=&"),
    "bytes that are not UTF-8": lambda: repeated("/v1/statements?", "a=%FF&"),
    "separators only": lambda: repeated("/v1/statements?", "&"),
    "values without end": lambda: repeated("/v1/statements?", "act=a&"),
    "commas without end": lambda: repeated("/v1/statements?fields=id", ","),
    "fields without end": lambda: repeated("/v1/statements?limit=200&fields=id", ",id"),
    "unknown fields without end": lambda: repeated("/v1/statements?fields=", "a,"),
    "expansions without end": lambda: repeated("/v1/statements?limit=200&expand=places", ",places"),
    "facets without end": lambda: repeated("/v1/statements/facets?facet=act", ",act"),
    "quotation marks": lambda: searched('"a" ' * 125),
    "quotation marks of several families": lambda: searched("“«" * 250),
    "an open quotation mark": lambda: searched('"' + "a " * 249),
    "minus signs": lambda: searched("-a " * 166),
    "minus signs run together": lambda: searched("a" + "-" * 499),
    "stars": lambda: searched("a* " * 32),
    "stars run together": lambda: searched("a" + "*" * 499),
    "clauses in plenty": lambda: searched(" ".join(counted(32, 2))),
    "one phrase": lambda: searched('"' + "the " * 120 + '"'),
    "one endless word": lambda: searched("karabakh" * 62),
    "endless words": lambda: searched(" ".join("karabakh" * 10 + word for word in counted(5, 2))),
    "months": lambda: searched("-تشرين الثاني " * 35),
    "letters that become many in q": lambda: searched("\ufdfa" * 500),
    "numbers in groups in q": lambda: searched("1" + ",111" * 124),
    "a cursor without end": lambda: repeated("/v1/statements?cursor=", "W1tb"),
    "a cursor of brackets": lambda: "/v1/statements?cursor=" + "AAAA" * 2 + "AAAA" + "W1tb" * 247,
    "a date without end": lambda: repeated("/v1/statements?since=", "2020-"),
    "a moment without end": lambda: repeated("/v1/statements?updated_since=", "0%2000:00", "x"),
    "a moment of digits": lambda: repeated("/v1/statements?updated_since=2020-01-01T00:00:00.", "0"),
    "an id of hyphens": lambda: repeated("/v1/statements?speaker=", "a-", "!"),
    "an address without end": lambda: repeated("/v1/", "statements/"),
    "an id without end": lambda: repeated("/v1/speakers/", "a-"),
    "a number without end": lambda: repeated("/v1/statements?limit=", "9"),
    "a position without end": lambda: repeated("/v1/changes?since=", "9"),
    "parentheses within parentheses": lambda: searched("(" * 120 + "a" + ")" * 120 + " b"),
    "alternatives within alternatives": lambda: searched("(a OR " * 70 + "a" + ")" * 70),
    "field words": lambda: searched("speaker:a " * 50),
    "field words within parentheses": lambda: searched("(speaker:a OR " * 30 + "speaker:a" + ")" * 30),
    "field words on a page": lambda: "/en/statements?q=" + quote("speaker:a " * 50),
    "a page with parameters without end": lambda: repeated("/en/figures?", "measure=a&"),
    "an address to embed without end": lambda: repeated("/oembed?url=", "http://"),
    "a feed of facets": lambda: repeated("/v1/statements?format=atom&", "facet=measure&"),
    "conflicts of parameters without end": lambda: repeated("/v1/figures/conflicts?", "measure=a&"),
    "a revision without end": lambda: repeated("/v1/speakers/antonio-guterres/revisions/", "9"),
}
"""Addresses to read."""

HEADERS: Mapping[str, Callable[[], dict[str, str]]] = {
    "ranges of media types": lambda: {"Accept": "a/b," * 2000},
    "a quality of digits": lambda: {"Accept": "*/*;q=" + "0" * LONGEST_HEADER + "x"},
    "a quality of blanks": lambda: {"Accept": "*/*;q=" + " " * LONGEST_HEADER + "x"},
    "blanks before a quality": lambda: {"Accept": "*/*;" + " " * LONGEST_HEADER + "x"},
    "parameters of a media type": lambda: {"Accept": "*/*" + ";a=b" * 2000},
    "entity tags of caches": lambda: {"If-None-Match": '"a",' * 2000},
    "blanks and commas of caches": lambda: {"If-None-Match": ", " * 4000},
    "a token without end": lambda: {"Authorization": "Bearer tasrih_" + "0" * LONGEST_HEADER},
    "a token of blanks": lambda: {"Authorization": "Bearer" + " " * LONGEST_HEADER + "x"},
    "cross-origin headers": lambda: {"Origin": "http://" + "a." * 4000},
    "cookies": lambda: {"Cookie": "a=b; " * 1600},
    "a byte range": lambda: {"Range": "bytes=" + "0-1," * 2000},
}
"""Headers of a read."""

CHANGES: Mapping[str, Callable[[], dict[str, str]]] = {
    "entity tags": lambda: {"If-Match": '"a",' * 2000},
    "weak entity tags": lambda: {"If-Match": 'W/"a",' * 1300},
    "entity tags with one fault": lambda: {"If-Match": '"a",' * 2000 + "x"},
    "blanks and commas": lambda: {"If-Match": '"a"' + " ," * 4000 + "x"},
    "blanks": lambda: {"If-Match": '"a"' + " " * LONGEST_HEADER + "x"},
    "blanks before": lambda: {"If-Match": " ," * 4000 + "x"},
    "an open entity tag": lambda: {"If-Match": '"' + "W/" * 4000},
    "a key without end": lambda: {"Idempotency-Key": f'"{"a" * LONGEST_HEADER}"'},
    "an open key": lambda: {"Idempotency-Key": '"' + "\\\\" * 4000},
    "parameters of a key": lambda: {"Idempotency-Key": '"a"' + ";a=1" * 2000 + "!"},
    "blanks after a key": lambda: {"Idempotency-Key": '"a"' + " " * LONGEST_HEADER + "!"},
    "strings in the parameters of a key": lambda: {"Idempotency-Key": '"a"' + ';a="b"' * 1300 + "!"},
    "parameters of a content type": lambda: {"Content-Type": "application/json" + ";a=b" * 2000},
    "an open string in a content type": lambda: {"Content-Type": 'application/json;a="' + '\\"' * 4000},
}
"""Headers of a change."""


def repeating_names() -> Document:
    """A speaker whose names are one word over and over, each once more than the last."""
    return with_aliases(lambda n: "aaa " * (n + 1), 50) | {"id": "repeating"}


REPEATING: Mapping[str, Callable[[], bytes]] = {
    "the word of the names": lambda: as_json(with_texts(lambda n: f"{counted(50, 2)[n]} " + "aaa " * 500)),
    "the word of the names, and others": lambda: as_json(
        with_texts(lambda n: f"{counted(50, 2)[n]} " + "aaa aaa bbb " * 170)
    ),
}
"""Statements whose texts name that speaker over and over."""
