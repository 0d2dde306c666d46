"""The words of the centre: what is observed, what it says, and what people owe it.

Everything here is a value: frozen, without behaviour that needs a clock, a file or a network.
Times inside the program are whole microseconds since 1970 UTC (``Instant``); floats of seconds
exist on the wire only, RFC 3339 text in JSON only.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from typing import Any, Final

Instant = int
"""Microseconds since 1970-01-01T00:00:00Z."""

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

VIETNAM: Final = timezone(timedelta(hours=7), "+07:00")
"""Vietnam keeps one offset all year: no time-zone table is needed to write a time down."""

SLUG: Final = re.compile(r"[a-z0-9_-]{1,64}")
"""A segment of a topic, an id: what every broker and every address bar takes unescaped."""

PROVINCE: Final = "province"
"""The area that stands for the whole site."""

CENTRE: Final = "_centre"
"""The topic segment only the centre may publish under."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def rfc3339(at: Instant) -> str:
    """Write an instant with Vietnam's offset, to the microsecond only where it has any."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(VIETNAM).isoformat()


def instant(text: str) -> Instant:
    """Read an RFC 3339 time.

    Raises:
        ValueError: it is no time, or has no offset (a time without one is never guessed).
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset; write e.g. 2026-11-22T07:00:00+07:00")
    return (moment - _EPOCH) // timedelta(microseconds=1)


class Severity(IntEnum):
    """Levels of QĐ 18/2021/QĐ-TTg, article 4, used for every alert."""

    LOW = 1
    MODERATE = 2
    HIGH = 3
    VERY_HIGH = 4
    DISASTER = 5


class Origin(StrEnum):
    """Where an observation comes from. It travels with everything made of it."""

    SIMULATED = "simulated"
    EXERCISE = "exercise"
    REPLAY = "replay"
    REAL = "real"


class Quality(IntEnum):
    """What may be believed of a stored observation; ``stale`` and ``missing`` are read off time."""

    GOOD = 0
    SUSPECT = 1
    BAD = 2


QUALITY_WORDS: Final = ("good", "suspect", "bad")


@dataclass(frozen=True, slots=True)
class Text:
    """One phrase in both languages, Vietnamese first."""

    vi: str
    en: str

    def __post_init__(self) -> None:
        """Let the other language stand in for one that is missing."""
        object.__setattr__(self, "vi", self.vi or self.en)
        object.__setattr__(self, "en", self.en or self.vi)


@dataclass(frozen=True, slots=True)
class Datastream:
    """One property of one thing.

    Attributes:
        unit: UCUM or SenML unit; empty for a bare number.
        period: seconds between observations, or None when nobody said.
        span: least and greatest believable value, or None.
        resolution: the step the instrument can tell apart, or None.
        levels: names of a category's values, kept as 0, 1, 2 …; empty for a number.
        standard_ref: the standard the property follows, or None.
    """

    name: str
    unit: str = ""
    label: Text | None = None
    period: float | None = None
    span: tuple[float, float] | None = None
    resolution: float | None = None
    levels: tuple[str, ...] = ()
    standard_ref: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the contract's shape, without what changes with each observation."""
        return {
            "name": self.name,
            "unit": self.unit,
            "label": None if self.label is None else {"vi": self.label.vi, "en": self.label.en},
            "period": self.period,
            "range": self.span,
            "resolution": self.resolution,
            "levels": list(self.levels),
            "standard_ref": self.standard_ref,
        }

    def to_about(self) -> dict[str, Any]:
        """Give the entry of a retained description (contract, section 2)."""
        label = self.label or Text(self.name, self.name)
        told: dict[str, Any] = {
            "unit": self.unit,
            "name": {"vi": label.vi, "en": label.en},
            "period": self.period,
        }
        if self.span is not None:
            told["range"] = list(self.span)
        if self.resolution is not None and math.isfinite(self.resolution):
            told["resolution"] = self.resolution
        if self.levels:
            told["levels"] = list(self.levels)
        return told

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Datastream":
        """Read back what `to_json` gave."""
        span, label = body["range"], body["label"]
        return cls(
            name=body["name"],
            unit=body["unit"],
            label=None if label is None else Text(**label),
            period=body["period"],
            span=None if span is None else (span[0], span[1]),
            resolution=body["resolution"],
            levels=tuple(body["levels"]),
            standard_ref=body["standard_ref"],
        )


@dataclass(frozen=True, slots=True)
class Thing:
    """What is observed: a gauge, a portal, a hospital.

    Attributes:
        location: longitude and latitude in degrees, or None.
        via: the thing that speaks for it (a gateway), whose status it shares.
        described: False for a thing that sends data but was never described.
        limits: its own named limits, such as a gauge's flood alarm levels.
    """

    id: str
    area: str
    kind: str
    name: Text
    location: tuple[float, float] | None
    origin: Origin
    datastreams: Mapping[str, Datastream]
    via: str | None = None
    described: bool = True
    limits: Mapping[str, float] = field(default_factory=dict)

    def to_json(self, status: str) -> dict[str, Any]:
        """Give the contract's shape, without what changes with each observation."""
        return {
            "id": self.id,
            "area": self.area,
            "kind": self.kind,
            "name": {"vi": self.name.vi, "en": self.name.en},
            "location": self.location,
            "origin": self.origin.value,
            "described": self.described,
            "status": status,
            "via": self.via,
            "limits": dict(self.limits),
            "datastreams": [stream.to_json() for stream in self.datastreams.values()],
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Thing":
        """Read back what `to_json` gave."""
        location = body["location"]
        return cls(
            id=body["id"],
            area=body["area"],
            kind=body["kind"],
            name=Text(**body["name"]),
            location=None if location is None else (location[0], location[1]),
            origin=Origin(body["origin"]),
            datastreams={told["name"]: Datastream.from_json(told) for told in body["datastreams"]},
            via=body["via"],
            described=body["described"],
            limits=body["limits"],
        )


@dataclass(frozen=True, slots=True)
class Area:
    """An administrative unit and the time it existed (a dated tree).

    Attributes:
        code: the General Statistics Office's code.
        level: ``province``, ``district`` or ``commune``.
        communes: how many communes it has, where they are not listed.
        population: inhabitants, with ``population_source``; None in the source marks
            an illustrative figure.
        tile: row and column on the tile map.
        successor: the code of the unit that took it in, where it ended.
    """

    id: str
    code: str
    name: Text
    level: str
    parent: str | None
    location: tuple[float, float]
    communes: int = 0
    km2: float | None = None
    population: int | None = None
    population_source: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    tile: tuple[int, int] | None = None
    successor: str | None = None
