"""Hears what is said on a broker, as any other program would."""

import threading

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion


class Ear:
    """Hears everything of one site.

    What a busy broker sends again, because the first was not acknowledged in time (QoS 1), is
    heard once: the promise is at least once, and a test counts what was said.
    """

    def __init__(self, broker, site, *, lasting=False):
        self.messages = []
        self._news = threading.Condition()
        self._ready = threading.Event()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=f"ear-{site}", clean_session=not lasting
        )
        self._client.username_pw_set("centre", broker.passwords["centre"])
        self._client.on_connect = lambda client, *_: client.subscribe(f"ioc/{site}/+/+/+", 1)
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = self._on_message
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()
        assert self._ready.wait(10)

    def _on_message(self, _client, _data, message):
        heard = (message.topic, message.payload, message.retain)
        with self._news:
            if message.dup and heard in self.messages:
                return
            self.messages.append(heard)
            self._news.notify_all()

    def wait(self, holds):
        with self._news:
            assert self._news.wait_for(lambda: holds(self.messages), 60), "not heard"

    def publish(self, topic, payload):
        self._client.publish(topic, payload, 1, retain=True).wait_for_publish(10)

    def clear(self, topics):
        """Take back what the broker keeps of some topics."""
        told = [self._client.publish(topic, b"", 1, retain=True) for topic in topics]
        for one in told:
            one.wait_for_publish(10)

    def leave(self, leaf):
        return [(topic, told) for topic, told, _ in self.messages if topic.endswith("/" + leaf)]

    def close(self):
        self._client.disconnect()
        self._client.loop_stop()
