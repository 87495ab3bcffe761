"""The words before which a description ends: those that belong to the verb, its object or another clause."""

from collections.abc import Sequence

from api.drafting.lexicon.arabic import arabic, expression, word_list
from api.drafting.lexicon.verbs import FEMININE, NOUN, Form
from api.drafting.sources.heads import bare, head_of, is_with_particle, opens_genitive, takes_particle
from api.drafting.text.words import SIGN, WORD, Token, without_conjunction

_BROKEN_PLURALS = frozenset("امم دول احزاب فصايل كتايب مصادر اوساط قوي".split())  # whose adjectives are feminine
OWN = frozenset("نفسه نفسها ذاته ذاتها انفسهم ذاتهم".split())
_IN_ROLES = frozenset({"باسم", "بالانابه", "بالنيابه", "لدي"})


def ends_before(tokens: Sequence[Token], position: int, first: int, stops: frozenset[str], takes_by: bool) -> bool:
    """Whether a description ends before a token."""
    token, word = tokens[position], tokens[position].text
    plain = without_conjunction(word)
    if goes_on_as_name(tokens, position, first):
        return False
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
    if word == "اول" and position + 1 < len(tokens) and tokens[position + 1].text in ("امس", "من"):
        return True
    if word in ("ل", "ب", "ك", "النظر", "الانتباه", "النقاب"):
        return True
    if (
        word in ("طلب", "فضل", "رفض")
        and position + 1 < len(tokens)
        and tokens[position + 1].text in ("عدم", "الكشف", "ذكر", "حجب")
    ):
        return True
    if position > first + 1 and tokens[position - 1].text in OWN:
        return True
    if position > first and (word in word_list("possessed") or word in word_list("objects")):
        before = tokens[position - 1].text
        is_adjective = position - 1 > first and before.endswith(("ي", "يه")) and not opens_genitive(before)
        return not (
            (opens_genitive(before) and not is_adjective) or before in _IN_ROLES or before in word_list("prepositions")
        )
    if position == first + 1 and tokens[first].text.startswith("ال") and (word in word_list("many") or _is_body(word)):
        return True
    if position == first + 1 and _is_office(tokens[first].text) and _is_office(word):
        return True
    if takes_by and position > first and takes_particle(word, "ب"):
        return True
    belongs = head_of(word) and opens_genitive(tokens[position - 1].text)  # "مرشح المعارضة", and no rejection
    if position > first and not belongs and expression(word) not in (None, "assess"):
        return True
    if position > first and _is_object_of(tokens, position, first):
        return True
    if _is_body(word) and position > first + 2 and all(_is_given_name(tokens, p) for p in (position - 2, position - 1)):
        return True  # a body after a person's name: "أبلغ الجنرال أوكي تانبي مجلس الأمن"
    is_surname = position == first + 1 and tokens[first].text in word_list("titles")
    if (
        position > first
        and is_with_particle(word)
        and not word.startswith("بال")
        and not head_of(word)
        and not is_surname
    ):
        return True
    if position > first and word in word_list("states") and tokens[position - 1].text.startswith("ال"):
        return True
    return position > first and (_is_finite(word) or _is_saying_participle(word)) and not head_of(word)


def goes_on_as_name(tokens: Sequence[Token], position: int, first: int) -> bool:
    """Whether a word that looks like a particle is a surname: "ليلى بنهيمة أن", "لويس فان درين، إن".

    It follows a given name, and what follows it is a sign, a particle, or another word with ب, so that it governs nothing.
    """
    word = tokens[position].text
    if position <= first or not (_is_given_name(tokens, position - 1) or tokens[position - 2].text in ("عبد", "ابو")):
        return False
    following = tokens[position + 1] if position + 1 < len(tokens) else None
    if word == "فان":
        after = tokens[position + 2] if position + 2 < len(tokens) else None
        return following is not None and not following.text.startswith("ال") and (after is None or _is_end(after))
    if not word.startswith("ب") or word.startswith("بال") or word in _IN_ROLES or without_conjunction(word) != word:
        return False
    return following is None or _is_end(following)


def _is_end(token: Token) -> bool:
    plain = token.text
    return token.kind == SIGN or plain in word_list("complementizers") or takes_particle(plain, "ب")


def _is_given_name(tokens: Sequence[Token], position: int) -> bool:
    """Whether a word may be a name: it is no office or body, has no article, and is on no list."""
    token = tokens[position]
    lists = ("titles", "adverbs", "prepositions", "openers", "complementizers", "objects", "texts", "states")
    return (
        token.kind == WORD
        and not token.text.startswith(("ال", "لل"))
        and not head_of(token.text)
        and not any(token.text in word_list(each) for each in lists)
        and not arabic().forms.get(token.text)
        and token.text not in _AFTER_OFFICES
    )


_AFTER_OFFICES = frozenset("عام اول شوون لشوون اعلي مساعد مقيم".split())
_SILENCE = frozenset("الخوض الحديث الافصاح الادلاء".split())


def _is_saying_noun(word: str) -> bool:
    """Whether a noun of saying follows, as the object of a refusal: "رفض الوزير الإفصاح", "وأعاد الرئيس التأكيد"."""
    return word in _SILENCE or (
        word.startswith("ال") and any(form.kind == NOUN for form in arabic().forms.get(word, ())) and not head_of(word)
    )


def _is_office(word: str) -> bool:
    """Whether a word is an office with the article: of two such, the second is the object ("وهنأ الملك الرئيس")."""
    return word.startswith("ال") and word not in word_list("titles") and bare(word) in word_list("roles")


def _is_body(word: str) -> bool:
    """Whether a word without the article is a body: after a definite office it is the object ("أبلغ المبعوث مجلس الأمن")."""
    return word in word_list("bodies") and word not in word_list("roles")


def _is_object_of(tokens: Sequence[Token], position: int, first: int) -> bool:
    """Whether a noun can't belong to the description before it, and so is the object.

    A definite noun is no adjective of a definite one of the other gender ("المعارضة المقترح", "المتحدث العسكري الغارة"); after a
    body's whole name, which an adjective ends, no other noun follows ("وزارة الصحة الفلسطينية ارتفاع", "منظمة العفو الدولية القانون").
    """
    word, head = tokens[position].text, head_of(tokens[first].text)
    before = [token.text for token in tokens[first:position]]
    if not head or word in word_list("titles") or word.startswith(("ل", "ب", "و")):
        return False
    if _is_saying_noun(word) and before[-1].startswith("ال"):
        return True
    if position > first + 1 and word.startswith("ال") and word.endswith("ين") and before[-1].startswith("ال"):
        return not before[-1].endswith("ين")
    if head_of(word):
        is_body = head in word_list("bodies") and head not in word_list("roles")
        return is_body and len(before) > 1 and before[-1].startswith("ال") and word in word_list("roles")
    if not word.startswith("ال"):
        is_body = head in word_list("bodies") and (head not in word_list("roles") or position > first + 1)
        is_whole = is_body and before[-1].startswith("ال")
        return is_whole and all(each.startswith("ال") for each in before[1:])
    if not all(each.startswith("ال") for each in before):
        is_whole = head in word_list("bodies") and before[0].endswith("ه") and before[-1].endswith("يه")
        return is_whole and before[-1].startswith("ال") and not word.endswith(("ه", "ي", "ات"))
    is_feminine = before[0].endswith(("ه", "ات")) or head in _BROKEN_PLURALS
    if is_feminine and head in word_list("bodies"):
        return not word.endswith(("ه", "ي", "ا", "ات"))
    return not is_feminine and word.endswith("ه")


def _goes_on_in(tokens: Sequence[Token], position: int, first: int) -> bool:
    """Whether في belongs to an office: "وزير المال في حكومة تصريف الأعمال", "مصادر في الوزارة"."""
    following = tokens[position + 1].text
    with_pronoun = following.endswith(("ها", "هم", "هما"))
    if not head_of(tokens[first].text) or with_pronoun or bare(following) in word_list("texts"):
        return False
    if _is_of_country(tokens, position, first):
        return True
    return head_of(following) != "" or _names_country(tokens, position + 1)


def _is_of_country(tokens: Sequence[Token], position: int, first: int) -> bool:
    """Whether a country says whose a body is: "وزارة الدفاع في سواحل إن", not where it was said ("الوزير في سواحل إن")."""
    word, body = tokens[position + 1].text, tokens[first].text
    if (
        not (_is_body(body) or _is_body(without_conjunction(body)))
        or not tokens[position - 1].text.startswith("ال")
        or word in _OCCASIONS
    ):
        return False
    after = tokens[position + 2] if position + 2 < len(tokens) else None
    is_name = not word.startswith("ال") and not head_of(word) and word not in word_list("adverbs")
    return is_name and after is not None and (after.kind == SIGN or after.text in word_list("complementizers"))


_OCCASIONS = frozenset(
    "موتمر حديث تصريح تصريحات خطاب لقاء حوار اتصال منشور ختام مستهل ظل اطار سياق وقت معرض تعليق رد تعقيب بث شريط فيديو تسجيل مقال اشاره ما اول اخر عام شهر يوم حفل افتتاح موجز تقرير نبا خبر سلسله حساب".split()
)


def _names_country(tokens: Sequence[Token], position: int) -> bool:
    """Whether a country stands after في, and a person's name after it: "وزير التجارة في سواحل أنس الخطيب"."""
    word = tokens[position].text
    if tokens[position].kind != "word" or position + 1 >= len(tokens) or tokens[position + 1].kind != "word":
        return False
    if word not in word_list("states") and (word.startswith("ال") or word.endswith(("ه", "ات")) or word in _OCCASIONS):
        return False
    name = tokens[position + 1].text
    return not (
        name in arabic().forms
        or name.startswith("ال")
        or any(name in word_list(each) for each in ("adverbs", "prepositions", "openers", "complementizers", "objects"))
        or (name.endswith(("ي", "يه")) and word not in word_list("states"))
        or takes_particle(name, "ب")
    )


def _is_finite(word: str) -> bool:
    """Whether a word can only be a finite verb of saying in the present or the feminine, where no description goes on."""
    forms = arabic().forms.get(word, ()) or (_past_with_pronoun(word) if word.endswith(("ته", "تها")) else ())
    return bool(forms) and all(
        (form.kind == "present" and word[0] in "يت") or (form.kind == "past" and form.agrees == FEMININE)
        for form in forms
    )


def _past_with_pronoun(word: str) -> tuple[Form, ...]:
    """The forms of "وصفته" without the pronoun that says of whom."""
    return arabic().forms.get(word.removesuffix("ها").removesuffix("ه"), ())


def _is_saying_participle(word: str) -> bool:
    """Whether a word is a participle that goes on with a verb of saying: "غرد الوزير السابق وائل حداد قائلا"."""
    return word.endswith(("ا", "ه")) and word in (
        "قايلا",
        "قايله",
        "مضيفا",
        "مضيفه",
        "موكدا",
        "موكده",
        "موضحا",
        "مشيرا",
        "نقلا",
    )
