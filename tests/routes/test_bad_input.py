"""What a hurried client does wrong, and the clear answer it gets: never a 500, never silence."""

import base64
from urllib.parse import quote

import pytest
from addresses import PAGED, READS, Address, parameters
from asking import RECORD_TYPES, ask, ids, mistakes, problem
from every import every
from flask.testing import FlaskClient

from api import cursors
from api.cursors import Position, encode
from api.models.base import sort_key
from api.queries.query import Query

ARABIC = "غوتيريش"


@every(
    ("query", "wrong"),
    [
        # unknown
        ("speakers=antonio-guterres", ["speakers"]),
        ("Speaker=antonio-guterres", ["Speaker"]),
        ("speaker[]=antonio-guterres", ["speaker[]"]),
        ("page=2&per_page=50", ["page", "per_page"]),
        ("offset=20", ["offset"]),
        ("=x", [""]),
        ("%D8%A7=1", ["ا"]),
        ("limit =5", ["limit "]),
        # twice what goes once
        ("limit=5&limit=6", ["limit"]),
        ("q=a&q=b", ["q"]),
        ("since=2020&since=2021", ["since"]),
        ("sort=date&sort=date", ["sort"]),
        # days
        ("since=2021-13-45", ["since"]),
        ("since=2021-02-29", ["since"]),
        ("until=2021-00", ["until"]),
        ("since=yesterday", ["since"]),
        ("since=2021-1-1", ["since"]),
        ("since=20210101", ["since"]),
        ("since=01/02/2021", ["since"]),
        ("since=2021-01-01T00:00:00Z", ["since"]),
        ("since=2021-XX", ["since"]),
        ("since=0000", ["since"]),
        ("since=-2021", ["since"]),
        ("since=12021", ["since"]),
        ("since=%D9%A2%D9%A0%D9%A2%D9%A1", ["since"]),
        ("since=2021%20", ["since"]),
        ("since=2021%0A", ["since"]),
        ("since=2022&until=2021", ["until"]),
        ("since=2021-11-27&until=2021-11-26", ["until"]),
        ("date_match=maybe", ["date_match"]),
        # moments
        ("updated_since=2021-01-01", ["updated_since"]),
        ("updated_since=2021-01-01T00:00:00", ["updated_since"]),
        ("updated_since=2021-01-01T00:00:00+03:00", ["updated_since"]),  # the + is a blank in a query
        ("updated_since=2021-01-01T25:00:00Z", ["updated_since"]),
        ("updated_since=1609459200", ["updated_since"]),
        ("updated_since=2021-W01-1T00:00:00Z", ["updated_since"]),
        ("updated_since=20210101T000000Z", ["updated_since"]),
        # whole numbers
        ("limit=0", ["limit"]),
        ("limit=-1", ["limit"]),
        ("limit=201", ["limit"]),
        ("limit=1000000000", ["limit"]),
        ("limit=" + "9" * 400, ["limit"]),
        ("limit=abc", ["limit"]),
        ("limit=1_0", ["limit"]),
        ("limit=%D9%A1%D9%A0", ["limit"]),
        ("limit=1.0", ["limit"]),
        ("limit=1e1", ["limit"]),
        ("limit=0x10", ["limit"]),
        ("limit=%2B5", ["limit"]),
        ("limit=%205", ["limit"]),
        ("limit=5%0A", ["limit"]),
        ("limit=all", ["limit"]),
        ("limit=null", ["limit"]),
        ("provision=0", ["provision"]),
        ("provision=1000", ["provision"]),
        ("provision=3&provision=x", ["provision"]),
        # one of a few words
        ("total=true", ["total"]),
        ("sort=name", ["sort"]),
        ("sort=date,id", ["sort"]),
        ("sort=DATE", ["sort"]),
        ("sort=-relevance", ["sort"]),
        ("sort=relevance", ["sort"]),
        ("first_hand=1", ["first_hand"]),
        ("first_hand=yes", ["first_hand"]),
        ("first_hand=TRUE", ["first_hand"]),
        ("first_hand=true&first_hand=false", ["first_hand"]),
        ("act=nonsense", ["act"]),
        ("act=Welcome", ["act"]),
        ("act=acts/welcome", ["act"]),
        ("act=welcome,urge", ["act"]),
        ("topic=x&relation=y&mode=z&measure=w", ["measure", "mode", "relation", "topic"]),
        # ids
        ("speaker=Antonio Guterres", ["speaker"]),
        ("speaker=antonio-guterres,sergey-lavrov", ["speaker"]),
        (f"speaker={ARABIC}", ["speaker"]),
        ("speaker=%00", ["speaker"]),
        ("speaker=antonio-guterres%00", ["speaker"]),
        ("speaker=antonio-guterres%0A", ["speaker"]),
        ("speaker=antonio--guterres", ["speaker"]),
        ("speaker=" + "a" * 101, ["speaker"]),
        ("speaker=a&speaker=B", ["speaker"]),
        ("speaker=*", ["speaker"]),
        ("speaker=' OR 1=1 --", ["speaker"]),
        ("&".join(f"speaker=s{number}" for number in range(51)), ["speaker"]),
        # nothing at all
        ("speaker=", ["speaker"]),
        ("q=", ["q"]),
        ("limit=", ["limit"]),
        ("limit", ["limit"]),
        ("since=", ["since"]),
        ("act=", ["act"]),
        ("first_hand=", ["first_hand"]),
        ("sort=", ["sort"]),
        ("total=", ["total"]),
        ("cursor=", ["cursor"]),
        ("fields=", ["fields"]),
        ("expand=", ["expand"]),
        # names of keys
        ("fields=nonsense", ["fields"]),
        ("fields=id,nonsense,date", ["fields"]),
        ("fields=id,,date", ["fields"]),
        ("fields=id;date", ["fields"]),
        ("fields=speakers.speaker", ["fields"]),
        ("fields=*", ["fields"]),
        ("expand=nonsense", ["expand"]),
        ("expand=agreement", ["expand"]),
        ("expand=vocabularies", ["expand"]),
        ("expand=agreements.parties", ["expand"]),
        # several at once
        ("limit=0&since=2021-13&sort=x&nonsense=1&fields=y&q=", ["fields", "limit", "nonsense", "q", "since", "sort"]),
        ("since=2022&until=2021&limit=0", ["limit", "until"]),
        ("since=2022&until=2021&nonsense=1", ["nonsense", "until"]),
        ("q=%22open&limit=0", ["limit", "q"]),
        ("q=-&nonsense=1", ["nonsense", "q"]),
        ("sort=relevance&limit=0", ["limit", "sort"]),
        ("limit=5&limit=6&since=x", ["limit", "since"]),
    ],
)  # fmt: skip
def test_a_query_that_can_t_be_used_is_refused_with_every_mistake(
    client: FlaskClient, query: str, wrong: list[str]
) -> None:
    assert mistakes(client.get(f"/v1/statements?{query}")) == wrong


@every("address", READS, ids=lambda address: address.rule)
def test_an_unknown_parameter_is_refused_everywhere_and_the_known_ones_are_named(
    client: FlaskClient, address: Address
) -> None:
    answer = client.get(address.asking("nonsense=1"))
    assert mistakes(answer) == ["nonsense"]
    assert all(known in answer.text for known in parameters(address))
    assert parameters(address) or any(words in answer.text for words in ("cursor", "as_of", "takes none"))


@pytest.mark.parametrize("address", ["/", "/health"])
def test_an_address_without_parameters_says_so(client: FlaskClient, address: str) -> None:
    assert mistakes(client.get(f"{address}?verbose=1")) == ["verbose"]


@every(
    ("address", "wrong"),
    [
        ("speakers?office_on=2021-13", ["office_on"]),
        ("speakers?office_on=today", ["office_on"]),
        ("speakers?since=2020", ["since"]),
        ("speakers?sort=date", ["sort"]),
        ("speakers?kind=human", ["kind"]),
        ("places?until=2020", ["until"]),
        ("articles?language=a", ["language"]),
        ("articles?language=a%00r", ["language"]),
        ("articles?language=%D8%B9%D8%B1", ["language"]),
        ("articles?language=" + "a" * 36, ["language"]),
        ("vocabularies?kind=acts", ["kind"]),
        ("agreements?status=dead&party=X", ["party", "status"]),
        ("speakers/antonio-guterres?limit=1", ["limit"]),
        ("speakers/antonio-guterres/statements?speaker=sergey-lavrov", ["speaker"]),
        ("agreements/trilateral-statement-2020-11-09/statements?agreement=x", ["agreement"]),
        ("events/sochi-summit-2021-11-26/statements?event=x", ["event"]),
        ("articles/vision-group-lavrov-guterres-2020/statements?article=x", ["article"]),
    ],
)
def test_other_collections_refuse_alike(client: FlaskClient, address: str, wrong: list[str]) -> None:
    assert mistakes(client.get(f"/v1/{address}")) == wrong


def test_a_mistake_says_what_would_be_right(client: FlaskClient) -> None:
    told = problem(client.get("/v1/statements?since=2021-13-45&limit=999&sort=x"), 422, "invalid-parameters")
    said = {error["parameter"]: error["detail"] for error in told["errors"]}
    assert "13" in said["since"]
    assert "200" in said["limit"]
    assert "-date" in said["sort"]


# --- free text -------------------------------------------------------------------------------------------------------


@every(
    "q",
    ["؟،؛", "...", "ـــ", "ًٌٍَُِّْ", " ", "\t\n", "\0", "\u200f\u200e", "🕊", "*", "-", "--", "-غوتيريش", '""', '" "', '"غوتيريش', 'غوتيريش"', '"a" "', "«غوتيريش", "“", "()", "^", ":", "'", "a " * 40, "ب" * 501],
    ids=ascii,
)  # fmt: skip
def test_text_that_nothing_can_be_looked_for_with_is_refused(client: FlaskClient, q: str) -> None:
    for record_type in RECORD_TYPES:
        assert mistakes(client.get(f"/v1/{record_type}", query_string={"q": q})) == ["q"]


@every(
    "q",
    ["AND", "OR", "NOT", "NEAR(a b)", "NEAR(", "a AND", "NOT a", "^a", "a:b", "tokens:a", "a* b*", "{a b}: c", "a + b", "a & b | !c", "a <-> b", "a:*", "\\", "'; DROP TABLE statement; --", "%_", "a'b''c", "غوتيريش\0لافروف", "\u202eغوتيريش", "👨‍👩‍👧 a", "a" * 500, "é́́́́", "\ud7ff\ue000", "ﷺ", "٣"],
    ids=ascii,
)  # fmt: skip
def test_any_other_text_is_looked_for_or_refused_but_never_executed(client: FlaskClient, q: str) -> None:
    for sort in ("-date", "relevance"):
        answer = client.get("/v1/statements", query_string={"q": q, "sort": sort, "total": "exact"})
        if answer.status_code != 200:  # by relevance also for a beginning of one letter
            assert mistakes(answer) == ["sort" if sort == "relevance" and "*" in q else "q"]


def test_ten_kilobytes_of_text_are_too_long_an_address(client: FlaskClient) -> None:
    problem(client.get("/v1/statements", query_string={"q": "ب" * 5000}), 414, "uri-too-long")


@pytest.mark.parametrize("address", ["/v1/statements?q=%DB%E6%CA%ED%D1%ED%D4", "/v1/statements?speaker=%ff", "/v1/statements?q=%ED%A0%80"])  # fmt: skip
def test_text_that_is_not_utf_8_is_refused_rather_than_misread(client: FlaskClient, address: str) -> None:
    assert mistakes(client.get(address)) == [address.partition("?")[2].partition("=")[0]]


# --- cursors ---------------------------------------------------------------------------------------------------------


def _cursor(client: FlaskClient, address: str) -> str:
    return str(ask(client, address)["page"]["next"].partition("cursor=")[2])


@every("cursor", ["x", "abc", "====", "%", "%00", quote(ARABIC), "null", "0", "eyJpZCI6MX0", "W10", "A" * 900, "A" * 1001, "../../etc", "a b", "-1"])  # fmt: skip
@every("address", PAGED[::4], ids=lambda address: address.rule)
def test_what_is_no_cursor_is_refused(client: FlaskClient, address: Address, cursor: str) -> None:
    assert mistakes(client.get(address.asking(f"cursor={cursor}"))) == ["cursor"]


def test_a_cursor_that_was_cut_or_altered_is_refused(client: FlaskClient) -> None:
    whole = _cursor(client, "/v1/statements?limit=5")
    for length in range(1, len(whole)):
        assert mistakes(client.get(f"/v1/statements?limit=5&cursor={whole[:length]}")) == ["cursor"]
    for altered in (whole + "A", whole + "=", whole[::-1], whole.swapcase(), f"{whole}{whole}", " " + whole):
        assert mistakes(client.get("/v1/statements", query_string={"cursor": altered})) == ["cursor"]
    for place in range(len(whole)):
        other = "A" if whole[place] != "A" else "B"
        altered = whole[:place] + other + whole[place + 1 :]
        assert mistakes(client.get(f"/v1/statements?cursor={altered}")) == ["cursor"]


@pytest.mark.parametrize(
    "other",
    [
        "speakers?limit=5",
        "events?limit=5",
        "statements?limit=5&speaker=sergey-lavrov",
        "statements?limit=5&sort=date",
        "statements?limit=5&q=a",
        "statements?limit=5&since=2020",
        "statements?limit=5&date_match=certain",
        "speakers/antonio-guterres/statements?limit=5",
    ],
)
def test_a_cursor_of_another_question_is_refused(client: FlaskClient, other: str) -> None:
    cursor = _cursor(client, "/v1/statements?limit=5")
    assert mistakes(client.get(f"/v1/{other}&cursor={cursor}")) == ["cursor"]


QUESTION = Query.of({"sort": "-date", "date_match": "possible", "limit": 20}).cursor_scope("statements")


def _sealed(body: bytes) -> str:
    """A cursor with any body, sealed the way the service seals its own: whoever reads the code can make one."""
    return base64.urlsafe_b64encode(cursors._digest(body, QUESTION) + body).rstrip(b"=").decode()


@every(
    "body",
    [b"[]", b"[1]", b"nonsense", b'{"a":1}', b"null", b'[false,5,"x"]', b'[false,"2022",1.5]', b"[false,null,1]", b'[false,["2022"],1]', b'[false,"2022",true]', b'["x","2022",1]', b'[false,"2022",99999999999999999999]', b'[false,"2022",9223372036854775808]', b'[false,"\\u0000",1]', b"[false," * 300],
)  # fmt: skip
def test_a_cursor_forged_with_knowledge_of_the_code_is_refused(client: FlaskClient, body: bytes) -> None:
    assert mistakes(client.get(f"/v1/statements?cursor={_sealed(body)}")) == ["cursor"]


def test_a_cursor_is_a_position_and_no_secret(client: FlaskClient) -> None:
    beyond = encode(Position(False, sort_key("1900-01-01", 1), 1), QUESTION)
    assert ask(client, f"/v1/statements?cursor={beyond}")["data"] == []


# --- addresses -------------------------------------------------------------------------------------------------------


@every("record_id", ["a b", "%20", quote(ARABIC), "%00", "sochi%00", "sochi%0A", "a" * 101, "a" * 5000, "SOCHI", "-", "so--chi", "%FF", "sochi.json", "*", "1 OR 1=1", "..", "%2e%2e%2fetc"])  # fmt: skip
@every("record_type", ["statements", "places", "vocabularies"])
def test_what_can_t_be_an_id_is_not_found(client: FlaskClient, record_type: str, record_id: str) -> None:
    for address in (f"/v1/{record_type}/{record_id}", f"/v1/{record_type}/{record_id}?expand=places"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"
        assert len(answer.data) < 1000


def test_an_id_is_judged_after_the_query(client: FlaskClient) -> None:
    assert mistakes(client.get("/v1/speakers/nobody-at-all/statements?limit=0")) == ["limit"]


@every(
    "address",
    ["/nowhere", "/v1", "/v1/", "/v2/statements", "/v1/statement", "/v1/Statements", "/v1/statements/", "//v1/statements", "/v1//statements", "/v1/statements/a/b", "/v1/statements/a%2Fb", "/v1/vocabularies/acts/terms", "/v1/vocabularies/acts/statements", "/docs/", "/docs/assets/", "/docs/assets/nothing", "/docs/assets/..%2f..%2fsetup.cfg", "/openapi", "/openapi.yml", "/favicon.ico", "/robots.txt", "/.env", "/%00", "/%FF", "/غوتيريش", "/v1/statements;x=1"],
)  # fmt: skip
def test_nothing_lives_elsewhere(client: FlaskClient, address: str) -> None:
    told = problem(client.get(address), 404, "not-found")
    assert "GET /" in told["detail"]


@pytest.mark.parametrize("address", ["/v1/statements?q=" + "a" * 9000, "/v1/statements/" + "a" * 9000, "/" + "a" * 9000, "/v1/statements?" + "&".join(["speaker=a"] * 900)])  # fmt: skip
def test_nine_kilobytes_are_too_long_an_address(client: FlaskClient, address: str) -> None:
    told = problem(client.get(address), 414, "uri-too-long")
    assert "8000" in told["detail"]


def test_a_long_address_is_read_to_its_end(client: FlaskClient) -> None:
    query = "&".join(f"speaker={'a' * 100}" for _ in range(49)) + "&speaker=sergey-lavrov"
    assert len(query) < 8000
    assert ids(client, f"/v1/statements?{query}") == ids(client, "/v1/statements?speaker=sergey-lavrov") != []


def test_a_body_on_a_read_is_left_unread(client: FlaskClient) -> None:
    answer = client.get("/v1/places/sochi", data=b"{not json", content_type="application/json")
    assert answer.get_json()["id"] == "sochi"
