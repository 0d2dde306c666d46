"""What people are owed is kept with the alert, delivered at least once, and stops when answered."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from ioc.centre.desk import Desk
from ioc.centre.ports import UndeliverableError
from ioc.centre.telling import Telling
from ioc.core.alerts import Step
from ioc.core.clock import SiteClock
from ioc.core.duty import Person, Shift
from ioc.core.incidents import IncidentState
from ioc.core.tasks import TaskState, given
from ioc.core.telling import Letter, parse_route
from ioc.core.words import HOUR, MINUTE, SECOND, Text
from ioc.store.ledger import LedgerTransaction
from ioc.words import read_phrases
from tests.centre.conftest import ABOUT, AREAS, START, Room, rule, silence
from tests.samples import a_task, an_incident

ROUTE = {
    "id": "duty",
    "severity": 3,
    "role": "operator",
    "to": "sms",
    "wait": "10s",
    "window": "5m",
    "repeat": "15m",
    "escalate": [{"after": "30m", "role": "supervisor", "to": "mail"}],
}


@dataclass
class Box:
    """Channels that remember, and fail when told to."""

    known: set[str] = field(default_factory=lambda: {"sms", "mail"})
    broken: bool = False
    poison: str = ""
    deaf: str = ""
    rung: list[str] = field(default_factory=list)
    letters: list[tuple[str, Letter]] = field(default_factory=list)

    def knows(self, to: str) -> bool:
        return to in self.known

    def deliver(self, to: str, letter: Letter, person: Person | None = None) -> None:
        if self.broken or (person is not None and person.phone == self.deaf):
            raise UndeliverableError("no signal")
        if to == self.poison:
            raise TypeError("a channel that is not as it says")
        if person is not None:
            self.rung.append(person.phone)
        self.letters.append((to, letter))


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def room(migrated_url: str) -> Iterator[Room]:
    made = Room(migrated_url, rule(), silence())
    made.routes = [parse_route(ROUTE)]
    made.restart()
    for thing in ("rain-01", "rain-02"):
        made.send((f"muong-ang/{thing}/about", ABOUT))
    yield made
    made.ledger.close()


def tell(room: Room, box: Box, after_s: float = 0) -> list[str]:
    """Let real time pass and deliver what is due; gives whom it was told."""
    room.now += round(after_s * SECOND)
    before = len(box.letters)
    telling = Telling(
        room.routes,
        store=room.ledger,
        post=box,
        say=read_phrases(),
        now=lambda: room.now,
        site_now=room.ingest.site_now,
        parents={area.id: area.parent for area in AREAS},
    )
    while telling.go():
        pass
    return [to for to, _ in box.letters[before:]]


def messages(room: Room) -> list[dict[str, Any]]:
    keys = ("to", "level", "turn", "state", "tries", "error")
    rows = room.rows(
        "select channel, level, turn, state, tries, error from notification order by id"
    )
    return [dict(zip(keys, row, strict=True)) for row in rows]


def acknowledge(room: Room) -> None:
    desk = Desk("dien-bien", room.ledger, room.bus)
    for alert in room.alerts():
        if alert["state"] == "unacknowledged":
            desk.step(alert["id"], Step.ACKNOWLEDGE, by="lan", at=room.now)


def test_an_alert_is_told_once_after_the_wait_and_says_that_it_is_simulated(room, box):
    room.rain((0, 60))
    assert tell(room, box) == [], "what belongs together is gathered first"
    assert tell(room, box, 11) == ["sms"]
    assert tell(room, box, 60) == []
    ((_, letter),) = box.letters
    assert letter.title.vi.startswith("[MÔ PHỎNG] ")
    assert "Gọi xã" in letter.body.vi


def test_a_cascade_is_one_message_and_what_joins_later_waits_for_the_window(room, box):
    room.rain((0, 60))
    room.rain((0.1, 60), thing="rain-02")
    assert tell(room, box, 11) == ["sms"]
    assert box.letters[0][1].body.vi.count("\n- ") == 2
    room.send(("muong-ang/rain-03/about", ABOUT))
    room.rain((1, 60), thing="rain-03")
    assert tell(room, box, 60) == []
    assert tell(room, box, 4 * 60) == ["sms"]
    assert box.letters[1][1].body.vi.count("\n- ") == 3


def test_it_is_told_again_until_somebody_acknowledges_and_then_to_the_next_role(room, box):
    room.rain((0, 60))
    assert tell(room, box, 11) == ["sms"]
    assert tell(room, box, 15 * 60) == ["sms"]
    assert "Nhắc lần 1" in box.letters[-1][1].body.vi
    assert sorted(tell(room, box, 15 * 60)) == ["mail", "sms"]
    acknowledge(room)
    assert tell(room, box, 3600) == []
    assert [one["state"] for one in messages(room)][-1] == "answered"


def test_an_escalation_is_not_sent_when_somebody_was_faster(room, box):
    room.rain((0, 60))
    assert tell(room, box, 11) == ["sms"]
    acknowledge(room)
    assert tell(room, box, 3600) == []
    assert {one["state"] for one in messages(room)} == {"sent", "answered"}


def test_what_is_not_delivered_is_tried_again_and_counted(room, box):
    room.rain((0, 60))
    box.broken = True
    assert tell(room, box, 11) == []
    first = messages(room)[0]
    assert (first["state"], first["tries"], first["error"]) == ("waiting", 1, "no signal")
    assert tell(room, box, 5) == []
    assert messages(room)[0]["tries"] == 1, "not before its time"
    box.broken = False
    assert tell(room, box, 6) == ["sms"]


def test_a_channel_without_an_address_keeps_its_message_here(room, box):
    room.rain((0, 60))
    box.known.clear()
    assert tell(room, box, 11) == []
    assert messages(room)[0]["state"] == "recorded"


def test_killed_between_sending_and_settling_it_is_told_again_and_raised_once(
    room, box, monkeypatch
):
    room.rain((0, 60))
    with monkeypatch.context() as killed:
        killed.setattr(LedgerTransaction, "settle", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            tell(room, box, 11)
    room.restart()
    room.rain((0, 60))
    assert tell(room, box) == ["sms"]
    assert len(box.letters) == 2, "at least once"
    assert len(room.alerts()) == 1, "exactly once"


def test_a_raise_that_is_not_kept_owes_nothing_and_one_that_is_owes_it_for_good(room, box):
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with pytest.MonkeyPatch.context() as killed:
        killed.setattr(LedgerTransaction, "checkpoint", broken)
        with pytest.raises(ZeroDivisionError):
            room.rain((0, 60))
    assert (room.alerts(), messages(room)) == ([], [])
    room.restart()
    room.rain((0, 60))
    room.restart()
    assert tell(room, box, 11) == ["sms"]


def test_history_and_what_is_mild_is_told_to_nobody(room, box):
    room.restart(SiteClock(START, START))
    room.rain((-60, 60))
    room.now += 60 * MINUTE
    room.ingest.tick()
    assert messages(room) == []


def test_every_delivery_is_in_the_audit_trail(room, box):
    room.rain((0, 60))
    tell(room, box, 11)
    ((who, action),) = room.rows("select who, action from audit where action like 'notification.%'")
    assert (who, action) == ("centre", "notification.sent")


def test_a_message_the_centre_stumbles_over_waits_and_the_others_go(room, box):
    room.routes = [parse_route(ROUTE), parse_route({**ROUTE, "id": "other", "to": "mail"})]
    room.restart()
    box.poison = "sms"
    room.rain((0, 60))
    assert tell(room, box, 11) == ["mail"]
    (stuck,) = [one for one in messages(room) if one["to"] == "sms"]
    assert (stuck["state"], stuck["tries"]) == ("waiting", 1)
    assert stuck["error"] == "TypeError: a channel that is not as it says"


MARKS = [
    {"id": "reminder", "marks": ["remind"], "role": "handler", "to": "mail"},
    {"id": "overdue", "marks": ["late"], "role": "supervisor", "to": "sms"},
]


def work(room: Room) -> None:
    """Give an incident and a task, due in two hours, and a report nobody has looked at."""
    at = room.ingest.site_now()
    due = at + 2 * HOUR
    incident = an_incident(
        at,
        state=IncidentState.ASSIGNED,
        title=Text("Cầu hỏng", "Broken bridge"),
        alerts=(),
        owner="so-gtvt",
        given_at=at,
        due=due,
    )
    report = replace(
        incident,
        id="i2",
        state=IncidentState.RECEIVED,
        owner="",
        given_at=None,
        due=None,
        record="pakn-1",
        limits={"refuse": due},
    )
    task = a_task(at, due=due)
    with room.ledger.transaction() as tx:
        tx.save_incidents([incident, report], at)
        tx.save_tasks([given(task)], at)


def pass_time(room: Room, box: Box, hours: float) -> list[str]:
    """Let the site's time pass, then let what is due be told; gives what was told."""
    room.now += round(hours * HOUR)
    room.ingest.tick()
    room.ingest.tick()
    before = len(box.letters)
    tell(room, box)
    return sorted(f"{to}: {letter.title.vi}" for to, letter in box.letters[before:])


def test_every_mark_of_an_incident_a_task_and_a_reports_limit_is_told_by_its_route_once(room, box):
    room.routes = [parse_route(ROUTE), *map(parse_route, MARKS)]
    room.restart()
    work(room)
    assert pass_time(room, box, 0.9) == []
    reminded = [
        "mail: [MÔ PHỎNG] Nhắc hạn: " + what for what in ("Cầu hỏng", "Cầu hỏng", "Kiểm tra")
    ]
    assert pass_time(room, box, 0.2) == reminded
    room.restart()
    assert pass_time(room, box, 0.2) == []
    late = pass_time(room, box, 1)
    assert [one.partition(":")[0] for one in late] == ["sms", "sms", "sms"]
    assert all("Quá hạn" in one for one in late)
    assert pass_time(room, box, 5) == [], "nobody asked to hear of the third mark"
    said = room.rows("select incident, task, mark, term from notification order by id")
    assert sorted(map(str, said)) == sorted(map(str, {*said})), "each mark once"
    assert ("i2", None, "late", "refuse") in said


def test_a_mark_killed_between_sending_and_settling_is_told_again_and_passed_once(
    room, box, monkeypatch
):
    room.routes = [parse_route(MARKS[0])]
    room.restart()
    work(room)
    with monkeypatch.context() as killed:
        killed.setattr(LedgerTransaction, "settle", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            pass_time(room, box, 1.1)
    room.restart()
    assert len(pass_time(room, box, 0)) == 3
    steps = [one["step"] for incident in room.incidents() for one in incident["steps"]]
    assert steps.count("remind") == 2


def test_a_mark_of_what_is_done_or_given_anew_by_then_is_told_to_nobody(room, box):
    room.routes = [parse_route({**MARKS[0], "wait": "10m"})]
    room.restart()
    work(room)
    assert pass_time(room, box, 1.1) == []
    with room.ledger.transaction() as tx:
        given_anew = [replace(one, given_at=room.now, marks=0) for one in tx.incidents(["i1"])]
        tx.save_incidents(given_anew, room.now)
        task = tx.task("t1")
        assert task is not None
        tx.save_tasks([replace(task, state=TaskState.DONE)], room.now)
    assert len(pass_time(room, box, 0.2)) == 1, "the report is still not looked at"
    assert sorted(one["state"] for one in messages(room)) == ["answered", "answered", "sent"]


def test_at_a_shift_change_whoever_is_on_duty_when_the_message_goes_is_told(room, box):
    room.routes = [
        parse_route({**ROUTE, "escalate": [], "on_duty": {"by": "phone", "duty": "lead"}})
    ]
    room.restart()
    box.known.add("phone")
    turn = room.ingest.site_now() + 5 * MINUTE
    people = [Person(name, phone, "lead") for name, phone in (("Lan", "111"), ("Hoa", "222"))]
    cook = Person("Bếp", "999", "cook")
    with room.ledger.transaction() as tx:
        tx.save_shift(Shift("s1", "muong-ang", turn - HOUR, turn, (people[0], cook)))
        tx.save_shift(Shift("s2", "province", turn, turn + 10 * MINUTE, (people[1],)))
    room.rain((0, 60))
    assert tell(room, box, 11) == ["phone"]
    assert box.rung == ["111"]
    assert tell(room, box, 15 * 60 - 60) == []
    assert tell(room, box, 60) == ["sms"], "nobody is on duty any more: the address is told"
    assert box.rung == ["111"]
    with room.ledger.transaction() as tx:
        now = room.ingest.site_now()
        tx.save_shift(Shift("s3", "province", now, now + HOUR, (people[1], people[0])))
    box.deaf = "222"
    assert tell(room, box, 15 * 60) == ["phone"], "the other of the two does not answer"
    box.deaf = ""
    assert tell(room, box, 60) == ["phone"]
    assert box.rung == ["111", "111", "222"], "who was reached is not called twice"
    names = room.rows("select people from notification order by id limit 3")
    assert [sorted(some) for (some,) in names] == [["Lan"], [], ["Hoa", "Lan"]]
