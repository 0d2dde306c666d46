"""Recordings played again: read without guessing, told at the site's time, offline at the end."""

import threading

import orjson
import pytest

from ioc.core.clock import SiteClock
from ioc.core.wire import Message, Reader
from ioc.core.words import SECOND, Area, Origin, Text
from simulators.replay import (
    RecordingError,
    Replay,
    read_recording,
    read_recordings,
    replay,
)

NOON = 1_795_300_000
GOOD = """timestamp,value
2014-04-01 00:00:00,20.5
2014-04-01 00:05:00,21
2014-04-01 00:10:00,22.25
2014-04-01 00:15:00,23
"""


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "Pump House_7.csv"
    path.write_text(GOOD)
    return path


def how(broker, site, **more):
    clock = SiteClock(epoch=NOON * SECOND, start=0, speed=1.0)
    return Replay(
        broker.url("simulate"), site.id, (103.05, 21.41), **{"speed": 300.0, "clock": clock, **more}
    )


def test_a_recording_is_read_as_utc_and_named_after_its_file(recording):
    found = read_recordings([recording])[0]
    assert found.id == "pump-house_7"
    assert found.offsets == (0, 300 * SECOND, 600 * SECOND, 900 * SECOND)
    assert found.values == (20.5, 21.0, 22.25, 23.0)
    assert found.period(speed=10.0) == 30.0


def test_files_of_one_name_get_ids_of_their_own(tmp_path):
    paths = []
    for folder in ("east", "west"):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "pump.csv"
        path.write_text(GOOD)
        paths.append(path)
    ids = [found.id for found in read_recordings([*paths, paths[0]])]
    assert ids == ["pump", "west-pump", "east-pump"]


def test_bad_rows_are_named_and_counted_and_the_rest_is_kept(tmp_path):
    path = tmp_path / "rough.csv"
    path.write_text(
        "timestamp,value,note\n"
        "2014-04-01 00:05:00,2,late\n"
        "not a time,1,\n"
        "2014-04-01 00:00:00,1,early\n"
        "2014-04-01 00:10:00,NaN,\n"
        "2014-04-01 00:10:00,\n"
        "2014-04-01 00:05:00,9,again\n"
        "2014-04-01 07:15:00+07:00,4,with an offset\n"
    )
    found = read_recording(path, "rough")
    assert found.values == (1.0, 2.0, 4.0)
    assert found.offsets == (0, 300 * SECOND, 900 * SECOND)
    assert found.refused == 4
    assert [row.line for row in found.bad] == [3, 5, 6, 7]
    assert str(found.bad[0]).startswith(f"{path}:3: ")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("time,value\n2014-04-01 00:00:00,1\n", "has no column timestamp"),
        ("timestamp,value\n", "no row that can be read"),
        ("", "has no column"),
        ("timestamp,value\nx,y\n", "no row that can be read"),
    ],
)
def test_what_is_no_recording_says_so(tmp_path, text, why):
    path = tmp_path / "wrong.csv"
    path.write_text(text)
    with pytest.raises(RecordingError, match=why) as told:
        read_recording(path, "wrong")
    assert str(path) in str(told.value)


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(RecordingError, match=r"nowhere\.csv"):
        read_recording(tmp_path / "nowhere.csv", "nowhere")


def test_a_recording_is_told_at_the_sites_time_compressed_by_speed(broker, site, ear, recording):
    real = [0]
    stop = threading.Event()
    outcome = []
    player = threading.Thread(
        target=lambda: outcome.append(
            replay([recording], how(broker, site), now=lambda: real[0], stop=stop)
        )
    )
    player.start()
    try:
        ear.wait(lambda _: rows(ear) == [(NOON, 20.5)])
        real[0] = 2 * SECOND
        ear.wait(lambda _: rows(ear) == [(NOON, 20.5), (NOON + 1, 21.0), (NOON + 2, 22.25)])
        real[0] = 3 * SECOND
        player.join(30)
    finally:
        stop.set()
        player.join(30)
    ear.wait(lambda _: [told for _, told in ear.leave("status")] == [b"online", b"offline"])
    assert rows(ear)[-1] == (NOON + 3, 23.0)
    assert (outcome[0].observations, outcome[0].refused, outcome[0].finished) == (4, 0, True)


def rows(ear):
    return [
        (record["t"], record["v"])
        for _, payload in ear.leave("data")
        for record in orjson.loads(payload)
    ]


def test_the_centre_reads_a_recording_as_a_replay(broker, site, ear, recording):
    clock = SiteClock(epoch=NOON * SECOND, start=-10 * SECOND)
    played = how(broker, site, clock=clock, speed=1e6)
    replay([recording], played, now=lambda: 0, stop=after(ear, 1))
    reader = Reader(site.id, [Area("province", "", Text("", ""), "province", None, (103, 21))])
    heard = reader.read([Message(topic, told, NOON * SECOND) for topic, told, _ in ear.messages])
    assert heard.refusals == []
    thing = heard.abouts[0].thing
    assert thing is not None
    assert thing.kind == "recording"
    assert thing.origin is Origin.REPLAY
    assert thing.location == (103.05, 21.41)
    assert set(thing.datastreams) == {"value"}


def after(ear, messages):
    """Give a stop that comes once so many data messages were heard."""
    stop = threading.Event()

    def watch():
        ear.wait(lambda _: len(ear.leave("data")) >= messages)
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
    return stop


def test_stopping_early_leaves_the_thing_offline(broker, site, ear, recording):
    stop = after(ear, 1)
    done = replay([recording], how(broker, site), now=lambda: 0, stop=stop)
    assert not done.finished
    ear.wait(lambda _: [told for _, told in ear.leave("status")] == [b"online", b"offline"])


def test_speed_must_be_above_nought(broker, site, recording):
    with pytest.raises(ValueError, match="speed 0"):
        replay([recording], how(broker, site, speed=0.0), now=lambda: 0, stop=threading.Event())
