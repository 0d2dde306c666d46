"""Briefs are due by the site's clock, each once, and after a while away only the newest."""

import pytest

from ioc.core.brief_plan import newest, owed, parse_plan, since_last
from ioc.core.settings_error import SettingsError
from ioc.core.words import HOUR, MINUTE, instant, rfc3339

ROW = {
    "id": "shift",
    "name": {"vi": "Báo cáo ca", "en": "Shift report"},
    "at": ["22:00", "06:00", "14:00"],
    "section": [{"id": "a", "name": {"vi": "Một", "en": "One"}, "indicators": ["x"]}],
}
SHIFT = parse_plan(ROW)


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        ("2026-11-24T14:00:00+07:00", "24T06", "24T14"),
        ("2026-11-24T13:59:59+07:00", "23T22", "24T06"),
        ("2026-11-24T00:10:00+07:00", "23T14", "23T22"),
        ("2026-12-01T05:00:00+07:00", "30T14", "30T22"),
    ],
)
def test_a_brief_is_of_the_time_since_the_one_before(now, start, end):
    found = newest(SHIFT, instant(now))
    assert rfc3339(found.start)[8:13] == start
    assert rfc3339(found.end)[8:13] == end


def test_what_was_made_is_not_due_and_after_days_away_one_is():
    now = instant("2026-11-24T15:00:00+07:00")
    [first] = owed([SHIFT], {}, now)
    assert owed([SHIFT], {"shift": first.end}, now) == []
    [later] = owed([SHIFT], {"shift": first.end}, now + 75 * HOUR)
    assert later.end - first.end == 72 * HOUR


def test_the_button_reports_on_what_no_brief_has_yet():
    now = instant("2026-11-24T15:00:00+07:00")
    assert since_last(SHIFT, now).start == now - HOUR
    just = instant("2026-11-24T14:00:00+07:00")
    assert since_last(SHIFT, just).start == just - 8 * HOUR
    assert since_last(SHIFT, just + MINUTE).start == just


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": []},
        {"at": ["25:00"]},
        {"at": "07:00"},
        {"id": "Ca 1"},
        {"hours": 3},
        {"section": [{"id": "a", "name": {"vi": "a", "en": "a"}, "indicators": []}]},
        {"section": ["x"]},
    ],
)
def test_a_plan_that_cannot_be_is_refused(wrong):
    with pytest.raises(SettingsError):
        parse_plan({**ROW, **wrong})
