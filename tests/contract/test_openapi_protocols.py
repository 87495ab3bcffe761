"""What others have decided the form of is in the contract too, and is answered as documented, with real examples."""

import json
from typing import Any

from asking import mistakes
from documented import DOCUMENT, PROTOCOLS, READS, Node, require_documented, resolved, validator
from every import every
from flask import Flask
from flask.testing import FlaskClient

RECONCILE = "/reconcile/{record_type}"
REQUEST = DOCUMENT["paths"][RECONCILE]["post"]["requestBody"]["content"]
ALL = [("GET", path) for path in PROTOCOLS] + [("POST", RECONCILE)]


def examples(path: str, media_type: str) -> dict[str, Any]:
    content = resolved(READS[path].described["responses"]["200"])["content"][media_type]
    given = content.get("examples", {"example": {"value": content.get("example")}})
    for example in given.values():
        validator(content["schema"]).validate(example["value"])
    return {name: example["value"] for name, example in given.items()}


def asked(path: str, *names: str) -> str:
    parameters = READS[path].parameters
    given: dict[str, Node] = {name: parameters[name]["example"] for name in names}
    return READS[path].path.format(**READS[path].path_examples) + "?" + "&".join(f"{k}={v}" for k, v in given.items())


def test_the_examples_are_what_the_service_answers_on_the_corpus(client: FlaskClient) -> None:
    answers = examples(RECONCILE, "application/json")
    for name, of in (("queries", "candidates"), ("extend", "extension")):
        answer = client.get(asked(RECONCILE, name))
        require_documented(RECONCILE, answer)
        assert answer.get_json() == answers[of]
    [body] = {json.dumps(content["example"]) for content in REQUEST.values()}
    assert client.post("/reconcile/speakers", json=json.loads(body)).get_json() == answers["candidates"]
    suggested = client.get(asked(f"{RECONCILE}/suggest/{{kind}}", "prefix")).get_json()
    assert suggested == examples(f"{RECONCILE}/suggest/{{kind}}", "application/json")["example"]
    proposed = client.get(asked(f"{RECONCILE}/properties", "type", "limit")).get_json()
    assert proposed == examples(f"{RECONCILE}/properties", "application/json")["example"]
    manifest = client.get("/reconcile/speakers")
    require_documented(RECONCILE, manifest)
    for path in (f"{RECONCILE}/preview", "/contexts/1.jsonld"):
        require_documented(path, client.get(asked(path, *(["id"] if "preview" in path else []))))
    jsonp = client.get(asked(RECONCILE, "callback"))
    assert jsonp.content_type in resolved(READS[RECONCILE].described["responses"]["200"])["content"]
    require_documented(RECONCILE, jsonp)


@every(("method", "path"), ALL)
def test_whatever_is_asked_is_answered_as_documented(app: Flask, method: str, path: str) -> None:
    from fuzzing import BOUNDED, contract
    from hypothesis import given, settings

    @given(case=contract()[path][method].as_strategy())
    @settings(BOUNDED, max_examples=8)
    def ask(case: Any) -> None:
        case.call_and_validate(headers={"Accept-Encoding": "identity"}, app=app)

    ask()


def test_what_is_not_there_is_a_documented_problem(client: FlaskClient) -> None:
    for path in ("/reconcile/ships", "/reconcile/ships/suggest/entity", "/reconcile/speakers/suggest/ship"):
        answer = client.get(path)
        assert answer.status_code == 404
        require_documented(RECONCILE, answer)
    without: tuple[dict[str, Any], ...] = (
        {"data": {"query": "Lavrov"}},
        {"data": "{}", "content_type": "text/plain"},
        {"json": {}},
    )
    for sent in without:
        answer = client.post("/reconcile/speakers", **sent)
        assert answer.status_code == 422
        assert "'extend'" in answer.text
    assert mistakes(client.get("/reconcile/speakers?query=Lavrov")) == ["queries"]
    assert client.post("/reconcile/speakers", json={"queries": "x" * 3_000_000}).status_code == 413
