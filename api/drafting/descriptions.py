"""How a sentence names who speaks: titles, offices, bodies, names and appositions, as one description.

"الدكتور حازم رشوان، وزير الموارد المائية" is one description with a title, a name and, in apposition, an office.
"""

from collections.abc import Sequence
from typing import NamedTuple

from api.drafting.lexicon import FEMININE, MASCULINE, arabic, expression, word_list
from api.drafting.quotations import MARKS
from api.drafting.words import SIGN, Token, without_conjunction

PERSON, BODY, TEXT, PAIR, AGENCY, NAME = "person", "body", "text", "pair", "agency", "name"
LONGEST = 22  # tokens; longer ones are no descriptions
LONGEST_APPOSITION = 14
LONGEST_QUOTED_NAME = 6
COMMAS = frozenset("،,")
_DEFINITE = ("ال", "وال", "فال", "لل", "بال")


class Description(NamedTuple):
    """Tokens `first` to `end` (exclusive) that name somebody; `name` is the range of a person's name in it, if there is one.

    `head` is the word that says what they are, without the article ("وزير", "حكومة"); empty for a bare name.
    """

    first: int
    end: int
    kind: str
    head: str
    name: tuple[int, int] | None
    gender: str | None


def bare(word: str) -> str:
    """A folded word without the article and the particles written onto it."""
    for prefix in ("وال", "فال", "بال", "كال", "لل", "ال"):
        if word.startswith(prefix) and len(word) > len(prefix) + 1:
            return word[len(prefix) :]
    return word


def is_definite(word: str) -> bool:
    """Whether a folded word carries the article."""
    return word.startswith(_DEFINITE) and len(word) > 4


def head_of(word: str) -> str:
    """The word for a role or a body that a folded word is, without article and particles; empty when it is none."""
    for form in _stripped(word):
        if form in word_list("roles") or form in word_list("bodies"):
            return form
        if form.endswith("ه") and form[:-1] in word_list("roles"):
            return form
    return ""


def _stripped(word: str) -> tuple[str, ...]:
    plain = bare(word)
    return (word, plain, plain[1:]) if plain[:1] in ("ل", "ب", "و") and len(plain) > 4 else (word, plain)


def descriptions(
    tokens: Sequence[Token], first: int, stops: frozenset[str], takes_by: bool = False
) -> list[Description]:
    """The descriptions that begin at a token: one, or several that are joined by و. Empty when nobody is named there.

    `stops` are words that can't belong to it: the particles that the verb governs. With `takes_by` a word with ب ends it.
    """
    end = _end(tokens, first, stops, takes_by)
    if end <= first:
        return []
    if tokens[first].text in word_list("pairs") | word_list("honorifics"):
        end = _with_adjectives(tokens, first + 1, end)
    parts = _parts(tokens, first, end)
    return [_described(tokens, start, stop) for start, stop in parts]


def _with_adjectives(tokens: Sequence[Token], position: int, end: int) -> int:
    """Past the adjectives of origin that follow a noun: "الجانبان الأذربيجاني والأرمني"."""
    while (
        position < end
        and without_conjunction(tokens[position].text).startswith("ال")
        and tokens[position].text.endswith(("ي", "يه", "يان", "يين"))
    ):
        position += 1
    return position


def _end(tokens: Sequence[Token], first: int, stops: frozenset[str], takes_by: bool) -> int:
    position, limit = first, min(len(tokens), first + LONGEST)
    while position < limit:
        token = tokens[position]
        if token.text in COMMAS:
            after = _apposition(tokens, position + 1, stops, takes_by) if position > first else position
            if after <= position + 1:
                break
            return after
        if token.kind == SIGN:
            after_name = _after_quoted_name(tokens, position, first)
            if after_name is None:
                return first
            if after_name < 0:
                return -after_name
            position = after_name
            if tokens[first].kind == SIGN and position < limit and head_of(tokens[position].text):
                return position
            continue
        if _ends_before(tokens, position, first, stops, takes_by):
            break
        position += 1
    return position


def _after_quoted_name(tokens: Sequence[Token], position: int, first: int) -> int | None:
    """After a quoted name such as «النهضة والبناء»; the negative of the place where the description ends otherwise."""
    mark = tokens[position].text
    if mark in MARKS or mark == "(":
        for place in range(position + 1, min(len(tokens), position + LONGEST_QUOTED_NAME + 2)):
            if tokens[place].kind == SIGN and tokens[place].text in (MARKS if mark in MARKS else ")"):
                return place + 1
    return -position if position > first else None


_IN_ROLES = frozenset({"باسم", "بالانابه", "بالنيابه", "لدي"})


def _ends_before(tokens: Sequence[Token], position: int, first: int, stops: frozenset[str], takes_by: bool) -> bool:
    token, word = tokens[position], tokens[position].text
    plain = without_conjunction(word)
    if token.kind != "word" or plain in word_list("complementizers") or word in stops:
        return not (token.kind == "number" and position > first)
    if word in _IN_ROLES:
        return False
    if plain in ("الذي", "التي", "الذين", "اللذين", "قد", "لم", "لن", "لا", "ما", "ان", "كان", "كانت"):
        return True
    if word == "في" and position > first and position + 1 < len(tokens):
        return not _goes_on_in(tokens, position, first)
    if plain in word_list("adverbs") or plain in word_list("prepositions"):
        return True
    if word in ("ل", "ب", "ك"):
        return True
    if (
        word in ("طلب", "فضل", "رفض")
        and position + 1 < len(tokens)
        and tokens[position + 1].text in ("عدم", "الكشف", "ذكر", "حجب")
    ):
        return True
    if position > first and (word in word_list("possessed") or word in word_list("objects")):
        before = tokens[position - 1].text
        return not (_opens_genitive(before) or before in _IN_ROLES or before in word_list("prepositions"))
    if takes_by and position > first and takes_particle(word, "ب"):
        return True
    if position > first and (expression(word) not in (None, "assess") or _is_object_of(tokens, position, first)):
        return True
    if position > first and _is_with_particle(word) and not word.startswith("بال") and not head_of(word):
        return True
    if position > first and word in word_list("states") and tokens[position - 1].text.startswith("ال"):
        return True
    return position > first and _is_finite(word) and not head_of(word)


def _is_object_of(tokens: Sequence[Token], position: int, first: int) -> bool:
    """Whether a noun can't belong to the description before it, and so is the object.

    A definite noun is no adjective of a definite one of the other gender ("المعارضة المقترح", "المتحدث العسكري الغارة"); after a
    body's whole name no indefinite noun follows ("وزارة الصحة الفلسطينية ارتفاع ...").
    """
    word, head = tokens[position].text, head_of(tokens[first].text)
    before = [token.text for token in tokens[first:position]]
    if not head or head_of(word) or word in word_list("titles") or word.startswith(("ل", "ب", "و")):
        return False
    if not word.startswith("ال"):
        is_whole = head in word_list("bodies") and position > first + 1 and before[-1].startswith("ال")
        return is_whole and all(each.startswith("ال") for each in before[1:])
    if not all(each.startswith("ال") for each in before):
        return False
    is_feminine = before[0].endswith(("ه", "ات"))
    if is_feminine and head in word_list("bodies"):
        return not word.endswith(("ه", "ي", "ا", "ات"))
    return not is_feminine and word.endswith("ه")


def _goes_on_in(tokens: Sequence[Token], position: int, first: int) -> bool:
    """Whether في belongs to an office: "وزير المال في حكومة تصريف الأعمال", "مصادر في الوزارة"."""
    following = tokens[position + 1].text
    return head_of(following) != "" and bool(head_of(tokens[first].text)) and bare(following) not in word_list("texts")


_LEXICAL_BY = frozenset(
    "بعد بين بن بنت بعض بلاد بلاده بلادها بيان باسم بدوره بدورها بحضور بمناسبه بيت بنك بشان بحسب باريس بكين برلين بغداد بيروت بروكسل بلغاريا بريطانيا"
    " باكستان بوتين بايدن بلينكن بشار باكو بريطاني بحريه برنامج برلمان بلديه بعثه بطريرك بابا بلاغ بشكل بصفته بصفتها بل بلا بلغت بدل بدا بنعلال باشينيان بحث بدر بشر بكر بلال بسام باسل باسم بهاء بنيامين بيير بيرين بيتر بول بوريس بيدرو بيسكوف برنار بريان براك باراك بابلو بيل بوب بيلا بدوي بركات بشير بطرس بكري بلحاج بلعيد بندر بوعزيز برئاسه".split()
)


def takes_particle(word: str, particle: str) -> bool:
    """Whether a folded word begins with a particle that is written onto it, and is not a word that only begins so."""
    return word.startswith(particle) and len(word) > 2 and word not in _LEXICAL_BY and not word.startswith("باسم")


def _is_finite(word: str) -> bool:
    """Whether a word can only be a finite verb of saying in the present or the feminine, where no description goes on."""
    forms = arabic().forms.get(word, ())
    return bool(forms) and all(
        (form.kind == "present" and word[0] in "يت") or (form.kind == "past" and form.agrees == FEMININE)
        for form in forms
    )


def _apposition(tokens: Sequence[Token], first: int, stops: frozenset[str], takes_by: bool) -> int:
    """The end of an apposition after a comma, or `first` when there is none."""
    if first >= len(tokens) or not _may_appose(tokens[first].text) or _is_verb_before_subject(tokens, first):
        return first
    end = first
    while end < min(len(tokens), first + LONGEST_APPOSITION):
        token = tokens[end]
        if token.text in COMMAS or without_conjunction(token.text) in word_list("complementizers") or token.text == ":":
            return end
        if token.kind == SIGN and token.text not in "-–":
            return end if end > first else first
        if _ends_before(tokens, end, first, stops, takes_by) and not _after_role(tokens, end, first):
            return end if end > first + 1 else first
        end += 1
    return end if end == len(tokens) else first


def _is_verb_before_subject(tokens: Sequence[Token], position: int) -> bool:
    """Whether an unknown word before an office is a verb: "..., قام رئيس أوردانيا"."""
    word = tokens[position].text
    if head_of(word) or word in word_list("titles") or position + 1 >= len(tokens):
        return False
    return head_of(tokens[position + 1].text) in word_list("roles") and len(word) <= 5


def _after_role(tokens: Sequence[Token], position: int, first: int) -> bool:
    word = tokens[position].text
    return bool(head_of(tokens[first].text)) and takes_particle(word, "ب") and bare(word) != word


_NO_APPOSITION = frozenset("كما وذلك بينما فيما الذي التي الذين حيث طلب رفض فضل مما وهو وهي وقد حسبما وفقا".split())


def _may_appose(word: str) -> bool:
    plain = without_conjunction(word)
    if word[:1] == "و" and not head_of(plain):
        return word not in arabic().forms and plain not in arabic().forms and not word.startswith("وا")
    forms = arabic().forms.get(word, ())
    if forms and not head_of(word):
        return False
    return (
        word not in _NO_APPOSITION
        and plain not in word_list("adverbs")
        and plain not in word_list("prepositions")
        and plain not in word_list("complementizers")
        and plain not in word_list("openers")
        and word not in word_list("objects")
    )


def _parts(tokens: Sequence[Token], first: int, end: int) -> list[tuple[int, int]]:
    """Where coordinated descriptions begin and end: و before an office, a title or a counterpart begins another."""
    starts = [first]
    for position in range(first + 1, end):
        word = tokens[position].text
        if word[0] == "و" and _begins_person(word[1:]) and _is_plain_name(tokens, position):
            starts.append(position)
    return [(start, _trimmed(tokens, start, stop)) for start, stop in zip(starts, [*starts[1:], end], strict=True)]


def _begins_person(word: str) -> bool:
    return bare(word) in word_list("roles") or word in word_list("titles") or word in word_list("possessed")


def _is_plain_name(tokens: Sequence[Token], position: int) -> bool:
    return position + 1 < len(tokens) and tokens[position].kind == "word"


def _trimmed(tokens: Sequence[Token], start: int, stop: int) -> int:
    while stop > start and tokens[stop - 1].kind == SIGN and tokens[stop - 1].text not in MARKS | {")"}:
        stop -= 1
    return stop


def _described(tokens: Sequence[Token], first: int, end: int) -> Description:
    words = [tokens[position].text for position in range(first, end)]
    words[0] = without_conjunction(words[0]) if head_of(without_conjunction(words[0])) else words[0]
    heads = (_head_at(word, place) for place, word in enumerate(words[:4]))
    head = next((found for found in heads if found), "") or head_of(words[0])
    name = _name_before_office(tokens, first, end) or _name(tokens, first, end)
    kind = _kind_of(words, head, name)
    name = None if kind in (BODY, AGENCY) else name
    return Description(first, end, kind, head, name, _gender(words, head))


def _head_at(word: str, place: int) -> str:
    """The office or body that a word of a description is; a word with ب or ل belongs to what stands before it."""
    if word in word_list("titles") or (place and word[:1] in "بل" and bare(word) != word and not word.startswith("ال")):
        return ""
    return head_of(word)


def _name_before_office(tokens: Sequence[Token], first: int, end: int) -> tuple[int, int] | None:
    """The name in "ميروسلاف جينكا مساعد الأمين العام": an office without the article follows it."""
    for position in range(first + 2, min(end, first + 5)):
        word = tokens[position].text
        if word in word_list("roles") and all(_may_be_name(tokens, p, first, position) for p in range(first, position)):
            return (first, position)
    return None


def _kind_of(words: Sequence[str], head: str, name: tuple[int, int] | None) -> str:
    first = words[0]
    if first in word_list("pairs") or (first in ("كلا", "كلي", "كلتا") and len(words) > 1):
        return PAIR
    if bare(first) in word_list("texts") or first in word_list("texts"):
        return TEXT
    if bare(first) in word_list("agencies") or first in word_list("agencies"):
        return AGENCY
    if (
        any(word in word_list("titles") for word in words[:2])
        or head in word_list("roles")
        or head[:-1] in word_list("roles")
    ):
        return PERSON
    if head:
        return BODY
    return NAME


_FEMININE_PLURALS = frozenset("امم مصادر قوات دول كتايب فصايل احزاب".split())


def _gender(words: Sequence[str], head: str) -> str | None:
    noun = head or bare(words[0])
    if words[0] in word_list("honorifics"):
        return FEMININE if words[0].endswith("ها") else MASCULINE
    if noun.endswith(("ه", "ات")) or noun in _FEMININE_PLURALS:
        return FEMININE
    if words[0] in word_list("states"):
        return FEMININE if words[0].endswith(("ا", "ه")) else None
    return MASCULINE if head else None


def _name(tokens: Sequence[Token], first: int, end: int) -> tuple[int, int] | None:
    """The range of a person's name: the last run of words that are neither offices nor definite, in one of the parts between commas."""
    start = first
    best: tuple[int, int] | None = None
    for position in range(first, end + 1):
        if position == end or tokens[position].text in COMMAS:
            found = _name_in(tokens, start, position)
            if found and (best is None or found[1] - found[0] > best[1] - best[0]):
                best = found
            start = position + 1
    return best


def _is_no_name(word: str) -> bool:
    """Whether a word inside a description can't be part of a name: a state, a verb, a noun with ب."""
    return (
        _is_with_particle(word)
        or word in word_list("states")
        or word in word_list("settings")
        or word.startswith(("است", "يست"))
    )


def _is_with_particle(word: str) -> bool:
    """Whether ب before a noun is no letter of a name: "بالعمل", "بفوزه"."""
    return word.startswith("بال") or (word.startswith("ب") and len(word) > 4 and word.endswith(("ه", "ها", "هم")))


_NAME_PARTS = frozenset("بن بنت ال ابو ابن عبد ام ابي فان دي دا فون ولد آل".split())
LONGEST_NAME = 6


def _name_in(tokens: Sequence[Token], first: int, end: int) -> tuple[int, int] | None:
    stop = end
    while stop > first and tokens[stop - 1].kind == SIGN:
        stop -= 1
    start = stop
    while start > first and _may_be_name(tokens, start - 1, first, stop):
        start -= 1
    if start == stop:
        return None
    if start > first and _opens_genitive(tokens[start - 1].text):
        start += 1
    while start < stop and tokens[start].kind == SIGN:
        start += 1
    if start >= stop or stop - start > LONGEST_NAME:
        return None
    return (start, stop)


def _may_be_name(tokens: Sequence[Token], position: int, first: int, stop: int) -> bool:
    token, word = tokens[position], tokens[position].text
    if token.kind == SIGN:
        return token.text in MARKS | {"-"}
    if token.kind != "word" or head_of(word) or word in word_list("titles") or word in word_list("texts"):
        return False
    if position > first and word[0] == "و" and len(word) > 3 and tokens[position - 1].text not in _NAME_PARTS:
        return not is_definite(word) and position + 1 < stop and word[:2] in ("ول", "وي", "وا")
    if is_definite(word):
        alone = position == first and stop == first + 1
        before = tokens[position - 1].text if position > first else ""
        family = (
            position + 1 == stop
            and position > first
            and word.startswith("ال")
            and not is_definite(before)
            and not head_of(before)
        )
        between = position > first and before in _NAME_PARTS
        return alone or between or (family and before not in word_list("titles") and not before.startswith(("ل", "ب")))
    if position > first and _is_no_name(word):
        return False
    return word not in ("عام", "باسم", "لشوون", "شوون") and not (position > first and word.startswith("لل"))


def _opens_genitive(word: str) -> bool:
    """Whether what follows a word belongs to it: an office or a body without the article, "شؤون"."""
    if is_definite(word):
        return False
    return (bool(head_of(word)) and bare(word) == word) or word in (
        "شوون", "لشوون", "داخليه", "خارجيه", "دفاع", "ماليه", "عدل", "صحه", "تعليم", "اعلام", "نفط", "طاقه",
    )  # fmt: skip
