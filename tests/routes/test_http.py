"""HTTP as every address speaks it: validators, caching, HEAD, OPTIONS, cross-origin reading, links."""

import gzip
import json
import re
from html import unescape

import pytest
from addresses import ADDRESSES, READS, STREAMS, Address
from asking import RECORDS, ask, problem
from every import every
from flask.testing import FlaskClient

WHOLE = [address for address in ADDRESSES if address.rule not in STREAMS]
of_every_address = every("address", WHOLE, ids=lambda address: address.rule)
of_every_read = every("address", READS, ids=lambda address: address.rule)

TYPES = {
    "/docs": "text/html; charset=utf-8",
    "/docs/assets/<name>": "text/javascript; charset=utf-8",
    "/llms.txt": "text/plain; charset=utf-8",
    "/openapi.yaml": "application/yaml",
    "/v1/articles/<id>/annotations": 'application/ld+json;profile="http://www.w3.org/ns/anno.jsonld"',
}
RECORD = "/v1/places/sochi"
NOTHING_BY_DEFAULT = ("default-src", "frame-ancestors", "base-uri", "form-action")
"""What the reference page is not to load or do; the last three do not follow from the first (CSP Level 3, 6.1 to 6.4)."""


def tag_of(client: FlaskClient, address: str) -> str:
    return client.get(address).headers["ETag"]


# --- every address ---------------------------------------------------------------------------------------------------


@of_every_address
def test_an_answer_says_what_it_is_and_how_long(client: FlaskClient, address: Address) -> None:
    answer = client.get(address.path)
    assert answer.status_code == 200
    assert answer.content_type == TYPES.get(address.rule, "application/json")
    assert answer.content_length == len(answer.data) > 0
    assert "Content-Encoding" not in answer.headers


@every("address", ADDRESSES, ids=lambda address: address.rule)
@every("method", ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE", "TRACE"])
def test_no_answer_is_taken_for_anything_but_what_it_says_it_is(
    client: FlaskClient, address: Address, method: str
) -> None:
    first = client.open(address.path, method=method, buffered=True)
    known = {"If-None-Match": first.headers.get("ETag", "*")}
    again = client.open(address.path, method=method, headers=known, buffered=True)
    refused = client.open(f"{address.path}/nowhere?a=1", method=method)
    for answer in (first, again, refused):
        assert answer.headers.getlist("X-Content-Type-Options") == ["nosniff"]


@of_every_address
def test_head_is_get_without_the_body(client: FlaskClient, address: Address) -> None:
    got, headed = client.get(address.path), client.head(address.path)
    assert headed.data == b""
    assert headed.status_code == got.status_code
    assert sorted(headed.headers) == sorted(got.headers)


@pytest.mark.parametrize("address", ["/nowhere", "/v1/places/nobody", "/v1/places?limit=0"])
def test_head_tells_of_problems_too(client: FlaskClient, address: str) -> None:
    got, headed = client.get(address), client.head(address)
    assert headed.data == b""
    assert (headed.status_code, sorted(headed.headers)) == (got.status_code, sorted(got.headers))


@of_every_address
def test_options_says_what_may_be_done(client: FlaskClient, address: Address) -> None:
    answer = client.options(address.path)
    assert answer.status_code in (200, 204)
    assert answer.data == b""
    assert set(answer.headers["Allow"].split(", ")) == address.methods


@of_every_address
@every("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_any_other_method_takes_a_token_or_is_405_and_the_answer_names_the_right_ones(
    client: FlaskClient, address: Address, method: str
) -> None:
    answer = client.open(address.path, method=method, data=b"{not json", content_type="application/json")
    if method in address.methods:
        problem(answer, 401, "token-required")
        return
    problem(answer, 405, "method-not-allowed")
    assert set(answer.headers["Allow"].split(", ")) == address.methods


# --- validators ------------------------------------------------------------------------------------------------------


@of_every_address
def test_an_unchanged_answer_is_not_sent_again(client: FlaskClient, address: Address) -> None:
    first = client.get(address.path)
    tag = first.headers["ETag"]
    assert re.fullmatch(r'"[!#-~]+"', tag), "a strong tag"
    again = client.get(address.path, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.data == b""
    assert "Content-Type" not in again.headers
    for name in ("ETag", "Cache-Control", "Link", "Access-Control-Allow-Origin", "X-Content-Type-Options"):
        assert again.headers.get(name) == first.headers.get(name)


@pytest.mark.parametrize(
    "asked",
    [
        *("{tag}", "W/{tag}", '"other", {tag}', '{tag},"other"', '"a,b" , W/{tag} , "c"', "*", " * "),
        *('"{bare}-gzip"', 'W/"{bare}-gzip"', '"other", "{bare}-br"', '"{bare}-zstd","other"'),
    ],
)
def test_any_way_to_say_what_the_client_has_is_understood(client: FlaskClient, asked: str) -> None:
    tag = tag_of(client, RECORD)
    for method in ("GET", "HEAD"):
        answer = client.open(RECORD, method=method, headers={"If-None-Match": asked.format(tag=tag, bare=tag[1:-1])})
        assert (answer.status_code, answer.data) == (304, b"")


@pytest.mark.parametrize(
    "asked",
    [
        '"other"',
        'W/"other"',
        "",
        "{bare}",
        '"x{bare}"',
        '"{bare}-x"',
        '"-gzip"',
        '"{bare}-gzip-gzip"',
        '"',
        ",,,",
        '"*"',
    ],
)
def test_what_is_not_the_tag_gets_the_whole_answer(client: FlaskClient, asked: str) -> None:
    bare = tag_of(client, RECORD).strip('"')
    answer = client.get(RECORD, headers={"If-None-Match": asked.format(bare=bare)})
    assert answer.status_code == 200
    assert answer.get_json()["id"] == "sochi"


def test_a_tag_is_of_one_representation(client: FlaskClient) -> None:
    shapes = ("", "?fields=id", "?fields=id,kind", "?expand=places")
    assert len({tag_of(client, RECORD + shape) for shape in shapes}) == len(shapes)
    assert tag_of(client, "/v1/places/moscow") != tag_of(client, RECORD)
    assert tag_of(client, "/v1/places?limit=3") != tag_of(client, "/v1/places?limit=4")
    assert tag_of(client, RECORD) == tag_of(client, RECORD)


def test_a_problem_has_no_validator_and_is_never_304(client: FlaskClient) -> None:
    answer = client.get("/v1/places/nobody", headers={"If-None-Match": "*"})
    problem(answer, 404, "no-such-record")
    assert "ETag" not in answer.headers


@of_every_read
def test_caches_may_keep_an_answer_but_never_a_problem(client: FlaskClient, address: Address) -> None:
    age = "no-cache" if address.rule == "/v1/changes" else "max-age=60"
    assert client.get(address.path).headers["Cache-Control"] == f"public, {age}"
    assert client.get(address.asking("nonsense=1")).headers["Cache-Control"] == "no-store"


def test_health_is_always_asked_anew(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert (answer.get_json(), answer.headers["Cache-Control"]) == ({"status": "ok"}, "no-store")


# --- what the client accepts -----------------------------------------------------------------------------------------


@every(
    "accept",
    [
        "application/json",
        "*/*",
        "application/*",
        "",
        "text/html, application/json;q=0.1",
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
        "application/json, text/plain, */*",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "APPLICATION/JSON",
        "text/xml;q=abc, */*;q=0.1",
        "application/problem+json, application/json",
    ],
)
def test_json_is_given_to_whoever_takes_it(client: FlaskClient, accept: str) -> None:
    answer = client.get(RECORD, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.content_type == "application/json"


@pytest.mark.parametrize("accept", ["text/xml", "text/*", "application/xml", "application/json;q=0", "application/json;q=0.0, */*", "*/*;q=0", "application/*;q=0, text/plain", "text/html;q=0"])  # fmt: skip
def test_what_is_only_written_in_json_is_not_acceptable_otherwise(client: FlaskClient, accept: str) -> None:
    told = problem(client.get(RECORD, headers={"Accept": accept}), 406, "not-acceptable")
    assert "application/json" in told["detail"]


@of_every_read
def test_every_read_answers_in_json_or_to_a_person(client: FlaskClient, address: Address) -> None:
    problem(client.get(address.path, headers={"Accept": "text/plain"}), 406, "not-acceptable")
    page = client.get(address.path, headers={"Accept": "text/html"})
    assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")


CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
SAFARI = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("accept", [CHROME, SAFARI, "text/html"])
@pytest.mark.parametrize("path", ["/v1/vocabularies/acts", "/v1/places?limit=1", RECORD])
def test_a_browser_gets_a_page_with_what_programs_get(client: FlaskClient, path: str, accept: str) -> None:
    plain, page = client.get(path), client.get(path, headers={"Accept": accept})
    assert page.content_type == "text/html; charset=utf-8"
    assert page.headers["ETag"] != plain.headers["ETag"]
    assert page.headers.get("Link") == plain.headers.get("Link")
    assert {"Accept", "Accept-Encoding"} <= set(page.vary) & set(plain.vary)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    [shown] = re.findall(r'<pre dir="auto">(.*)</pre>', page.text, re.DOTALL)
    assert json.loads(unescape(re.sub("</?a[^>]*>", "", shown))) == plain.get_json()
    again = client.get(path, headers={"Accept": accept, "If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304
    packed = client.get(path, headers={"Accept": accept, "Accept-Encoding": "gzip"})
    is_packed = "Content-Encoding" in packed.headers  # not worth it for the shortest
    assert (gzip.decompress(packed.data) if is_packed else packed.data) == page.data


def test_links_of_a_page_lead_on_and_nothing_in_it_is_markup(client: FlaskClient) -> None:
    page = client.get("/v1/places?limit=1&q=%3Cscript%3E", headers={"Accept": CHROME}).text
    assert "<script>" not in page
    shown = client.get("/v1/places?limit=1", headers={"Accept": CHROME}).text
    assert '<a href="http://localhost/v1/places?limit=1&amp;cursor=' in shown
    assert '<a href="http://localhost/">' in shown  # the reading room


def test_a_browser_that_lost_its_way_is_answered_with_a_problem(client: FlaskClient) -> None:
    problem(client.get("/v1/places/nowhere-at-all", headers={"Accept": CHROME}), 404, "no-such-record")


# --- compression -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", ["gzip", "gzip, deflate, br, zstd", "*", "br;q=1, gzip;q=0.5", "GZIP", "x-gzip"])
def test_answers_are_compressed_for_whoever_accepts_that(client: FlaskClient, accept: str) -> None:
    plain, packed = client.get("/v1/statements"), client.get("/v1/statements", headers={"Accept-Encoding": accept})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) * 8 < len(plain.data)
    assert packed.content_length == len(packed.data)
    tags = [answer.headers["ETag"] for answer in (plain, packed)]
    assert tags[1] == f'{tags[0][:-1]}-gzip"'
    for tag in (*tags, f"W/{tags[0]}"):
        for headers, own in (({"Accept-Encoding": accept}, tags[1]), ({}, tags[0])):
            unchanged = client.get("/v1/statements", headers={**headers, "If-None-Match": tag})
            assert (unchanged.status_code, unchanged.headers["ETag"]) == (304, own)


@pytest.mark.parametrize("accept", ["", "identity", "br", "gzip;q=0", "gzip;q=0.0, *", "gzip;q=x", "*;q=0"])
def test_nobody_else_gets_compressed_answers(client: FlaskClient, accept: str) -> None:
    assert "Content-Encoding" not in client.get("/v1/statements", headers={"Accept-Encoding": accept}).headers


def test_what_is_short_is_not_compressed(client: FlaskClient) -> None:
    for path in ("/health", "/v1/places?limit=1&fields=id", "/v1/places/nowhere-at-all"):
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in answer.headers
        assert "gzip" not in answer.headers.get("ETag", "")


def test_pages_and_contracts_have_types_of_their_own(client: FlaskClient) -> None:
    assert client.get("/docs", headers={"Accept": "text/html,*/*;q=0.8"}).status_code == 200
    assert client.get("/openapi.yaml", headers={"Accept": "application/yaml"}).status_code == 200
    problem(client.get("/openapi.yaml", headers={"Accept": "application/json"}), 406, "not-acceptable")
    problem(client.get("/docs", headers={"Accept": "application/json"}), 406, "not-acceptable")


# --- browsers elsewhere ----------------------------------------------------------------------------------------------

ELSEWHERE = {"Origin": "https://reader.example"}


@of_every_address
def test_a_page_from_elsewhere_may_read_every_answer(client: FlaskClient, address: Address) -> None:
    answer = client.get(address.path, headers=ELSEWHERE)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Link", "Retry-After"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/places/nobody", 404),
        ("GET", "/v1/places?limit=0", 422),
        ("POST", "/v1/vocabularies", 405),
        ("GET", "/v1/places?q=" + "a" * 9000, 414),
    ],
)
def test_a_page_from_elsewhere_may_read_every_problem(
    client: FlaskClient, method: str, address: str, status: int
) -> None:
    answer = client.open(address, method=method, headers=ELSEWHERE)
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_preflight_allows_conditional_requests(client: FlaskClient) -> None:
    asked = {**ELSEWHERE, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    answer = client.options(RECORD, headers=asked)
    assert answer.status_code in (200, 204)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"].split(", ")
    assert "if-none-match" in answer.headers["Access-Control-Allow-Headers"].lower()
    assert int(answer.headers["Access-Control-Max-Age"]) > 0


# --- finding the way -------------------------------------------------------------------------------------------------


def _resolved(link: str) -> str:
    record_type = link.partition("/v1/")[2].split("/")[0]
    return link.replace("{id}", RECORDS.get(record_type, "")).replace("{n}", "1")


def test_everything_the_service_links_is_there(client: FlaskClient) -> None:
    links = ask(client, "/")["links"]
    least = {f"http://localhost{address.bare}": address.path for address in ADDRESSES}
    answers = {
        name: client.get(least.get(link, _resolved(link)), buffered=True).status_code for name, link in links.items()
    }
    assert answers == dict.fromkeys(links, 200)
    assert all(link.startswith("http://localhost/") for link in links.values())


def test_the_service_links_everything_there_is(client: FlaskClient) -> None:
    linked = {link.removeprefix("http://localhost") for link in ask(client, "/")["links"].values()}
    rules = {address.rule.replace("<", "{").replace(">", "}") for address in ADDRESSES} - {"/", "/docs/assets/{name}"}
    assert linked == rules


def test_everything_that_models_are_told_to_read_is_there(client: FlaskClient) -> None:
    links = re.findall(r"\]\(http://localhost(/[^)]*)\)", client.get("/llms.txt").get_data(as_text=True))
    answers = {}
    for link in links:
        with client.get(link) as answer:
            answers[link] = answer.status_code
    assert len(answers) > 12
    assert set(answers.values()) == {200}, answers


def test_the_service_links_its_contract_in_the_header(client: FlaskClient) -> None:
    link = client.get("/").headers["Link"]
    assert '<http://localhost/openapi.json>; rel="service-desc"' in link
    assert '<http://localhost/docs>; rel="service-doc"' in link


def test_the_reference_page_needs_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/docs").get_data(as_text=True)
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert sources
    for source in sources:
        assert client.get(f"/{source}").status_code == 200
    policy = client.get("/docs").headers["Content-Security-Policy"].split("; ")
    assert {f"{directive} 'none'" for directive in NOTHING_BY_DEFAULT} <= set(policy)


@pytest.mark.parametrize("host", ["a b", 'evil"><x', "example.org:notaport", "example.org/path"])
def test_no_link_is_made_of_a_host_that_can_t_be_one(client: FlaskClient, host: str) -> None:
    problem(client.get("/", headers={"Host": host}), 400, "bad-request")
