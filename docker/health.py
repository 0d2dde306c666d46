#!/usr/bin/env python3
"""Say whether the ingest of a site is at work: a fresh word of its health comes by MQTT.

It looks from outside, through the broker, so it fails with either of the two. Exit status 0: at
work; 1: nothing heard within ten seconds, or the broker refuses.
"""

import os
import sys
import threading
import urllib.parse
from pathlib import Path

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

PATIENCE_S = 10.0


def broker() -> tuple[str, int, str, str]:
    """Find host, port, user and password where `ioc ingest` finds them."""
    mounted = os.environ.get("IOC_MQTT_URL_FILE")
    url = Path(mounted).read_text().strip() if mounted else os.environ["IOC_MQTT_URL"]
    parts = urllib.parse.urlsplit(url)
    return (
        parts.hostname or "localhost",
        parts.port or 1883,
        urllib.parse.unquote(parts.username or ""),
        urllib.parse.unquote(parts.password or ""),
    )


def main() -> int:
    """Listen for one message, no longer than a health check waits."""
    host, port, user, password = broker()
    topic = f"ioc/{os.environ.get('IOC_SITE', 'dien-bien')}/_centre/health"
    heard = threading.Event()

    def subscribe(
        client: Client, _: object, __: ConnectFlags, code: ReasonCode, ___: Properties | None
    ) -> None:
        if not code.is_failure:
            client.subscribe(topic)

    def note(_: Client, __: object, message: MQTTMessage) -> None:
        if not message.retain:
            heard.set()

    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(user, password)
    client.on_connect = subscribe
    client.on_message = note
    try:
        client.connect(host, port)
    except OSError as error:
        print(f"health: no broker at {host}:{port}: {error}", file=sys.stderr)
        return 1
    client.loop_start()
    alive = heard.wait(PATIENCE_S)
    client.disconnect()
    client.loop_stop()
    if not alive:
        print(f"health: nothing on {topic} for {PATIENCE_S:.0f} s", file=sys.stderr)
    return 0 if alive else 1


if __name__ == "__main__":
    sys.exit(main())
