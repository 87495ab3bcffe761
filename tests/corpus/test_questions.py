"""What a careful reader of the five articles asks, and what the service must answer: no record more and none less."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from every import every
from flask.testing import FlaskClient


def answer(client: FlaskClient, path: str, query: str = "") -> Any:
    response = client.get(path, query_string=parse_qsl(query, strict_parsing=bool(query)))
    assert response.status_code == 200, response.text
    return response.get_json()


def found(client: FlaskClient, record_type: str, query: str) -> set[str]:
    page = answer(client, f"/v1/{record_type}", f"{query}&limit=200&fields=id")
    assert page["page"]["next"] is None
    return {record["id"] for record in page["data"]}


# --- statements that are asked for more than once ---------------------------------------------------------------------

SPOKESPERSON_ON_SOCHI = """
    guterres-welcomes-sochi-trilateral-meeting-2021
    guterres-takes-note-of-sochi-joint-statement-2021
    guterres-appreciates-russian-facilitation-2021-11
    guterres-encouraged-by-top-level-engagement-2021-11
    guterres-encouraged-by-recommitment-to-trilateral-statements-2021-11
    guterres-reaffirms-lasting-peace-through-dialogue-2021-11
    guterres-urges-parties-to-resolve-outstanding-issues-2021-11
    un-ready-to-support-armenia-azerbaijan-efforts-2021-11
"""

DUJARRIC_ON_THE_MINISTERS = """
    guterres-welcomes-minsk-co-chairs-statement-2021-09
    guterres-optimistic-about-ministers-engagement-2021-09
    guterres-hopes-efforts-continue-2021-09
    guterres-supports-minsk-co-chairs-2021-09
    guterres-urges-focus-on-peace-and-cooperation-2021-09
    un-ready-to-support-through-ongoing-work-2021-09
"""

LAVROV_WITH_GUTERRES = """
    lavrov-guterres-discuss-karabakh-humanitarian-issues-2020-12
    lavrov-guterres-discuss-un-covid-19-response-2020-12
    lavrov-guterres-discuss-sputnik-v-presentation-2020-12
    lavrov-guterres-discuss-libya-and-yemen-2020-12
    lavrov-guterres-discuss-middle-east-settlement-2020-12
    lavrov-guterres-discuss-un-senior-appointments-2020-12
    lavrov-guterres-stress-un-role-and-authority-2020-12
"""

LAVROV_WITH_MIRZOYAN = """
    lavrov-mirzoyan-discuss-trilateral-agreements-2021-10-01
    lavrov-mirzoyan-stress-humanitarian-issues-2021-10-01
    lavrov-mirzoyan-assess-transport-and-confidence-building-2021-10-01
    lavrov-mirzoyan-discuss-bilateral-agenda-2021-10-01
    lavrov-mirzoyan-agree-commission-and-forum-contacts-2021-10-01
    lavrov-mirzoyan-discuss-integration-bodies-and-csto-2021-10-01
    lavrov-mirzoyan-discuss-un-osce-coordination-2021-10-01
"""

THREE_LEADERS_IN_2022 = """
    trilateral-leaders-stress-steps-to-peace-treaty-2022-10-31
    trilateral-leaders-stress-stabilization-efforts-2022-10-31
    trilateral-leaders-stress-climate-for-dialogue-2022-10-31
    trilateral-leaders-stress-parliamentary-contacts-2022-10-31
"""

PUTIN_AFTER_THE_SUMMIT = """
    putin-reports-length-of-sochi-summit-2022-10-31
    putin-assesses-parties-can-agree-2022-10-31
    putin-assesses-all-interested-in-normalization-2022-10-31
    putin-acknowledges-not-everything-agreed-2022-10-31
    putin-pledges-effort-for-normalization-2022-10-31
    putin-pledges-effort-for-final-settlement-2022-10-31
"""

PUTIN_TO_ALIYEV = """
    putin-assesses-peacekeepers-fulfil-mission-2022-10-31
    putin-recalls-aliyev-on-russian-role-2022-10-31
    putin-assesses-sochi-talks-important-2022-10-31
    putin-states-aim-implement-2020-2021-agreements-2022-10-31
    putin-says-open-issues-need-discussion-2022-10-31
"""

PUTIN_THROUGH_TASS = PUTIN_TO_ALIYEV + "aliyev-acknowledges-russian-role-2022"

JENCA_TO_THE_COUNCIL = """
    jenca-reports-border-fighting-broke-out-2022-09-15
    jenca-reports-ceasefire-announced-2022-09-15
    jenca-welcomes-ceasefire-2022-09-15
    jenca-hopes-ceasefire-holds-2022-09-15
    jenca-assesses-fighting-largest-since-2020-2022-09-15
    jenca-reports-casualty-numbers-of-both-sides-2022-09-15
    jenca-deep-concern-over-developments-2022-09-15
    jenca-urges-steps-to-calm-tensions-2022-09-15
    jenca-assesses-normalization-faces-obstacles-2022-09-15
    jenca-stresses-need-for-border-delimitation-2022-09-15
    jenca-warns-of-regional-destabilisation-2022-09-15
    jenca-affirms-un-support-for-russian-and-eu-mediation-2022-09-15
    jenca-stresses-return-to-negotiating-table-2022-09-15
"""

URGING_THE_PARTIES = """
    un-calls-for-return-to-negotiations-2022-09-15
    jenca-urges-steps-to-calm-tensions-2022-09-15
    guterres-urges-focus-on-peace-and-cooperation-2021-09
    guterres-urges-parties-to-resolve-outstanding-issues-2021-11
"""

ACCUSATIONS_OF_BREAKING_THE_TRUCE = """
    armenia-accuses-azerbaijan-of-breaking-russian-brokered-truce-2022-09
    azerbaijan-accuses-armenia-of-breaking-russian-brokered-truce-2022-09
"""

ACCUSATIONS_OF_NEW_ATTACKS = """
    armenia-accuses-azerbaijan-of-new-attacks-2022-09
    azerbaijan-accuses-armenia-of-new-attacks-2022-09
"""

DESCRIBING_THE_NOVEMBER_STATEMENT = """
    vision-group-describes-peacekeeper-provision-2020-12-04
    vision-group-describe-halt-at-positions-2021-10-01
    vision-group-describe-districts-under-baku-control-2021-10-01
    vision-group-describe-russian-peacekeepers-deployment-2021-10-01
    outlet-reports-russian-brokered-truce-ended-2020-war-2022
"""

REFERRING_TO_THE_NOVEMBER_STATEMENT = (
    DESCRIBING_THE_NOVEMBER_STATEMENT
    + """
    trilateral-leaders-sign-statement-2020-11-09
    guterres-welcomes-russia-role-karabakh-2020-12
    lavrov-mirzoyan-discuss-trilateral-agreements-2021-10-01
    armenia-azerbaijan-recommit-to-trilateral-statements-2021-11
    guterres-encouraged-by-recommitment-to-trilateral-statements-2021-11
    putin-states-aim-implement-2020-2021-agreements-2022-10-31
"""
)

REFERRING_TO_THE_JANUARY_STATEMENT = """
    trilateral-leaders-sign-statement-2021-01-11
    lavrov-mirzoyan-discuss-trilateral-agreements-2021-10-01
    armenia-azerbaijan-recommit-to-trilateral-statements-2021-11
    guterres-encouraged-by-recommitment-to-trilateral-statements-2021-11
    putin-states-aim-implement-2020-2021-agreements-2022-10-31
"""

OF_NOVEMBER = "agreement=trilateral-statement-2020-11-09"

# --- who said what about which agreement ------------------------------------------------------------------------------

AGREEMENTS = [
    ("Who referred to the 9 November 2020 statement?", OF_NOVEMBER, REFERRING_TO_THE_NOVEMBER_STATEMENT),
    ("Who signed it?", f"{OF_NOVEMBER}&relation=signs", "trilateral-leaders-sign-statement-2020-11-09"),
    ("من رحب به نفسه؟", f"{OF_NOVEMBER}&relation=welcomes", ""),
    (
        "Who undertook to carry it out?",
        f"{OF_NOVEMBER}&relation=commits-to",
        "armenia-azerbaijan-recommit-to-trilateral-statements-2021-11",
    ),
    (
        "Who backed it, or those who brought it about, without being a party?",
        f"{OF_NOVEMBER}&relation=supports",
        """
        guterres-encouraged-by-recommitment-to-trilateral-statements-2021-11
        guterres-welcomes-russia-role-karabakh-2020-12
        """,
    ),
    (
        "من بحث تنفيذه؟",
        f"{OF_NOVEMBER}&relation=discusses-implementation-of",
        "lavrov-mirzoyan-discuss-trilateral-agreements-2021-10-01 putin-states-aim-implement-2020-2021-agreements-2022-10-31",
    ),
    ("Which outlets retell it?", f"{OF_NOVEMBER}&relation=describes", DESCRIBING_THE_NOVEMBER_STATEMENT),
    (
        "Who speaks of its point on peacekeepers?",
        f"{OF_NOVEMBER}&provision=3",
        "vision-group-describes-peacekeeper-provision-2020-12-04 vision-group-describe-russian-peacekeepers-deployment-2021-10-01",
    ),
    (
        "من تكلم عن المناطق التي آلت إلى أذربيجان بموجبه؟",
        f"{OF_NOVEMBER}&provision=2&provision=6",
        "vision-group-describe-districts-under-baku-control-2021-10-01",
    ),
    (
        "Who referred to the 11 January 2021 statement?",
        "agreement=trilateral-statement-2021-01-11",
        REFERRING_TO_THE_JANUARY_STATEMENT,
    ),
    (
        "ما الذي قيل عن البيان المشترك الصادر في سوتشي عام 2021؟",
        "agreement=trilateral-statement-2021-11-26",
        """
        leaders-issue-sochi-joint-statement-2021-11-26
        guterres-takes-note-of-sochi-joint-statement-2021
        putin-states-aim-implement-2020-2021-agreements-2022-10-31
        """,
    ),
    (
        "What did the leaders say in their statement of 31 October 2022?",
        "agreement=trilateral-statement-2022-10-31",
        THREE_LEADERS_IN_2022,
    ),
    (
        "من تكلم عن معاهدة سلام بين باكو ويريفان؟",
        "agreement=armenia-azerbaijan-peace-treaty",
        """
        trilateral-leaders-stress-steps-to-peace-treaty-2022-10-31
        un-calls-for-return-to-negotiations-2022-09-15
        russian-foreign-ministry-says-peace-treaty-work-continues-2022-09
        """,
    ),
    (
        "Who alleged that an agreement was broken?",
        "relation=alleges-violation-of",
        ACCUSATIONS_OF_BREAKING_THE_TRUCE,
    ),
    (
        "What is said of the truce that Russia brokered in September 2022?",
        "agreement=ceasefire-2022-09-13",
        ACCUSATIONS_OF_BREAKING_THE_TRUCE + "al-jazeera-reports-russian-brokered-truce-did-not-hold-2022-09-15",
    ),
    (
        "ماذا قيل عن وقف إطلاق النار المعلن مساء الأربعاء؟",
        "agreement=ceasefire-2022-09-14",
        """
        armenia-announces-ceasefire-2022-09-14
        jenca-reports-ceasefire-announced-2022-09-15
        jenca-welcomes-ceasefire-2022-09-15
        jenca-hopes-ceasefire-holds-2022-09-15
        """,
    ),
    (
        "Which agreements were announced in texts that no page calls signed?",
        "relation=announces",
        THREE_LEADERS_IN_2022 + "leaders-issue-sochi-joint-statement-2021-11-26 armenia-announces-ceasefire-2022-09-14",
    ),
    (
        "ما الذي وُقّع؟",
        "relation=signs",
        """
        trilateral-leaders-sign-statement-2020-11-09 trilateral-leaders-sign-statement-2021-01-11
        putin-decrees-humanitarian-response-centre-2020-11-13
        """,
    ),
    (
        "Who created the humanitarian response centre?",
        "agreement=decree-2020-11-13-humanitarian-response-centre",
        "putin-decrees-humanitarian-response-centre-2020-11-13",
    ),
]

# --- through whom it is known -----------------------------------------------------------------------------------------

ATTRIBUTION = [
    (
        "What did Guterres praise according to Russia's ministry?",
        "speaker=antonio-guterres&agent=russian-foreign-ministry&act=commend",
        "guterres-welcomes-russia-role-karabakh-2020-12",
    ),
    (
        "ما الذي نُسب إلى غوتيريش ولم يصدر عن جهته؟",
        "speaker=antonio-guterres&first_hand=false",
        LAVROV_WITH_GUTERRES + "guterres-welcomes-russia-role-karabakh-2020-12",
    ),
    (
        "What did Guterres's own side put out?",
        "speaker=antonio-guterres&first_hand=true",
        SPOKESPERSON_ON_SOCHI + DUJARRIC_ON_THE_MINISTERS,
    ),
    (
        "What did Guterres say through Dujarric by name?",
        "speaker=antonio-guterres&agent=stephane-dujarric",
        DUJARRIC_ON_THE_MINISTERS,
    ),
    (
        "What did Guterres say through a spokesperson whom the page does not name?",
        "speaker=antonio-guterres&agent=office-of-the-un-spokesperson",
        SPOKESPERSON_ON_SOCHI,
    ),
    (
        "ماذا قال دوجاريك؟",
        "speaker=stephane-dujarric",
        DUJARRIC_ON_THE_MINISTERS + "dujarric-un-experts-ready-assess-karabakh-aid-2020",
    ),
    ("What do we know of Mirzoyan's words from his own side?", "speaker=ararat-mirzoyan&first_hand=true", ""),
    (
        "What is put in Mirzoyan's mouth by Russia's ministry?",
        "speaker=ararat-mirzoyan&agent=russian-foreign-ministry",
        LAVROV_WITH_MIRZOYAN,
    ),
    (
        "ما الذي قاله علييف بحسب غيره؟",
        "speaker=ilham-aliyev&first_hand=false",
        """
        aliyev-acknowledges-russian-role-2022 leaders-issue-sochi-joint-statement-2021-11-26
        trilateral-leaders-sign-statement-2021-01-11
        """,
    ),
    (
        "What did Pashinyan say himself?",
        "speaker=nikol-pashinyan&first_hand=true",
        THREE_LEADERS_IN_2022
        + "trilateral-leaders-sign-statement-2020-11-09 pashinyan-reports-105-soldiers-killed-2022-09",
    ),
    (
        "What comes through TASS?",
        "agent=tass",
        LAVROV_WITH_GUTERRES
        + LAVROV_WITH_MIRZOYAN
        + PUTIN_THROUGH_TASS
        + """
        guterres-welcomes-russia-role-karabakh-2020-12
        dujarric-un-experts-ready-assess-karabakh-aid-2020
        zakharova-un-assessment-mission-preparing-2020-12-03
        russia-satisfied-with-new-york-ministers-meeting-2021-10-01
        putin-decrees-humanitarian-response-centre-2020-11-13
        trilateral-leaders-sign-statement-2020-11-09
        trilateral-leaders-sign-statement-2021-01-11
        """,
    ),
    (
        "ما الذي نقله تقرير قمة سوتشي عن تاس؟",
        "agent=tass&publisher=unidentified-outlet-sochi-2022",
        PUTIN_THROUGH_TASS,
    ),
    (
        "What comes through Sputnik?",
        "agent=sputnik",
        THREE_LEADERS_IN_2022,
    ),
    (
        "ماذا نقلت نوفوستي؟",
        "agent=ria-novosti&publisher=al-jazeera",
        "russian-foreign-ministry-says-peace-treaty-work-continues-2022-09",
    ),
    (
        "What does the Al Jazeera page tell at second hand?",
        "publisher=al-jazeera&first_hand=false",
        "armenia-reports-its-casualties-2022-09 azerbaijan-reports-its-casualties-2022-09",
    ),
    (
        "What did outlets claim on their own account?",
        "speaker=al-jazeera&speaker=un-news&speaker=sputnik&speaker=russia-islamic-world-vision-group"
        "&speaker=unidentified-outlet-sochi-2022",
        DESCRIBING_THE_NOVEMBER_STATEMENT
        + """
        al-jazeera-reports-renewed-clashes-2022-09-15
        al-jazeera-reports-russian-brokered-truce-did-not-hold-2022-09-15
        al-jazeera-assesses-clashes-fiercest-since-2020-war-2022-09-15
        vision-group-report-karabakh-fighting-outbreak-2021-10-01
        outlet-reports-putin-hosting-sochi-talks-2022
        outlet-states-karabakh-dispute-since-1990s-2022
        outlet-reports-2020-war-death-toll-2022
        """,
    ),
    (
        "Which words of Putin's are quoted?",
        "speaker=vladimir-putin&mode=direct",
        """
        putin-pledges-effort-for-final-settlement-2022-10-31
        putin-assesses-peacekeepers-fulfil-mission-2022-10-31
        putin-recalls-aliyev-on-russian-role-2022-10-31
        putin-assesses-sochi-talks-important-2022-10-31
        putin-says-open-issues-need-discussion-2022-10-31
        """,
    ),
]

# --- who speaks, to whom, of whom, and what they do by it -------------------------------------------------------------

RUSSIA_ITSELF = "speaker=russia&speaker=russian-foreign-ministry&speaker=maria-zakharova"

ACTS = [
    (
        "What did Russia, its ministry and its spokeswoman say alone?",
        RUSSIA_ITSELF,
        """
        russia-satisfied-with-new-york-ministers-meeting-2021-10-01
        russian-foreign-ministry-says-peace-treaty-work-continues-2022-09
        zakharova-un-assessment-mission-preparing-2020-12-03
        """,
    ),
    (
        "Whatever Russia's side says of Armenia",
        f"{RUSSIA_ITSELF}&speaker=vladimir-putin&speaker=sergey-lavrov&target=armenia",
        """
        russia-satisfied-with-new-york-ministers-meeting-2021-10-01
        lavrov-guterres-discuss-karabakh-humanitarian-issues-2020-12
        putin-assesses-parties-can-agree-2022-10-31
        putin-assesses-all-interested-in-normalization-2022-10-31
        putin-acknowledges-not-everything-agreed-2022-10-31
        putin-pledges-effort-for-normalization-2022-10-31
        putin-pledges-effort-for-final-settlement-2022-10-31
        """,
    ),
    (
        "Whatever Russia's side says of the United Nations",
        f"{RUSSIA_ITSELF}&speaker=vladimir-putin&speaker=sergey-lavrov&target=united-nations",
        """
        lavrov-guterres-discuss-karabakh-humanitarian-issues-2020-12
        lavrov-guterres-discuss-un-covid-19-response-2020-12
        lavrov-guterres-stress-un-role-and-authority-2020-12
        lavrov-mirzoyan-discuss-un-osce-coordination-2021-10-01
        """,
    ),
    ("ماذا قال بوتين لعلييف؟", "speaker=vladimir-putin&addressee=ilham-aliyev", PUTIN_TO_ALIYEV),
    ("What was said to the Security Council?", "addressee=un-security-council", JENCA_TO_THE_COUNCIL),
    (
        "To whom did Azerbaijan offer something?",
        "speaker=azerbaijan&act=offer&target=armenia",
        "azerbaijan-offers-remains-of-100-soldiers-2022-09-14",
    ),
    (
        "من اتهم من؟",
        "act=accuse",
        ACCUSATIONS_OF_NEW_ATTACKS
        + ACCUSATIONS_OF_BREAKING_THE_TRUCE
        + "armenia-accuses-azerbaijan-of-occupying-territory-2022-09",
    ),
    (
        "What is Armenia accused of?",
        "act=accuse&target=armenia",
        "azerbaijan-accuses-armenia-of-new-attacks-2022-09 azerbaijan-accuses-armenia-of-breaking-russian-brokered-truce-2022-09",
    ),
    ("Which accusations concern Nagorno-Karabakh?", "act=accuse&place=nagorno-karabakh", ACCUSATIONS_OF_NEW_ATTACKS),
    (
        "بم وعد بوتين؟",
        "speaker=vladimir-putin&act=pledge",
        "putin-pledges-effort-for-normalization-2022-10-31 putin-pledges-effort-for-final-settlement-2022-10-31",
    ),
    (
        "What did Putin concede?",
        "speaker=vladimir-putin&act=acknowledge",
        "putin-acknowledges-not-everything-agreed-2022-10-31",
    ),
    ("ممّ حُذّر مجلس الأمن؟", "act=warn", "jenca-warns-of-regional-destabilisation-2022-09-15"),
    ("Who voiced concern?", "act=express-concern", "jenca-deep-concern-over-developments-2022-09-15"),
    (
        "Who was satisfied with what?",
        "act=express-satisfaction",
        "russia-satisfied-with-new-york-ministers-meeting-2021-10-01",
    ),
    (
        "What was offered, and by whom?",
        "act=offer",
        """
        azerbaijan-offers-remains-of-100-soldiers-2022-09-14
        dujarric-un-experts-ready-assess-karabakh-aid-2020
        un-ready-to-support-armenia-azerbaijan-efforts-2021-11
        un-ready-to-support-through-ongoing-work-2021-09
        """,
    ),
    (
        "ما الذي حثت عليه الأمم المتحدة ومسؤولوها؟",
        "act=urge",
        URGING_THE_PARTIES,
    ),
    ("Who urged Armenia?", "act=urge&target=armenia", URGING_THE_PARTIES),
    ("Who urged Azerbaijan?", "act=urge&target=azerbaijan", URGING_THE_PARTIES),
    (
        "من تكلم عن قوات الجانبين؟",
        "target=armenian-armed-forces&target=azerbaijani-armed-forces",
        "al-jazeera-assesses-clashes-fiercest-since-2020-war-2022-09-15 pashinyan-reports-105-soldiers-killed-2022-09",
    ),
    (
        "Whose mediation did the United Nations back in the Council?",
        "act=express-support&target=russia&target=european-union",
        "jenca-affirms-un-support-for-russian-and-eu-mediation-2022-09-15",
    ),
    (
        "Who praised Russia's part?",
        "act=commend&target=russia",
        """
        aliyev-acknowledges-russian-role-2022 guterres-appreciates-russian-facilitation-2021-11
        guterres-welcomes-russia-role-karabakh-2020-12
        """,
    ),
    (
        "من تكلم عن الرؤساء المشاركين لمجموعة مينسك؟",
        "target=osce-minsk-group-co-chairs",
        """
        guterres-welcomes-minsk-co-chairs-statement-2021-09
        guterres-supports-minsk-co-chairs-2021-09
        russia-satisfied-with-new-york-ministers-meeting-2021-10-01
        """,
    ),
    (
        "What did Guterres say of Russia?",
        "speaker=antonio-guterres&target=russia",
        """
        guterres-welcomes-sochi-trilateral-meeting-2021 guterres-takes-note-of-sochi-joint-statement-2021
        guterres-appreciates-russian-facilitation-2021-11 guterres-welcomes-russia-role-karabakh-2020-12
        """,
    ),
    (
        "بم استبشر الأمين العام؟",
        "speaker=antonio-guterres&act=express-optimism",
        """
        guterres-encouraged-by-top-level-engagement-2021-11
        guterres-encouraged-by-recommitment-to-trilateral-statements-2021-11
        guterres-optimistic-about-ministers-engagement-2021-09
        """,
    ),
    (
        "Who spoke for the United Nations as such?",
        "on_behalf_of=united-nations",
        """
        dujarric-un-experts-ready-assess-karabakh-aid-2020 un-ready-to-support-through-ongoing-work-2021-09
        guterres-reaffirms-lasting-peace-through-dialogue-2021-11 un-ready-to-support-armenia-azerbaijan-efforts-2021-11
        jenca-welcomes-ceasefire-2022-09-15 jenca-hopes-ceasefire-holds-2022-09-15
        jenca-affirms-un-support-for-russian-and-eu-mediation-2022-09-15
        """,
    ),
    (
        "What does Jenča say for the United Nations as such?",
        "speaker=miroslav-jenca&on_behalf_of=united-nations",
        """
        jenca-welcomes-ceasefire-2022-09-15 jenca-hopes-ceasefire-holds-2022-09-15
        jenca-affirms-un-support-for-russian-and-eu-mediation-2022-09-15
        """,
    ),
    (
        "Who urged anybody in November 2021?",
        "act=urge&since=2021-11&until=2021-11",
        "guterres-urges-parties-to-resolve-outstanding-issues-2021-11",
    ),
    (
        "ما الذي قيل لميرزويان؟",
        "addressee=ararat-mirzoyan",
        "russia-satisfied-with-new-york-ministers-meeting-2021-10-01",
    ),
    (
        "ما الذي ذُكر عن منظمة معاهدة الأمن الجماعي؟",
        "target=csto",
        "lavrov-mirzoyan-discuss-integration-bodies-and-csto-2021-10-01",
    ),
    (
        "Whom do Armenia's own numbers accuse? Nobody",
        "measure=soldiers-killed&target=azerbaijan",
        "jenca-reports-casualty-numbers-of-both-sides-2022-09-15",
    ),
    (
        "For whom did Zakharova speak?",
        "on_behalf_of=russian-foreign-ministry",
        "zakharova-un-assessment-mission-preparing-2020-12-03",
    ),
    (
        "For which state did its ministry speak?",
        "speaker=russian-foreign-ministry&on_behalf_of=russia",
        "russia-satisfied-with-new-york-ministers-meeting-2021-10-01",
    ),
]

# --- occasions, topics, places ----------------------------------------------------------------------------------------

SUBJECTS = [
    (
        "What was said in or about the Council's emergency session?",
        "event=security-council-session-2022-09-15",
        JENCA_TO_THE_COUNCIL + "security-council-discusses-south-caucasus-2022-09-15",
    ),
    (
        "ما الذي دار في اتصال لافروف وغوتيريش؟",
        "event=lavrov-guterres-call-2020-12",
        LAVROV_WITH_GUTERRES + "guterres-welcomes-russia-role-karabakh-2020-12",
    ),
    (
        "What is known of the New York meeting of the two foreign ministers?",
        "event=minsk-group-ministers-meeting-2021-09",
        """
        minsk-co-chairs-statement-on-ministers-meeting-2021-09-24
        guterres-welcomes-minsk-co-chairs-statement-2021-09
        guterres-optimistic-about-ministers-engagement-2021-09
        guterres-hopes-efforts-continue-2021-09
        russia-satisfied-with-new-york-ministers-meeting-2021-10-01
        """,
    ),
    (
        "Which statements of all five articles speak of the 2020 war?",
        "event=second-karabakh-war",
        """
        trilateral-leaders-sign-statement-2020-11-09
        guterres-welcomes-russia-role-karabakh-2020-12
        guterres-optimistic-about-ministers-engagement-2021-09
        vision-group-report-karabakh-fighting-outbreak-2021-10-01
        vision-group-describe-halt-at-positions-2021-10-01
        al-jazeera-assesses-clashes-fiercest-since-2020-war-2022-09-15
        outlet-reports-2020-war-death-toll-2022
        outlet-reports-russian-brokered-truce-ended-2020-war-2022
        """,
    ),
    (
        "ماذا قال غوتيريش عن قمة سوتشي عام 2021 نفسها؟",
        "event=sochi-summit-2021-11-26&speaker=antonio-guterres",
        """
        guterres-welcomes-sochi-trilateral-meeting-2021 guterres-takes-note-of-sochi-joint-statement-2021
        guterres-encouraged-by-top-level-engagement-2021-11
        guterres-encouraged-by-recommitment-to-trilateral-statements-2021-11
        """,
    ),
    (
        "Which statements tell of a meeting held in Sochi?",
        "place=sochi",
        """
        guterres-welcomes-sochi-trilateral-meeting-2021 putin-reports-length-of-sochi-summit-2022-10-31
        outlet-reports-putin-hosting-sochi-talks-2022
        """,
    ),
    (
        "What does the page of December 2020 place in Nagorno-Karabakh?",
        "article=vision-group-lavrov-guterres-2020&place=nagorno-karabakh",
        """
        lavrov-guterres-discuss-karabakh-humanitarian-issues-2020-12 guterres-welcomes-russia-role-karabakh-2020-12
        dujarric-un-experts-ready-assess-karabakh-aid-2020 zakharova-un-assessment-mission-preparing-2020-12-03
        trilateral-leaders-sign-statement-2020-11-09 vision-group-describes-peacekeeper-provision-2020-12-04
        putin-decrees-humanitarian-response-centre-2020-11-13
        """,
    ),
    (
        "ماذا قيل عن محادثات سوتشي في تقرير قمة 2022؟",
        "article=sochi-trilateral-summit-2022&topic=direct-talks",
        """
        putin-reports-length-of-sochi-summit-2022-10-31 putin-assesses-parties-can-agree-2022-10-31
        putin-assesses-all-interested-in-normalization-2022-10-31 putin-acknowledges-not-everything-agreed-2022-10-31
        putin-assesses-sochi-talks-important-2022-10-31 putin-states-aim-implement-2020-2021-agreements-2022-10-31
        putin-says-open-issues-need-discussion-2022-10-31 outlet-reports-putin-hosting-sochi-talks-2022
        """,
    ),
    (
        "What stood in Putin's remarks after the summit?",
        "communique=putin-remarks-sochi-summit-2022-10-31",
        PUTIN_AFTER_THE_SUMMIT,
    ),
    (
        "ما اللقاحات التي ذُكرت؟",
        "topic=vaccines",
        "lavrov-guterres-discuss-sputnik-v-presentation-2020-12",
    ),
    (
        "من تكلم عن قوات حفظ السلام؟",
        "topic=peacekeeping",
        """
        lavrov-guterres-discuss-karabakh-humanitarian-issues-2020-12
        vision-group-describes-peacekeeper-provision-2020-12-04
        vision-group-describe-russian-peacekeepers-deployment-2021-10-01
        putin-assesses-peacekeepers-fulfil-mission-2022-10-31
        """,
    ),
    (
        "Who raised detainees, minefield maps or heritage?",
        "topic=detainees&topic=mines&topic=cultural-heritage",
        "lavrov-mirzoyan-stress-humanitarian-issues-2021-10-01",
    ),
    (
        "Which other crises came up in the call of December 2020?",
        "topic=libya&topic=yemen&topic=middle-east",
        "lavrov-guterres-discuss-libya-and-yemen-2020-12 lavrov-guterres-discuss-middle-east-settlement-2020-12",
    ),
    (
        "ما قيل عن اللجنة الحكومية والمنتدى الأقاليمي؟",
        "event=russia-armenia-commission-20th-session&event=russia-armenia-interregional-forum-8th",
        "lavrov-mirzoyan-agree-commission-and-forum-contacts-2021-10-01",
    ),
    (
        "Who speaks of opening transport routes?",
        "topic=transport-links",
        "lavrov-mirzoyan-assess-transport-and-confidence-building-2021-10-01",
    ),
    (
        "من تكلم عن أرض متنازع عليها؟",
        "topic=territorial-claims",
        """
        armenia-accuses-azerbaijan-of-occupying-territory-2022-09
        vision-group-describe-districts-under-baku-control-2021-10-01
        outlet-states-karabakh-dispute-since-1990s-2022
        """,
    ),
    (
        "Whose mediation does the Al Jazeera page speak of?",
        "topic=mediation&publisher=al-jazeera",
        """
        jenca-affirms-un-support-for-russian-and-eu-mediation-2022-09-15
        al-jazeera-reports-russian-brokered-truce-did-not-hold-2022-09-15
        """,
    ),
    (
        "ماذا اقتبست صفحة الجزيرة بين علامات التنصيص؟",
        "mode=direct&publisher=al-jazeera",
        """
        jenca-reports-border-fighting-broke-out-2022-09-15 jenca-reports-ceasefire-announced-2022-09-15
        jenca-welcomes-ceasefire-2022-09-15 jenca-hopes-ceasefire-holds-2022-09-15
        """,
    ),
    ("من طلب ترسيم الحدود؟", "topic=border-delimitation", "jenca-stresses-need-for-border-delimitation-2022-09-15"),
    (
        "Where do Russian peacekeepers stand?",
        "place=lachin-corridor&place=line-of-contact",
        "vision-group-describe-russian-peacekeepers-deployment-2021-10-01",
    ),
    (
        "What is said of the border itself?",
        "place=armenia-azerbaijan-border",
        """
        armenia-announces-ceasefire-2022-09-14
        jenca-reports-border-fighting-broke-out-2022-09-15
        jenca-stresses-need-for-border-delimitation-2022-09-15
        """,
    ),
]

# --- days ---------------------------------------------------------------------------------------------------------------

DAYS = [
    ("What may have been said in 1999?", "since=1999&until=1999", ""),
    (
        "What was certainly said by the day before the readout of 4 December 2020?",
        "until=2020-12-03&date_match=certain",
        """
        trilateral-leaders-sign-statement-2020-11-09
        putin-decrees-humanitarian-response-centre-2020-11-13
        zakharova-un-assessment-mission-preparing-2020-12-03
        """,
    ),
    (
        "What was, or may have been, said in November 2020?",
        "since=2020-11&until=2020-11",
        """
        trilateral-leaders-sign-statement-2020-11-09
        putin-decrees-humanitarian-response-centre-2020-11-13
        dujarric-un-experts-ready-assess-karabakh-aid-2020
        aliyev-acknowledges-russian-role-2022
        """,
    ),
    (
        "ما الذي قيل يوم الأربعاء 14 سبتمبر 2022 على وجه اليقين؟",
        "since=2022-09-14&until=2022-09-14&date_match=certain",
        """
        armenia-announces-ceasefire-2022-09-14
        azerbaijan-offers-remains-of-100-soldiers-2022-09-14
        azerbaijan-says-100-soldiers-died-in-clashes-2022-09-14
        """,
    ),
    (
        "What was certainly said on the day of the 2022 summit?",
        "since=2022-10-31&until=2022-10-31&date_match=certain",
        THREE_LEADERS_IN_2022 + PUTIN_AFTER_THE_SUMMIT + PUTIN_TO_ALIYEV,
    ),
    (
        "What does Guterres's side say in September 2021?",
        "since=2021-09&until=2021-09&speaker=antonio-guterres",
        DUJARRIC_ON_THE_MINISTERS,
    ),
]

# --- numbers ------------------------------------------------------------------------------------------------------------

NUMBERS = [
    (
        "من ذكر عددًا للقتلى من الجنود؟",
        "measure=soldiers-killed",
        """
        armenia-reports-its-casualties-2022-09
        azerbaijan-reports-its-casualties-2022-09
        jenca-reports-casualty-numbers-of-both-sides-2022-09-15
        pashinyan-reports-105-soldiers-killed-2022-09
        azerbaijan-says-100-soldiers-died-in-clashes-2022-09-14
        """,
    ),
    (
        "Who gives numbers of Armenia's dead that are not Armenia's own?",
        "measure=soldiers-killed&party=armenia&claimant=azerbaijan",
        "azerbaijan-says-100-soldiers-died-in-clashes-2022-09-14",
    ),
    (
        "Whose losses does Azerbaijan itself give?",
        "party=azerbaijan&claimant=azerbaijan",
        "azerbaijan-reports-its-casualties-2022-09 jenca-reports-casualty-numbers-of-both-sides-2022-09-15",
    ),
    (
        "Who speaks of injured civilians?",
        "measure=civilians-injured",
        """
        armenia-reports-its-casualties-2022-09
        azerbaijan-reports-its-casualties-2022-09
        jenca-reports-casualty-numbers-of-both-sides-2022-09-15
        """,
    ),
    ("من قدّر قتلى حرب 2020؟", "measure=people-killed", "outlet-reports-2020-war-death-toll-2022"),
    ("How long did the summit last?", "measure=meeting-duration", "putin-reports-length-of-sochi-summit-2022-10-31"),
    (
        "How many bodies were offered?",
        "measure=remains-offered",
        "azerbaijan-offers-remains-of-100-soldiers-2022-09-14",
    ),
]

# --- words: every spelling of a question has the same answer ----------------------------------------------------------

WORDS = [
    (
        "105 ١٠٥",
        "armenia-reports-its-casualties-2022-09 pashinyan-reports-105-soldiers-killed-2022-09 jenca-reports-casualty-numbers-of-both-sides-2022-09-15",
    ),
    ("6500 ٦٥٠٠", "outlet-reports-2020-war-death-toll-2022"),
    ("احتلال باحتلال والإحتلال", "armenia-accuses-azerbaijan-of-occupying-territory-2022-09"),
    ("مرسوم المرسوم بمرسومٍ مرسومه decree", "putin-decrees-humanitarian-response-centre-2020-11-13"),
    (
        "كورونا الكورونا بكورونا",
        "lavrov-guterres-discuss-un-covid-19-response-2020-12 lavrov-guterres-discuss-sputnik-v-presentation-2020-12",
    ),
    ("لقاح اللقاحات vaccine vaccines", "lavrov-guterres-discuss-sputnik-v-presentation-2020-12"),
    ("الألغام ألغام الالغام minefields minefield", "lavrov-mirzoyan-stress-humanitarian-issues-2021-10-01"),
    ("معتقلين المعتقلون للمعتقلين detainees", "lavrov-mirzoyan-stress-humanitarian-issues-2021-10-01"),
    ("البرلمانات البرلمان وبرلماناتهم parliaments", "trilateral-leaders-stress-parliamentary-contacts-2022-10-31"),
    ("ترسيم تَرْسِيم تـرسيم delimiting", "jenca-stresses-need-for-border-delimitation-2022-09-15"),
    ("زعزعة وزعزعه بزعزعة", "jenca-warns-of-regional-destabilisation-2022-09-15"),
    ("زاخاروفا زخاروفا Zakharova", "zakharova-un-assessment-mission-preparing-2020-12-03"),
    ("لاتشين لاشين Lachin Laçın", "vision-group-describe-russian-peacekeepers-deployment-2021-10-01"),
    (
        "مفاوضات المفاوضات والمفاوضات للمفاوضات",
        """
        un-calls-for-return-to-negotiations-2022-09-15
        jenca-stresses-return-to-negotiating-table-2022-09-15
        putin-reports-length-of-sochi-summit-2022-10-31
        putin-assesses-sochi-talks-important-2022-10-31
        putin-states-aim-implement-2020-2021-agreements-2022-10-31
        outlet-reports-putin-hosting-sochi-talks-2022
        """,
    ),
    (
        "تطبيع التطبيع بتطبيع",
        """
        lavrov-mirzoyan-assess-transport-and-confidence-building-2021-10-01
        jenca-assesses-normalization-faces-obstacles-2022-09-15
        putin-assesses-all-interested-in-normalization-2022-10-31
        putin-pledges-effort-for-normalization-2022-10-31
        """,
    ),
]

PHRASES = [
    (
        "The European Union, not every union in Europe",
        'q="الاتحاد الأوروبي"',
        "jenca-affirms-un-support-for-russian-and-eu-mediation-2022-09-15",
    ),
    (
        "منظمة معاهدة الأمن الجماعي",
        'q="الأمن الجماعي"',
        "lavrov-mirzoyan-discuss-integration-bodies-and-csto-2021-10-01",
    ),
    (
        "The OSCE without its Minsk Group",
        'q="منظمة الأمن والتعاون في أوروبا" -مينسك',
        "lavrov-mirzoyan-discuss-un-osce-coordination-2021-10-01",
    ),
    ("بعثة التقييم", 'q="بعثة التقييم المتكاملة"', "zakharova-un-assessment-mission-preparing-2020-12-03"),
    ("The anniversary in either digits", "q=الذكرى ٧٥", "lavrov-guterres-stress-un-role-and-authority-2020-12"),
    (
        "ما أول ما يُقرأ عن العودة إلى طاولة المفاوضات؟",
        'q="طاولة المفاوضات"',
        "un-calls-for-return-to-negotiations-2022-09-15 jenca-stresses-return-to-negotiating-table-2022-09-15",
    ),
    ("من شدد على إعادة المعتقلين؟", "q=إعادة المعتقلين", "lavrov-mirzoyan-stress-humanitarian-issues-2021-10-01"),
    (
        "Who says that a truce did not hold?",
        'q="did not hold"',
        "al-jazeera-reports-russian-brokered-truce-did-not-hold-2022-09-15",
    ),
    ("The beginning of a word", "q=vaccin*", "lavrov-guterres-discuss-sputnik-v-presentation-2020-12"),
    (
        "Words together with filters",
        "q=خبراء&speaker=stephane-dujarric",
        "dujarric-un-experts-ready-assess-karabakh-aid-2020",
    ),
]

FIRST = [
    ("who praised Russia's role", "guterres-welcomes-russia-role-karabakh-2020-12"),
    ("من أشاد بدور روسيا", "guterres-welcomes-russia-role-karabakh-2020-12"),
    ("بوتين لم يتفقوا على كل شيء", "putin-acknowledges-not-everything-agreed-2022-10-31"),
    ("lasting peace only through dialogue", "guterres-reaffirms-lasting-peace-through-dialogue-2021-11"),
    ("direct engagement at the level of foreign ministers", "guterres-optimistic-about-ministers-engagement-2021-09"),
    ("العمل المباشر على أعلى مستوى", "guterres-encouraged-by-top-level-engagement-2021-11"),
    ("UN experts assess humanitarian aid with Russia", "dujarric-un-experts-ready-assess-karabakh-aid-2020"),
    ("بوتين يستضيف مفاوضات ثنائية وثلاثية", "outlet-reports-putin-hosting-sochi-talks-2022"),
    ("document provides for deployment of peacekeepers", "vision-group-describes-peacekeeper-provision-2020-12-04"),
    ("كم استمرت القمة الثلاثية", "putin-reports-length-of-sochi-summit-2022-10-31"),
]
"""Questions as people type them, with the statement that answers each."""

STATEMENTS = [*AGREEMENTS, *ATTRIBUTION, *ACTS, *SUBJECTS, *DAYS, *NUMBERS, *PHRASES]


@every(("question", "query", "expected"), STATEMENTS)
def test_a_question_finds_exactly_its_statements(client: FlaskClient, question: str, query: str, expected: str) -> None:
    assert found(client, "statements", query) == set(expected.split()), question


@every(("words", "first"), FIRST)
def test_the_statement_that_answers_a_question_comes_first(client: FlaskClient, words: str, first: str) -> None:
    page = answer(client, "/v1/statements", f"q={words}&sort=relevance&limit=1&fields=id")
    assert [record["id"] for record in page["data"]] == [first]


@every(("spellings", "expected"), WORDS)
def test_every_spelling_of_a_word_finds_the_same(client: FlaskClient, spellings: str, expected: str) -> None:
    for spelling in spellings.split():
        assert found(client, "statements", f"q={spelling}") == set(expected.split()), spelling


# --- the other collections --------------------------------------------------------------------------------------------

RECORDS = [
    (
        "Who held an office of Azerbaijan's that day?",
        "speakers",
        "organization=azerbaijan&office_on=2021-11-26",
        "ilham-aliyev jeyhun-bayramov",
    ),
    (
        "من كان وزير خارجية أرمينيا يوم الاتصال؟",
        "speakers",
        "organization=armenian-foreign-ministry&office_on=2021-10-01",
        "ararat-mirzoyan",
    ),
    (
        "Who was it six weeks before? Nobody here",
        "speakers",
        "organization=armenian-foreign-ministry&office_on=2021-08-18",
        "",
    ),
    (
        "Who spoke for Guterres in 2021?",
        "speakers",
        "organization=office-of-the-un-spokesperson&office_on=2021",
        "stephane-dujarric",
    ),
    (
        "Who held a United Nations post between Guterres's two?",
        "speakers",
        "organization=united-nations&office_on=2016-06-01",
        "stephane-dujarric",
    ),
    (
        "ما وسائل الإعلام المذكورة؟",
        "speakers",
        "kind=media",
        "al-jazeera anadolu reuters ria-novosti russia-islamic-world-vision-group sputnik tass un-news unidentified-outlet-sochi-2022",
    ),
    (
        "Which bodies are Russia's?",
        "speakers",
        "part_of=russia",
        "russian-foreign-ministry russian-peacekeeping-contingent interdepartmental-humanitarian-response-centre",
    ),
    (
        "ماذا وقّع بوتين؟",
        "agreements",
        "signatory=vladimir-putin",
        """
        trilateral-statement-2020-11-09 decree-2020-11-13-humanitarian-response-centre trilateral-statement-2021-01-11
        trilateral-statement-2021-11-26
        """,
    ),
    ("Which agreement broke down?", "agreements", "status=broken", "ceasefire-2022-09-13"),
    (
        "What does the European Union mediate?",
        "agreements",
        "mediator=european-union",
        "armenia-azerbaijan-peace-treaty",
    ),
    (
        "What was agreed in 2021?",
        "agreements",
        "since=2021-01-01&until=2021-12-31&date_match=certain",
        "trilateral-statement-2021-01-11 trilateral-statement-2021-11-26",
    ),
    (
        "ما الذي جرى في سوتشي؟",
        "events",
        "place=sochi",
        "sochi-summit-2021-11-26 sochi-summit-2022-10-31 putin-aliyev-meeting-2022-10-31 putin-pashinyan-meeting-2022-10-31",
    ),
    ("Where does Bayramov appear?", "events", "participant=jeyhun-bayramov", "minsk-group-ministers-meeting-2021-09"),
    ("Which telephone calls?", "events", "kind=call", "lavrov-guterres-call-2020-12 lavrov-mirzoyan-call-2021-10-01"),
    (
        "ما الحروب والمعارك؟",
        "events",
        "kind=war&kind=conflict&kind=hostilities",
        "nagorno-karabakh-conflict second-karabakh-war september-2022-border-clashes",
    ),
    (
        "What did Russia's ministry put out?",
        "communiques",
        "issuer=russian-foreign-ministry",
        "lavrov-guterres-call-readout-2020-12-04 zakharova-briefing-2020-12-03 lavrov-mirzoyan-call-readout-2021-10-01",
    ),
    (
        "What came out of the 2022 summit?",
        "communiques",
        "event=sochi-summit-2022-10-31",
        "sochi-trilateral-statement-2022-10-31 putin-remarks-sochi-summit-2022-10-31",
    ),
    (
        "Which pages credit TASS?",
        "articles",
        "agency=tass",
        "vision-group-lavrov-guterres-2020 vision-group-lavrov-mirzoyan-2021 sochi-trilateral-summit-2022",
    ),
    ("أي مقال أخذ صورته عن رويترز؟", "articles", "agency=reuters", "security-council-south-caucasus-2022"),
    (
        "Which pages are of 2022?",
        "articles",
        "since=2022",
        "sochi-trilateral-summit-2022 security-council-south-caucasus-2022",
    ),
]


@every(("question", "record_type", "query", "expected"), RECORDS)
def test_a_question_finds_exactly_its_records(
    client: FlaskClient, question: str, record_type: str, query: str, expected: str
) -> None:
    assert found(client, record_type, query) == set(expected.split()), question


# --- counting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facet", "query", "counts"),
    [
        (
            "act",
            "speaker=stephane-dujarric",
            {"offer": 2, "welcome": 1, "express-hope": 1, "express-optimism": 1, "express-support": 1, "urge": 1},
        ),
        ("publisher", "agent=tass", {"russia-islamic-world-vision-group": 21, "unidentified-outlet-sochi-2022": 6}),
        ("speaker", "act=accuse", {"armenia": 3, "azerbaijan": 2}),
        (
            "relation",
            OF_NOVEMBER,
            {
                "describes": 5,
                "discusses-implementation-of": 2,
                "commits-to": 1,
                "signs": 1,
                "supports": 2,
            },
        ),
        (
            "article",
            "",
            {
                "security-council-south-caucasus-2022": 30,
                "sochi-trilateral-summit-2022": 20,
                "un-news-sochi-trilateral-meeting-2021": 17,
                "vision-group-lavrov-guterres-2020": 13,
                "vision-group-lavrov-mirzoyan-2021": 14,
            },
        ),
    ],
)
def test_facets_count_what_the_filters_find(
    client: FlaskClient, facet: str, query: str, counts: dict[str, int]
) -> None:
    (counted,) = answer(client, "/v1/statements/facets", f"{query}&facet={facet}".lstrip("&"))["data"]
    assert {value["value"]: value["count"] for value in counted["values"]} == counts


def test_the_timeline_tells_when_the_november_statement_was_spoken_of(client: FlaskClient) -> None:
    spans = answer(client, "/v1/statements/timeline", f"{OF_NOVEMBER}&interval=month")["data"]
    assert {span["start"][:7]: span["count"] for span in spans} == {
        "2020-11": 1,
        "2020-12": 2,
        "2021-10": 4,
        "2021-11": 2,
        "2022-10": 1,
        "2022-11": 1,
    }
