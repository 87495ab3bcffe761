"""Dates resolved against the page's, and the figures that the vocabulary has measures for."""

from datetime import date

import pytest

from api.drafting.text.words import tokens
from api.drafting.values.dates import dates
from api.drafting.values.figures import figures

PAGE = date(2022, 2, 8)  # a Tuesday


@pytest.mark.parametrize(
    ("text", "value", "basis"),
    [
        ("9 تشرين الثاني/نوفمبر 2020", "2020-11-09", "stated"),
        ("9 نوفمبر (تشرين الثاني) 2020", "2020-11-09", "stated"),
        ("٠٤ ديسمبر ٢٠٢٠", "2020-12-04", "stated"),
        ("الأحد 6 أغسطس 2023", "2023-08-06", "stated"),
        ("29 شوال 1445 هـ الموافق 8 مايو/أيار 2024", "2024-05-08", "stated"),
        ("18/01/2024", "2024-01-18", "stated"),
        ("March 14, 2021", "2021-03-14", "stated"),
        ("20 كانون الثاني", "2022-01-20", "relative-resolved"),
        ("13 نوفمبر", "2021-11-13", "relative-resolved"),
        ("أمس الاثنين", "2022-02-07", "relative-resolved"),
        ("اليوم الثلاثاء", "2022-02-08", "relative-resolved"),
        ("يوم السبت", "2022-02-05", "relative-resolved"),
        ("الثلاثاء الماضي", "2022-02-01", "relative-resolved"),
        ("الأحد المقبل", "2022-02-13", "relative-resolved"),
        ("الشهر الماضي", "2022-01", "relative-resolved"),
        ("الأسبوع الماضي", "2022-01-31/2022-02-06", "relative-resolved"),
        ("العام الماضي", "2021", "relative-resolved"),
        ("آذار المقبل", "2022-03", "relative-resolved"),
        ("في مارس 2017", "2017-03", "stated"),
        ("في نوفمبر", "2021-11", "relative-resolved"),
        ("أول من أمس", "2022-02-06", "relative-resolved"),
        ("أمس الأول", "2022-02-06", "relative-resolved"),
        ("قبل يومين", "2022-02-06", "relative-resolved"),
        ("الليلة الماضية", "2022-02-07", "relative-resolved"),
    ],
)
def test_a_date_is_resolved_against_the_page(text: str, value: str, basis: str) -> None:
    words = tokens(text)
    found = dates(words, 0, len(words), PAGE)
    assert [(each.value, each.basis) for each in found] == [(value, basis)]


@pytest.mark.parametrize("text", ["31 شباط 2020", "45 مارس 2021", "29 شوال 1445 هـ", "الدورة 76"])
def test_what_is_no_day_of_this_calendar_is_no_date(text: str) -> None:
    words = tokens(text)
    assert not [each for each in dates(words, 0, len(words), PAGE) if each.value and len(each.value) == 10]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("نزوح أكثر من 80 ألف مواطن", [("people-displaced", 80_000, "more-than")]),
        ("هجرت ما لا يقل عن 3 آلاف أسرة", [("families-displaced", 3_000, "at-least")]),
        ("مقتل 105 من جنودها وإصابة 6 مدنيين", [("soldiers-killed", 105, "exact"), ("civilians-injured", 6, "exact")]),
        ("قُتل ثمانية من جنودها", [("soldiers-killed", 8, "exact")]),
        ("سقوط تسعة قتلى من المدنيين", [("civilians-killed", 9, "exact")]),
        ("قتلت 60 جنديا وأسرت 14 آخرين", [("soldiers-killed", 60, "exact"), ("people-detained", 14, "exact")]),
        ("فقد أجبر أكثر من 8.6 مليون شخص على الفرار منذ أبريل 2023", [("people-displaced", 8_600_000, "more-than")]),
        ("فقد 12 بحارا", [("people-missing", 12, "exact")]),
        ("تعرض المستشفى للقصف خمس مرات", [("attacks", 5, "exact")]),
        ("بتأييد 13 عضوا وامتناع عضوين عن التصويت", [("votes-for", 13, "exact"), ("abstentions", 2, "exact")]),
        ("تتولاها شركة لمدة عشر سنوات", [("duration", 10, "exact")]),
        ("استمرت القمة أكثر من ساعتين", [("meeting-duration", 2, "more-than")]),
        ("توقيف نحو 63 شخصا", [("people-detained", 63, "approximate")]),
        ("إصابة خمسة وعشرين شخصا", [("people-injured", 25, "exact")]),
        ("نسبة الفاقد لا تتجاوز 4%", [("share", 4, "less-than")]),
        ("المبادلات التجارية بلغت 1,2 مليار دولار", [("trade-volume", 1_200_000_000, "exact")]),
        ("مقتل ٦٬٥٠٠ شخص", [("people-killed", 6_500, "exact")]),
        ("هدنة مدتها 72 ساعة", [("duration", 72, "exact")]),
        ("عودة 2400 نازح إلى قراهم", [("people-returned", 2_400, "exact")]),
        ("في عام 2020 عند الساعة 15:00", []),
        ("القرار رقم 2254 والدورة الـ20", []),
        ("at least 22 bodies have been recovered", [("remains-recovered", 22, "at-least")]),
    ],
)
def test_a_figure_has_a_measure_a_value_and_a_bound(text: str, expected: list[tuple[str, float, str]]) -> None:
    words = tokens(text)
    assert [(each.measure, each.value, each.bound) for each in figures(words, 0, len(words))] == expected
