"""The words by which somebody is recognised: offices and bodies, with the article and the particles written onto them."""

from functools import lru_cache

from api.drafting.lexicon.arabic import word_list

_PRONOUNS = ("ها", "هم", "هما")  # written onto a noun, which then is definite: "رئيسها كمال شاكر"
_CACHED = 4096  # words; each is asked about several times in a row, and texts come from anybody
_LIKE_DEFINITE = frozenset(
    "الهام الياس البرتو البرت الكسندر الكسندرا الكساندر الكسي اليكس اليكسي اليكسندر اليزابيث الينا الفريد الفونسو الفارو الان الون الغا اليخاندرو الدار المار الدو التون البا البير الين الي اليف"
    " الماني المانيا المانيه الباني البانيا اليسا اليونورا الاسكا الفا الكترو".split()
)
"""Words whose first letters are no article, though their hamza is folded away: ألبرتو، إلهام، ألمانيا."""
_DEFINITE = ("ال", "وال", "فال", "لل", "بال")


@lru_cache(_CACHED)
def bare(word: str) -> str:
    """A folded word without the article and the particles written onto it."""
    for prefix in ("وال", "فال", "بال", "كال", "لل", "ال"):
        if word in _LIKE_DEFINITE:
            return word
        if word.startswith(prefix) and len(word) > len(prefix) + 1:
            return word[len(prefix) :]
    return word


def is_definite(word: str) -> bool:
    """Whether a folded word carries the article."""
    return word.startswith(_DEFINITE) and len(word) > 4 and word not in _LIKE_DEFINITE


@lru_cache(_CACHED)
def head_of(word: str) -> str:
    """The word for a role or a body that a folded word is, without article and particles; empty when it is none."""
    accusative: tuple[str, ...] = (word[:-1],) if word.endswith("ا") and len(word) > 4 else ()  # "لكن مصدرا عسكريا قال"
    for form in (*_stripped(word), *accusative):
        if form in word_list("roles") or form in word_list("bodies"):
            return form
        if form.endswith("ه") and form[:-1] in word_list("roles"):
            return form
    return ""


def _stripped(word: str) -> tuple[str, ...]:
    plain = bare(word)
    return (word, plain, plain[1:]) if plain[:1] in ("ل", "ب", "و") and len(plain) > 4 else (word, plain)


_LEXICAL_BY = frozenset(
    "بعد بين بن بنت بعض بلاد بلاده بلادها بيان باسم بدوره بدورها بحضور بمناسبه بيت بنك بشان بحسب باريس بكين برلين بغداد بيروت بروكسل بلغاريا بريطانيا"
    " باكستان بوتين بايدن بلينكن بشار باكو بريطاني بحريه برنامج برلمان بلديه بعثه بطريرك بابا بلاغ بشكل بصفته بصفتها بل بلا بلغت بدل بدا بنعلال باشينيان بحث بدر بشر بكر بلال بسام باسل باسم بهاء بنيامين بيير بيرين بيتر بول بوريس بيدرو بيسكوف برنار بريان براك باراك بابلو بيل بوب بيلا بدوي بركات بشير بطرس بكري بلحاج بلعيد بندر بوعزيز برئاسه".split()
)


def takes_particle(word: str, particle: str) -> bool:
    """Whether a folded word begins with a particle that is written onto it, and is not a word that only begins so."""
    return word.startswith(particle) and len(word) > 2 and word not in _LEXICAL_BY and not word.startswith("باسم")


def is_with_particle(word: str) -> bool:
    """Whether ب before a noun is no letter of a name: "بالعمل", "بفوزه"."""
    return word.startswith("بال") or (word.startswith("ب") and len(word) > 4 and word.endswith(("ه", "ها", "هم")))


def opens_genitive(word: str) -> bool:
    """Whether what follows a word belongs to it: an office or a body without the article, "شؤون"."""
    if is_definite(word) or word.endswith(_PRONOUNS):
        return False
    return (bool(head_of(word)) and bare(word) == word) or word in (
        "شوون", "لشوون", "داخليه", "خارجيه", "دفاع", "ماليه", "عدل", "صحه", "تعليم", "اعلام", "نفط", "طاقه",
    )  # fmt: skip
