"""What readers ask of statements, through the front door."""

from flask.testing import FlaskClient


def ids(client: FlaskClient, query: str) -> list[str]:
    answer = client.get(f"/v1/statements?limit=200&{query}")
    assert answer.status_code == 200, answer.text
    return [statement["id"] for statement in answer.get_json()["data"]]


def test_what_the_ministry_says_guterres_said_and_what_his_own_side_said_are_one_parameter_apart(
    client: FlaskClient,
) -> None:
    told = ids(client, "speaker=antonio-guterres&agent=russian-foreign-ministry")
    own = ids(client, "speaker=antonio-guterres&first_hand=true")
    assert "guterres-welcomes-russia-role-karabakh-2020-12" in told
    assert "guterres-welcomes-sochi-trilateral-meeting-2021" in own
    assert not set(told) & set(own)


def test_a_joint_readout_is_first_hand_only_for_the_side_that_issued_it(client: FlaskClient) -> None:
    joint = "lavrov-mirzoyan-discuss-trilateral-agreements-2021-10-01"
    assert joint in ids(client, "speaker=sergey-lavrov&first_hand=true")
    assert joint in ids(client, "speaker=ararat-mirzoyan&first_hand=false")
    assert ids(client, "speaker=ararat-mirzoyan&first_hand=true") == []
