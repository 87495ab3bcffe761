"""Hypothesis strategies for words and texts as people may write them: two scripts, marks, digits, and what stands between."""

from hypothesis import strategies as st

ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي" + "أإآٱؤئءةى" + "پچڤگکیھہۃ"
SILENT = "\u064b\u064e\u064f\u0651\u0652\u0670ـ\u200c\u200f\u202b\u2067\u2069"
LATIN = "abdegiklmnoprstuy" + "éèüñçğışəøłæÅ" + "e\u0301"
DIGITS = "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹²½"
BETWEEN = ["،", "؛", "؟", ".", ",", "!", "-", "—", "/", "(", ")", ":", "^", "'", "’", "٬", "&", "🕊", "\u200f"]

_ARABIC_WORD = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "و", "ال", "لل", "وبال", "ب"]),
    st.text(ARABIC + SILENT, min_size=2, max_size=6),
    st.sampled_from(["", "", "ة", "ات", "ين", "هم", "ها", "ي", "ان"]),
)
_LATIN_WORD = st.builds(
    "{}{}".format, st.text(LATIN, min_size=1, max_size=6), st.sampled_from(["", "", "s", "ed", "ing", "ies", "'s"])
)
_NUMBER = st.builds("{}{}{}".format, st.sampled_from(["", "و", "ال"]), st.text(DIGITS, min_size=1, max_size=5), st.sampled_from(["", "م", "th", ",500"]))  # fmt: skip
_MONTH = st.sampled_from("تشرين كانون الثاني الأول نوفمبر شباط آب May march Nov November في in 9".split())
WORD = st.one_of(_ARABIC_WORD, _ARABIC_WORD, _LATIN_WORD, _NUMBER, _MONTH, st.sampled_from(BETWEEN))
TEXTS = st.lists(WORD, min_size=1, max_size=8).map(" ".join)
