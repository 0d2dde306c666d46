"""The centre as a thing of its own: what it measures of itself, told like any sensor's data.

It is the one thing of a shipped site whose origin is ``real``. At a clock that does not run at
speed 1 it says nothing: the centre takes no real data then (contract, section 2).
"""

from collections.abc import Mapping
from typing import Final

import orjson

from ioc.core.words import PROVINCE, Datastream, Text

KIND: Final = "ioc-centre"
"""Kind and id; every site has this one thing without listing it."""

EVERY_S: Final = 10

RATE: Final = "ingest-rate"
LAG: Final = "lag"
CLIENTS: Final = "clients"

STREAMS: Final = (
    Datastream(RATE, "1/s", Text("Tốc độ tiếp nhận", "Observations taken"), EVERY_S),
    Datastream(LAG, "s", Text("Độ trễ xử lý", "Lag of judging"), EVERY_S, (0.0, 1e6), 0.001),
    Datastream(CLIENTS, "", Text("Màn hình đang mở", "Screens open"), EVERY_S, (0.0, 1e6), 1.0),
)


def topic(site: str, leaf: str) -> str:
    """Give the topic of the centre's own thing."""
    return f"ioc/{site}/{PROVINCE}/{KIND}/{leaf}"


def about() -> bytes:
    """Write the retained description."""
    name = Text("Trung tâm điều hành (IOC)", "Operations centre (IOC)")
    return orjson.dumps(
        {
            "kind": KIND,
            "name": {"vi": name.vi, "en": name.en},
            "origin": "real",
            "datastreams": {stream.name: stream.to_about() for stream in STREAMS},
        }
    )


def pack(figures: Mapping[str, float]) -> bytes:
    """Write figures of now as a SenML pack; the receipt is their time."""
    return orjson.dumps([{"n": name, "v": value} for name, value in figures.items()])
