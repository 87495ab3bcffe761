"""What pages say of requests that they refuse, in Arabic: no sentence of it is in English."""

import re
from html import unescape
from string import Formatter
from urllib.parse import quote

import pytest
from every import every
from flask.testing import FlaskClient
from pages_read import read

from api.pages.figures import FiguresQuery
from api.pages.frame import arabic
from api.pages.search import SearchQuery
from schemas import messages
from schemas.messages import Message

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
TEMPLATES = {name: value for name, value in vars(messages).items() if isinstance(value, Message)}


def words(html: str) -> str:
    """What an error page says of its own, without what is isolated: names, numbers and what was sent."""
    [section] = re.findall(r'<section class="hero error">.*?</section>', html, re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<bdi>.*?</bdi>", "", section, flags=re.DOTALL)))


def refused(client: FlaskClient, address: str, status: int = 422) -> str:
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == status, address
    assert not re.search("[A-Za-z]", words(answer.text)), (address, words(answer.text))
    return unescape(re.sub(r"<[^>]*>", "", answer.text))


def placeholders(template: str) -> set[str]:
    return {name.partition(".")[0] for _, name, _, _ in Formatter().parse(template) if name}


def test_every_message_about_a_parameter_is_said_in_arabic_with_its_values() -> None:
    assert set(TEMPLATES.values()) == set(arabic.MESSAGES)
    for name, template in TEMPLATES.items():
        assert placeholders(arabic.MESSAGES[template]) <= placeholders(template) | {"vocabulary"}, name


@pytest.mark.parametrize("value", ["%FF", "x,y", "none", "2020-13", "-1", "A b", "x" * 1001])
def test_whatever_a_parameter_does_not_take_is_refused_in_arabic(client: FlaskClient, value: str) -> None:
    for page, schema in (("statements", SearchQuery), ("figures", FiguresQuery)):
        names = [name for name in schema().fields if not name.startswith("not_")]
        address = f"/ar/{page}?" + "&".join(f"{name}={value}&{name}={value}" for name in names)
        if len(address) < 7000:
            refused(client, address)
        for name in names:
            answer = client.get(f"/ar/{page}?{name}={value}", headers=BROWSER)
            if answer.status_code == 422:
                assert not re.search("[A-Za-z]", words(answer.text)), (page, name, words(answer.text))


@every(
    ("query", "told"),
    [
        ("page=2", "ليس مما يُكتب في هذا العنوان. يُكتب فيه: "),
        ("spaeker=armenia", "هل تقصد speaker؟"),
        ("&".join(f"x{n}=1" for n in range(30)), "وعددها 30"),
        ("act=sing", "sing ليس من مصطلحات acts"),
        ("since=2021-02-30", "2021-02-30 يوم لا وجود له في التقويم"),
        ("since=2021&until=2020", "يقع قبل since"),
        ("reported_since=2021&reported_until=2020", "يقع قبل reported_since"),
        ("since=2021&since=2022", "كُتب أكثر من مرة (2)"),
        ("speaker=Nobody", "ليس معرّفًا"),
        ("&".join(["speaker=a"] * 51), "كُتب مرات أكثر من 50"),
        ("speaker=none", "لا يأخذ none، فلكل سجل قيمة فيه"),
        ("target=none&target=x", "لا يأخذ none إلا وحدها"),
        ("provision=1000", "يجب أن يكون من 1 إلى 999"),
        ("first_hand=yes", "ليس true ولا false"),
        ("updated_since=2021-01-01T00:00:00 01:00", "فيه مسافة مكان علامة فرق التوقيت"),
        ("sort=relevance", "يحتاج إلى كلمات"),
        ("sort=size", "يجب أن يكون واحدًا من هذه: -date, date, relevance"),
        ("cursor=x", "ليس موضعًا في هذا البحث"),
        ("q=" + "\u0301" * 40, "علامات تشكيل متتالية أكثر من 30"),
        ("q=" + "x" * 501, "أطول من المسموح، وهو 500 حرفًا"),
        ("q=" + " ".join(f"w{n}" for n in range(40)), "عددها 40، ولا يُسمح بأكثر من 32"),
        ("q=peace AND war", "ليست AND من أدوات البحث"),
        ("q=peace NOT war", "ليست NOT من أدوات البحث"),
        ("q=peace NEAR war", "ليست NEAR من أدوات البحث"),
        ("q=peace OR", "تقع OR بين كلمتين"),
        ("q=peace OR -war", "لا تأتي - بعد OR"),
        ("q=(peace OR war now)", "بين القوسين"),
        ("q=-war", "في البحث ما يُستبعد فقط"),
        ("q=?!", "ليس في البحث حروف ولا أرقام"),
        ('q="peace', "علامة الاقتباس في الموضع 1 لا مقابل لها"),
        ('q=""', "ليس بين علامتي الاقتباس"),
        ("q=peace -!", "بغير مسافة بينهما"),
        ("q=peace *", "بعد أول الكلمة"),
        ("q=act:welcome", "اختر المرشح act بالمعرّف"),
        ("q=(speaker:Lavrov peace)", "اسم كامل بغير مسافة قبله"),
        ("q=speaker:Lavrof", "لا سجل بين القائلين اسمه Lavrof. هل تقصد"),
        ("q=speaker:Qqqzzz", "لا سجل بين القائلين اسمه Qqqzzz."),
        ("q=speaker:Lavrov OR peace", "تجمع OR الأسماء التي من مرشح واحد"),
        ("q=speaker:Lavrov&speaker=russia", "المرشح speaker مكتوب من قبل"),
        ("q=speaker:Lavrov&sort=relevance", "ليس في q إلا أسماء للترشيح"),
    ],
)
def test_searches_that_can_not_be_understood_are_explained_in_arabic(
    client: FlaskClient, query: str, told: str
) -> None:
    assert told in refused(client, f"/ar/statements?{quote(query, safe='=&')}")


def test_beginnings_that_are_too_common_are_refused_in_arabic(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.queries.relevance.MOST_OCCURRENCES", -1)
    assert "ترد في السجلات أكثر من -1 مرة" in refused(client, "/ar/statements?q=a*&sort=relevance")
    assert client.get("/ar/statements?q=a*").status_code == 200


@every(
    ("address", "status", "told"),
    [
        ("/ar/nowhere", 404, "لا صفحة في هذا العنوان"),
        ("/ar/speakers/nobody-at-all", 404, "لا سجل هنا بالمعرّف nobody-at-all"),
        ("/ar/speakers/sergey-lavrov?x=1", 422, "يُكتب فيه: digits"),
        ("/ar/speakers/sergey-lavrov/difference?before=0", 422, "يجب أن يكون من 1 إلى 1000000000"),
        ("/ar/speakers/sergey-lavrov/difference?before=x", 422, "ليس عددًا صحيحًا"),
        ("/ar/speakers/sergey-lavrov/difference?before=7&after=9", 404, "صيغة رقمها 7"),
        ("/ar/speakers/sergey-lavrov/history?cursor=x", 422, "ليس موضعًا في هذا البحث"),
        ("/ar/figures?unit=parsecs&period=x", 422, "parsecs ليس من مصطلحات units"),
        ("/ar/coverage?publisher=X&since=x", 422, "ليس معرّفًا"),
        ("/ar/articles?language=xx-1&language=qq", 422, "ليس"),
        ("/ar/places?q=agreement:Peace", 422, "لا مرشح هنا اسمه agreement"),
        ("/ar/?digits=roman", 422, "يجب أن يكون واحدًا من هذه: latn, arab"),
        (f"/ar/statements?q={'x' * 8000}", 414, "أكثر من 8000 حرف"),
    ],
)
def test_pages_that_are_not_there_say_so_in_arabic(client: FlaskClient, address: str, status: int, told: str) -> None:
    assert told in refused(client, address, status)


def test_ids_that_no_record_has_are_named_in_arabic_beside_what_was_found(client: FlaskClient) -> None:
    assert "لا سجل بين القائلين بالمعرّف nobody-x." in read(client, "/ar/statements?speaker=nobody-x").text
    in_english = read(client, "/en/statements?speaker=nobody-x").text
    assert "No record of 'speakers' has the id 'nobody-x'." in in_english


def test_what_readers_sent_stays_text_in_arabic_sentences(client: FlaskClient) -> None:
    page = client.get("/ar/statements", query_string={"act": "<script>{0}{x}</script>"}, headers=BROWSER).text
    assert "<script" not in page
    assert "{0}{x}" in page
    assert (
        "٣٢"
        in client.get(
            f"/ar/statements?digits=arab&q={quote(' '.join(f'w{n}' for n in range(40)))}", headers=BROWSER
        ).text
    )
