"""The subject after its verb: قال الوزير. What follows the verb can also be its object."""

from api.drafting.cues.cue import OBJECT
from api.drafting.cues.governing import OF_SOMEBODY, PARTICLES, is_particle, is_written_on
from api.drafting.cues.scan import Scan
from api.drafting.lexicon.arabic import word_list
from api.drafting.lexicon.verbs import DUAL, FEMININE, MASCULINE, PARTICIPLE, PLURAL, Form, Verb
from api.drafting.sources.description import AGENCY, Description
from api.drafting.sources.descriptions import descriptions
from api.drafting.sources.heads import head_of, opens_genitive, takes_particle
from api.drafting.text.quotations import MARKS
from api.drafting.text.words import COMMAS, NUMBER, SIGN, WORD, without_conjunction


def subjects_after(scan: Scan, position: int, form: Form) -> tuple[Description, ...]:
    """Who follows the verb as its subject; nobody when what follows is its object or its complement."""
    if position >= scan.end or scan.tokens[position].kind == NUMBER:
        return ()
    if _is_each_of(scan, position):
        return _each_of(scan, position + 2, form)
    word = scan.tokens[position].text
    if word in word_list("objects") and not (head_of(word) and not scan.goes_on()):
        return ()
    if scan.tokens[position].kind == SIGN and not _may_be_named(scan, position, form):
        return ()
    if (
        _is_participle(scan, position)
        or word in word_list("adverbs")
        or word in word_list("complementizers")
        or without_conjunction(word) in word_list("complementizers")
    ):
        return ()
    if is_written_on(word, form.verb) or (word.startswith("لل") and len(word) > 4):
        return ()
    stops = frozenset(p for c in form.verb.complements for p in PARTICLES.get(c, ()))
    found = descriptions(scan.tokens, position, stops, "by" in form.verb.complements)
    if not found or not _agrees(form, found[0]):
        return ()
    if "object" in form.verb.complements and not _is_person_like(found[0], word):
        return ()
    found = _without_object(scan, found, form.verb)
    if not _contrasts(scan, position) and _is_only_object(scan, found[0], form):
        return ()
    if _is_addressed(scan, found[0], form):
        return ()
    is_asked = form.verb.lemma in OF_SOMEBODY and not _contrasts(scan, position)
    if scan.goes_on() and is_asked and not _has_object_after(scan, found[-1].end, form.verb):
        return ()
    return tuple(found)


def _is_addressed(scan: Scan, described: Description, form: Form) -> bool:
    """Whether a sentence goes on about whoever spoke, and asks the council of them: "وطالب مجلس الأمن بتحمل مسؤولياته"."""
    names_council = [token.text for token in scan.tokens[described.first : described.end]][:2] == ["مجلس", "الامن"]
    after = scan.tokens[described.end].text if described.end < scan.end else ""
    return names_council and form.verb.lemma in OF_SOMEBODY and is_particle(after, form.verb)


def source_of_relay(scan: Scan, subjects: tuple[Description, ...]) -> tuple[Description, ...]:
    """Whom an outlet tells of: "وذكر موقع المسار نقلا عن مصادر مطلعة أن"; the subjects themselves where it relays nobody."""
    if not subjects or subjects[0].kind != AGENCY:
        return subjects
    place = subjects[-1].end + (subjects[-1].end < scan.end and scan.tokens[subjects[-1].end].text in COMMAS)
    words = [token.text for token in scan.tokens[place : min(scan.end, place + 2)]]
    if words != ["نقلا", "عن"]:
        return subjects
    return tuple(descriptions(scan.tokens, place + 2, frozenset())) or subjects


def _is_participle(scan: Scan, position: int) -> bool:
    """Whether a participle follows the verb, and no subject: "وتابع قائلا"."""
    return scan.tokens[position].text.endswith("ا") and any(
        form.kind == PARTICIPLE for form in scan.forms_at(position)[0]
    )


def _is_each_of(scan: Scan, position: int) -> bool:
    """Whether several subjects are counted out: "وقال كل من الوزير سامي الكيلاني والنائب عمر حداد"."""
    words = [token.text for token in scan.tokens[position : position + 2]]
    return words in (["كل", "من"], ["كلا", "من"]) and position + 2 < scan.end


def _each_of(scan: Scan, position: int, form: Form) -> tuple[Description, ...]:
    stops = frozenset(p for c in form.verb.complements for p in PARTICLES.get(c, ()))
    return tuple(descriptions(scan.tokens, position, stops, "by" in form.verb.complements, counted=True))


def _without_object(scan: Scan, found: list[Description], verb: Verb) -> list[Description]:
    """A known name alone is the subject, and what follows it the object: "ووصف بوتين مفاوضات اليوم"."""
    first = found[0]
    if verb.lemma in OF_SOMEBODY and first.name and first.head and _may_be_asked(scan, first, verb):
        return [first._replace(end=first.name[0], name=None)]
    if verb.lemma == "وصف" and first.name and first.name[1] - first.name[0] > 2 and _is_described(scan, first):
        return [first._replace(end=first.end - 1, name=(first.name[0], first.end - 1))]
    if verb.lemma == "وصف" and first.head and not first.name and _is_described(scan, first):
        return [first._replace(end=first.end - 1)]
    if "object" not in verb.complements or first.head or (first.kind != "name" and first.kind != "person"):
        return found
    end = first.first
    while end < first.end and scan.tokens[end].text in scan.names:
        end += 1
    if first.first < end < first.end:
        return [first._replace(end=end, name=(first.first, end))]
    return found


def _is_described(scan: Scan, described: Description) -> bool:
    """Whether the last word before ب is what is described: "ووصف رئيس الوزراء الاتفاق بأنه"."""
    last, following = scan.tokens[described.end - 1].text, scan.tokens[min(described.end, scan.end - 1)].text
    return described.end - described.first > 2 and last.startswith("ال") and following.startswith(("ب", "الت", "الذ"))


def _may_be_asked(scan: Scan, described: Description, verb: Verb) -> bool:
    """Whether the single name after an office is the object: "واتهم الرئيس الأوكراني روسيا بقصف"."""
    first, end = described.name or (0, 0)
    if end - first != 1 or described.end != end or first - described.first < 2 or end >= scan.end:
        return False
    before, name = scan.tokens[first - 1].text, scan.tokens[first].text
    return before.startswith("ال") and name not in scan.names and is_particle(scan.tokens[end].text, verb)


def _is_only_object(scan: Scan, described: Description, form: Form) -> bool:
    """Whether an unknown noun after a verb that goes on telling is its object: "لكنها استبعدت الاعتراف"."""
    if "object" not in form.verb.complements or not scan.goes_on() or _is_another(scan, form):
        return False
    is_state = scan.tokens[described.first].text in word_list("states")
    return described.kind == "name" and not is_state and not scan.is_known(described)


def _contrasts(scan: Scan, position: int) -> bool:
    """Whether the verb before a token stands after a word that turns to somebody else: "فيما دعا فلان"."""
    return position >= 2 and scan.tokens[position - 2].text in ("فيما", "بينما", "حين")


def _is_another(scan: Scan, form: Form) -> bool:
    """Whether the verb's gender shows that somebody else speaks than before."""
    last = next((cue.subjects[0].gender for cue in reversed(scan.found) if cue.subjects), None)
    return last is not None and form.agrees in (MASCULINE, FEMININE) and form.agrees != last


def _may_be_named(scan: Scan, position: int, form: Form) -> bool:
    """Whether a quoted name is the subject: where an object may stand there, something else must follow as the object."""
    if not _is_quoted_name(scan, position):
        return False
    if "object" not in form.verb.complements:
        return True
    after = scan.opening[position].last + 1
    return after < scan.end and scan.tokens[after].text in ("في", "عبر", "خلال", "عقب", "بعد", "امس", "اليوم")


def _is_quoted_name(scan: Scan, position: int) -> bool:
    quotation = scan.opening.get(position)
    return quotation is not None and quotation.last - position <= 4


def _agrees(form: Form, described: Description) -> bool:
    """Whether verb and noun agree in gender: where they do not, the noun is the object ("ودعا الحكومة")."""
    if form.agrees == FEMININE and described.gender == MASCULINE and described.head not in ("امم", "مصادر", "اوساط"):
        return False
    if form.agrees in (DUAL, PLURAL):
        return False
    return not (form.agrees == MASCULINE and described.gender == FEMININE and described.kind == "body")


def _is_person_like(described: Description, word: str) -> bool:
    """Whether an unknown word can be a subject where an object could stand as well."""
    if described.head or described.kind != "name" or word in word_list("states") or word in MARKS:
        return True
    return word in word_list("titles") or described.name is not None


def _has_object_after(scan: Scan, end: int, verb: Verb) -> bool:
    """Whether another noun stands between a description and the particle that the verb governs: then it is the object."""
    if end >= scan.end:
        return False
    word = scan.tokens[end].text
    return scan.tokens[end].kind == WORD and not is_particle(word, verb) and word not in word_list("adverbs")


def without_last_word(
    scan: Scan, subjects: tuple[Description, ...], verb: Verb
) -> tuple[tuple[Description, ...], str, int]:
    """The subjects without the last word, where that is the complement which nothing else is.

    "وأرجعت شركة الموانئ التأخير إلى ...", "ورحب الوزير سامي باتفاق، معتبرا". Empty when it can't be.
    """
    last = subjects[-1]
    if "for" in verb.complements and (place := _particle_within(scan, last)):
        return (*subjects[:-1], last._replace(end=place, name=_before(last.name, place))), "for", place
    if "by" in verb.complements and takes_particle(scan.tokens[last.end - 1].text, "ب") and last.end - 1 > last.first:
        place = last.end - 1
        return (*subjects[:-1], last._replace(end=place, name=_before(last.name, place))), "by", place
    if "object" in verb.complements and not verb.bound and (place := _object_within(scan, last)):
        return (*subjects[:-1], last._replace(end=place, name=_before(last.name, place))), OBJECT, place
    return subjects, "", scan.end


def _object_within(scan: Scan, described: Description) -> int | None:
    """Where a definite noun stands that belongs to nothing before it: "شركة الموانئ التأخير", "مندوب سواحل القرار"."""
    for place in reversed(range(described.first + 1, described.end)):
        word, before = scan.tokens[place].text, scan.tokens[place - 1].text
        if not word.startswith("ال") or word.endswith(("ي", "يه")):
            continue
        if before.startswith(("ال", "وال")) or (place + 1 == described.end and not opens_genitive(before)):
            return place
    return None


def _particle_within(scan: Scan, described: Description) -> int | None:
    """Where ل begins the complement inside a description: "وأسف المنظمون لغياب التمويل"."""
    places = range(described.first + 1, described.end)
    words = ((place, scan.tokens[place].text) for place in places)
    return next((place for place, word in words if word.startswith("ل") and len(word) > 3 and not head_of(word)), None)


def _before(name: tuple[int, int] | None, end: int) -> tuple[int, int] | None:
    return (name[0], min(name[1], end)) if name and name[0] < end else None
