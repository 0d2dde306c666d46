"""What is settled for long is let go; what is open, or held by something open, never is."""

from contextlib import closing

import pytest

from ioc.core.settings_error import SettingsError
from ioc.core.words import DAY
from ioc.store import retention
from ioc.store.connection import connect
from ioc.store.retention import MINUTE, SWEEPS, let_go, periods
from ioc.verbs.settings import Environment, SettingError
from tests.store.conftest import START, Store

REAL = START + 300 * DAY
"""The real time is ahead of a site's whose clock began late."""

LONG_AGO = "2014-01-01"
FILLED = """
    insert into alert values
        ('gone', 1, 'r', 'a', 'd', 'x', 3, 'cleared', 'normal', {old}, {old}, '{{}}'),
        ('open', 2, 'r', 'b', 'd', 'x', 3, 'active', 'normal', {old}, null, '{{}}'),
        ('closed of late', 3, 'r', 'c', 'd', 'x', 3, 'cleared', 'normal', {old}, {new}, '{{}}'),
        ('held', 4, 'r', 'e', 'd', 'x', 3, 'cleared', 'normal', {old}, {old},
         '{{"incident": "open"}}'),
        ('gone with it', 5, 'r', 'f', 'd', 'x', 3, 'cleared', 'normal', {old}, {old},
         '{{"incident": "gone"}}');
    insert into incident values
        ('gone', 1, 'closed', 3, 'x', 'o', null, null, {old}, {old}, '{{}}'),
        ('open', 2, 'verified', 3, 'x', 'o', null, null, {old}, null, '{{}}'),
        ('closed of late', 3, 'closed', 3, 'x', 'o', null, null, {old}, {new}, '{{}}'),
        ('has a task', 4, 'closed', 3, 'x', 'o', null, null, {old}, {old}, '{{}}');
    insert into task values
        ('gone', 1, null, 'closed', 'x', 'o', {old}, null, {old}, {old}, '{{}}'),
        ('gone with it', 2, 'gone', 'closed', 'x', 'o', {old}, null, {old}, {old}, '{{}}'),
        ('held', 3, 'open', 'closed', 'x', 'o', {old}, null, {old}, {old}, '{{}}'),
        ('open', 4, 'has a task', 'assigned', 'x', 'o', {old}, null, {old}, null, '{{}}');
    insert into maintenance values
        ('gone', {old}, {old}, false, '{{}}'), ('still on', {old}, {new}, false, '{{}}');
    insert into handover values ('gone', {old}, '{{}}'), ('stays', {new}, '{{}}');
    insert into shift values ('gone', 'x', {old}, {old}, '{{}}'), ('on', 'x', {old}, {new}, '{{}}');
    insert into brief values
        ('gone', 'day', 'x', {old}, {old}, true, '{{}}'),
        ('on', 'year', 'x', {old}, {new}, true, '{{}}');
    insert into record values
        ('gone', {old}, 'received', 'dossier', 't', 'x', '{{}}'),
        ('moves', {old}, 'received', 'dossier', 't', 'x', '{{}}'),
        ('moves', {new}, 'done', 'dossier', 't', 'x', '{{}}');
    insert into notification
        (incident, route, level, turn, role, channel, created_at, due_at, state, settled_at)
        select 'i', 'r', no, 0, 'leader', 'c', {old}, {old}, 'sent', at
        from (values (0, timestamptz {old}), (1, {real} - interval '399 days'), (2, null))
        as told (no, at);
    insert into indicator values ('i', 'x', '{{}}');
    insert into indicator_value values ('i', 'x', {old}, 1, 1), ('i', 'x', {new}, 1, 1);
    insert into datastream (id, thing, name) values (9, 'rain-01', 'rainfall');
    insert into rollup_minute (datastream, time, n, suspect, bad, total)
        values (9, {old}, 0, 0, 0, 0), (9, {new}, 0, 0, 0, 0);
    insert into rollup_hour select * from rollup_minute;
    insert into rollup_day select * from rollup_minute;
    insert into shadow values ('r', 't', 'd', {old}, 1), ('r', 't', 'd', {new}, 1);
    insert into audit values (1, {old}, 'lan', 'login', '', '', '');
"""
KEPT = {
    "alert": {"open", "closed of late", "held"},
    "incident": {"open", "closed of late", "has a task"},
    "task": {"held", "open"},
    "maintenance": {"still on"},
    "handover": {"stays"},
    "shift": {"on"},
    "brief": {"on"},
    "record": {"moves"},
}


def counts(store: Store) -> dict[str, int]:
    return {kind: store.rows(f"select count(*) from {kind}")[0][0] for kind in [*SWEEPS, "audit"]}


def test_what_is_settled_for_long_goes_and_what_is_open_or_held_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(retention, "_BITE", 1)  # so that every kind takes several
    said = {"old": f"'{LONG_AGO}'", "new": "'2026-11-20'"}
    store.run(FILLED.format(**said, real=f"to_timestamp({REAL // 1_000_000})"))
    before = counts(store)
    days = periods({}) | {MINUTE: 400}
    with closing(connect(store.url, name="tidy")) as connection:
        gone = let_go(connection, days, START, REAL)
        assert let_go(connection, days, START, REAL) == {}, "all of it went, bite by bite"
    assert gone.keys() == SWEEPS.keys(), "of each kind something was old"
    assert counts(store) == {kind: n - gone.get(kind, 0) for kind, n in before.items()}
    for kind, stays in KEPT.items():
        assert {one for (one,) in store.rows(f"select id from {kind}")} == stays, kind
    assert gone["notification"] == gone["rollup_hour"] == gone["indicator_value"] == 1
    assert counts(store)["audit"] == 1


def test_an_installation_may_keep_a_kind_longer_but_not_shorter_than_it_must():
    assert periods({"alert": 7300}) == {**periods({}), "alert": 7300}
    assert periods({}).keys() | {MINUTE} == SWEEPS.keys(), "every kind has its days"
    for told, why in (
        ({"audit": 9}, "known are alert"),
        ({"alert": 365}, "366 days or more"),
        ({"alert": "ever"}, "366 days or more"),
    ):
        with pytest.raises(SettingsError, match=why):
            periods(told)


def test_the_environment_says_how_long_and_a_wrong_word_in_it_is_told():
    read = Environment.read({"IOC_RETENTION": "alert = 7300", "IOC_RETENTION_DAYS": "30"})
    assert read.retention == {**periods({}), "alert": 7300, MINUTE: 30}
    for told in ("alert = 1", "alert ="):
        with pytest.raises(SettingError, match="IOC_RETENTION: "):
            Environment.read({"IOC_RETENTION": told})
