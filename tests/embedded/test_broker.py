"""What the embedded broker lets whom do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ioc.embedded.broker import USERS, Broker, BrokerError, version_of
from ioc.embedded.broker import installed as installed_broker
from ioc.embedded.children import running
from ioc.embedded.folder import free_port

REFUSED = 0x80


@pytest.fixture
def client(broker: Any, connect: Any) -> Any:
    def log_in(user: str, will: str = "") -> Any:
        return connect(broker.host, broker.port, user, broker.passwords[user], will)

    return log_in


@pytest.mark.parametrize("user", ["centre", "simulate", "developer"])
def test_everybody_hears_and_says_what_is_under_ioc(user: str, client: Any, wait_until: Any):
    with client(user) as one:
        assert one.subscribe(f"ioc/said-{user}/+/+/data") == 1
        one.publish(f"ioc/said-{user}/province/thing/data", b"[]")
        wait_until(lambda: one.heard, "its own message")
        assert one.topics() == [f"ioc/said-{user}/province/thing/data"]


LIES = (
    "ioc/mine/_centre",
    "ioc/mine/_centre/clock",
    "ioc/mine/_centre/alerts/1",
    "ioc/a.b/_centre/clock",
    "$MQTT/msgs/ioc/mine/_centre/clock",
    "$MQTT/rmsgs/ioc/mine/_centre/clock",
    "$JS/API/STREAM/PURGE/$MQTT_rmsgs",
    "$SYS/REQ/SERVER/PING",
    "elsewhere/x",
)


@pytest.mark.parametrize("user", ["simulate", "developer"])
def test_only_the_centre_speaks_for_the_centre(user: str, client: Any, wait_until: Any):
    said = [f"ioc/mine/province/{user}-{n}/data" for n in range(2 * len(LIES))]
    with client("centre") as centre, client(user) as liar:
        for topic in ("ioc/+/_centre", "ioc/+/_centre/+", "ioc/+/_centre/+/+", "ioc/mine/+/+/data"):
            assert centre.subscribe(topic) == 1
        for n, topic in enumerate((*LIES, *LIES)):
            liar.publish(topic, b"{}", retain=n < len(LIES))
            liar.publish(said[n], b"[]")
        wait_until(lambda: said[-1] in centre.topics(), "what was said after the last lie")
        assert [topic for topic in centre.topics() if topic not in said] == []
    with client("centre") as late:  # nothing was kept, either
        late.subscribe("ioc/mine/_centre/+")
        late.subscribe(said[0])
        late.publish(said[0], b"[]")
        wait_until(lambda: late.heard, "something")
        assert late.topics() == [said[0]]


def test_a_will_cannot_speak_for_the_centre(client: Any, wait_until: Any):
    with client("centre") as centre:
        centre.subscribe("ioc/wills/+/+")
        client("developer", "ioc/wills/_centre/clock").vanish()
        client("developer", "ioc/wills/province/thing").vanish()
        wait_until(lambda: centre.heard, "the will that is allowed")
        assert centre.topics() == ["ioc/wills/province/thing"]


def test_the_centre_is_heard_by_all(client: Any, wait_until: Any):
    with client("centre") as centre, client("developer") as developer:
        developer.subscribe("ioc/told/_centre/#")
        centre.publish("ioc/told/_centre/alerts/1", b"{}", retain=True)
        wait_until(lambda: developer.heard, "the centre's word")
        assert developer.heard == [("ioc/told/_centre/alerts/1", b"{}", False)]
        with client("simulate") as late:
            late.subscribe("ioc/told/_centre/#")
            wait_until(lambda: late.heard, "what was retained")
            assert late.heard == [("ioc/told/_centre/alerts/1", b"{}", True)]


@pytest.mark.parametrize("user", ["centre", "developer"])
def test_nobody_listens_outside_ioc(user: str, client: Any):
    with client(user) as curious:
        for topic in ("#", "+/+", "$SYS/#", "$MQTT/#", "$JS/#", "elsewhere/+"):
            assert (topic, curious.subscribe(topic)) == (topic, REFUSED)


@pytest.mark.parametrize(("user", "password"), [("developer", "wrong"), ("nobody", ""), ("", "")])
def test_who_has_no_password_stays_outside(user: str, password: str, broker: Any, connect: Any):
    with connect(broker.host, broker.port, user, password) as stranger:
        assert stranger.answer != "Success"


def test_one_user_has_not_the_password_of_another(broker: Any, connect: Any):
    with connect(broker.host, broker.port, "centre", broker.passwords["developer"]) as liar:
        assert liar.answer != "Success"


def test_a_message_wider_than_the_centre_takes_still_reaches_it(client: Any, wait_until: Any):
    with client("centre") as centre, client("developer") as sender:
        centre.subscribe("ioc/wide/+/+/data")
        sender.publish("ioc/wide/province/thing/data", b"x" * 200_000)
        wait_until(lambda: centre.heard, "the wide message")
        assert len(centre.heard[0][1]) == 200_000


def test_a_persistent_session_gets_what_came_while_it_was_away(
    broker: Any, connect: Any, client: Any, wait_until: Callable[..., Any]
):
    passed = broker.passwords["centre"]
    first = connect(broker.host, broker.port, "centre", passed, session="away")
    assert first.subscribe("ioc/away/+/+/data") == 1
    first.vanish()
    with client("simulate") as sender:
        for n in range(20):
            sender.publish(f"ioc/away/province/thing-{n}/data", b"[]")
    with connect(broker.host, broker.port, "centre", passed, session="away") as again:
        wait_until(lambda: len(again.heard) == 20, "all twenty")
        assert again.topics() == [f"ioc/away/province/thing-{n}/data" for n in range(20)]


def test_a_client_may_hold_thirty_two_subscriptions_and_a_hash_counts_twice(client: Any):
    with client("centre") as one:
        granted = [one.subscribe(f"ioc/many-{n}/+/+/data") for n in range(33)]
        assert granted == [1] * 32 + [REFUSED]
    with client("centre") as one:
        granted = [one.subscribe(f"ioc/half-{n}/#") for n in range(17)]
        assert granted == [1] * 16 + [REFUSED]


def test_a_session_left_behind_stops_nobody(tmp_path: Path, connect: Any, wait_until: Any):
    passwords = dict.fromkeys(USERS, "right")
    small = Broker(tmp_path / "broker", free_port("127.0.0.1"), passwords, max_file=4 << 20)

    def log_in(user: str, session: str = "") -> Any:
        return connect("127.0.0.1", small.port, user, "right", session=session)

    with running(small.child(), tmp_path / "log"):
        left = log_in("developer", "left")
        left.subscribe("ioc/full/+/+/data")
        left.vanish()
        with log_in("centre", "centre") as centre, log_in("simulate") as sender:
            centre.subscribe("ioc/full/+/+/data")
            for n in range(40):  # twice the store
                sender.publish(f"ioc/full/province/thing-{n}/data", b"x" * 200_000)
            wait_until(lambda: len(centre.heard) == 40, "all of them at who is there")
        with log_in("centre", "centre") as again:
            assert again.answer == "Success"
    with running(small.child(), tmp_path / "log"), log_in("developer", "left") as back:
        wait_until(lambda: "ioc/full/province/thing-39/data" in back.topics(), "the newest")
        assert len(back.heard) < 40


def _pretend(folder: Path, says: str) -> Path:
    program = folder / "nats-server"
    program.write_text(f"#!/bin/sh\necho '{says}'\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def test_the_version_is_read_off_the_program(tmp_path: Path):
    assert version_of(_pretend(tmp_path, "nats-server: v2.14.2")) == (2, 14, 2)
    assert version_of(_pretend(tmp_path, "nats-server: v2.15.0-RC.1")) == (2, 15, 0)
    with pytest.raises(BrokerError, match="something else"):
        version_of(_pretend(tmp_path, "something else"))


def test_a_broker_with_a_known_hole_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    _pretend(tmp_path, "nats-server: v2.14.2")
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(tmp_path))
    with pytest.raises(BrokerError, match=r"2\.14\.2, at least 2\.14\.3"):
        installed_broker()
