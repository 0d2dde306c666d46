"""Every alert of now has its incident, and a cascade is one, whatever is restarted in between."""

from collections.abc import Iterator

import pytest

from ioc.centre.desk import Call, Desk, Request
from ioc.core.clock import SiteClock
from ioc.core.history import Said
from ioc.core.incidents import IncidentStep, take_incident_step
from ioc.core.links import Link
from ioc.core.words import MINUTE, Origin, Severity, Text
from tests.centre.conftest import ABOUT, START, Room, rule, silence

LINKS = [Link(chain=("power-01", "room-01", "portal-01"))]


@pytest.fixture
def room(migrated_url: str) -> Iterator[Room]:
    made = Room(migrated_url, rule(), silence(), links=LINKS)
    for thing in ("power-01", "room-01", "portal-01", "lonely-01"):
        place = [103.0, 22.0] if thing == "lonely-01" else ABOUT["location"]
        made.send((f"muong-ang/{thing}/about", {**ABOUT, "location": place}))
    yield made
    made.ledger.close()


def raise_at(room: Room, thing: str, minute: float) -> None:
    room.rain((minute, 60), thing=thing)


def things(room: Room) -> list[list[str]]:
    of = {alert["id"]: alert["thing"] for alert in room.alerts()}
    return [[of[alert] for alert in one["alerts"]] for one in room.incidents()]


def test_an_alert_has_an_incident_which_says_so_in_the_log(room: Room) -> None:
    raise_at(room, "portal-01", 0)
    (alert,), (incident,) = room.alerts(), room.incidents()
    assert alert["incident"] == incident["id"]
    assert incident["alerts"] == [alert["id"]]
    assert incident["root"] == {"alert": alert["id"], "thing": "portal-01"}
    assert incident["state"] == "received"
    assert incident["title"] == alert["message"]
    ((told,),) = room.rows("select body from event where kind = 'incident'")
    assert told == incident


@pytest.mark.parametrize("restarts", [False, True])
def test_a_cascade_is_one_incident_and_its_root_is_renamed_when_a_shallower_one_comes(
    room: Room, restarts: bool
) -> None:
    roots = []
    for minute, thing in enumerate(("portal-01", "lonely-01", "room-01", "power-01")):
        raise_at(room, thing, minute)
        if restarts:
            room.restart()
        roots.append(sorted(one["root"]["thing"] for one in room.incidents()))
    assert sorted(things(room)) == [["lonely-01"], ["portal-01", "room-01", "power-01"]]
    assert roots == [
        ["portal-01"],
        ["lonely-01", "portal-01"],
        ["lonely-01", "room-01"],
        ["lonely-01", "power-01"],
    ]


def test_a_flood_in_one_batch_is_gathered_like_one_that_trickles(room: Room) -> None:
    room.now = START + 5 * MINUTE
    record = {"n": "rainfall", "u": "mm/h", "t": START / 1e6, "v": 60}
    room.send(*((f"muong-ang/{thing}/data", [record]) for thing in ("portal-01", "room-01")))
    assert [sorted(one) for one in things(room)] == [["portal-01", "room-01"]]
    assert room.incidents()[0]["root"]["thing"] == "room-01"


def test_what_comes_after_the_window_or_after_closing_is_another_incident(room: Room) -> None:
    raise_at(room, "power-01", 0)
    raise_at(room, "room-01", 16)
    with room.ledger.transaction() as tx:
        (late,) = [one for one in tx.open_incidents() if one.root[1] == "room-01"]
        said = Said("lan", room.now, reason="false")
        tx.save_incidents([take_incident_step(late, IncidentStep.CLOSE, said)], room.now)
    raise_at(room, "portal-01", 17)
    assert sorted(things(room)) == [["portal-01"], ["power-01"], ["room-01"]]


def test_what_a_person_raises_by_hand_has_its_incident_within_a_tick(room: Room) -> None:
    desk = Desk("dien-bien", room.ledger, room.bus)
    said, words = Said("lan", room.now), Text("Ngập ngầm tràn", "Ford under water")
    call = Call("c1", "muong-ang", Severity.HIGH, Origin.SIMULATED, words, words, "power-01")
    made = desk.raise_by_hand(call, said, Request("lan", None, room.now))
    raise_at(room, "room-01", 1)
    room.ingest.tick()
    room.ingest.tick()
    assert [sorted(one) for one in things(room)] == [["power-01", "room-01"]]
    (incident,) = room.incidents()
    assert incident["root"] == {"alert": made["id"], "thing": "power-01"}
    (kept,) = [one for one in room.alerts() if one["id"] == made["id"]]
    assert kept["version"] == made["version"], "nobody's next step is stale because of it"


def test_history_has_no_incidents(room: Room) -> None:
    room.restart(SiteClock(START, START))
    raise_at(room, "power-01", -60)
    (alert,) = room.alerts()
    assert (alert["history"], alert["incident"]) == (True, None)
    assert room.incidents() == []


def test_the_same_batch_folded_twice_gathers_once(room: Room) -> None:
    raise_at(room, "power-01", 0)
    raise_at(room, "power-01", 0)
    assert things(room) == [["power-01"]]
