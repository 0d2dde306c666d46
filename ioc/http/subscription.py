"""What a client of the stream asked for, and whether a given thing is in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ioc.core.boards import Board
from ioc.http.access import Permission, Principal
from ioc.http.live import Live

ALL: Final = "*"
_MOST_KEYS: Final = 10_000
_LONGEST_KEY: Final = 200
_FLAGS: Final = ("alerts", "things", "incidents", "tasks", "records", "drills")
_KEYS: Final = frozenset({"board", "datastreams", "indicators", *_FLAGS})

NEEDED: Final[Mapping[str, Permission]] = {
    "alert": Permission.ALERTS,
    "indicator": Permission.INDICATORS,
    "thing": Permission.THINGS,
    "incident": Permission.INCIDENTS,
    "task": Permission.TASKS,
    "record": Permission.RECORDS,
    "drill": Permission.DRILLS,
}
"""Event kind to the permission that shows it."""

_WHOLE_PANELS: Final = frozenset({"map", "freshness", "feed"})
"""Panels that show everything there is, so that a new thing appears on them by itself."""


_FLAGS_OF: Final[Mapping[str, tuple[str, ...]]] = {"tasks": ("tasks",), "records": ("records",)}
"""What else a type of panel has to hear of."""


class SubscribeError(ValueError):
    """The client asked for something that cannot be."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a client asked for. Frozen and hashable: clients that ask alike share their frames.

    Attributes:
        datastreams: ``thing/datastream`` keys; ``*`` for all.
        kinds: kinds of things all of whose datastreams are wanted.
        indicators: ids; ``*`` for all.
        flags: kinds of events wanted whole: ``alerts``, ``things``, ``incidents`` …
    """

    datastreams: frozenset[str]
    kinds: frozenset[str]
    indicators: frozenset[str]
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody who gets the same frames: a subscription with what its holder may see."""

    subscription: Subscription
    areas: frozenset[str] | None
    kinds: frozenset[str]
    impersonal: bool
    agency: str | None = None

    @classmethod
    def of(cls, subscription: Subscription, principal: Principal) -> "Audience":
        """Join what is asked with what may be seen."""
        return cls(
            subscription,
            principal.areas,
            frozenset(kind for kind, need in NEEDED.items() if principal.may(need)),
            principal.impersonal,
            principal.bound_agency,
        )

    def sees(self, area: str) -> bool:
        """Tell whether an area is inside what they may see."""
        return self.areas is None or area in self.areas

    def wants_value(self, key: str, live: Live) -> bool:
        """Tell whether a datastream's values are wanted and may be seen."""
        if "thing" not in self.kinds:
            return False
        asked = self.subscription
        known = live.things.get(key.partition("/")[0])
        if self.areas is not None and (known is None or known.area not in self.areas):
            return False
        return (
            ALL in asked.datastreams
            or key in asked.datastreams
            or (known is not None and known.kind in asked.kinds)
        )

    def wants_event(self, kind: str, area: str, body: Mapping[str, Any]) -> bool:
        """Tell whether a durable event is wanted and may be seen."""
        if kind not in self.kinds or not self._reaches(kind, area, body):
            return False
        asked = self.subscription
        if kind == "indicator":
            return ALL in asked.indicators or body.get("id") in asked.indicators
        if kind == "thing":
            return self.wants_thing(body)
        return f"{kind}s" in asked.flags

    def _reaches(self, kind: str, area: str, body: Mapping[str, Any]) -> bool:
        if self.agency is None or kind not in ("incident", "task"):
            return self.sees(area)
        return body.get("owner") == self.agency or (self.areas is not None and area in self.areas)

    def wants_thing(self, body: Mapping[str, Any]) -> bool:
        """Tell whether a thing is wanted: itself, or one of its datastreams."""
        asked = self.subscription
        if body.get("removed"):
            return True  # it no longer says what it was; who never had it loses nothing
        if "things" in asked.flags or ALL in asked.datastreams or body.get("kind") in asked.kinds:
            return True
        return body.get("id") in {key.partition("/")[0] for key in asked.datastreams}


def read_subscription(told: object, boards: Iterable[Board]) -> Subscription:
    """Read the ``subscribe`` of a client's frame.

    Raises:
        SubscribeError: what is wrong with it.
    """
    if not isinstance(told, dict):
        raise SubscribeError("subscribe must be an object")
    for key in told.keys() - _KEYS:
        raise SubscribeError(f"subscribe knows no {str(key)[:40]!r}")
    asked = Subscription(
        datastreams=_names(told, "datastreams"),
        kinds=frozenset(),
        indicators=_names(told, "indicators"),
        flags=frozenset(flag for flag in _FLAGS if _flag(told, flag)),
    )
    if "board" not in told:
        return asked
    for board in boards:
        if board.id == told["board"]:
            return _join(asked, of_board(board))
    raise SubscribeError(f"there is no board {str(told['board'])[:64]!r}")


def of_board(board: Board) -> Subscription:
    """Give what a board's panels show.

    Every board carries the alerts, incidents and drills (its header counts them) and hears of
    things, so that one described a moment ago is on the wall before it has sent anything.
    """
    datastreams: set[str] = set()
    kinds: set[str] = set()
    indicators: set[str] = set()
    flags = {"alerts", "things", "incidents", "drills"}
    for panel in board.panels:
        row = panel.row
        datastreams.update(_told(row, "datastream", "datastreams"))
        kinds.update(_told(row, "kind", "kinds"))
        indicators.update(_told(row, "indicator", "indicators"))
        if panel.type in _WHOLE_PANELS:
            datastreams.add(ALL)
        flags.update(_FLAGS_OF.get(panel.type, ()))
    return Subscription(
        frozenset(datastreams), frozenset(kinds), frozenset(indicators), frozenset(flags)
    )


def _told(row: Mapping[str, Any], one: str, many: str) -> Iterable[str]:
    if isinstance(row.get(one), str):
        yield row[one]
    for name in row.get(many) or ():
        if isinstance(name, str):
            yield name


def _join(one: Subscription, other: Subscription) -> Subscription:
    return Subscription(
        one.datastreams | other.datastreams,
        one.kinds | other.kinds,
        one.indicators | other.indicators,
        one.flags | other.flags,
    )


def _names(told: Mapping[str, Any], key: str) -> frozenset[str]:
    names = told.get(key)
    if names is None or names is False:
        return frozenset()
    if names is True:
        return frozenset({ALL})
    if not isinstance(names, list) or len(names) > _MOST_KEYS:
        raise SubscribeError(f"{key} must be a list of at most {_MOST_KEYS} names")
    if not all(isinstance(name, str) and len(name) <= _LONGEST_KEY for name in names):
        raise SubscribeError(f"{key} must hold names of at most {_LONGEST_KEY} characters")
    return frozenset(names)


def _flag(told: Mapping[str, Any], key: str) -> bool:
    wanted = told.get(key, False)
    if isinstance(wanted, list):  # ["*"] is how the other keys say all
        return bool(wanted)
    if not isinstance(wanted, bool):
        raise SubscribeError(f"{key} must be true or false")
    return wanted
