"""What holds for every record of the corpus, whatever it says."""

import json
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from corpus_records import FILES, Document, records, reports_of
from every import every

from api.documents.record_types import RECORD_TYPES
from schemas.fields import Reference
from schemas.values import dates
from schemas.walking import walk

ARABIC = re.compile(r"[\u0600-\u06ff0-9 .,:()«»/\-]+|V|COVID")
LATIN = re.compile(r"[A-Za-zčáéíó0-9 .,:;()'\-]+")


def each_statement(check: Callable[[Document], None]) -> Callable[[], None]:
    """One test that every statement of the corpus passes a check; a failure names the statement."""

    def test() -> None:
        for statement in records("statements").values():
            try:
                check(statement)
            except AssertionError as error:
                error.add_note(statement["id"])
                raise

    test.__doc__ = check.__doc__
    return test


# --- files ------------------------------------------------------------------------------------------------------------


def test_files_are_named_after_their_records() -> None:
    assert [file for file in FILES if json.loads(file.read_bytes())["id"] != file.stem] == []


def test_files_are_written_the_one_way_there_is() -> None:
    assert FILES
    for file in FILES:
        written = file.read_bytes().decode()
        assert written == json.dumps(json.loads(written), ensure_ascii=False, indent=2) + "\n", file


@pytest.mark.parametrize("record_type", sorted(RECORD_TYPES.keys() - {"vocabularies"}))
def test_records_pass_their_schema_and_use_only_terms_that_exist(record_type: str) -> None:
    assert records(record_type).keys() == {file.stem for file in FILES if file.parent.name == record_type}


# --- evidence ---------------------------------------------------------------------------------------------------------


@each_statement
def test_evidence_lies_in_its_article_in_order_and_without_overlap(statement: Document) -> None:
    for report, article in reports_of(statement):
        spans = [(span["start"], span["end"]) for span in report["evidence"]]
        assert spans == sorted(spans)
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        assert spans[-1][1] <= article["length"]


@each_statement
def test_evidence_is_neither_a_scrap_nor_a_page(statement: Document) -> None:
    for report, _ in reports_of(statement):
        lengths = [span["end"] - span["start"] for span in report["evidence"]]
        assert all(5 <= length <= 700 for length in lengths)
        assert sum(lengths) >= 25


def test_no_two_statements_rest_on_the_same_words_for_the_same_act_of_the_same_speakers() -> None:
    grounds = Counter(
        (
            article["id"],
            tuple(span["start"] for span in report["evidence"]),
            statement["act"],
            tuple(item["speaker"]["id"] for item in statement["speakers"]),
        )
        for statement in records("statements").values()
        for report, article in reports_of(statement)
    )
    assert [ground for ground, times in grounds.items() if times > 1] == []


# --- attribution ------------------------------------------------------------------------------------------------------


@each_statement
def test_a_chain_ends_with_the_publisher_of_the_page(statement: Document) -> None:
    for report, article in reports_of(statement):
        published = [link["agent"]["id"] for link in report["chain"] if link["role"] == "published"]
        assert published == [article["publisher"]["id"]]
        assert report["chain"][-1]["role"] == "published"


@each_statement
def test_every_speaker_stands_in_every_chain(statement: Document) -> None:
    speakers = {item["speaker"]["id"] for item in statement["speakers"]}
    for report, _ in reports_of(statement):
        assert speakers <= {link["agent"]["id"] for link in report["chain"]}


@each_statement
def test_only_speakers_spoke(statement: Document) -> None:
    speakers = {item["speaker"]["id"] for item in statement["speakers"]}
    for report, _ in reports_of(statement):
        assert {link["agent"]["id"] for link in report["chain"] if link["role"] == "spoke"} <= speakers


@each_statement
def test_roles_in_a_chain_lead_from_the_speaker_to_the_page(statement: Document) -> None:
    order = ["spoke", "issued", "relayed", "reported", "published"]
    for report, _ in reports_of(statement):
        roles = [order.index(link["role"]) for link in report["chain"]]
        assert roles == sorted(roles)


def test_agencies_in_chains_are_credited_on_their_page_or_named_in_its_text() -> None:
    carried = {
        (article["id"], link["agent"]["id"])
        for statement in records("statements").values()
        for report, article in reports_of(statement)
        for link in report["chain"]
        if link["role"] in ("relayed", "reported")
    }
    credited = {
        (article["id"], credit["agency"]["id"])
        for article in records("articles").values()
        for credit in article["credits"]
    }
    assert carried - credited == {("security-council-south-caucasus-2022", "ria-novosti")}


def test_each_article_is_carried_by_its_own_agents() -> None:
    agents: dict[str, set[str]] = {}
    for statement in records("statements").values():
        for report, article in reports_of(statement):
            media = {
                link["agent"]["id"]
                for link in report["chain"]
                if records("speakers")[link["agent"]["id"]]["kind"] == "media"
            }
            agents.setdefault(article["id"], set()).update(media)
    assert agents == {
        "un-news-sochi-trilateral-meeting-2021": {"un-news"},
        "vision-group-lavrov-guterres-2020": {"tass", "russia-islamic-world-vision-group"},
        "vision-group-lavrov-mirzoyan-2021": {"tass", "russia-islamic-world-vision-group"},
        "sochi-trilateral-summit-2022": {"sputnik", "tass", "unidentified-outlet-sochi-2022"},
        "security-council-south-caucasus-2022": {"anadolu", "ria-novosti", "al-jazeera"},
    }


# --- people and days --------------------------------------------------------------------------------------------------


@each_statement
def test_a_person_speaks_in_an_office_held_that_day(statement: Document) -> None:
    said = dates.parse(statement["date"])
    for item in statement["speakers"]:
        speaker = records("speakers")[item["speaker"]["id"]]
        assert (item["office"] is not None) == (speaker["kind"] == "person")
        if item["office"] is not None:
            (office,) = [office for office in speaker["offices"] if office["id"] == item["office"]["id"]]
            held = dates.parse(f"{office['from'] or '..'}/{office['to'] or '..'}")
            assert held.earliest <= said.earliest
            assert said.latest <= held.latest


def test_participants_and_signatories_held_their_office_that_day() -> None:
    days = [
        (item, dates.parse(event["date"]))
        for event in records("events").values()
        for item in event["participants"]
        if item["office"]
    ]
    days += [
        (item, dates.parse(agreement["milestones"][0]["date"]))
        for agreement in records("agreements").values()
        for item in agreement["signatories"]
    ]
    assert days
    for item, day in days:
        (office,) = [
            office
            for office in records("speakers")[item["speaker"]["id"]]["offices"]
            if office["id"] == item["office"]["id"]
        ]
        held = dates.parse(f"{office['from'] or '..'}/{office['to'] or '..'}")
        assert held.earliest <= day.earliest
        assert day.latest <= held.latest


@each_statement
def test_nothing_was_said_after_it_was_published(statement: Document) -> None:
    said = dates.parse(statement["date"])
    for _, article in reports_of(statement):
        published = dates.parse(article["published"])
        assert said.earliest <= published.earliest
        assert said.latest <= published.latest


@each_statement
def test_a_statement_made_on_an_occasion_was_made_in_its_days(statement: Document) -> None:
    if statement["event"] is not None:
        said, held = dates.parse(statement["date"]), dates.parse(records("events")[statement["event"]["id"]]["date"])
        assert held.earliest <= said.latest
        assert said.earliest <= held.latest


# --- references -------------------------------------------------------------------------------------------------------

UNREFERENCED = {
    ("places", "baku"): "The pages name it for the state, and the statements refer to that.",
    ("places", "agdam-district"): "Point 2 of the statement of 9 November 2020 is about it.",
    ("places", "kalbajar-district"): "Point 6 of the statement of 9 November 2020 is about it.",
    ("places", "lachin-district"): "Point 6 of the statement of 9 November 2020 is about it.",
}
"""The records that no other refers to, each with the reason why it is there. The list should stay short."""


def referred_to() -> dict[str, set[str]]:
    """The ids that any record refers to, by record type; what a record says of itself does not count."""
    seen: dict[str, set[str]] = {}
    for record_type in RECORD_TYPES.keys() - {"vocabularies"}:
        for document in records(record_type).values():
            for visit in walk(RECORD_TYPES[record_type].schema, document):
                if isinstance(visit.field, Reference) and (visit.field.record_type, visit.value["id"]) != (
                    record_type,
                    document["id"],
                ):
                    seen.setdefault(visit.field.record_type, set()).add(visit.value["id"])
    return seen


@pytest.mark.parametrize("record_type", ["speakers", "agreements", "events", "places", "communiques", "articles"])
def test_every_record_is_there_for_a_reason(record_type: str) -> None:
    unused = records(record_type).keys() - referred_to().get(record_type, set())
    assert unused == {record_id for kind, record_id in UNREFERENCED if kind == record_type}


# --- words ------------------------------------------------------------------------------------------------------------


@each_statement
def test_a_summary_is_one_sentence_in_arabic_and_one_in_english(statement: Document) -> None:
    summary = statement["summary"]
    assert set(summary) == {"ar", "en"}
    assert all(20 <= len(text) <= 400 and text.endswith(".") for text in summary.values())
    assert ARABIC.sub("", summary["ar"]) == ""
    assert LATIN.sub("", summary["en"]) == ""


@pytest.mark.parametrize("language", ["ar", "en"])
def test_no_two_summaries_are_the_same(language: str) -> None:
    told = Counter(statement["summary"][language] for statement in records("statements").values())
    assert [text for text, times in told.items() if times > 1] == []


def test_summaries_are_written_alike() -> None:
    arabic = [statement["summary"]["ar"] for statement in records("statements").values()]
    english = [statement["summary"]["en"] for statement in records("statements").values()]
    assert not [text for text in arabic if "\u0627\u064b" in text or "\u0640" in text]  # tanwin stands before its alef
    assert not [text for text in arabic if re.search("كاراباخ|تشرين|كانون|أيلول|جينكا", text)]
    assert not [text for text in english if re.search(r"(?<!Nagorno-)Karabakh|(?<!OSCE )Minsk Group", text)]


@each_statement
def test_a_summary_names_its_speakers(statement: Document) -> None:
    for item in statement["speakers"][:1]:
        speaker = records("speakers")[item["speaker"]["id"]]
        for language, text in statement["summary"].items():
            aliases = [alias["value"] for alias in speaker["aliases"] if alias["lang"] == language]
            names = [speaker["name"][language], *aliases, *SHORT_NAMES.get(speaker["id"], [])]
            assert any(name in text for name in names)


SHORT_NAMES = {
    "russia-islamic-world-vision-group": ["مجموعة الرؤية", "Vision Group"],
    "unidentified-outlet-sochi-2022": ["وسيلة الإعلام الناشرة للتقرير", "The publishing outlet"],
    "russian-foreign-ministry": ["Russia's Foreign Ministry"],
    "osce-minsk-group-co-chairs": ["OSCE Minsk Group co-chairs"],
}


def test_every_point_of_an_agreement_is_summarised_in_both_languages() -> None:
    for agreement in records("agreements").values():
        for provision in agreement["provisions"]:
            assert set(provision["summary"]) == {"ar", "en"}
            assert all(20 <= len(text) <= 400 for text in provision["summary"].values())
        assert [p["number"] for p in agreement["provisions"]] == list(range(1, len(agreement["provisions"]) + 1))


# --- names ------------------------------------------------------------------------------------------------------------

NAMED = [
    pytest.param(document, id=f"{record_type}/{document['id']}")
    for record_type in ("speakers", "agreements", "events", "places")
    for document in records(record_type).values()
]


@every("record", NAMED)
def test_a_record_is_named_in_arabic_and_english_and_no_alias_repeats_a_name(record: Document) -> None:
    assert {"ar", "en"} <= set(record["name"])
    names = {(lang, value) for lang, value in record["name"].items()}
    aliases = [(alias["lang"], alias["value"]) for alias in record["aliases"]]
    assert not names & set(aliases)
    assert len(aliases) == len(set(aliases))
