"""The rules of the annotation guide that can be checked without the articles' words. Each test lists what breaks its rule."""

import re
from collections import defaultdict
from collections.abc import Iterator

from corpus_records import Document, ids, records, reported, reports_of, speakers_of

from schemas.records.vocabularies import documents
from schemas.values import dates

STATEMENTS = records("statements")


def kind_of(record_type: str, record_id: str) -> str:
    return str(records(record_type)[record_id]["kind"])


def is_outlet(speaker: str) -> bool:
    return kind_of("speakers", speaker) == "media"


def days(record_type: str, record_id: str) -> dates.Days:
    return dates.parse(records(record_type)[record_id]["date"])


def by_communique() -> dict[str, list[Document]]:
    """The statements of each communique."""
    statements = defaultdict(list)
    for statement in STATEMENTS.values():
        if statement["communique"]:
            statements[statement["communique"]["id"]].append(statement)
    return statements


# --- when ---------------------------------------------------------------------------------------------------------------


def test_every_statement_has_a_first_and_a_last_day() -> None:
    """An office, a war or the page itself always gives one."""
    spans = {record_id: dates.parse(statement["date"]) for record_id, statement in STATEMENTS.items()}
    assert [i for i, span in spans.items() if span.earliest == dates.FIRST_DAY or span.latest == dates.LAST_DAY] == []


def test_nobody_counts_the_losses_of_a_fight_before_the_day_after_it_began() -> None:
    assert [
        (record_id, figure["event"]["id"])
        for record_id, statement in STATEMENTS.items()
        for figure in statement["figures"]
        if figure["event"] and figure["measure"].endswith(("-killed", "-injured"))
        if dates.parse(statement["date"]).earliest <= days("events", figure["event"]["id"]).earliest
    ] == []


WITHOUT_A_YEAR = {
    "statements": {"putin-decrees-humanitarian-response-centre-2020-11-13"},
    "events": {"sochi-summit-2021-11-26", "september-2022-border-clashes"},
    "communiques": {"putin-decree-2020-11-13"},
}
"""Records whose page gives a day and a month, from which their year had to be worked out."""


def test_a_date_whose_year_was_worked_out_is_not_stated() -> None:
    bases = {records(record_type)[i]["date_basis"] for record_type, missing in WITHOUT_A_YEAR.items() for i in missing}
    assert bases == {"relative-resolved"}


def test_what_was_said_at_an_occasion_is_dated_as_the_occasion_is() -> None:
    """The same day is known in the same way, of the occasion and of every text and statement made at it."""
    made_there = [
        (record["id"], record["date_basis"], occasion["date_basis"])
        for record_type in ("statements", "communiques")
        for record in records(record_type).values()
        if record["event"] and record.get("kind") != "readout"
        for occasion in [records("events")[record["event"]["id"]]]
        if record["date"] == occasion["date"]
    ]
    assert made_there
    assert [record for record in made_there if record[1] != record[2]] == []


def test_a_status_has_a_day_and_agrees_with_the_milestones_up_to_it() -> None:
    for agreement in records("agreements").values():
        as_of = dates.parse(agreement["status_as_of"])
        milestones = {milestone["kind"]: dates.parse(milestone["date"]) for milestone in agreement["milestones"]}
        assert all(day.earliest <= as_of.latest for day in milestones.values()), agreement["id"]
        assert (agreement["status"] == "broken") == ("broken" in milestones), agreement["id"]
        assert (agreement["status"] in ("in-force", "broken")) == ("in-force" in milestones), agreement["id"]
        if agreement["status"] in ("proposed", "under-negotiation"):
            assert not milestones.keys() & {"signed", "announced", "in-force"}, agreement["id"]
        if agreement["status"] == "announced":
            assert "announced" in milestones, agreement["id"]


def test_an_agreement_has_signatories_if_it_was_signed() -> None:
    signed = {
        agreement["id"]
        for agreement in records("agreements").values()
        if "signed" in {milestone["kind"] for milestone in agreement["milestones"]}
    }
    assert signed == {agreement["id"] for agreement in records("agreements").values() if agreement["signatories"]}


def test_only_a_side_to_an_agreement_signs_announces_or_commits_to_it() -> None:
    """Whoever tells that others did so describes the agreement."""
    for record_id, statement in STATEMENTS.items():
        for reference in statement["agreements"]:
            agreement = records("agreements")[reference["agreement"]["id"]]
            if reference["relation"] in ("signs", "announces", "commits-to"):
                assert (speakers_of(statement) | ids(statement["on_behalf_of"])) & ids(agreement["parties"]), record_id
            if reference["relation"] == "signs":
                assert agreement["signatories"], record_id


def test_what_an_outlet_says_itself_has_the_day_of_the_page() -> None:
    """The day is the dateline if the page states it. If it was worked out, so was that of the statement."""
    own = [
        (statement["id"], statement["date"], statement["date_basis"], article)
        for statement, _, article in reported()
        if all(map(is_outlet, speakers_of(statement)))
    ]
    assert own
    for record_id, date, basis, article in own:
        assert date == article["published"], record_id
        assert basis == ("dateline" if article["date_basis"] == "stated" else "inferred"), record_id


# --- who, to whom, of whom ----------------------------------------------------------------------------------------------

DIRECTED_ACTS = set(
    "accuse apologise commend condemn condole congratulate criticise demand express-satisfaction express-support forgive invite offer "
    "protest recognise request take-note thank threaten urge welcome".split()
)
"""Acts that are nothing without somebody at whom they are directed."""


def test_an_act_that_is_directed_at_somebody_has_a_target() -> None:
    assert [i for i, each in STATEMENTS.items() if each["act"] in DIRECTED_ACTS and not each["targets"]] == []


def test_nobody_is_spoken_to_who_was_not_there() -> None:
    """An addressee is in the event at which the words were spoken."""
    assert [
        record_id
        for record_id, statement in STATEMENTS.items()
        if statement["addressees"]
        if not statement["event"]
        or not ids(statement["addressees"])
        <= ids([item["speaker"] for item in records("events")[statement["event"]["id"]]["participants"]])
    ] == []


def test_everything_that_was_said_to_a_council_has_it_as_addressee() -> None:
    statements = by_communique()["miroslav-jenca-address-2022-09-15"]
    assert {frozenset(ids(statement["addressees"])) for statement in statements} == {frozenset({"un-security-council"})}


def test_speakers_and_those_for_whom_they_speak_are_no_targets() -> None:
    assert [
        record_id
        for record_id, statement in STATEMENTS.items()
        if (speakers_of(statement) | ids(statement["on_behalf_of"])) & ids(statement["targets"])
    ] == []


def test_where_an_official_is_a_target_so_is_the_state_or_organization() -> None:
    assert [
        (record_id, target)
        for record_id, statement in STATEMENTS.items()
        for target in ids(statement["targets"])
        if kind_of("speakers", target) == "person" and not sides(target) & ids(statement["targets"])
    ] == []


def sides(person: str) -> set[str]:
    """The tops above the organizations of a person's offices."""
    return {top(office["organization"]["id"]) for office in records("speakers")[person]["offices"]}


def top(speaker: str) -> str:
    above = records("speakers")[speaker]["part_of"]
    return top(above["id"]) if above else speaker


def test_whoever_speaks_by_mandate_speaks_for_somebody() -> None:
    assert [
        record_id
        for record_id, statement in STATEMENTS.items()
        if "spokesperson" in {item["capacity"] for item in statement["speakers"]}
        if not statement["on_behalf_of"]
        or not {i["speaker"]["id"] for i in statement["speakers"] if i["capacity"] == "author"}
        <= ids(statement["on_behalf_of"])
    ] == []


def test_own_losses_are_reported_and_those_of_the_other_side_asserted() -> None:
    states = {i: s for i, s in STATEMENTS.items() if s["figures"] and speakers_of(s) <= {"armenia", "azerbaijan"}}
    assert {
        record_id: statement["act"]
        for record_id, statement in states.items()
        for figure in statement["figures"]
        if figure["measure"] != "remains-offered"
        if statement["act"] != ("report" if figure["party"] == figure["claimant"] else "assert")
    } == {}


# --- texts and occasions ------------------------------------------------------------------------------------------------


def test_a_statement_was_made_at_the_occasion_of_its_communique() -> None:
    """An event that a text is about is no occasion of it: then neither has one."""
    assert [
        (communique, statement["id"])
        for communique, statements in by_communique().items()
        for statement in statements
        if statement["event"] != records("communiques")[communique]["event"]
    ] == []


def test_a_joint_statement_is_issued_by_those_who_speak_in_it() -> None:
    assert [
        communique
        for communique, statements in by_communique().items()
        if kind_of("communiques", communique) == "joint-statement"
        if {frozenset(speakers_of(statement)) for statement in statements}
        != {frozenset(ids(records("communiques")[communique]["issuers"]))}
    ] == []


def test_whoever_issues_a_communique_has_a_part_in_its_statements() -> None:
    for communique, statements in by_communique().items():
        parts = {
            *(i for statement in statements for i in speakers_of(statement) | ids(statement["on_behalf_of"])),
            *(
                link["agent"]["id"]
                for statement in statements
                for report in statement["reports"]
                for link in report["chain"]
                if link["role"] == "issued"
            ),
            *(
                office["organization"]["id"]
                for statement in statements
                for item in statement["speakers"]
                for office in records("speakers")[item["speaker"]["id"]]["offices"]
                if item["office"] and office["id"] == item["office"]["id"]
            ),
        }
        assert ids(records("communiques")[communique]["issuers"]) <= parts, communique


def test_what_is_said_to_a_council_are_remarks() -> None:
    at_councils = {
        communique["id"]: communique["kind"]
        for communique in records("communiques").values()
        if communique["event"] and kind_of("events", communique["event"]["id"]) == "council-session"
    }
    assert at_councils
    assert set(at_councils.values()) == {"remarks"}


def test_all_of_one_text_on_one_page_came_by_the_same_outlets() -> None:
    """An agency that is named once carries over to whatever the page has of the same text."""
    ways: dict[tuple[str, str], set[tuple[tuple[str, str], ...]]] = defaultdict(set)
    for statement, report, article in reported():
        if statement["communique"]:
            ways[statement["communique"]["id"], article["id"]].add(outlets_of(report))
    assert {text: found for text, found in ways.items() if len(found) > 1} == {}


def outlets_of(report: Document) -> tuple[tuple[str, str], ...]:
    return tuple((each["agent"]["id"], each["role"]) for each in report["chain"] if is_outlet(each["agent"]["id"]))


def test_who_signs_an_agreement_speaks_as_its_signatory() -> None:
    """A text that the page does not call signed is only announced."""
    assert [
        statement["id"]
        for statement in STATEMENTS.values()
        if ({item["capacity"] for item in statement["speakers"]} == {"signatory"})
        != ("signs" in {entry["relation"] for entry in statement["agreements"]})
    ] == []


def test_the_label_of_an_agreement_is_a_phrase_of_at_most_ten_words() -> None:
    labels = [(i, entry["label"] or "") for i, each in STATEMENTS.items() for entry in each["agreements"]]
    assert [(i, label) for i, label in labels if not 1 <= len(label.split()) <= 10] == []


# --- the page's words ---------------------------------------------------------------------------------------------------

QUOTED = {
    "security-council-south-caucasus-2022": [(518, 691, "miroslav-jenca")],
    "sochi-trilateral-summit-2022": [
        (869, 939, "vladimir-putin"),
        (1499, 1665, "vladimir-putin"),
        (1696, 1702, "vladimir-putin"),
        (1840, 1930, "vladimir-putin"),
    ],
    "un-news-sochi-trilateral-meeting-2021": [
        (353, 388, "office-of-the-un-spokesperson"),
        (1447, 1590, "stephane-dujarric"),
        (1652, 1701, "stephane-dujarric"),
        (1728, 1739, "stephane-dujarric"),
        (1939, 2021, "stephane-dujarric"),
        (2032, 2159, "stephane-dujarric"),
    ],
    "vision-group-lavrov-guterres-2020": [(1071, 1247, "russian-foreign-ministry")],
    "vision-group-lavrov-mirzoyan-2021": [
        (262, 467, "russian-foreign-ministry"),
        (581, 764, "russian-foreign-ministry"),
        (798, 940, "russian-foreign-ministry"),
        (1103, 1268, "russian-foreign-ministry"),
        (1406, 1652, "russian-foreign-ministry"),
        (1714, 1941, "russian-foreign-ministry"),
    ],
}
"""What stands in quotation marks on each page, by position, and whose words these are."""


def quoted_there(report: Document) -> set[str]:
    """Those whose words in quotation marks the evidence of a report touches."""
    return {
        owner
        for start, end, owner in QUOTED[report["article"]["id"]]
        for span in report["evidence"]
        if span["start"] < end and start < span["end"]
    }


def mandated(report: Document) -> set[str]:
    """The office of an unnamed spokesperson: it puts words down by mandate."""
    return {"office-of-the-un-spokesperson"} & {link["agent"]["id"] for link in report["chain"]}


def issuers(report: Document) -> set[str]:
    """Those who put a speaker's words out, offices that have a mandate for it aside."""
    return {link["agent"]["id"] for link in report["chain"] if link["role"] == "issued"} - mandated(report)


def voices(statement: Document, report: Document) -> set[str]:
    """The speakers, and whoever put their words down by mandate."""
    return speakers_of(statement) | (mandated(report) if not issuers(report) else set())


def test_direct_is_what_has_its_own_speakers_words_in_quotation_marks() -> None:
    assert [
        (statement["id"], report["mode"])
        for statement, report, _ in reported()
        if report["mode"] != "joint"
        if (report["mode"] == "direct") != bool(quoted_there(report) & voices(statement, report))
    ] == []


def test_joint_is_what_several_issued_as_one_text() -> None:
    def in_one_text(statement: Document) -> bool:
        communique = statement["communique"]
        return bool(communique) and kind_of("communiques", communique["id"]) == "joint-statement"

    assert [
        (statement["id"], report["mode"])
        for statement, report, _ in reported()
        if (report["mode"] == "joint") != (len(statement["speakers"]) > 1 and in_one_text(statement))
    ] == []


def test_what_another_tells_of_a_speaker_is_not_the_outlets_paraphrase() -> None:
    """Whoever issued words without having spoken them stands between the speaker and the outlet."""
    assert [
        statement["id"]
        for statement, report, _ in reported()
        if report["mode"] == "paraphrase" and issuers(report) - speakers_of(statement)
    ] == []


def test_an_outlet_that_claims_something_has_words_of_its_own() -> None:
    """What an outlet only presupposes within another's statement is an event, not a claim of the outlet."""
    for statement, report, article in reported():
        if all(map(is_outlet, speakers_of(statement))):
            others = set(characters_of_others(article["id"]))
            own = {position for span in report["evidence"] for position in range(span["start"], span["end"])}
            assert own - others, statement["id"]


def characters_of_others(article: str) -> Iterator[int]:
    """The positions that carry what others than outlets said."""
    for statement in STATEMENTS.values():
        if not all(map(is_outlet, speakers_of(statement))):
            for report, _ in (each for each in reports_of(statement) if each[1]["id"] == article):
                for span in report["evidence"]:
                    yield from range(span["start"], span["end"])


# --- topics and places --------------------------------------------------------------------------------------------------

APART = [{"covid-19", "vaccines"}, {"settlement", "peace-treaty"}, {"mediation", "regional-organizations"}]
"""Topics of which one leaves the other aside, by its definition or by the guide."""


def test_topics_that_exclude_one_another_are_not_tagged_together() -> None:
    assert [i for i, each in STATEMENTS.items() for pair in APART if pair <= set(each["topics"])] == []


COUNTRIES = {
    "armenia-accuses-azerbaijan-of-occupying-territory-2022-09": {"armenia"},
    "lavrov-guterres-discuss-libya-and-yemen-2020-12": {"libya", "yemen"},
}
"""The statements that speak of a country as a territory. A country as a party is a target."""


def test_a_country_is_a_place_only_of_what_speaks_of_its_territory() -> None:
    countries = {
        record_id: {place for place in ids(each["places"]) if kind_of("places", place) == "country"}
        for record_id, each in STATEMENTS.items()
    }
    assert {record_id: places for record_id, places in countries.items() if places} == COUNTRIES


def test_a_venue_is_a_place_of_its_event_not_of_what_was_said_there() -> None:
    assert [
        record_id
        for record_id, statement in STATEMENTS.items()
        if any(kind_of("places", place) == "venue" for place in ids(statement["places"]))
    ] == []


# --- names --------------------------------------------------------------------------------------------------------------


def test_a_person_with_a_russian_name_has_an_armenian_and_an_azerbaijani_one() -> None:
    people = [each for each in records("speakers").values() if each["kind"] == "person" and "ru" in each["name"]]
    assert [person["id"] for person in people if not {"hy", "az"} <= person["name"].keys()] == []


SHORT_FOR_A_MINISTRY = re.compile(r"\b(MFA|МИД|ԱԳՆ|XİN)\b")


def test_a_name_with_the_initials_of_a_ministry_is_an_abbreviation() -> None:
    kinds = {
        alias["value"]: alias["kind"]
        for speaker in records("speakers").values()
        for alias in speaker["aliases"]
        if SHORT_FOR_A_MINISTRY.search(alias["value"])
    }
    assert kinds
    assert set(kinds.values()) == {"abbreviation"}


# --- terms --------------------------------------------------------------------------------------------------------------


def test_the_corpus_uses_no_deprecated_term() -> None:
    deprecated = {
        (vocabulary, term["id"])
        for vocabulary, document in documents().items()
        for term in document["terms"]
        if term.get("deprecated")
    }
    assert deprecated & {("acts", statement["act"]) for statement in STATEMENTS.values()} == set()
    assert deprecated & {("topics", topic) for each in STATEMENTS.values() for topic in each["topics"]} == set()
