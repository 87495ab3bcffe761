"""What verbs govern: the particles that introduce a complement, and those that are written onto its first word."""

from api.drafting.lexicon.arabic import word_list
from api.drafting.lexicon.verbs import Verb
from api.drafting.sources.heads import head_of, takes_particle
from api.drafting.text.words import without_conjunction

PARTICLES = {
    "to": ("الي", "اليه", "اليها"),
    "on": ("علي", "عليه"),
    "about": ("عن", "عما", "عنه"),
    "from": ("من", "مما"),
    "in": ("في", "بان"),
    "at": ("لدي",),
    "by": (),
    "for": (),
}
WRITTEN_ON = {"by": "ب", "for": "ل"}
INSIDE = ("فيه", "فيها", "خلاله", "خلالها", "فيهما")
OF_SOMEBODY = frozenset("كلف فوض خول طالب دعا حث حض ناشد اتهم هنأ شكر عزى حذر نصح انتقد أدان".split())


def is_particle(word: str, verb: Verb) -> bool:
    """Whether a word begins a complement that the verb governs."""
    return any(
        word in PARTICLES.get(c, ()) or (c in WRITTEN_ON and takes_particle(word, WRITTEN_ON[c]))
        for c in verb.complements
    ) or without_conjunction(word) in word_list("complementizers")


def is_written_on(word: str, verb: Verb) -> bool:
    """Whether a particle that the verb governs is written onto a word."""
    return any(
        complement in verb.complements and takes_particle(word, particle) and not head_of(word)
        for complement, particle in WRITTEN_ON.items()
    )


def takes_both(verb: Verb) -> bool:
    """Whether a verb has both a person as its object and a particle: "اتهم فلانا بـ", "حث الأطراف على"."""
    return bool(verb.complements & {"by", "to", "on"}) and "object" in verb.complements and verb.lemma in OF_SOMEBODY
