"""Looking back: the snapshot of an earlier instant, for who may see what, the same each time."""

from dataclasses import replace

import pytest

from ioc.core.alerts import State, Step, take_step
from ioc.core.words import HOUR, MINUTE, rfc3339
from tests.http.conftest import indicator_body, rain_alert, rain_gauge

KEY = "rain-test-01/rainfall"


def past(centre, at, role="operator", areas=(), **query):
    told = {"at": rfc3339(at), **query}
    return centre.get("/api/v1/snapshot", role, areas, params=told)


@pytest.fixture
def lived(centre):
    """A centre in which something has happened: what is logged, is logged a moment ago."""
    centre.describe(rain_gauge(1), rain_gauge(2, "tua-chua"))
    start = centre.start
    centre.observe(KEY, (start - 3 * HOUR, 4.0), (start - 2 * HOUR, 52.4), (start - HOUR, 1.0))
    raised = start - 2 * HOUR
    alert = rain_alert(1, raised, history=True)
    over = take_step(alert, Step.COMMENT, by="centre", at=raised)
    centre.raise_alerts(
        replace(
            over,
            active=False,
            state=State.NORMAL,
            cleared_at=start - HOUR,
            closed_at=start,
            reason="history",
        )
    )
    return centre


def test_a_moment_before_the_log_shows_its_values_and_the_alerts_of_their_own_history(lived):
    answer = past(lived, lived.start - 90 * MINUTE)
    assert answer.status_code == 200
    told = answer.json()
    assert told["past"] == {"exact": False}
    data = told["data"]
    assert data["now"] == data["clock"]["now"] == told["at"]
    assert data["clock"]["paused"] is True
    assert data["values"] == {KEY: [(lived.start - 2 * HOUR) / 1e6, 52.4, "good"]}
    assert [(one["state"], one["closed_at"]) for one in data["alerts"]] == [
        ("unacknowledged", None)
    ]
    thing = next(one for one in data["things"] if one["id"] == "rain-test-01")
    assert thing["datastreams"][0]["last"] == [(lived.start - 2 * HOUR) / 1e6, 52.4]
    assert past(lived, lived.start - 150 * MINUTE).json()["data"]["alerts"] == []


def test_freshness_is_judged_at_the_moment_shown(lived):
    def quality(at):
        things = past(lived, at).json()["data"]["things"]
        thing = next(one for one in things if one["id"] == "rain-test-01")
        return thing["datastreams"][0]["quality"]

    assert quality(lived.start - 2 * HOUR + 5 * MINUTE) == "good"
    assert quality(lived.start - 2 * HOUR + 50 * MINUTE) == "stale"


def test_what_the_log_holds_is_told_exactly_and_later_versions_do_not_change_it(lived):
    (alert,) = lived.raise_alerts(rain_alert(2, lived.now, "tua-chua"))
    lived.indicate(indicator_body("dossiers-on-time", "province", lived.now))
    moment = lived.now
    first = past(lived, moment)
    assert first.json()["past"] == {"exact": True}
    assert [one["version"] for one in first.json()["data"]["alerts"]] == [1]
    assert past(lived, moment).content == first.content
    lived.raise_alerts(take_step(alert, Step.ACKNOWLEDGE, by="lan", at=lived.now))
    lived.describe(rain_gauge(1, name=rain_gauge(9).name), rain_gauge(3))
    lived.observe(KEY, (lived.now, 77.0))
    assert past(lived, moment).content == first.content
    (later,) = past(lived, lived.now).json()["data"]["alerts"]
    assert later["state"] == "acknowledged"


def test_an_alert_of_which_nobody_knew_yet_is_not_shown(lived):
    lived.raise_alerts(rain_alert(2, lived.start - HOUR, "tua-chua", detected_at=lived.now))
    shown = past(lived, lived.start - 30 * MINUTE).json()["data"]["alerts"]
    assert shown == []


def test_everybody_sees_of_the_past_what_they_may_see_of_now(lived):
    lived.raise_alerts(
        take_step(
            rain_alert(2, lived.now, "tua-chua"), Step.COMMENT, by="lan", at=lived.now, note="hm"
        )
    )
    moment = lived.now
    assert past(lived, moment, "admin").status_code == 403
    assert lived.http.get("/api/v1/snapshot", params={"at": rfc3339(moment)}).status_code == 401
    near = past(lived, moment, "handler", ["muong-ang"]).json()["data"]
    assert {one["id"] for one in near["things"]} == {"rain-test-01"}
    assert near["alerts"] == []
    assert set(near["values"]) == {KEY}
    (step,) = past(lived, moment, "display").json()["data"]["alerts"][0]["steps"]
    assert (step["by"], step["note"]) == ("", ""), "a screen is told nothing of people"
    (step,) = past(lived, moment).json()["data"]["alerts"][0]["steps"]
    assert step["by"] == "lan"


def test_a_board_narrows_the_values_to_what_its_wall_subscribes_to(lived):
    moment = lived.start - HOUR
    assert set(past(lived, moment, board="wall").json()["data"]["values"]) == {KEY}
    assert past(lived, moment, board="overview").status_code == 200
    assert past(lived, moment, board="no-such").status_code == 422


@pytest.mark.parametrize(
    "at", ["", "now", "2026-11-22T14:00:00", "9999-12-31T23:59:59Z", "\x00", "1" * 41, "-1h"]
)
def test_what_is_no_moment_is_refused(shared, at):
    assert shared.get("/api/v1/snapshot", params={"at": at}).status_code == 422


def test_what_is_to_come_and_what_was_before_everything_is_refused_with_the_reason(lived):
    ahead = past(lived, lived.now + HOUR)
    assert ahead.status_code == 422
    assert "still to come" in ahead.text
    before = past(lived, lived.start - 5 * HOUR)
    assert before.status_code == 422
    assert "before the first observation" in before.text
