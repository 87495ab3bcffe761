"""Each rule of the reader alone: a sentence, and who is drafted as saying what in it."""

from typing import Any

import pytest

from api.drafting.drafts import About, draft

LEAD = "خبر قصير من الوكالة\n\nقال وزير الخارجية نبيل الزين إن الوضع صعب.\n\n"
"""A title and a first statement, so that there is somebody who may go on speaking."""


def drafted(sentence: str, lead: str = LEAD) -> list[dict[str, Any]]:
    """What a sentence adds to the draft; each with its words, and checked to be of the text."""
    text = f"{lead}{sentence}\n"
    before = len(draft(text[: len(lead)], About(published="2023-06-07", language="ar"), lambda words: [])["statements"])
    found = draft(text, About(published="2023-06-07", language="ar"), lambda words: [])["statements"][before:]
    for statement in found:
        statement["words"] = [text[span["start"] : span["end"]] for span in statement["evidence"]]
        statement["who"] = [speaker["speaker"]["name"] for speaker in statement["speakers"]]
    return list(found)


@pytest.mark.parametrize(
    ("rule", "sentence", "who", "act", "mode"),
    [
        ("verb-first", "وأوضحت وزارة الصحة أن عدد المصابين بلغ 12 شخصا.", ["وزارة الصحة"], "report", "indirect"),
        ("subject-first", "لكن وزارة الدفاع نفت ذلك.", ["وزارة الدفاع"], "deny", "paraphrase"),
        ("subject-first", "وكان المتحدث باسم الحكومة، جوناس أبيرا، قد زعم أن الجيش انسحب.", ["جوناس أبيرا"], "assert", "indirect"),
        ("coordinated-verb", "وأكد أن الحكومة مستعدة للحوار.", ["نبيل الزين"], "offer", "indirect"),
        ("relay", "ونقلت وكالة الأفق عن مصدر عسكري قوله إن الدفاعات تصدت للهجوم.", ["مصدر عسكري"], "report", "indirect"),
        ("according-to", "وبحسب وزارة الداخلية، فإن أربعة جنود قتلوا.", ["وزارة الداخلية"], "report", "indirect"),
        ("passive", "وجرى التشديد على أهمية الحوار.", ["نبيل الزين"], "stress", "paraphrase"),
        ("quotation-first", "«لا يمكن السكوت على ما يجري»، يقول النائب عمر حداد.", ["عمر حداد"], "assert", "direct"),
        ("inside-a-text", "وأدلى السفير منذر قلعجي بتصريح قال فيه إن القرار اعتُمد.", ["منذر قلعجي"], "report", "indirect"),
        ("subject-first", "وقال وزير الدفاع سامي الكيلاني إن بلاده ترحب بالهدنة.", ["سامي الكيلاني"], "welcome", "indirect"),
        ("verb-first", "وانتقدت منظمة العفو الدولية القانون الجديد.", ["منظمة العفو الدولية"], "criticise", "paraphrase"),
        ("verb-first", "ونفى المتحدث باسم الوزارة كمال العاصي وقوع أي خرق.", ["كمال العاصي"], "deny", "paraphrase"),
        ("verb-first", "ولم يستبعد رئيس الوزراء إجراء انتخابات مبكرة.", ["رئيس الوزراء"], "consider", "paraphrase"),
        ("verb-first", "وأدانت كل من فرنسا وألمانيا الهجوم.", ["فرنسا", "ألمانيا"], "condemn", "paraphrase"),
        ("came-in", "وجاء في بيان للمحكمة أن الحكم نهائي.", ["المحكمة"], "report", "indirect"),
        ("passive", "وتم خلال اللقاء بحث العلاقات الثنائية.", ["نبيل الزين"], "discuss", "paraphrase"),
        ("attributed", "وقتل 12 شخصا في الغارة، بحسب وزارة الصحة.", ["وزارة الصحة"], "report", "indirect"),
        ("attributed", "ومن المقرر، وفق الرئاسة، أن تجرى الانتخابات في مايو.", ["الرئاسة"], "report", "indirect"),
        ("refers-back", "وهو ما نفته وزارة الداخلية.", ["وزارة الداخلية"], "deny", "paraphrase"),
        ("relay", "ونقل زوار الزين عنه قوله إن الاتفاق قريب.", ["نبيل الزين"], "report", "indirect"),
        ("verb-first", "وذكر موقع «المسار» نقلا عن مصادر مطلعة أن الصفقة ألغيت.", ["مصادر مطلعة"], "report", "indirect"),
        ("subject-first", "أما رئيس البلدية هاني سعيد فحمّل الشركة المسؤولية عن الحادث.", ["هاني سعيد"], "accuse", "paraphrase"),
        ("passive", "وأشير إلى أهمية عودة النازحين.", ["نبيل الزين"], "stress", "paraphrase"),
        ("according-to", "وعلى حد تعبيره، «لن نقبل بذلك أبدا».", ["نبيل الزين"], "affirm", "direct"),
        ("verb-first", "واستدعت وزارة الخارجية سفير كوريما احتجاجا على القصف.", ["وزارة الخارجية"], "protest", "paraphrase"),
        ("verb-first", "ووجه رئيس الوزراء الشكر للدول المانحة.", ["رئيس الوزراء"], "thank", "paraphrase"),
        ("verb-first", "وأدانت وزارة الدفاع بأشد العبارات الهجوم.", ["وزارة الدفاع"], "condemn", "paraphrase"),
        ("quotation-alone", "«لن نقبل بأي تغيير في الحدود مهما كان الثمن».", ["نبيل الزين"], "affirm", "direct"),
    ],
)  # fmt: skip
def test_an_expression_is_recognised_by_its_rule(rule: str, sentence: str, who: list[str], act: str, mode: str) -> None:
    (statement,) = [each for each in drafted(sentence) if rule in each["rules"] or rule == "coordinated-verb"]
    assert (statement["who"], statement["act"], statement["mode"]) == (who, act, mode)


def test_a_participle_goes_on_for_the_subject_of_the_verb_before_it() -> None:
    first, second = drafted("وقال رئيس البرلمان فؤاد الجبالي إن القانون جاهز، مضيفا أن اللجنة أقرته.")
    assert first["who"] == second["who"] == ["فؤاد الجبالي"]
    assert second["rules"][0] == "participle"
    assert second["words"] == ["وقال رئيس البرلمان فؤاد الجبالي", "مضيفا أن اللجنة أقرته"]


def test_what_is_joined_by_the_same_particle_becomes_two_statements() -> None:
    statements = drafted("ودعت منظمة الإغاثة إلى فتح المعابر جميعها، وإلى حماية العاملين في الميدان.")
    assert [statement["act"] for statement in statements] == ["call-for", "call-for"]
    assert "coordinated" in statements[1]["rules"]


def test_the_object_is_not_taken_for_the_speaker() -> None:
    (statement,) = drafted("واتهم الرئيس الأوكراني روسيا بقصف محطة للطاقة.")
    assert statement["speakers"][0]["label"] == "الرئيس الأوكراني"
    assert statement["act"] == "accuse"


def test_an_official_who_tells_what_another_said_makes_two_statements() -> None:
    outer, inner = drafted("وأوضح النائب سامر الخطيب أن دولة سواحل عرضت استضافة المشاورات.")
    assert (outer["who"], inner["who"]) == (["سامر الخطيب"], ["دولة سواحل"])
    assert inner["act"] == "offer"
    assert inner["words"] == ["دولة سواحل عرضت استضافة المشاورات"]


def test_what_a_statement_or_a_spokesman_tells_of_a_principal_is_one_statement() -> None:
    (of_a_text,) = drafted("وأكد البيان أن مجلس الوزراء يرحب بالاتفاق.")
    assert of_a_text["who"] == ["مجلس الوزراء"]
    (spoken,) = drafted("وصرح المتحدث باسم الخارجية أحمد النور بأن مصر تدين الهجوم.")
    assert spoken["who"] == ["مصر", "أحمد النور"]
    assert [speaker["capacity"] for speaker in spoken["speakers"]] == ["author", "spokesperson"]


def test_the_two_sides_are_those_who_spoke() -> None:
    text = "وقال وزير الدفاع سالم عمر إن الحدود آمنة.\n\nوقالت وزيرة الدفاع ليلى منصور إن الجيش مستعد.\n\nواتفق الجانبان على تبادل الأسرى."
    assert set(drafted(text)[-1]["who"]) == {"سالم عمر", "ليلى منصور"}


def test_a_mutual_accusation_is_a_statement_of_each_side() -> None:
    text = "وأعلنت أرمينيا وقف النار.\n\nوأعلنت أذربيجان إغلاق الحدود.\n\nوتبادل الطرفان الاتهامات بشن هجمات جديدة."
    *_, first, second = drafted(text)
    assert {*first["who"], *second["who"]} == {"أرمينيا", "أذربيجان"}
    assert first["act"] == second["act"] == "accuse"


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ("الوزير", "نبيل الزين"),
        ("وزير الخارجية", "نبيل الزين"),
        ("معاليه", "نبيل الزين"),
        ("الزين", "نبيل الزين"),
        ("المسؤول", "نبيل الزين"),
    ],
)
def test_a_description_means_the_person_named_before(description: str, name: str) -> None:
    (statement,) = drafted(f"وأضاف {description} أن المفاوضات مستمرة.")
    assert statement["who"] == [name]
    assert statement["speakers"][0]["label"] == description


@pytest.mark.parametrize(
    "sentence",
    [
        "ويُذكر أن البلاد تعتمد على النهر في توفير احتياجاتها.",
        "ويقول المثل: «رب ضارة نافعة».",
        "ولم يصدر تعليق من السلطات على هذه التصريحات.",
        "ويرى محللون أن الأزمة ستستمر.",
        "الصورة: وزارة الخارجية",
        "اقرأ أيضا: من هو نبيل الزين؟",
        "ويمكن أن تتفق الأطراف على المستقبل.",
        "وجاء ذلك في كلمة ألقاها الوزير خلال المؤتمر.",
    ],
)
def test_what_nobody_says_is_no_statement(sentence: str) -> None:
    assert drafted(sentence) == []


def test_the_points_of_a_resolution_are_acts_of_the_body() -> None:
    text = (
        "قرار صادر عن مجلس الجامعة\n\nإن مجلس الجامعة، المنعقد بتاريخ 29 شوال 1445 هـ الموافق 8 مايو/أيار 2024،\n"
        "يقرر:\n1- الترحيب بإعلان الواحة.\n2- إدانة الهجمات على منشآت المياه، وتحميل الجماعة المسؤولية عنها.\n"
    )
    statements = drafted(text, lead="")
    assert [statement["act"] for statement in statements] == ["welcome", "condemn", "accuse"]
    assert {statement["date"] for statement in statements} == {"2024-05-08"}
    assert {statement["mode"] for statement in statements} == {"direct"}


def test_the_turns_of_a_transcript_are_of_whom_their_label_names() -> None:
    text = "إحاطة للناطقة باسم الوزارة نادية أوبالي\nسؤال: هل ستشاركون؟\nأوبالي: سنشارك بوفد رفيع، ونأمل أن يحضر الجميع.\nسؤال: ومتى؟\nأوبالي: لا تعليق لدي على ذلك.\n"
    statements = drafted(text, lead="")
    assert [statement["act"] for statement in statements] == ["announce", "express-hope", "decline-to-comment"] or [
        statement["act"] for statement in statements
    ] == ["pledge", "express-hope", "decline-to-comment"]
    assert {who for statement in statements for who in statement["who"]} == {"نادية أوبالي"}


@pytest.mark.parametrize(
    ("opening", "closing"), [("«", "»"), ("“", "”"), ('"', '"'), ("„", "“"), ("”", "”"), ("«", ""), ('"', "")]
)
def test_quotation_marks_of_all_kinds_make_it_direct(opening: str, closing: str) -> None:
    (statement,) = drafted(f"وقال الوزير: {opening}هذا القرار لا رجعة فيه مهما حدث{closing}")
    assert statement["mode"] == "direct"


def test_a_name_in_quotation_marks_does_not_make_it_direct() -> None:
    (statement,) = drafted("وأعلن حزب «النهضة» الانسحاب من الحكومة.")
    assert (statement["mode"], statement["act"]) == ("paraphrase", "announce")


def test_marks_that_are_written_anywhere_change_nothing_but_positions() -> None:
    plain = "وأعرب المجلس عن قلقه إزاء التصعيد."
    marked = "وأَعْرَبَ الم\u200bجـــلس\u00a0عن قلقه\u200f إزاء التصعيد."
    (first,), (second,) = drafted(plain), drafted(marked)
    assert (first["act"], first["mode"]) == (second["act"], second["mode"]) == ("express-concern", "paraphrase")
    assert second["words"] == [marked[:-1]]


def test_english_is_read_by_the_same_design() -> None:
    text = (
        "Minister warns smugglers\n\nInterior minister Adel Qartas said on Tuesday that 63 people had been detained, and warned that"
        ' traffickers "will find no shelter".\n\n"We saved only 41 of them," Qartas told reporters. He called on neighbours to help.\n'
    )
    statements = draft(text, About(published="2023-03-15"), lambda words: [])["statements"]
    assert [statement["act"] for statement in statements] == ["report", "warn", "acknowledge", "urge"]
    assert {speaker["speaker"]["name"] for statement in statements for speaker in statement["speakers"]} == {
        "Adel Qartas"
    }
    assert [statement["mode"] for statement in statements] == ["indirect", "direct", "direct", "paraphrase"]
    assert statements[0]["date"] == "2023-03-14"
    assert statements[0]["figures"][0]["measure"] == "people-detained"


def test_what_a_readout_tells_in_quotation_marks_is_said_by_those_whom_it_names_and_reported() -> None:
    first, second = drafted("وقالت وزارة الخارجية: «ناقش الوزير نبيل الزين سبل التعاون. وشدد الزين على أهمية الحوار».")
    assert [(each["who"], each["act"], each["mode"]) for each in (first, second)] == [
        (["نبيل الزين"], "discuss", "indirect"),
        (["نبيل الزين"], "stress", "indirect"),
    ]
    assert [link["agent"]["label"] for link in second["chain"]] == ["نبيل الزين", "وزارة الخارجية"]


def test_who_speaks_of_their_own_side_goes_on_speaking() -> None:
    first, second = drafted("وأكد رئيس البرلمان فؤاد الجبالي أن بلاده ترفض التدخل، مشددا على أن القانون جاهز.")
    assert first["who"] == second["who"] == ["فؤاد الجبالي"]
    assert second["words"][0] == "وأكد رئيس البرلمان فؤاد الجبالي"


ENGLISH = (
    "Ministers meet in Norvale\n\n"
    "NORVALE, 17 September 2024 (ANA) - Foreign Minister Peter Hale said on Tuesday that his country welcomes the ceasefire.\n"
    "The Defence Ministry denied that its forces had crossed the border.\nHe added that talks would resume next week.\n"
    '"This is a historic day," said Hale. "We thank our partners for all their help."\n'
)


def test_english_reads_the_dateline_who_he_is_and_what_is_done_by_saying_so() -> None:
    drafted = draft(ENGLISH, About(), lambda words: [])
    assert drafted["article"]["published"] == "2024-09-17"
    assert [(each["act"], each["speakers"][0]["speaker"]["name"], each["mode"]) for each in drafted["statements"]] == [
        ("welcome", "Peter Hale", "indirect"),
        ("deny", "The Defence Ministry", "indirect"),
        ("report", "Peter Hale", "indirect"),
        ("assess", "Peter Hale", "direct"),
        ("thank", "Peter Hale", "direct"),
    ]


@pytest.mark.parametrize(
    ("sentence", "who", "act"),
    [
        ('وقال وزير المالية سامي الكيلاني: "لن نرفع الضرائب هذا العام".', "سامي الكيلاني", "affirm"),
        ("ودعا الرئيس رؤساء الكتل إلى اجتماع عاجل.", "الرئيس", "urge"),
        ('وتابع قائلا: "لا حل إلا بالحوار بين الجميع".', "نبيل الزين", "assert"),
        ("وأقر مجلس النواب مشروع الموازنة.", "مجلس النواب", "decide"),
        ("وذكّر الأمين العام بأن القانون يحمي المدنيين.", "الأمين العام", "recall"),
        ("ووصف رئيس الوزراء الاتفاق بأنه إنجاز تاريخي.", "رئيس الوزراء", "assess"),
        ("وأعلنت الشرطة توقيف ثلاثة أشخاص شاركوا في الهجوم.", "الشرطة", "announce"),
        ("وأجمع المشاركون على طلب المزيد من الدعم.", "المشاركون", "agree"),
        ("وخاطب الرئيس الأمة قائلا إن المعركة لم تنته بعد.", "الرئيس", "report"),
    ],
)
def test_acts_and_objects_of_other_styles(sentence: str, who: str, act: str) -> None:
    (statement,) = drafted(sentence)
    assert (statement["who"], statement["act"]) == ([who], act)


def test_a_text_of_several_together_is_joint() -> None:
    first, second = drafted(
        "وجاء في البيان المشترك أن قادة الدول الثلاث أكدوا أهمية الحوار بينهم، مشددين على ضرورة وقف التصعيد في الإقليم."
    )
    assert (first["mode"], second["mode"]) == ("joint", "joint")


def test_what_a_speaker_says_of_a_thing_and_what_also_adds_are_statements_of_their_own() -> None:
    first, second = drafted("وعرضت الحكومة تسليم جثث 100 جندي قالت إنهم قتلوا في الاشتباكات.")
    assert (first["act"], second["rules"][0], second["who"]) == ("offer", "relative", ["الحكومة"])
    first, second = drafted("وشدد المجلس على أهمية الحوار بين الأطراف، وكذلك إطلاق سراح الأسرى لدى الطرفين.")
    assert second["words"][-1] == "وكذلك إطلاق سراح الأسرى لدى الطرفين"


def test_nobody_in_particular_does_not_cut_off_what_was_said() -> None:
    (statement,) = drafted("وقال الوزير إن تقارير قالت إنها موثوقة انتشرت أمس.")
    assert statement["words"] == ["وقال الوزير إن تقارير قالت إنها موثوقة انتشرت أمس"]


TRANSCRIPT = """وقائع المؤتمر الصحفي لوزير النقل سامي الكيلاني والمتحدث باسم الحكومة نبيل الزين

الوزير الكيلاني:
نرحب بالاتفاق الذي وقع أمس.
وندعو الجميع إلى احترامه.

سؤال من وكالة الأفق: هل ستشاركون؟
المتحدث: يشعر رئيس الوزراء بقلق بالغ إزاء التأخير.
"""


def test_a_name_above_paragraphs_says_whose_words_they_are() -> None:
    statements = draft(TRANSCRIPT, About(published="2023-06-07", language="ar"), lambda words: [])["statements"]
    named = [([s["speaker"]["name"] for s in each["speakers"]], each["act"]) for each in statements[:2]]
    assert named == [(["سامي الكيلاني"], "welcome"), (["سامي الكيلاني"], "urge")]


def test_what_a_spokesperson_says_of_the_principal_is_of_both() -> None:
    said = draft(TRANSCRIPT.replace("يشعر رئيس الوزراء بقلق بالغ", "أعرب رئيس الوزراء عن قلقه"), About(published="2023-06-07", language="ar"), lambda words: [])  # fmt: skip
    last = said["statements"][-1]
    assert (last["speakers"][0]["speaker"]["name"], last["speakers"][0]["capacity"]) == ("رئيس الوزراء", "author")
    assert (last["act"], last["mode"], last["speakers"][1]["capacity"]) == ("express-concern", "direct", "spokesperson")


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("وقال وزير الدفاع سامي الكيلاني، في ندوة مع نظيرته ليلى منصور أول من أمس، إن الوضع صعب. وأكدت منصور أن الحوار مستمر.", ["2023-06-05", "2023-06-05"]),
        ("وأكد النائب كريم فارس أمس أن العجز تقلص. وفي تعقيبها، اعتبرت النائبة سلمى رياض أن الأرقام خاطئة.", ["2023-06-06", "2023-06-06"]),
        ("وكان رئيس الوزراء قد تعهد في يناير كانون الثاني بدعم المزارعين.", ["2023-01"]),
        ("وقال رئيس البلدية هاني سعيد قبل ثلاثة أيام إن العمل بدأ.", ["2023-06-04"]),
        ("ومن المقرر أن يلتقي رئيس البلدية هاني سعيد السبت السفراء. وقال سعيد إن العمل بدأ.", ["2023-06-07"]),
    ],
)  # fmt: skip
def test_a_statement_has_the_day_of_its_occasion(text: str, dates: list[str]) -> None:
    assert [each["date"] for each in drafted(text)] == dates


def test_both_who_met_discussed_and_the_ministry_that_tells_of_it_makes_it_reported_speech() -> None:
    alone = drafted("وبحث رئيس الوزراء كمال فهد مع نظيره سعد العلي آفاق التعاون.")
    told = drafted("وبحث رئيس الوزراء كمال فهد مع نظيره سعد العلي آفاق التعاون.\n\nجاء ذلك في بيان لوزارة الإعلام.")
    assert [(each["who"], each["mode"]) for each in alone] == [(["كمال فهد", "سعد العلي"], "paraphrase")]
    assert [(each["who"], each["mode"]) for each in told] == [(["كمال فهد", "سعد العلي"], "indirect")]


def test_what_the_outlet_recalls_of_others_is_drafted_and_what_it_adds_itself_is_not() -> None:
    recalled = drafted("يذكر أن وزير الدفاع كان قد صرح الأسبوع الماضي بأن الجيش جاهز.")
    assert [(each["who"], each["date"]) for each in recalled] == [(["وزير الدفاع"], "2023-05-29/2023-06-04")]
    assert drafted("يذكر أن البلاد تعتمد على النهر في توفير 90% من احتياجاتها.") == []


def test_an_aside_between_dashes_is_no_dateline() -> None:
    (statement,) = drafted("وقالت وزارة الدفاع -في بيان- إن الجيش جاهز.")
    assert statement["words"] == ["وقالت وزارة الدفاع -في بيان- إن الجيش جاهز"]


def test_what_a_body_says_in_its_own_text_is_direct() -> None:
    page = "بيان صحفي صادر عن مجلس الأمن\n4 تشرين الأول/أكتوبر 2022\n\nأدان أعضاء مجلس الأمن الهجوم.\n\nوقال وزير الدفاع سامي الكيلاني إن الهجوم فشل.\n"
    found = draft(page, About(language="ar"), lambda words: [])["statements"]
    assert [each["mode"] for each in found] == ["direct", "indirect"]


@pytest.mark.parametrize(
    ("said", "act"),
    [
        ("قال الوزير إن بلاده لا تنوي نشر قوات إضافية.", "assert"),
        ("قال الوزير إن الجولة قد تعقد نهاية الشهر.", "assess"),
        ("قال الوزير: «سنضطر إلى اتخاذ إجراءات جوابية».", "threaten"),
        ("قال الوزير: «ندرس المبادرة بعناية».", "consider"),
        ("قال الوزير: «لا نوجه أي اتهام إلى جيراننا».", "assert"),
        ("قال الوزير إن بلاده علقت صادراتها، في خطوة من شأنها رفع الأسعار.", "announce"),
        ("سجل الوزير أن الإنتاج تراجع.", "report"),
        ("رفض الوزير الإفصاح عن قيمة العقد.", "decline-to-comment"),
    ],
)
def test_the_words_of_a_passage_show_its_act(said: str, act: str) -> None:
    assert [each["act"] for each in drafted(said)] == [act]
