"""Reporting expressions in an Arabic sentence: which verb, who is its subject, and where what was said begins.

Arabic puts the verb first: قال الوزير إن ... A verb is taken for a reporting expression only where a clause begins, and only
with a complement that it governs, since many verbs of saying are written like ordinary words.
"""

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from api.drafting.descriptions import (
    AGENCY,
    COMMAS,
    Description,
    bare,
    descriptions,
    head_of,
    takes_particle,
)
from api.drafting.lexicon import (
    DUAL,
    FEMININE,
    MASCULINE,
    NOUN,
    PARTICIPLE,
    PAST,
    PLURAL,
    PRESENT,
    Form,
    Verb,
    arabic,
    expression,
    word_list,
)
from api.drafting.quotations import MARKS, Quotation
from api.drafting.words import NUMBER, SIGN, WORD, Token, without_conjunction

THAT, OBJECT, QUOTED = "that", "object", "quoted"
_PARTICLES = {
    "to": ("الي", "اليه", "اليها"),
    "on": ("علي", "عليه"),
    "about": ("عن", "عما", "عنه"),
    "from": ("من", "مما"),
    "in": ("في", "بان"),
    "by": (),
    "for": (),
}
_WRITTEN_ON = {"by": "ب", "for": "ل"}
FARTHEST = 60  # tokens from a verb to its complement
_NEGATIONS = frozenset("لم ولم لن ولن لا ولا ما وما دون عدم بعدم".split())
_DASHES = frozenset("-–—")
_BREAKS = COMMAS | frozenset("؛;:(") | _DASHES
_INSIDE = ("فيه", "فيها", "خلاله", "خلالها", "فيهما")


class Cue(NamedTuple):
    """A reporting expression: tokens `first` to `verb_end`, its subjects, and `content`, the token where what was said begins.

    `begins` is where its clause begins, with a subject that stands before the verb. `complement` is what introduces the
    content; `rule` names how it was recognised; `nested` says that it stands at the beginning of what another cue tells.
    """

    rule: str
    verb: Verb
    begins: int
    first: int
    verb_end: int
    subjects: tuple[Description, ...]
    complement: str
    content: int
    agrees: str = ""
    nested: bool = False
    before: bool = False


class Sentence(NamedTuple):
    """A sentence: those tokens of its paragraph that stand before its `end`, where it begins, and its quotations."""

    tokens: Sequence[Token]
    first: int
    end: int
    quotations: Sequence[Quotation]


def cues(sentence: Sentence, names: Container[str] = frozenset()) -> list[Cue]:
    """The reporting expressions of a sentence in order; settings, which tell nothing, have the rule `setting`.

    `names` are words of the names of those who were named before.
    """
    return list(_Reader(sentence, names).cues())


class _Reader:
    def __init__(self, sentence: Sentence, names: Container[str]) -> None:
        self.names = names
        self.tokens, self.first, self.end = sentence.tokens, sentence.first, sentence.end
        self.opening = {q.first: q for q in sentence.quotations}
        self.clause = self.first
        self.after_that = False
        self.that: int | None = None  # where the last clause after أن or إن began
        self.outer: Cue | None = None  # whose content that clause is
        self.found: list[Cue] = []

    def cues(self) -> Iterator[Cue]:
        position = self.first
        while position < self.end:
            if position in self.opening and position > self.first and self._is_long(position):
                position = self._enter(position)
                continue
            if self.tokens[position].text == "(":
                position = self._after_bracket(position)
                continue
            if self.tokens[position].text in _BREAKS:
                self.clause, self.after_that, position = position + 1, False, position + 1
                continue
            cue = self._cue_at(position)
            if cue is None:
                self._note_clause(position)
                position += 1
                continue
            self.found.append(cue)
            yield cue
            position = max(position + 1, min(cue.content, self.end))
            self.outer = None
            if cue.rule != "setting" and cue.complement in (THAT, QUOTED) and cue.verb.act != "deny":
                position, self.after_that = self._after_complementizer(position), True
                self.outer = cue
            else:
                self.after_that = False
            told = cue.rule != "setting" and not self.after_that
            self.clause = self.end if told else position  # what a particle introduces is a noun, and no clause
            self.that = position if self.after_that else None

    def _note_clause(self, position: int) -> None:
        """After أن a clause begins whose subject may come first, also where nobody told it ("وعُلم أن العاصي تعهد")."""
        if self.tokens[position].text in ("ان", "بان", "فان", "فانه", "فانها") and position + 1 < self.end:
            self.clause, self.that, self.after_that, self.outer = position + 1, position + 1, True, None

    def _is_long(self, position: int) -> bool:
        quotation = self.opening[position]
        return quotation.last - position > 4

    def _enter(self, position: int) -> int:
        """Past a quotation; but what a quoted text tells of others ("الجانبان أكدا") is looked at from its beginning."""
        quotation = self.opening[position]
        if self.after_that and position == self.clause:
            self.clause = position + 1
            nested = self._subject_first(position + 1)
            if nested:
                return position + 1
        self.after_that = False
        return min(quotation.last + 1, self.end)

    def _after_bracket(self, position: int) -> int:
        for place in range(position + 1, min(self.end, position + 30)):
            if self.tokens[place].text == ")":
                return place + 1
        return position + 1

    def _after_complementizer(self, position: int) -> int:
        while position < self.end and (
            without_conjunction(self.tokens[position].text) in word_list("complementizers")
            or self.tokens[position].text in (":", "الي", "علي", "عن", "من", "بما")
        ):
            position += 1
        return position

    # One expression

    def _cue_at(self, position: int) -> Cue | None:
        token = self.tokens[position]
        if token.kind != WORD:
            return None
        return (
            self._relayed(position)
            or self._passive(position)
            or self._according(position)
            or self._finite(position)
            or self._participle(position)
        )

    def _forms(self, position: int) -> tuple[tuple[Form, ...], bool]:
        word = self.tokens[position].text
        forms = arabic().forms.get(word, ()) or _with_pronoun(word)
        if forms or word[0] not in "وف" or len(word) < 3:
            return forms, False
        return arabic().forms.get(word[1:], ()) or _with_pronoun(word[1:]), True

    def _finite(self, position: int) -> Cue | None:
        forms, joined = self._forms(position)
        finite = [form for form in forms if form.kind in (PAST, PRESENT)]
        if not finite:
            return self._setting(position)
        if self._is_negated(position) and not any(form.verb.lemma == "استبعد" for form in finite):
            return None
        if self._is_other_word(position, finite[0]):
            return None
        if position + 1 < self.end and self.tokens[position + 1].text in _INSIDE:
            return self._verb_first(position, finite, "inside-a-text", position + 2)
        subjects = self._subjects_before(position, finite) if not joined else ()
        if subjects and (told := self._verb_after(position, finite, subjects)):
            return told
        if self._begins_clause(position, joined):
            return self._verb_first(position, finite, "verb-first", position + 1) or self._setting(position)
        if joined and self.tokens[position].text[0] == "و":
            return self._coordinated(position, finite)
        return None

    def _subject_first(self, start: int) -> bool:
        """Whether a clause that begins at a token names its subject and then a verb of saying."""
        stop = min(self.end, start + 12)
        for position in range(start + 1, stop):
            forms = [form for form in self._forms(position)[0] if form.kind in (PAST, PRESENT)]
            if forms and self._subjects_before(position, forms):
                return True
        return False

    def _is_negated(self, position: int) -> bool:
        return position > self.first and self.tokens[position - 1].text in _NEGATIONS

    def _is_other_word(self, position: int, form: Form) -> bool:
        """Whether a word only looks like the verb: "هنا" (here) and هنأ, "وقع" of an event, "حمل" without responsibility."""
        word, lemma = self.tokens[position].text, form.verb.lemma
        following = [token.text for token in self.tokens[position + 1 : min(self.end, position + 26)]]
        if lemma == "وقع":
            return not any(bare(other.removeprefix("ب")).startswith(_SIGNED) for other in following)
        if form.kind == PRESENT and position > self.first and self.tokens[position - 1].text in ("ان", "لن", "بان"):
            return True  # the subjunctive: "يمكن أن تتفق" tells of nothing that was said
        if lemma in ("أحاط", "أخذ", "سجل"):
            return "علما" not in following[:2]
        if lemma == "حمل":
            return not any("مسووليه" in other for other in following[:8])
        if lemma in ("قدم", "تقدم", "بعث", "أبرق", "أرسل"):
            return not any(expression(other) for other in following[:14])
        if lemma == "أمر":
            return not (following and head_of(following[0]))
        if lemma == "طرح":
            return not any(bare(other).startswith(("مبادر", "مقترح", "خطه", "فكره", "رويه")) for other in following[:8])
        if lemma == "اعتمد":
            return not any(
                bare(other).startswith(("قرار", "بيان", "اعلان", "مشروع", "خطه")) for other in following[:10]
            )
        if lemma == "التزم" and form.kind == PRESENT:
            return True
        if lemma == "وصف":
            return not any(other.startswith("ب") or other == "انه" for other in following)
        if lemma == "امتنع":
            return not any(other.startswith(("التعليق", "الرد", "الاجابه")) for other in following[:4])
        if lemma == "وجه":
            return not any(other.startswith("ب") or bare(other) in ("دعوه", "رساله") for other in following[:8])
        if word in ("هنا", "وهنا"):
            return not (
                following and (head_of(following[0]) or following[0] in word_list("titles") or position == self.clause)
            )
        return word == "عرض" and following[:1] != [] and following[0] in ("البحر", "الحايط")

    def _begins_clause(self, position: int, joined: bool) -> bool:
        if position == self.clause:
            return True
        previous = self.tokens[position - 1]
        if previous.kind == SIGN and previous.text not in "/%":
            return True
        if previous.text in ("قد", "فقد", "وقد"):
            before = self.tokens[position - 2] if position - 2 >= self.first else None
            return (
                position - 1 <= self.clause or before is None or before.kind == SIGN or before.text in ("كان", "وكان")
            )
        if previous.text in word_list("openers") and position - 1 >= self.clause:
            return previous.text not in ("ان", "انه", "انها") or self.after_that
        return self._is_fronted(position)

    def _is_fronted(self, position: int) -> bool:
        """Whether only a phrase of place, time or source stands before the verb: "وفي 13 نوفمبر وقع", "وبحسب البيان يتشجع"."""
        start = self.clause
        if position - start > 9 or start >= position:
            return False
        word = without_conjunction(self.tokens[start].text)
        fronted = (
            word in word_list("prepositions")
            or word in word_list("adverbs")
            or word in word_list("according")
            or takes_particle(word, "ب")
        )
        return fronted and not any(
            self._forms(place)[0] for place in range(start + 1, position) if self._is_verbal(place)
        )

    def _is_verbal(self, place: int) -> bool:
        return any(form.kind in (PAST, PRESENT) and form.verb.sure for form in self._forms(place)[0])

    # Verb, then subject

    def _verb_first(self, position: int, forms: Sequence[Form], rule: str, after: int) -> Cue | None:
        if after < self.end and self.tokens[after].kind == NUMBER:
            return None
        for form in forms:
            subjects = self._subjects_after(after, form)
            end = subjects[-1].end if subjects else after
            complement, content = self._complement(end, form.verb, bool(subjects))
            if self._is_reporting(form.verb, complement, content):
                return Cue(
                    rule,
                    form.verb,
                    position,
                    position,
                    after,
                    subjects,
                    complement,
                    content,
                    form.agrees,
                    self._is_nested(position),
                )
            if self._tells_quotation_before(position, form, subjects):
                quotation = next(q for q in self.opening.values() if q.first >= self.first and q.last < position)
                return Cue(
                    "quotation-first",
                    form.verb,
                    position,
                    position,
                    after,
                    subjects,
                    QUOTED,
                    quotation.first,
                    form.agrees,
                    before=True,
                )
        return None

    def _is_nested(self, position: int) -> bool:
        return self.outer is not None and self.that is not None and position - self.that <= 10 and self.after_that

    def _tells_quotation_before(self, position: int, form: Form, subjects: Sequence[Description]) -> bool:
        return (
            bool(subjects)
            and "that" in form.verb.complements
            and any(
                q.first <= self.first + 1 and q.closed and position - 2 <= q.last < position
                for q in self.opening.values()
            )
        )

    def _is_reporting(self, verb: Verb, complement: str, content: int) -> bool:
        if content >= self.end:
            return False
        if complement in (THAT, QUOTED):
            return True
        return bool(complement) and not verb.bound and (verb.sure or complement in verb.complements)

    def _subjects_after(self, position: int, form: Form) -> tuple[Description, ...]:
        """Who follows the verb as its subject; nobody when what follows is its object or its complement."""
        if position >= self.end or self.tokens[position].kind == NUMBER:
            return ()
        word = self.tokens[position].text
        if word in word_list("objects") and not (head_of(word) and not self._continues()):
            return ()
        if self.tokens[position].kind == SIGN and (
            "object" in form.verb.complements or not self._is_quoted_name(position)
        ):
            return ()
        if (
            word in word_list("adverbs")
            or word in word_list("complementizers")
            or without_conjunction(word) in word_list("complementizers")
        ):
            return ()
        if self._is_written_on(word, form.verb):
            return ()
        stops = frozenset(p for c in form.verb.complements for p in _PARTICLES.get(c, ()))
        found = descriptions(self.tokens, position, stops, "by" in form.verb.complements)
        if not found or not self._agrees(form, found[0], word):
            return ()
        if "object" in form.verb.complements and not self._is_person_like(found[0], word):
            return ()
        found = self._without_object(found, form.verb)
        if not self._contrasts(position) and self._is_only_object(found[0], form):
            return ()
        if (
            self._continues()
            and form.verb.lemma in _OF_SOMEBODY
            and not self._has_object_after(found[-1].end, form.verb)
        ):
            return ()
        return tuple(found)

    def _without_object(self, found: list[Description], verb: Verb) -> list[Description]:
        """A known name alone is the subject, and what follows it the object: "ووصف بوتين مفاوضات اليوم"."""
        first = found[0]
        if verb.lemma in _OF_SOMEBODY and first.name and first.head and self._may_be_asked(first, verb):
            return [first._replace(end=first.name[0], name=None)]
        if "object" not in verb.complements or first.head or (first.kind != "name" and first.kind != "person"):
            return found
        end = first.first
        while end < first.end and self.tokens[end].text in self.names:
            end += 1
        if first.first < end < first.end:
            return [first._replace(end=end, name=(first.first, end))]
        return found

    def _may_be_asked(self, described: Description, verb: Verb) -> bool:
        """Whether the single name after an office is the object: "واتهم الرئيس الأوكراني روسيا بقصف"."""
        first, end = described.name or (0, 0)
        if end - first != 1 or described.end != end or first - described.first < 2 or end >= self.end:
            return False
        before, name = self.tokens[first - 1].text, self.tokens[first].text
        return before.startswith("ال") and name not in self.names and self._is_particle(self.tokens[end].text, verb)

    def _is_only_object(self, described: Description, form: Form) -> bool:
        """Whether an unknown noun after a verb that goes on telling is its object: "لكنها استبعدت الاعتراف"."""
        if "object" not in form.verb.complements or not self._continues() or self._is_another(form):
            return False
        is_state = self.tokens[described.first].text in word_list("states")
        return described.kind == "name" and not is_state and not self._is_known(described)

    def _is_object_alone(self, position: int, described: Description, form: Form) -> bool:
        """Whether whoever stands alone between the verb and its particle is asked, and does not ask: "ودعا الحكومة إلى"."""
        if not self._continues() or form.verb.lemma not in _OF_SOMEBODY or self._is_another(form):
            return False
        return not self._contrasts(position) and not self._has_object_after(described.end, form.verb)

    def _contrasts(self, position: int) -> bool:
        """Whether the verb before a token stands after a word that turns to somebody else: "فيما دعا فلان"."""
        return position >= 2 and self.tokens[position - 2].text in ("فيما", "بينما", "حين")

    def _is_another(self, form: Form) -> bool:
        """Whether the verb's gender shows that somebody else speaks than before."""
        last = next((cue.subjects[0].gender for cue in reversed(self.found) if cue.subjects), None)
        return last is not None and form.agrees in (MASCULINE, FEMININE) and form.agrees != last

    def _is_written_on(self, word: str, verb: Verb) -> bool:
        return any(
            complement in verb.complements and takes_particle(word, particle) and not head_of(word)
            for complement, particle in _WRITTEN_ON.items()
        )

    def _is_quoted_name(self, position: int) -> bool:
        quotation = self.opening.get(position)
        return quotation is not None and quotation.last - position <= 4

    def _continues(self) -> bool:
        return any(cue.subjects for cue in self.found)

    def _agrees(self, form: Form, described: Description, word: str) -> bool:
        """Whether verb and noun agree in gender: where they do not, the noun is the object ("ودعا الحكومة")."""
        if form.agrees == FEMININE and described.gender == MASCULINE and described.head not in ("امم", "مصادر"):
            return False
        if form.agrees in (DUAL, PLURAL):
            return False
        return not (form.agrees == MASCULINE and described.gender == FEMININE and described.kind == "body")

    def _is_person_like(self, described: Description, word: str) -> bool:
        """Whether an unknown word can be a subject where an object could stand as well."""
        if described.head or described.kind != "name" or word in word_list("states"):
            return True
        return word in word_list("titles") or described.name is not None

    def _has_object_after(self, end: int, verb: Verb) -> bool:
        """Whether another noun stands between a description and the particle that the verb governs: then it is the object."""
        if end >= self.end:
            return False
        word = self.tokens[end].text
        return self.tokens[end].kind == WORD and not self._is_particle(word, verb) and word not in word_list("adverbs")

    def _is_particle(self, word: str, verb: Verb) -> bool:
        return any(
            word in _PARTICLES.get(c, ()) or (c in _WRITTEN_ON and takes_particle(word, _WRITTEN_ON[c]))
            for c in verb.complements
        ) or without_conjunction(word) in word_list("complementizers")

    # Where what was said begins

    def _complement(self, position: int, verb: Verb, has_subject: bool) -> tuple[str, int]:
        """What introduces the content, and the token where it begins; empty when the verb has no complement."""
        stop = min(self.end, position + FARTHEST)
        place, direct = position, None
        while place < stop:
            if introduced := self._introduced(place, position, verb, stop):
                return introduced
            passed = self._past_aside(place, stop)
            if passed > place:
                place = passed
                continue
            if self._other_begins(place, position):
                break
            if direct is None and "object" in verb.complements and self._may_be_object(place, position):
                direct = place
                if not _takes_both(verb):
                    return OBJECT, place
            place += 1
        if direct is None and "object" in verb.complements and position + 2 < stop:
            direct = self._object_after_aside(position)
        return (OBJECT, direct) if direct is not None else ("", self.end)

    def _introduced(self, place: int, position: int, verb: Verb, stop: int) -> tuple[str, int] | None:
        """The complement that a token introduces: a quotation, a colon, أن, or a particle that the verb governs."""
        word = self.tokens[place].text
        takes_that = "that" in verb.complements
        if place in self.opening and self._is_long(place):
            is_name = self.tokens[place - 1].text in ("موتمر", "باسم")
            return (QUOTED, place) if place == position or (takes_that and not is_name) else None
        if word == ":" and place + 1 < stop:
            return QUOTED, place + 1
        if word in word_list("complementizers") and takes_that:
            return THAT, place
        if particle := self._governed(word, verb, place, position):
            return (THAT if takes_that and self._next_is_that(place) else particle), place
        return None

    def _past_aside(self, place: int, stop: int) -> int:
        """Past a quoted name, a bracket, or "طلب عدم ذكر اسمه"; the place itself when nothing of the kind stands there."""
        word = self.tokens[place].text
        if place in self.opening and self._is_long(place):
            return min(self.opening[place].last + 1, self.end)
        if word == "(":
            return self._after_bracket(place)
        following = self.tokens[place + 1].text if place + 1 < stop else ""
        if word in ("طلب", "فضل", "رفض") and following in ("عدم", "الكشف", "ذكر", "حجب"):
            return next((p for p in range(place, stop) if self.tokens[p].text in COMMAS), place + 1)
        return place

    def _object_after_aside(self, position: int) -> int | None:
        """The object after a place or time of two words: "وأكد الرئيس خلال اللقاء عمق العلاقات"."""
        aside = self.tokens[position].text in ("خلال", "عقب", "بعد", "اثناء", "امام", "في")
        after = self.tokens[position + 2]
        return position + 2 if aside and after.kind == WORD and after.text not in word_list("adverbs") else None

    def _governed(self, word: str, verb: Verb, place: int, position: int) -> str:
        for complement in sorted(verb.complements):
            if word in _PARTICLES.get(complement, ()):
                return complement
            if complement in _WRITTEN_ON and takes_particle(word, _WRITTEN_ON[complement]):
                if complement == "for" and place > position and (head_of(word) or place > position + 8):
                    continue
                if complement == "by" and self._is_setting_phrase(word):
                    continue
                return complement
        return ""

    def _is_setting_phrase(self, word: str) -> bool:
        return (
            bare(word)
            in ("عاصمه", "مدينه", "مقر", "موتمر", "قصر", "تاريخ", "تصريح", "تصريحات", "مناسبه", "وزاره", "كلمه")
            and word[:1] == "ب"
        )

    def _next_is_that(self, place: int) -> bool:
        return place + 1 < self.end and self.tokens[place + 1].text in word_list("complementizers")

    def _other_begins(self, place: int, position: int) -> bool:
        """Whether another verb of saying begins here, so that this one has no complement of its own."""
        if place <= position or self.tokens[place].kind != WORD:
            return False
        if place + 1 < self.end and self.tokens[place + 1].text in _INSIDE and self._forms(place)[0]:
            return True
        if self.tokens[place - 1].text not in COMMAS:
            return False
        if self.tokens[place].text in ("فيما", "بينما", "كما", "لكن", "ولكن"):
            return True
        forms = [form for form in self._forms(place)[0] if form.kind in (PAST, PARTICIPLE)]
        return any(form.verb.sure or form.kind == PARTICIPLE for form in forms)

    def _may_be_object(self, place: int, position: int) -> bool:
        token = self.tokens[place]
        if token.kind == NUMBER:
            return place == position
        if token.kind != WORD:
            between = (self.tokens[p].text for p in range(position, place))
            return token.text in '«"“' and all(word in _DAYS for word in between)
        word = token.text
        if word in _DAYS:
            return False
        if place > position and self.tokens[place - 1].text not in COMMAS and word not in word_list("objects"):
            return place - 1 >= 0 and self.tokens[place - 1].kind == WORD and self.tokens[place - 1].text in _DAYS
        return (
            word not in word_list("adverbs")
            and word not in word_list("prepositions")
            and word not in word_list("openers")
            and not takes_particle(word, "ب")
            and not word.startswith(("لل", "في"))
            and word not in _DAYS
        )

    # Subject, then verb

    def _subjects_before(self, position: int, forms: Sequence[Form]) -> tuple[Description, ...]:
        """Who stands before the verb in its clause: "لكن وزارة الدفاع نفت", "وكان المتحدث، فلان، قد زعم", "أن دولة سواحل عرضت"."""
        start = self._subject_start(position)
        if start is None or not 1 <= position - start <= 18:
            return ()
        certain = self.tokens[position - 1].text in ("قد", "سبق") or any(
            f.kind == PRESENT or f.agrees != MASCULINE for f in forms
        )
        if not certain and self.tokens[position].text in _LIKE_NOUNS:
            return ()
        stop = position - (self.tokens[position - 1].text == "قد")
        while stop > start and self.tokens[stop - 1].text in _LOOSE:
            stop -= 1
        found = descriptions(self.tokens[:stop], start, frozenset())
        if not found or not self._reaches(found[-1].end, stop):
            return ()
        if found[0].kind == "name" and not self._may_be_subject(found[0], start):
            return ()
        if not self._agrees_before(forms, found[0]):
            return ()
        return tuple(found)

    def _is_known(self, described: Description) -> bool:
        """Whether the first word of a name was part of a name before."""
        return described.name is not None and self.tokens[described.name[0]].text in self.names

    def _subject_start(self, position: int) -> int | None:
        start = self.clause
        if self.that is not None and self.that < position and position - self.that <= 18:
            return self.that
        opens = start < position and self.tokens[start].text in word_list("openers") | word_list("complementizers")
        if opens and self.tokens[start].text not in ("قد", "وقد", "فقد"):
            return start + 1
        passed = [
            place
            for place in range(max(self.first, position - 18), position)
            if self.tokens[place].text in ("كان", "وكان", "كانت", "وكانت", "لكن", "ولكن", "الا")
        ]
        if passed:
            last = passed[-1] + 1
            return last + 1 if last < position and self.tokens[last].text == "ان" else last
        return start

    def _may_be_subject(self, described: Description, start: int) -> bool:
        """Whether words that are no office or body name a subject: known names, or a short name after أن or لكن."""
        if not described.name:
            return False
        after_particle = start > self.first and self.tokens[start - 1].text in word_list("openers") | word_list(
            "complementizers"
        )
        return self._is_known(described) or (after_particle and described.end - described.first <= 3)

    def _reaches(self, end: int, stop: int) -> bool:
        """Whether only an aside between commas, a day or an adverb separates a description from the verb."""
        if end >= stop or self.tokens[end].text in COMMAS or self.tokens[end].text in _DAYS:
            return stop - end <= 14
        return self.tokens[end].text in ("في", "خلال", "امس", "اليوم", "ايضا", "مساء") and stop - end <= 8

    def _agrees_before(self, forms: Sequence[Form], described: Description) -> bool:
        for form in forms:
            if form.agrees == FEMININE and described.gender == MASCULINE and described.kind != "body":
                continue
            if form.agrees == MASCULINE and described.gender == FEMININE:
                continue
            return True
        return False

    def _verb_after(self, position: int, forms: Sequence[Form], subjects: tuple[Description, ...]) -> Cue | None:
        nested = self.outer is not None and self.that is not None and subjects[0].first - self.that <= 1
        for form in forms:
            complement, content = self._complement(position + 1, form.verb, True)
            if self._is_reporting(form.verb, complement, content):
                begins = subjects[0].first
                return Cue(
                    "subject-first",
                    form.verb,
                    begins,
                    position,
                    position + 1,
                    subjects,
                    complement,
                    content,
                    form.agrees,
                    nested,
                )
        return None

    def _coordinated(self, position: int, forms: Sequence[Form]) -> Cue | None:
        """A verb that و joins to what was told before, without a comma: "... وأكد أن"."""
        if self.tokens[position].text[1:] in _LIKE_NOUNS or not self.found:
            return None
        cue = self._verb_first(position, forms, "coordinated-verb", position + 1)
        if cue is None or cue.content - position > 14:
            return None
        has_pronoun = self.tokens[position].text[1:] not in arabic().forms
        return cue if cue.complement == THAT or cue.verb.sure or has_pronoun else None

    # Other kinds of expression

    def _participle(self, position: int) -> Cue | None:
        """مضيفا، مشددين على: a participle after a comma or و, whose subject is that of the verb before."""
        forms, joined = self._forms(position)
        participles = [form for form in forms if form.kind == PARTICIPLE]
        if not participles or not self._may_continue(position, joined):
            return None
        for form in participles:
            complement, content = self._complement(position + 1, form.verb, False)
            if self._is_reporting(form.verb, complement, content) and content - position <= 16:
                return Cue(
                    "participle", form.verb, position, position, position + 1, (), complement, content, form.agrees
                )
        return None

    def _may_continue(self, position: int, joined: bool) -> bool:
        if position == self.first:
            return False
        previous = self.tokens[position - 1]
        after_break = previous.kind == SIGN and previous.text not in "/%("
        return (
            after_break
            or (joined and bool(self.found))
            or (position > self.first + 3 and self.tokens[position].text in _ADVERBIAL)
        )

    def _passive(self, position: int) -> Cue | None:
        """جرى التشديد على، تم الاتفاق على: done by those who were named before."""
        if (
            without_conjunction(self.tokens[position].text) not in ("جري", "تم", "تمت", "يتم")
            or position + 1 >= self.end
        ):
            return None
        forms = [form for form in arabic().forms.get(self.tokens[position + 1].text, ()) if form.kind == NOUN]
        for form in forms:
            complement, content = self._complement(position + 2, form.verb, False)
            if form.verb.lemma not in ("عرض", "أعلن", "وقع", "كشف", "نقل") and complement and content - position <= 6:
                return Cue("passive", form.verb, position, position, position + 2, (), complement, content)
        return None

    def _relayed(self, position: int) -> Cue | None:
        """ونقلت وكالة ... عن ... قوله إن: the agency only relays; who said it follows عن."""
        if without_conjunction(self.tokens[position].text) not in ("نقلت", "نقل", "تنقل", "ينقل"):
            return None
        about = next(
            (p for p in range(position + 1, min(self.end, position + 14)) if self.tokens[p].text == "عن"), None
        )
        if about is None:
            return None
        said = next((p for p in range(about + 2, min(self.end, about + 26)) if self._is_saying_noun(p)), None)
        if said is None:
            said = next(
                (
                    p - 1
                    for p in range(about + 2, min(self.end, about + 16))
                    if self.tokens[p].text in ("ان", "انه", "انها", ":")
                ),
                None,
            )
        if said is None:
            return None
        named = self._is_saying_noun(said)
        subjects = descriptions(self.tokens[: said if named else said + 1], self._after_number(about + 1), frozenset())
        verb = _verb_of_noun(self.tokens[said].text if named else "قوله")
        complement, content = self._complement(said + 1, verb, True)
        if not subjects or content >= self.end:
            return None
        return Cue("relay", verb, position, position, said + 1, tuple(subjects), complement or THAT, content)

    def _after_number(self, position: int) -> int:
        return position + (
            self.tokens[position].kind == NUMBER or self.tokens[position].text in ("ثلاثه", "اربعه", "عده", "خمسه")
        )

    def _is_saying_noun(self, position: int) -> bool:
        return self.tokens[position].text in _SAYINGS

    def _according(self, position: int) -> Cue | None:
        """وبحسب البيان، فإن ...: the source first, then what it says. After what it says, it is only the source."""
        word = without_conjunction(self.tokens[position].text)
        if word not in word_list("according") or position > self.first + 1 or position + 2 >= self.end:
            return None
        start = position + 1
        if self.tokens[start].text in ("ل", "الي", "عن"):
            start += 1
        found = self._source(start)
        if not found or found[0].kind == AGENCY or bare(self.tokens[found[0].first].text) in word_list("nobody"):
            return None
        end = next((p for p in range(start, found[-1].end) if self.tokens[p].text in COMMAS), found[-1].end)
        content = end + 1 if end < self.end and self.tokens[end].text in COMMAS else end
        particle = next(
            (p for p in range(end, min(self.end, end + 12)) if self.tokens[p].text in ("فان", "فانه", "فانها")), None
        )
        if particle is not None:
            content = particle
        else:
            found = [
                each._replace(end=min(each.end, end), name=each.name if each.name and each.name[1] <= end else None)
                for each in found
            ]
        if content >= self.end or self._verb_follows(content):
            return None
        verb = next(form.verb for form in arabic().forms["قال"])
        return Cue("according-to", verb, position, position, end, tuple(found), THAT, content)

    def _source(self, start: int) -> list[Description]:
        text = self.tokens[start].text
        if text.startswith("ل") and not head_of(text) and bare(text[1:]) == text[1:] and len(text) < 5:
            return []
        if text in ("ما", "لما"):
            verb = next((p for p in range(start + 1, min(self.end, start + 3)) if self._forms(p)[0]), None)
            return descriptions(self.tokens, verb + 1, frozenset()) if verb else []
        return descriptions(self.tokens, start, frozenset())

    def _verb_follows(self, content: int) -> bool:
        forms = self._forms(content)[0]
        return any(form.kind in (PAST, PRESENT) for form in forms) and not any(form.verb.bound for form in forms)

    def _setting(self, position: int) -> Cue | None:
        word = without_conjunction(self.tokens[position].text)
        if word not in word_list("settings") or not (position == self.clause or self._begins_clause(position, False)):
            return None
        gender = FEMININE if word.endswith("ت") else MASCULINE
        verb = Verb(word, "setting", frozenset(), False, True)
        if position > self.first and self.tokens[position - 1].text in ("ان", "بان", "الذي", "التي", "الذين"):
            return None
        subjects = descriptions(self.tokens, position + 1, frozenset(), True)
        if not subjects or not (
            subjects[0].head or self._is_known(subjects[0]) or self.tokens[position + 1].text in MARKS
        ):
            return None
        return Cue("setting", verb, position, position, position + 1, tuple(subjects), "", subjects[-1].end, gender)


_SIGNED = ("بيان", "اتفاق", "مرسوم", "معاهد", "مذكر", "بروتوكول", "وثيق", "عقد", "اعلان", "قانون", "خارط", "ميثاق")
_DAYS = frozenset(
    "اليوم امس الامس الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت ايضا كذلك مجددا الماضي رسميا".split()
)
_LIKE_NOUNS = frozenset(
    "رفض عرض دعم طلب رد امر بحث وعد حمل شكر ذكر حذر علم كشف درس سجل نشر شرح قول نفي حث حض صوت وصف طرح سلم عين اسف امل كتب".split()
)
_LOOSE = frozenset("، , كان كانت ايضا كذلك اليوم امس".split())
_OF_SOMEBODY = frozenset("طالب دعا حث حض ناشد اتهم هنأ شكر عزى حذر نصح انتقد أدان".split())
_ADVERBIAL = frozenset(
    "قايلا قايله مضيفا مضيفه مشيرا مشيره موكدا موكده موضحا موضحه لافتا لافته مشددا مشدده داعيا داعيه محذرا محذره مطالبا معربا معربه معتبرا معتبره".split()
)
_SAYINGS = {
    "قوله": "قال", "قولها": "قال", "قولهم": "قال", "قولهما": "قال", "تاكيده": "أكد", "تاكيدها": "أكد", "تصريحه": "صرح", "اشارته": "أشار",
    "تحذيره": "حذر", "دعوته": "دعا", "نفيه": "نفى", "نفيها": "نفى",
}  # fmt: skip


def _with_pronoun(word: str) -> tuple[Form, ...]:
    """The forms of a verb of saying with a pronoun as its object: ووصفته، اتهمتها، دعاه."""
    for pronoun in ("هما", "هم", "ها", "ه"):
        if word.endswith(pronoun):
            forms = arabic().forms.get(word.removesuffix(pronoun), ())
            return tuple(form for form in forms if form.verb.lemma in _TAKES_PRONOUN and form.kind in (PAST, PRESENT))
    return ()


_TAKES_PRONOUN = frozenset("وصف اتهم طالب حث حض ناشد أبلغ أخبر حذر".split())


def _verb_of_noun(noun: str) -> Verb:
    lemma = _SAYINGS[noun]
    return next(form.verb for forms in arabic().forms.values() for form in forms if form.verb.lemma == lemma)


def _takes_both(verb: Verb) -> bool:
    """Whether a verb has both a person as its object and a particle: "اتهم فلانا بـ", "حث الأطراف على"."""
    return bool(verb.complements & {"by", "to", "on"}) and "object" in verb.complements and verb.lemma in _OF_SOMEBODY
