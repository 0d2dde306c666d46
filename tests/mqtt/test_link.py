"""The line to the broker, against the real one: nothing lost, nothing acknowledged too early."""

import secrets
import time
from collections.abc import Callable, Iterator

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from ioc.centre.ports import Delivery
from ioc.core.wire import Message
from ioc.mqtt.link import Address, Link

PATIENCE_S = 40


@pytest.fixture
def site() -> str:
    """Give topics of one's own on the shared broker."""
    return f"s{secrets.token_hex(4)}"


@pytest.fixture
def sender(broker) -> Iterator[mqtt.Client]:
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
    client.username_pw_set("developer", broker.passwords["developer"])
    client.connect(broker.host, broker.port)
    client.loop_start()
    yield client
    client.disconnect()
    client.loop_stop()


@pytest.fixture
def link_to(broker, site: str) -> Iterator[Callable[..., Link]]:
    made: list[Link] = []

    def make(client_id: str, **more) -> Link:
        address = Address.parse(broker.url("centre"))
        link = Link(address, client_id, [(f"ioc/{site}/+/+/data", 1)], now=lambda: 42, **more)
        link.start()
        made.append(link)
        until(lambda: link.connected)
        time.sleep(0.2)  # the subscription follows the connection
        return link

    yield make
    for link in made:
        link.stop()


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def send(sender: mqtt.Client, site: str, payloads: list[bytes]) -> None:
    infos = [sender.publish(f"ioc/{site}/area/thing/data", payload, 1) for payload in payloads]
    for info in infos:
        info.wait_for_publish(PATIENCE_S)


def collect(link: Link, count: int) -> list[Delivery]:
    taken: list[Delivery] = []
    deadline = time.monotonic() + PATIENCE_S
    while sum(len(one.messages) for one in taken) < count:
        assert time.monotonic() < deadline, f"{sum(len(one.messages) for one in taken)} of {count}"
        taken.append(link.take(0.2))
    return taken


def said(deliveries: list[Delivery]) -> list[bytes]:
    return [message.payload for one in deliveries for message in one.messages]


def test_every_message_arrives_as_it_was_sent_in_order_whatever_its_size(link_to, sender, site):
    link = link_to(f"c{site}")
    sizes = [0, 1, 59, 60, 61, 120, 126, 127, 128, 129, 16_000, 16_383, 16_384, 65_000, 200_000]
    payloads = [bytes([65 + place]) * size for place, size in enumerate(sizes)]
    payloads += [str(number).encode() for number in range(1_500)]  # within the broker's window
    send(sender, site, payloads)
    taken = collect(link, len(payloads))
    assert said(taken) == payloads
    assert {message.topic for one in taken for message in one.messages} == {
        f"ioc/{site}/area/thing/data"
    }
    assert taken[0].messages[0] == Message(f"ioc/{site}/area/thing/data", b"", 42)


def test_what_was_not_acknowledged_comes_again_to_the_next_connection(link_to, sender, site):
    first = link_to(f"c{site}")
    send(sender, site, [b"1", b"2", b"3"])
    one, *_ = taken = collect(first, 3)
    first.acknowledge(Delivery(one.messages[:1], one.mids[:1], one.connection))
    time.sleep(0.3)
    first.stop()
    assert said(taken) == [b"1", b"2", b"3"]
    second = link_to(f"c{site}")
    again = collect(second, 2)
    assert sorted(said(again)) == [b"2", b"3"]
    for delivery in again:
        second.acknowledge(delivery)
    time.sleep(0.3)
    second.stop()
    third = link_to(f"c{site}")
    assert third.take(1.0).messages == []


def test_an_acknowledgement_of_an_older_connection_is_not_sent(link_to, sender, site):
    first = link_to(f"c{site}")
    send(sender, site, [b"old"])
    old = collect(first, 1)[-1]
    first.stop()
    second = link_to(f"c{site}")
    again = collect(second, 1)[-1]
    second.acknowledge(Delivery(old.messages, old.mids, again.connection - 1))
    time.sleep(0.3)
    second.stop()
    assert said(collect(link_to(f"c{site}"), 1)) == [b"old"]


def test_a_full_queue_lets_go_counts_it_and_the_broker_still_has_it(link_to, sender, site):
    link = link_to(f"c{site}", capacity=10)
    send(sender, site, [str(number).encode() for number in range(50)])
    until(lambda: link.dropped + link.waiting() >= 50)
    assert link.waiting() == 10
    assert link.dropped == 40
    link.stop()
    assert len(said(collect(link_to(f"c{site}"), 50))) == 50


def test_a_wrong_address_is_refused_by_what_it_should_be():
    with pytest.raises(ValueError, match="mqtt://user:password@host:port"):
        Address.parse("http://broker")
