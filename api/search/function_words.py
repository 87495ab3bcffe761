"""Words that hold sentences and questions together and say nothing of what is looked for. A query passes them over."""

from collections.abc import Sequence

from api.search.folding import fold

_ENGLISH = """
a an the this that these those there here such it its they them their theirs he him his she her hers we us our you your
i me my who whom whose what which when where why how whether
is are was were be been being am do does did doing done has have had having will would shall should can could might must
of in on at to from by with without for about against between among into onto over under after before during since until
up down out off through towards toward upon within as than then so if or and but not nor no yes only just also too very
any some each every all both either neither other another same own more most much many few
""".split()

_ARABIC = """
ما ماذا لماذا بماذا عما عماذا فيما هل أ متى كم أين كيف لم لن لا ليس ليست من مما ممن منذ مذ إلى الى عن على في فى مع حول
حتى عند عندما لدى بين ضد دون بدون خلال أثناء بعد قبل نحو ضمن عبر بشأن بخصوص
الذي التي الذين اللذان اللتان اللذين اللاتي اللواتي هذا هذه هذان هاتان هؤلاء ذلك تلك أولئك هنا هناك
هو هي هم هن هما أنا نحن أنت أنتم إن أن إنه أنه إنها أنها بأن بأنه بأنها لأن لأنه لكن ولكن كأن قد لقد سوف كان كانت كانوا يكون
تكون كي لكي إذا إذ لو لولا ثم أو أم بل حيث كما مثل كل كلا كلتا بعض أي أية أيضا فقط غير سوى إلا
فيه فيها به بها له لها لهم عليه عليها عنه عنها منه منها إليه إليها معه معها بينهما بينهم
""".split()

FUNCTION_WORDS = frozenset(map(fold, [*_ENGLISH, *_ARABIC]))
"""Folded. Prepositions that official statements use as nouns (وسط, بصدد) are left out."""

_QUESTIONS = frozenset(
    map(fold, "who whom what which when where why how ما ماذا متى هل كم من أين كيف لماذا بماذا عما".split())
)
_IN_QUESTIONS = frozenset(
    map(
        fold,
        "say said says tell told tells talk talked speak spoke long قال قالت قالوا يقول تقول ذكر تحدث تكلم عدد".split(),
    )
)
"""Words of the question, not of the answer, where the query begins by asking: what did he *say*, كم *عدد*."""

_AND = "و"


def are_function_words(words: Sequence[str]) -> list[bool]:
    """For each folded word of a query whether it is passed over."""
    is_question = any(_bare(word) in _QUESTIONS for word in words[:1])
    return [_bare(word) in FUNCTION_WORDS or (is_question and word in _IN_QUESTIONS) for word in words]


def _bare(word: str) -> str:
    """The word without the "and" that Arabic writes onto it, where a function word is left."""
    bare = word.removeprefix(_AND)
    return bare if len(bare) > 1 and bare in FUNCTION_WORDS else word
