"""What is true now: the site's clock, every datastream's newest value, every thing's status.

It is read from the database at the start and every few seconds, and kept up between by what
ingest tells on MQTT and by the event log. It belongs to the event loop; nothing here waits.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ioc.core.clock import SiteClock
from ioc.core.words import QUALITY_WORDS, SECOND, Instant
from ioc.http.ports import Json, Newest

STALE_PERIODS: Final = 3
LEAST_STALE_S: Final = 30.0
_MOST_GONE: Final = 10_000

Value = tuple[float, float, str]
"""The contract's observation: seconds since 1970, value, quality."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What must be known of a thing to route and judge its values."""

    area: str
    kind: str
    status: str
    via: str | None
    periods: Mapping[str, float | None]


@dataclass
class Tally:
    """What was let go here, and why."""

    values_malformed: int = 0
    values_older: int = 0


@dataclass
class Live:
    """The present of one site.

    Attributes:
        clock: the site's clock.
        newest: by ``thing/datastream``.
        things: by id.
        gone: when things were removed, by id: older values are echoes of them, not news.
        health: what ingest last said of itself, and when (real time); None before it spoke.
    """

    clock: SiteClock
    newest: dict[str, Value] = field(default_factory=dict)
    things: dict[str, Registered] = field(default_factory=dict)
    gone: dict[str, float] = field(default_factory=dict)
    health: tuple[Instant, Mapping[str, Any]] | None = None
    tally: Tally = field(default_factory=Tally)

    def hear_values(self, told: Mapping[str, Any]) -> dict[str, Value]:
        """Take the payload of ``_centre/values`` and give what is news in it."""
        data = told.get("data")
        if not isinstance(data, Mapping):
            self.tally.values_malformed += 1
            return {}
        news: dict[str, Value] = {}
        for key, value in data.items():
            read = _value(value)
            if read is None:
                self.tally.values_malformed += 1
            elif self._is_news(key, read):
                news[key] = read
            else:
                self.tally.values_older += 1
        self.newest.update(news)
        return news

    def hear_newest(self, newest: Newest) -> dict[str, Value]:
        """Take what the database knows and give what is news in it.

        It keeps the observations of what was removed; those are not news of anything.
        """
        news: dict[str, Value] = {}
        for key, (at, value, quality) in newest.items():
            if key.partition("/")[0] not in self.things:
                continue
            read = (at / SECOND, value, QUALITY_WORDS[quality])
            if math.isfinite(value) and self._is_news(key, read):
                news[key] = read
        self.newest.update(news)
        return news

    def hear_things(self, bodies: Iterable[Json]) -> None:
        """Take all things as they stand."""
        self.things = {body["id"]: _registered(body) for body in bodies}
        for key in [one for one in self.newest if one.partition("/")[0] not in self.things]:
            del self.newest[key]

    def hear_thing(self, body: Json, at: Instant) -> None:
        """Take one thing that was described, changed or, at the site's ``at``, removed."""
        thing = body["id"]
        self.gone.pop(thing, None)
        if not body.get("removed"):
            self.things[thing] = _registered(body)
            return
        self.things.pop(thing, None)
        for key in [one for one in self.newest if one.partition("/")[0] == thing]:
            del self.newest[key]
        if len(self.gone) >= _MOST_GONE:
            del self.gone[next(iter(self.gone))]
        self.gone[thing] = at / SECOND

    def quality(self, key: str, period: float | None, now: Instant) -> str:
        """Tell what may be believed of a datastream's newest value at the site's ``now``."""
        value = self.newest.get(key)
        if value is None:
            return "missing"
        patience = max(STALE_PERIODS * (period or 0.0), LEAST_STALE_S)
        return "stale" if now / SECOND - value[0] > patience else value[2]

    def is_fresh(self, key: str, now: Instant) -> bool:
        """Tell whether a datastream has a value that is neither stale nor missing."""
        thing, _, name = key.partition("/")
        known = self.things.get(thing)
        period = known.periods.get(name) if known is not None else None
        return self.quality(key, period, now) not in ("stale", "missing")

    def view(self, body: Json, now: Instant) -> Json:
        """Give a thing's contract shape: its description with its newest values and status."""
        if body.get("removed"):
            return body
        datastreams = []
        heard = False
        for told in body.get("datastreams", ()):
            key = f"{body['id']}/{told['name']}"
            value = self.newest.get(key)
            quality = self.quality(key, told.get("period"), now)
            heard = heard or quality not in ("stale", "missing")
            last = None if value is None else [value[0], value[1]]
            datastreams.append({**told, "last": last, "quality": quality})
        status = body.get("status", "online")
        gateway = self.things.get(body.get("via") or "")
        if gateway is not None and gateway.status == "offline":
            status = "offline"
        if status != "offline":
            status = "online" if heard or not datastreams else "silent"
        return {**body, "status": status, "datastreams": datastreams}

    def _is_news(self, key: str, value: Value) -> bool:
        if value[0] <= self.gone.get(key.partition("/")[0], -math.inf):
            return False
        known = self.newest.get(key)
        return known is None or value[0] > known[0] or (value[0] == known[0] and value != known)


def _registered(body: Json) -> Registered:
    return Registered(
        area=body.get("area", ""),
        kind=body.get("kind", ""),
        status=body.get("status", "online"),
        via=body.get("via"),
        periods={one["name"]: one.get("period") for one in body.get("datastreams", ())},
    )


def _value(told: object) -> Value | None:
    match told:
        case [int() | float() as at, int() | float() as value, str() as quality]:
            if math.isfinite(at) and math.isfinite(value) and quality in QUALITY_WORDS:
                return float(at), float(value), quality
        case _:
            pass
    return None
