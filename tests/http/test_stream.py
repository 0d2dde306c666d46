"""The stream's promises, held against a real server by a real client."""

import contextlib
import secrets
import socket
import threading
from contextlib import closing

import psycopg2
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ioc.centre.ports import Event
from ioc.clock import now as real_now
from ioc.core.words import DAY, MINUTE, SECOND, rfc3339
from ioc.http import shapes
from ioc.http.hub import Pace
from tests.http.conftest import Stream, indicator_body, rain_alert, rain_gauge

EVERYTHING = {"datastreams": ["*"], "alerts": True, "indicators": ["*"], "things": True}


def subscribed(stream, to=None, **more):
    """Subscribe and give the snapshot."""
    stream.say({"subscribe": to or {"board": "wall"}, **more})
    return stream.next("snapshot")


def closed_with(stream):
    """Read until the server closes, and give its code."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            stream.read(20)
    return stream.socket.close_code


def logged_alerts(centre):
    with closing(psycopg2.connect(centre.database_url)) as connection:
        cursor = connection.cursor()
        cursor.execute("select seq from event where kind = 'alert' order by seq")
        return [seq for (seq,) in cursor.fetchall()]


# ------------------------------------------------------------------ frames


def test_a_wall_gets_hello_a_snapshot_and_then_what_happens(centre):
    centre.describe(rain_gauge(1))
    centre.observe("rain-test-01/rainfall", (centre.now - MINUTE, 3.5))
    centre.raise_alerts(rain_alert(1, centre.now))
    centre.indicate(indicator_body("dossiers-on-time", "province", centre.now))
    centre.refresh()
    with centre.stream() as stream:
        hello = shapes.Hello.model_validate(stream.read())
        assert (hello.site, hello.build) == ("dien-bien", "test")
        stream.say({"subscribe": {"board": "wall"}})
        snapshot = shapes.Snapshot.model_validate(stream.next("snapshot"))
        assert [one.id for one in snapshot.data.alerts] == [f"{1:020x}"]
        assert [one.id for one in snapshot.data.indicators] == ["dossiers-on-time"]
        assert [one.id for one in snapshot.data.things] == ["rain-test-01"]
        assert snapshot.data.values["rain-test-01/rainfall"][1:] == (3.5, "good")
        assert snapshot.data.things[0].datastreams[0].quality == "good"

        (alert,) = centre.raise_alerts(rain_alert(2, centre.now))
        event = shapes.EventFrame.model_validate(stream.next("alert"))
        assert event.seq == alert.seq > snapshot.seq
        shapes.Alert.model_validate(event.data)

        now = centre.now
        centre.hub.values({"data": {"rain-test-01/rainfall": [now / SECOND, 9.5, "suspect"]}})
        values = shapes.Values.model_validate(stream.next("values"))
        assert values.data == {"rain-test-01/rainfall": (now / SECOND, 9.5, "suspect")}
        assert shapes.Tick.model_validate(stream.next("tick")).seq == alert.seq
    told = centre.get("/api/v1/things/rain-test-01").json()["datastreams"][0]
    assert (told["last"][1], told["quality"]) == (9.5, "suspect")


def test_a_thing_described_a_moment_ago_is_on_the_wall_at_once(centre):
    with centre.stream() as stream:
        subscribed(stream)
        centre.describe(rain_gauge(7, kind="hand-made"))
        thing = shapes.Thing.model_validate(stream.next("thing")["data"])
        assert (thing.id, thing.datastreams[0].quality) == ("rain-test-07", "missing")
        at = centre.now / SECOND
        centre.hub.values({"data": {"rain-test-07/rainfall": [at, 1.0, "good"]}})
        assert "rain-test-07/rainfall" in stream.next("values")["data"]
        with centre.ledger.transaction() as tx:
            tx.remove_thing("rain-test-07")
            gone = {"id": "rain-test-07", "removed": True}
            tx.tell([Event("thing", "rain-test-07", "province", gone)], centre.now)
        assert stream.next("thing")["data"] == gone
        # An echo of it, late on the way here or read again from what is kept, is nobody's news.
        centre.observe("rain-test-07/rainfall", (int(at * SECOND), 1.0))
        centre.hub.values({"data": {"rain-test-07/rainfall": [at, 2.0, "good"]}})
        centre.refresh()
        centre.describe(rain_gauge(8))
        centre.hub.values({"data": {"rain-test-08/rainfall": [at, 3.0, "good"]}})
        assert list(stream.next("values")["data"]) == ["rain-test-08/rainfall"]
    with centre.stream() as stream:
        assert list(subscribed(stream)["data"]["values"]) == ["rain-test-08/rainfall"]
        # Described again, it speaks again, and what it said before is its past.
        centre.describe(rain_gauge(7, kind="hand-made"))
        stream.until(lambda frame: frame["kind"] == "thing" and frame["data"]["id"][-2:] == "07")
        now = centre.now / SECOND
        centre.hub.values({"data": {"rain-test-07/rainfall": [now, 4.0, "good"]}})
        assert stream.next("values")["data"]["rain-test-07/rainfall"][1] == 4.0


def test_only_what_is_asked_for_comes(centre):
    centre.describe(rain_gauge(1), rain_gauge(2))
    asked = {"datastreams": ["rain-test-01/rainfall"], "indicators": ["services-up"]}
    with centre.stream() as stream:
        data = subscribed(stream, asked)["data"]
        assert (data["alerts"], [one["id"] for one in data["things"]]) == ([], ["rain-test-01"])
        centre.raise_alerts(rain_alert(1, centre.now))
        centre.indicate(indicator_body("dossiers-on-time", "province", centre.now))
        centre.describe(rain_gauge(2))
        centre.indicate(indicator_body("services-up", "province", centre.now))
        at = centre.now / SECOND
        for number in (2, 1):
            key = f"rain-test-0{number}/rainfall"
            centre.hub.values({"data": {key: [at, 1.0, "good"]}})
        frames = stream.until(lambda frame: frame["kind"] == "tick")
        kinds = {frame["kind"] for frame in frames}
        assert kinds == {"indicator", "values", "tick"}
        assert frames[-1]["seq"] >= max(one.get("seq", 0) for one in frames)


def test_values_come_at_once_after_a_quiet_moment_and_then_four_a_second(make_centre):
    centre = make_centre(pace=Pace(quiet=0.25, tick=60, poll=0.2))
    centre.describe(rain_gauge(1))
    centre.wait(lambda: centre.hub.seq > 0)
    with centre.stream() as stream:
        subscribed(stream)
        start = centre.now // SECOND

        def tell(number: int) -> None:
            value = [start + number / 1000, float(number), "good"]
            centre.hub.values({"data": {"rain-test-01/rainfall": value}})

        tell(0)
        assert stream.next("values")["data"]["rain-test-01/rainfall"][1] == 0
        for number in range(1, 200):
            tell(number)
        assert stream.next("values")["data"]["rain-test-01/rainfall"][1] == 199


def test_older_malformed_and_impossible_values_are_not_passed_on(centre):
    centre.describe(rain_gauge(1))
    key, at = "rain-test-01/rainfall", centre.now / SECOND
    with centre.stream() as stream:
        subscribed(stream)
        for value in (
            [at, 5.0, "good"],
            [at - 60, 1.0, "good"],
            [at + 1, float("nan"), "good"],
            [at + 1, float("inf"), "good"],
            [at + 1, "9", "good"],
            [at + 1, 9.0, "splendid"],
            [at + 1],
            None,
        ):
            centre.hub.values({"data": {key: value}})
        centre.hub.values({"data": None})
        centre.hub.values({})
        frames = stream.until(lambda frame: frame["kind"] == "tick")
        told = [one["data"][key] for one in frames if one["kind"] == "values"]
        assert told == [[at, 5.0, "good"]]
    assert centre.hub.live.tally.values_malformed == 8
    assert centre.hub.live.tally.values_older == 1


def test_what_mqtt_lost_is_found_in_the_database(make_centre):
    centre = make_centre(pace=Pace(refresh=0.2))
    centre.describe(rain_gauge(1))
    with centre.stream() as stream:
        subscribed(stream)
        centre.observe("rain-test-01/rainfall", (centre.now, 7.25))
        assert stream.next("values")["data"]["rain-test-01/rainfall"][1] == 7.25


# ------------------------------------------------------------------ who may


@pytest.mark.parametrize("way", ["query", "cookie", "bearer", "first frame"])
def test_every_way_of_logging_in_leads_to_the_stream(centre, way):
    token = centre.token("display")
    headers = {"cookie": {"cookie": f"ioc_session={token}"}}.get(way, {})
    if way == "bearer":
        headers = {"authorization": f"Bearer {token}"}
    role = "display" if way == "query" else None
    with centre.stream(role, additional_headers=headers) as stream:
        if way == "first frame":
            stream.say({"token": token})
        assert stream.read()["kind"] == "hello"
        assert subscribed(stream)["kind"] == "snapshot"


def test_a_token_and_a_subscription_may_come_in_one_frame(centre):
    with centre.stream(None) as stream:
        stream.say({"token": centre.token("operator"), "subscribe": {"board": "wall"}})
        assert [stream.read()["kind"], stream.read()["kind"]] == ["hello", "snapshot"]


@pytest.mark.parametrize(
    "first", [{"token": "wrong"}, {"token": 5}, {"subscribe": {"board": "wall"}}, [], "x"]
)
def test_who_has_no_login_is_sent_away(shared, first):
    with shared.stream(None) as stream:
        stream.say(first)
        assert closed_with(stream) == 4401


def test_who_says_nothing_is_sent_away(shared):
    with shared.stream(None) as stream:
        assert closed_with(stream) == 4401


def test_a_role_without_a_stream_is_sent_away(shared):
    with shared.stream("admin") as stream:
        assert closed_with(stream) == 4403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_foreign_page_opens_no_stream(shared, origin):
    headers = {"cookie": f"ioc_session={shared.token('operator')}"}
    with (
        pytest.raises(InvalidStatus) as refused,
        shared.stream(None, additional_headers=headers, origin=origin),
    ):
        pass
    assert refused.value.response.status_code == 403


def test_our_own_page_opens_the_stream(shared):
    with shared.stream("operator", origin=shared.url) as stream:
        assert stream.read()["kind"] == "hello"


def test_a_revoked_token_ends_the_stream_that_is_open(make_centre):
    centre = make_centre(pace=Pace(recheck=0.2))
    with centre.stream("display") as revoked, centre.stream("operator") as other:
        subscribed(revoked)
        subscribed(other)
        centre.accounts.close(centre.token("display"), real_now())
        assert closed_with(revoked) == 4401
        assert other.next("tick")["kind"] == "tick"


def test_somebody_bound_to_an_area_hears_of_nothing_outside_it(centre):
    centre.describe(rain_gauge(1, "muong-ang"), rain_gauge(2, "tua-chua"))
    centre.raise_alerts(rain_alert(1, centre.now), rain_alert(2, centre.now, "tua-chua"))
    token = centre.token("operator", ["muong-ang"])
    with centre.stream(None, additional_headers={"authorization": f"Bearer {token}"}) as stream:
        data = subscribed(stream, EVERYTHING)["data"]
        assert {one["area"] for one in data["alerts"] + data["things"]} == {"muong-ang"}
        centre.raise_alerts(rain_alert(3, centre.now, "tua-chua"), rain_alert(4, centre.now))
        centre.indicate(indicator_body("services-up", "province", centre.now))
        at = centre.now / SECOND
        both = {f"rain-test-0{n}/rainfall": [at, 1.0, "good"] for n in (1, 2)}
        centre.hub.values({"data": {**both, "rain-unheard-01/rainfall": [at, 1.0, "good"]}})
        frames = stream.until(lambda frame: frame["kind"] == "tick")
        assert [one["data"]["area"] for one in frames if one["kind"] == "alert"] == ["muong-ang"]
        assert not [one for one in frames if one["kind"] == "indicator"]
        told = {key for one in frames if one["kind"] == "values" for key in one["data"]}
        assert told == {"rain-test-01/rainfall"}


def test_a_screen_in_a_public_room_is_told_no_names(centre):
    (alert,) = centre.raise_alerts(rain_alert(1, centre.now))
    with centre.stream("display") as display, centre.stream("operator") as operator:
        subscribed(display)
        subscribed(operator)
        path = f"/api/v1/alerts/{alert.id}/comment"
        centre.post(path, {"version": 1, "note": "tel. 0912"})
        assert operator.next("alert")["data"]["steps"][0]["note"] == "tel. 0912"
        shown = display.next("alert")["data"]["steps"][0]
        assert (shown["by"], shown["note"], shown["step"]) == ("", "", "comment")


# ------------------------------------------------------------------ none missing, each once


def write_alerts(centre, count, done):
    """Raise alerts in small transactions, two writers' worth, until all are there."""
    from ioc.store.ledger import Ledger

    def write(first):
        ledger = Ledger(centre.database_url, "writer")
        try:
            for number in range(first, count, 2):
                with ledger.transaction() as tx:
                    tx.save_alerts([rain_alert(1000 + number, centre.now)], centre.now)
        finally:
            ledger.close()

    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 1)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()


def test_no_event_is_missing_and_none_comes_twice_across_reconnects(make_centre):
    """500 events by two writers, while one wall listens and another leaves and comes back."""
    centre = make_centre(pace=Pace(ring_events=64))
    done = threading.Event()
    steady: list[int] = []
    restless: list[int] = []
    with centre.stream() as wall, centre.stream() as other:
        start = subscribed(wall)["seq"]
        writing = threading.Thread(target=write_alerts, args=(centre, 500, done))
        after = subscribed(other)["seq"]
        writing.start()
        restless += [other.next("alert")["seq"] for _ in range(3)]
        after = restless[-1]
        while not done.is_set() or after < logged_alerts(centre)[-1]:
            with centre.stream() as again:
                again.say({"subscribe": {"board": "wall"}, "after": after})
                for _ in range(40):
                    frame = again.read()
                    assert frame["kind"] != "snapshot"
                    if frame["kind"] == "alert":
                        restless.append(frame["seq"])
                        after = frame["seq"]
                    if frame["kind"] == "tick" and done.is_set():
                        break
        writing.join()
        logged = [seq for seq in logged_alerts(centre) if seq > start]
        while not steady or steady[-1] < logged[-1]:
            steady.append(wall.next("alert")["seq"])
    assert len(logged) == 500
    assert steady == logged
    assert restless == logged


def ten_alerts(stream: Stream, done: threading.Event) -> list[int]:
    """Read ten alerts, or as many as come: a tick says that all before it were sent."""
    heard: list[int] = []
    while len(heard) < 10:
        frame = stream.read()
        if frame["kind"] == "alert":
            heard.append(frame["seq"])
        elif frame["kind"] == "tick" and done.is_set():
            break
    return heard


def test_a_snapshot_and_what_follows_it_leave_no_gap_while_events_are_written(make_centre):
    centre = make_centre(pace=Pace(picture=0.05))
    done = threading.Event()
    writing = threading.Thread(target=write_alerts, args=(centre, 300, done))
    writing.start()
    while not done.is_set():
        with centre.stream() as stream:
            snapshot = subscribed(stream)
            held = {alert["seq"] for alert in snapshot["data"]["alerts"]}
            heard = ten_alerts(stream, done)
        logged = logged_alerts(centre)
        assert held == {seq for seq in logged if seq <= snapshot["seq"]}
        following = [seq for seq in logged if seq > snapshot["seq"]][: len(heard)]
        assert heard == following
    writing.join()


@pytest.mark.parametrize("after", [10**12, -1, "abc", True, 1.5, None, [], 10**30])
def test_an_unknown_place_to_resume_gets_a_fresh_snapshot(shared, after):
    shared.raise_alerts(rain_alert(secrets.randbelow(1 << 60), shared.now))
    with shared.stream() as stream:
        stream.say({"subscribe": {"board": "wall"}, "after": after})
        assert [stream.read()["kind"], stream.read()["kind"]] == ["hello", "snapshot"]


def test_a_place_the_log_no_longer_has_gets_a_fresh_snapshot(make_centre):
    centre = make_centre(pace=Pace(ring_events=2))
    alerts = centre.raise_alerts(*(rain_alert(n, centre.now) for n in range(1, 11)))
    centre.wait(lambda: centre.hub.seq == alerts[-1].seq)
    with centre.stream() as stream:
        stream.say({"subscribe": {"board": "wall"}, "after": alerts[2].seq})
        assert stream.next("alert")["seq"] == alerts[3].seq
    with closing(psycopg2.connect(centre.database_url)) as connection, connection:
        connection.cursor().execute("delete from event where seq <= %s", (alerts[5].seq,))
    with centre.stream() as stream:
        stream.say({"subscribe": {"board": "wall"}, "after": alerts[2].seq})
        assert [stream.read()["kind"], stream.read()["kind"]] == ["hello", "snapshot"]
    with centre.stream() as stream:
        stream.say({"subscribe": {"board": "wall"}, "after": alerts[5].seq})
        assert stream.next("alert")["seq"] == alerts[6].seq


def test_too_long_a_way_back_is_a_snapshot(make_centre):
    centre = make_centre(pace=Pace(ring_events=2, replay_events=5))
    alerts = centre.raise_alerts(*(rain_alert(n, centre.now) for n in range(1, 11)))
    centre.wait(lambda: centre.hub.seq == alerts[-1].seq)
    with centre.stream() as stream:
        stream.say({"subscribe": {"board": "wall"}, "after": alerts[0].seq})
        assert [stream.read()["kind"], stream.read()["kind"]] == ["hello", "snapshot"]


def test_who_comes_back_also_gets_the_values_of_the_meantime(centre):
    centre.describe(rain_gauge(1))
    with centre.stream() as stream:
        seq = subscribed(stream)["seq"]
    at = centre.now / SECOND
    centre.hub.values({"data": {"rain-test-01/rainfall": [at, 4.5, "good"]}})
    centre.wait(lambda: "rain-test-01/rainfall" in centre.hub.live.newest)
    with centre.stream() as stream:
        stream.say({"subscribe": {"board": "wall"}, "after": seq})
        assert stream.next("values")["data"]["rain-test-01/rainfall"] == [at, 4.5, "good"]


def test_another_subscription_replaces_the_first(centre):
    with centre.stream() as stream:
        subscribed(stream)
        assert subscribed(stream, {"indicators": ["services-up"]})["data"]["alerts"] == []
        centre.raise_alerts(rain_alert(1, centre.now))
        frames = stream.until(lambda frame: frame["kind"] == "tick" and frame["seq"] > 0)
        assert {frame["kind"] for frame in frames} == {"tick"}


# ------------------------------------------------------------------ the database goes


@contextlib.contextmanager
def away(centre):
    """Take the database away from everybody, as a restart does."""
    name = centre.database_url.rsplit("/", 1)[-1].partition("?")[0]
    url = centre.database_url.replace(f"/{name}", "/ioc")
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(f"alter database {name} allow_connections false")
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,)
        )
        yield
        cursor.execute(f"alter database {name} allow_connections true")


def test_an_open_wall_outlives_a_restart_of_the_database(centre):
    centre.token("operator")
    with centre.stream() as stream:
        subscribed(stream)
        before = centre.raise_alerts(rain_alert(1, centre.now))
        assert stream.next("alert")["seq"] == before[0].seq
        with away(centre):
            assert centre.get("/api/v1/things").status_code in (401, 503)
            assert centre.http.get("/readyz").status_code == 503
            assert centre.http.get("/healthz").status_code == 200
            assert stream.next("tick")["seq"] == before[0].seq
            with centre.stream("operator") as refused:
                assert closed_with(refused) == 1013
        after = centre.raise_alerts(*(rain_alert(n, centre.now) for n in range(2, 40)))
        heard = [stream.next("alert")["seq"] for _ in after]
        assert heard == [alert.seq for alert in after]
    centre.wait(lambda: centre.get("/api/v1/things").status_code == 200)


def test_a_centre_that_starts_before_its_database_begins_when_it_is_there(make_centre):
    centre = make_centre()
    centre.describe(rain_gauge(1))
    with away(centre):
        pass
    centre.wait(lambda: centre.http.get("/readyz").json()["checks"]["database"]["ok"])
    with centre.stream() as stream:
        assert subscribed(stream)["data"]["things"][0]["id"] == "rain-test-01"


def test_walls_start_anew_when_the_log_has_gone_back(centre):
    centre.raise_alerts(*(rain_alert(n, centre.now) for n in range(1, 6)))
    with centre.stream() as stream:
        seq = subscribed(stream)["seq"]
        with closing(psycopg2.connect(centre.database_url)) as connection, connection:
            connection.cursor().execute("delete from event where seq > 2")
        with away(centre):
            pass
        assert closed_with(stream) == 1012
    with centre.stream() as stream:
        stream.say({"subscribe": {"board": "wall"}, "after": seq})
        assert stream.next("snapshot")["seq"] == 2


def test_a_wall_that_was_ahead_of_the_follower_starts_anew_as_well(centre):
    """A snapshot is read beside the follower, which then never sees what the log has lost."""
    holding, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        holding.set()
        go_on.wait()

    centre.hub._follower.submit(hold)
    assert holding.wait(10)
    centre.raise_alerts(*(rain_alert(n, centre.now) for n in range(1, 6)))
    with centre.stream() as stream:
        assert subscribed(stream)["seq"] == 5
        with closing(psycopg2.connect(centre.database_url)) as connection, connection:
            connection.cursor().execute("delete from event where seq > 2")
        assert centre.hub.seq == 0
        go_on.set()
        assert closed_with(stream) == 1012
    with centre.stream() as stream:
        stream.say({"subscribe": {"board": "wall"}, "after": 5})
        assert stream.next("snapshot")["seq"] == 2


def test_a_stream_whose_inside_has_ended_says_so_and_ends_its_server(centre, monkeypatch):
    ended = threading.Event()
    centre.hub.broken = ended.set
    monkeypatch.setattr(centre.archive, "events", lambda *_: 1 / 0)
    assert ended.wait(10)
    assert "ZeroDivisionError" in centre.http.get("/readyz").text


# ------------------------------------------------------------------ hostile and slow


def test_a_frame_that_says_nothing_right_is_answered_and_forgiven(shared):
    with shared.stream() as stream:
        subscribed(stream)
        wrongs: list[object] = [
            {"subscribe": {"board": "nowhere"}},
            {"subscribe": {"datastreams": "all"}},
            {"subscribe": {"datastreams": [5]}},
            {"subscribe": {"alerts": "yes"}},
            {"subscribe": {"everything": True}},
            {"subscribe": None},
            {"hello": 1},
            [],
        ]
        for wrong in wrongs:
            stream.say(wrong)
            assert stream.next("error")["detail"]
        stream.socket.send(b"\x00\x01")
        assert stream.next("error")
        stream.socket.send("{")
        assert stream.next("error")
        assert subscribed(stream)


def test_a_flood_of_subscriptions_is_cut(shared):
    with shared.stream() as stream, contextlib.suppress(ConnectionClosed):
        for _ in range(10_000):
            stream.say({"subscribe": {"board": "wall"}})
    assert stream.socket.close_code == 1008 or closed_with(stream) == 1008


def test_a_frame_too_large_is_cut(shared):
    with shared.stream() as stream:
        stream.read()
        with contextlib.suppress(ConnectionClosed):
            stream.socket.send("x" * (1 << 20))
        assert closed_with(stream) == 1009


@contextlib.contextmanager
def deaf(centre):
    """Open a stream, subscribe, and never read a byte again."""
    with socket.create_connection(("127.0.0.1", centre.port)) as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        peer.settimeout(20)
        _subscribe(centre, peer)
        yield peer


def _subscribe(centre, peer):
    peer.sendall(
        f"GET /api/v1/stream?token={centre.token('display')} HTTP/1.1\r\nHost: x\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
    )
    assert peer.recv(12) == b"HTTP/1.1 101"
    said, mask = b'{"subscribe":{"alerts":true}}', b"\x01\x02\x03\x04"
    peer.sendall(
        bytes([0x81, 0x80 | len(said)])
        + mask
        + bytes(byte ^ mask[place % 4] for place, byte in enumerate(said))
    )


def test_walls_that_never_read_are_closed_and_slow_nobody(make_centre):
    """Three deaf walls and one that reads: it gets every event in order, they get 4008."""
    centre = make_centre(pace=Pace(slow=1.0, queue_bytes=1 << 20))
    with contextlib.ExitStack() as open_:
        deafs = [open_.enter_context(deaf(centre)) for _ in range(3)]
        stream = open_.enter_context(centre.stream())
        subscribed(stream, {"alerts": True})
        centre.wait(lambda: centre.hub.tally.clients == 4)
        long = {"vi": "x" * 4000, "en": "y"}
        written, heard = [], []

        def write():
            for batch in range(20):
                bodies = [
                    {**rain_alert(batch * 50 + n, centre.now).to_json(), "message": long}
                    for n in range(50)
                ]
                with centre.ledger.transaction() as tx:
                    events = [Event("alert", one["id"], "muong-ang", one) for one in bodies]
                    written.extend(tx.tell(events, centre.now))

        writing = threading.Thread(target=write)
        writing.start()
        heard = [stream.next("alert")["seq"] for _ in range(1000)]
        writing.join()
        assert heard == written
        centre.wait(lambda: centre.hub.tally.clients == 1)
        assert stream.next("tick")["seq"] == written[-1]
        assert centre.hub.tally.closed[4008] == 3
        for peer in deafs:
            end = b""
            while part := peer.recv(1 << 16):
                end = end[-64:] + part
            assert b"\x88\x0a" + (4008).to_bytes(2, "big") + b"too slow" in end


def test_what_a_reader_missed_while_it_was_slow_it_gets_by_resuming(make_centre):
    centre = make_centre(pace=Pace(slow=0.5, queue_bytes=1 << 18))
    with centre.stream() as stream:
        after = subscribed(stream, {"alerts": True})["seq"]
    centre.wait(lambda: centre.hub.tally.clients == 0)
    with deaf(centre):
        centre.wait(lambda: centre.hub.tally.clients == 1)
        for batch in range(10):
            alerts = (rain_alert(batch * 400 + n, centre.now) for n in range(400))
            centre.raise_alerts(*alerts)
        centre.wait(lambda: centre.hub.tally.clients == 0)
    logged = [seq for seq in logged_alerts(centre) if seq > after]
    told: list[int] = []
    for _ in range(40):  # on a busy machine this reader, too, may be cut off as slow
        with centre.stream() as stream, contextlib.suppress(ConnectionClosed):
            stream.say({"subscribe": {"alerts": True}, "after": told[-1] if told else after})
            while len(told) < len(logged):
                told.append(stream.next("alert")["seq"])
        if len(told) == len(logged):
            break
    assert told == logged


def test_the_server_stops_with_walls_open(migrated_url):
    from tests.http.conftest import Centre

    centre = Centre(migrated_url)
    centre.wait(lambda: centre.hub.started)
    with centre.stream() as stream:
        subscribed(stream)
        centre.close()
        assert closed_with(stream) == 1012


def test_lag_grows_while_ingest_is_silent(centre):
    assert centre.hub.lag() < 60
    centre.hub.health({"lag": 0.25, "counters": {"observations": 7, "refused": {"json": 2}}})
    centre.wait(lambda: centre.hub.live.health)
    assert centre.hub.lag() == 0.25
    assert centre.http.get("/readyz").json()["checks"]["ingest"]["ok"]
    assert centre.http.get("/readyz").status_code == 200
    figures = centre.http.get("/metrics").text
    assert "ioc_ingest_observations_total 7.0" in figures
    assert 'ioc_ingest_refused_total{reason="json"} 2.0' in figures
    heard, told = centre.hub.live.health
    centre.hub.live.health = (heard - 60 * SECOND, told)
    assert centre.hub.lag() > 60
    assert centre.http.get("/readyz").status_code == 503
    centre.hub.live.health = (heard + DAY, told)
    centre.faults["broker"] = "not connected"
    assert centre.http.get("/readyz").json()["checks"]["broker"] == {
        "ok": False,
        "detail": "not connected",
    }
    assert rfc3339(centre.now)[:4] == centre.get("/api/v1/site").json()["clock"]["now"][:4]
