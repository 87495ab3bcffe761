"""The terms: what they all have, and that none of them vanishes."""

from pathlib import Path

import pytest
from every import every

from schemas.records.vocabularies import VocabularySchema, documents

PUBLISHED = (Path(__file__).parent / "published_terms.txt").read_text(encoding="utf-8").split()
ACTS = {term["id"]: term for term in documents()["acts"]["terms"]}


def test_a_published_term_stays_and_a_new_one_is_published() -> None:
    """Records hold terms for good. A term that should no longer be used is deprecated."""
    terms = {f"{name}/{term['id']}" for name, document in documents().items() for term in document["terms"]}
    assert terms == set(PUBLISHED)
    assert len(PUBLISHED) == len(terms)


@pytest.mark.parametrize("vocabulary", documents())
def test_terms_are_labelled_and_defined_in_arabic_and_english_and_apart(vocabulary: str) -> None:
    terms = VocabularySchema().load(documents()[vocabulary])["terms"]
    for term in terms:
        assert {"ar", "en"} <= set(term["label"]), term["id"]
        assert {"ar", "en"} <= set(term["definition"]), term["id"]
    for language in ("ar", "en"):
        assert len({term["label"][language] for term in terms}) == len(terms)
        assert len({term["definition"][language] for term in terms}) == len(terms)


def test_a_deprecated_term_names_those_that_replace_it() -> None:
    for document in documents().values():
        current = {term["id"] for term in document["terms"] if not term.get("deprecated")}
        for term in document["terms"]:
            assert set(term.get("replaced_by", ())) <= current
            assert bool(term.get("deprecated")) >= bool(term.get("replaced_by"))


@every("act", ACTS)
def test_an_act_has_the_verbs_that_carry_it(act: str) -> None:
    assert set(ACTS[act]["verbs"]) == {"ar", "en"}
    for verbs in ACTS[act]["verbs"].values():
        assert 1 <= len(verbs) == len(set(verbs))
        assert all(verb == " ".join(verb.split()) for verb in verbs)


NEEDED = """
    thank congratulate condole condemn reject threaten demand invite propose apologise recognise decline-to-comment
    concur instruct
"""


def test_the_acts_serve_diplomacy_and_not_five_articles() -> None:
    assert set(NEEDED.split()) <= set(ACTS)


CAMEO_VERBAL = "011 012 013 014 015 016 017 018 019 02 03 04 051 052 054 055 056 10 111 112 114 12 13".split()
"""CAMEO's codes of speech, from 01 (make a public statement) to 13 (threaten); 01 itself is no act but any of them."""


def test_every_verbal_code_of_cameo_has_an_act() -> None:
    values = {i["value"] for act in ACTS.values() for i in act.get("identifiers", ()) if i["scheme"] == "cameo"}
    assert set(CAMEO_VERBAL) - values == set()


OF_RESOLUTIONS = """
    accept, acknowledge, adopt, affirm, appeal to, appeal for, appreciate, approve, authorize, call for, call on, call upon, commend, condemn,
    congratulate, decide, declare, demand, deplore, deprecate, designate, direct, draw attention to, emphasize, encourage, endorse, express concern,
    express hope, express regret, express satisfaction, express support, instruct, invite, note, pay tribute to, proclaim, reaffirm, recall,
    recognize, recommend, regret, reiterate, reject, remind, request, resolve, stress, support, take note, thank, trust that, underline, urge,
    warn, welcome
"""
"""The verbs that begin the paragraphs of United Nations resolutions."""


def test_every_verb_of_united_nations_resolutions_is_carried_by_an_act() -> None:
    carried = {verb for act in ACTS.values() for verb in act["verbs"]["en"]}
    assert {" ".join(verb.split()) for verb in OF_RESOLUTIONS.split(",")} - carried == set()
