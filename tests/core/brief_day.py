"""A written day of a province: what a brief is made of in the tests."""

from dataclasses import replace
from typing import Any, Final

from ioc.core.alerts import Alert
from ioc.core.brief import Found, Making, Reading, Subject, compose, instants
from ioc.core.brief_plan import Occasion, Plan, Section, newest
from ioc.core.history import Entry
from ioc.core.incidents import Incident, IncidentState
from ioc.core.indicators import parse_indicator
from ioc.core.tasks import Task
from ioc.core.words import DAY, HOUR, MINUTE, Instant, Severity, Text, instant
from ioc.sites import read_site
from tests.samples import a_task, an_alert, an_incident

SITE: Final = read_site("dien-bien")
SUBJECT: Final = Subject(
    SITE, "province", {row["id"]: parse_indicator(row) for row in SITE.indicator_rows}
)
SEVEN: Final = instant("2026-11-24T07:00:00+07:00")
PLAN: Final = Plan(
    "daily",
    Text("Báo cáo ngày", "Daily report"),
    (7 * 60,),
    7 * DAY,
    (
        Section(
            "dossiers",
            Text("Hồ sơ thủ tục hành chính", "Dossiers"),
            ("dossiers-on-time", "dossiers-received", "no-such-indicator"),
        ),
    ),
)
DAY_BEFORE: Final = Occasion("daily", SEVEN - DAY, SEVEN)


def alert(number: int, at: Instant, severity: int = 3, **changes: Any) -> Alert:
    told: dict[str, Any] = {
        "id": f"a{number:03}",
        "seq": number,
        "thing": f"rain-{number}",
        "severity": Severity(severity),
        "detected_at": at,
        "message": Text(
            "Trạm mưa Mường Ảng: mưa to 52,4 mm/giờ", "Muong Ang: heavy rain 52.4 mm/h"
        ),
        "response": Text("Gọi xã, kiểm tra ngầm tràn", "Call the commune, check the fords"),
        "steps": (Entry(at, "centre", "raise"),),
    }
    return an_alert(at, **told | changes)


def acknowledged(one: Alert, at: Instant) -> Alert:
    return replace(one, steps=(*one.steps, Entry(at, "lan", "acknowledge")))


def incident(alerts: tuple[str, ...], at: Instant, *steps: Entry, **changes: Any) -> Incident:
    told: dict[str, Any] = {
        "id": "i001",
        "seq": 1,
        "state": IncidentState.ASSIGNED,
        "title": Text("Mưa to tại Mường Ảng", "Heavy rain at Muong Ang"),
        "root": (alerts[0], "rain-1"),
        "alerts": alerts,
        "owner": "Sở Nông nghiệp",
        "due": at + 4 * HOUR,
        "steps": (Entry(at, "centre", "receive"), *steps),
    }
    return an_incident(at, **told | changes)


def task(at: Instant, due: Instant, *steps: Entry, **changes: Any) -> Task:
    told: dict[str, Any] = {
        "id": "t001",
        "seq": 1,
        "title": "Kiểm tra ngầm tràn",
        "giver": "chủ tịch",
        "owner": "UBND huyện Mường Ảng",
        "due": due,
        "steps": (Entry(at, "chủ tịch", "give"), *steps),
    }
    return a_task(at, **told | changes)


def reading(id_: str, value: float, previous: float, **body: Any) -> Reading:
    at, before, *trend = instants(SUBJECT.definitions[id_], PLAN, DAY_BEFORE.end, DAY_BEFORE.start)
    values: dict[Instant, tuple[float | None, float]] = {
        time: (previous + number % 3, 1.0) for number, time in enumerate(trend)
    }
    told = {"value": value, "previous": previous, "coverage": 1.0, "origin": "simulated", **body}
    return Reading(told, {**values, before: (previous, 1.0), at: (value, 1.0)})


def written_day() -> Found:
    """A day with rain, an incident that was answered, and a task nobody did."""
    rained = SEVEN - 20 * HOUR
    later = SEVEN + HOUR
    seen = acknowledged(alert(1, rained, 4, incident="i001"), rained + 6 * MINUTE)
    return Found(
        alerts=(
            alert(9, SEVEN - 30 * HOUR, 2, closed_at=SEVEN - 29 * HOUR),
            seen,
            acknowledged(alert(2, rained + HOUR, 3, area="tua-chua"), later),
            alert(3, rained + 2 * HOUR, history=True),
            alert(4, later),
        ),
        incidents=(
            incident(
                ("a001",),
                rained,
                Entry(rained + 10 * MINUTE, "lan", "verify"),
                Entry(rained + 15 * MINUTE, "lan", "assign"),
                Entry(rained + 135 * MINUTE, "tu", "done"),
            ),
        ),
        tasks=(task(rained, SEVEN - 3 * HOUR, Entry(SEVEN - 3 * HOUR, "centre", "late")),),
        readings={
            "dossiers-on-time": reading("dossiers-on-time", 91.25, 95.0),
            "dossiers-received": reading("dossiers-received", 812.0, 790.0),
        },
        shifts=(
            {
                "from": "2026-11-23T06:00:00+07:00",
                "to": "2026-11-23T14:00:00+07:00",
                "people": [
                    {"name": "Lò Thị Lan", "phone": "0215 000 001", "duty": "trưởng ca"},
                    {"name": "Quàng Văn Tú", "phone": "0215 000 002", "duty": ""},
                ],
                "note": "",
            },
        ),
        handovers=(
            {
                "from": "lan",
                "to": "tu",
                "at": "2026-11-23T14:00:00+07:00",
                "note": "Theo dõi mực nước Nậm Rốm",
                "confirmed_at": "2026-11-23T14:05:00+07:00",
            },
        ),
    )


def brief_of(found: Found, **changes: Any) -> dict[str, Any]:
    making = Making(DAY_BEFORE.id, "centre", SEVEN + MINUTE, "0.1")
    return {**compose(PLAN, DAY_BEFORE, SUBJECT, found, making), **changes}


assert newest(PLAN, SEVEN) == DAY_BEFORE
