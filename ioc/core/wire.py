"""The wire form: topics and payloads in, columns and words out, and the reason for each refusal.

A payload is never trusted and never guessed at: what does not fit is refused with a reason, and
the sender is the one to blame. Observations come out as columns, so that no later step handles
them one at a time.
"""

import json
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from ioc.core.words import (
    PROVINCE,
    SECOND,
    SLUG,
    Area,
    Datastream,
    Instant,
    Origin,
    Text,
    Thing,
    instant,
    rfc3339,
)

MAX_PAYLOAD: Final = 65_536
MAX_TOPIC: Final = 512
MAX_NAME: Final = 200
HEAD: Final = 200
"""First bytes of a refused payload that are kept."""

LARGEST: Final = 1e18
"""Beyond it a result is an instrument's error code or an attack, and sums would overflow."""

MAX_DEPTH: Final = 8
MAX_TEXT: Final = 10_000
MAX_UNIT: Final = 32

RELATIVE_BELOW: Final = float(2**28)
"""RFC 8428, section 4.5.3: a time below this counts from the receipt."""

_ERA: Final = 4_102_444_800 * SECOND
"""The year 2100: what has to be written back as a date stays before it."""

_FARTHEST: Final = 1e11
"""Seconds; beyond it a time is surely no time (year 5138), and microseconds still fit 64 bits."""


class Leaf(StrEnum):
    """Last segment of a topic: what the payload says."""

    ABOUT = "about"
    DATA = "data"
    STATUS = "status"
    RECORDS = "records"


class Reason(StrEnum):
    """Why an input was refused."""

    TOPIC = "topic"
    SIZE = "size"
    UTF8 = "utf8"
    JSON = "json"
    SHAPE = "shape"
    IDENTITY = "identity"
    TIME = "time"
    CLOCK = "clock"
    UNIT = "unit"
    CONFLICT = "conflict"
    FAULT = "fault"
    """The centre itself stumbled over it: its own fault, kept for its developers."""


class WireError(ValueError):
    """A sender's payload or topic that is refused.

    Attributes:
        reason: which rule it breaks; the text says the value.
    """

    def __init__(self, reason: Reason, text: str) -> None:
        """Keep the reason beside the text."""
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Topic:
    """``ioc/<site>/<area>/<thing>/<leaf>``: the identity of what is said."""

    area: str
    thing: str
    leaf: Leaf


class Message(NamedTuple):
    """One MQTT message and the site's time at which it was received."""

    topic: str
    payload: bytes
    received: Instant


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is kept of a refused input."""

    topic: str
    reason: Reason
    text: str
    size: int
    head: bytes


class Source(NamedTuple):
    """One way a datastream is spoken of: thing, name, the unit given ('' for none) and the area."""

    area: str
    thing: str
    name: str
    unit: str


Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Columns:
    """Observations of one batch, in order of arrival.

    Attributes:
        source: index into the reader's ``sources``.
        time: microseconds since 1970 UTC.
        value: the result; NaN where ``levels`` names it.
        message: index of the message in the batch.
        levels: row -> the level's name, for results told by name (``vs``).
    """

    source: Ints
    time: Ints
    value: Floats
    message: Ints
    levels: dict[int, str]

    def __len__(self) -> int:
        """Count the observations."""
        return len(self.source)


@dataclass(frozen=True, slots=True)
class About:
    """A thing described (``thing``), or taken away (None), by its topic."""

    topic: Topic
    thing: Thing | None


@dataclass(frozen=True, slots=True)
class Record:
    """One step of a piece of business; ``id`` + ``at`` + ``state`` make it one."""

    id: str
    type: str
    at: Instant
    state: str
    area: str
    thing: str
    agency: str
    due: str | None
    location: tuple[float, float] | None
    data: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Give the contract's shape."""
        return {
            "id": self.id,
            "type": self.type,
            "at": rfc3339(self.at),
            "state": self.state,
            "area": self.area,
            "thing": self.thing,
            "agency": self.agency,
            "due": self.due,
            "location": self.location,
            "data": self.data,
        }


@dataclass(slots=True)
class Heard:
    """What one batch of messages says."""

    columns: Columns
    abouts: list[About] = field(default_factory=list)
    statuses: list[tuple[Topic, str]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


class _SenML(msgspec.Struct, gc=False):
    """A record of RFC 8428 as it stands in the pack, base fields unresolved."""

    bn: str = ""
    bt: float = 0.0
    bu: str = ""
    bv: float = 0.0
    n: str = ""
    u: str = ""
    t: float = 0.0
    v: float | msgspec.UnsetType | None = msgspec.UNSET
    vb: bool | msgspec.UnsetType = msgspec.UNSET
    vs: str | msgspec.UnsetType = msgspec.UNSET


class _Name(msgspec.Struct):
    vi: str = ""
    en: str = ""


class _Stream(msgspec.Struct):
    unit: str = ""
    name: _Name | None = None
    period: float | None = None
    range: tuple[float, float] | None = None
    resolution: float | None = None
    levels: list[str] = []
    standard_ref: str | None = None


class _About(msgspec.Struct):
    kind: str
    name: _Name
    origin: Origin
    datastreams: dict[str, _Stream] = {}
    location: tuple[float, float] | None = None
    via: str | None = None
    limits: dict[str, float] = {}


class _Record(msgspec.Struct):
    id: str
    type: str
    at: str
    state: str
    agency: str = ""
    due: str | None = None
    location: tuple[float, float] | None = None
    data: dict[str, Any] = {}


_NO_COLUMN: Final = np.empty(0, np.int64)
_CACHE: Final = 200_000
"""Topics and sources remembered; past it they are forgotten and learnt again."""


def check_payload(payload: bytes) -> None:
    """Refuse what is too large, or no UTF-8 (also where JSON would take it).

    Raises:
        WireError: ``size`` or ``utf8``.
    """
    if len(payload) > MAX_PAYLOAD:
        raise WireError(Reason.SIZE, f"{len(payload)} bytes are more than {MAX_PAYLOAD}")
    if not payload.isascii():
        try:
            payload.decode()
        except UnicodeDecodeError as error:
            raise WireError(Reason.UTF8, str(error)) from None


def read_topic(topic: str, site: str, areas: frozenset[str]) -> Topic:
    """Read the identity off a topic.

    Raises:
        WireError: ``topic``, with what is wrong with it.
    """
    if len(topic) > MAX_TOPIC:
        raise WireError(Reason.TOPIC, f"a topic of {len(topic)} characters")
    segments = topic.split("/")
    if len(segments) != 5:
        raise WireError(
            Reason.TOPIC, f"{len(segments)} segments; ioc/<site>/<area>/<thing>/<leaf> has 5"
        )
    for segment in segments:
        if not SLUG.fullmatch(segment):
            raise WireError(Reason.TOPIC, f"segment {segment!r} is not of [a-z0-9_-]")
    root, of_site, area, thing, leaf = segments
    if root != "ioc" or of_site != site:
        raise WireError(Reason.TOPIC, f"{root}/{of_site} is not ioc/{site}")
    if area not in areas:
        raise WireError(Reason.TOPIC, f"area {area!r} is not in the tree of {site}")
    if leaf not in tuple(Leaf):
        raise WireError(Reason.TOPIC, f"leaf {leaf!r} is not one of {', '.join(Leaf)}")
    return Topic(area, thing, Leaf(leaf))


class Reader:
    """Reads batches of messages. It remembers topics and sources only to be fast.

    Attributes:
        sources: every way a datastream was spoken of so far; ``Columns.source`` points into it.
    """

    def __init__(self, site: str, areas: Sequence[Area]) -> None:
        """Read for one site and the areas of its tree."""
        self._site = site
        self._areas = frozenset(area.id for area in areas) | {PROVINCE}
        self._topics: dict[str, Topic] = {}
        self._indices: dict[tuple[str, str, str, str, str], int] = {}
        self._senml = msgspec.json.Decoder(list[_SenML])
        self._about = msgspec.json.Decoder(_About)
        self._records = msgspec.json.Decoder(list[_Record])
        self.sources: list[Source] = []

    def forget(self) -> bool:
        """Drop what is remembered when it has grown too large; tell whether it was dropped."""
        if len(self._topics) < _CACHE and len(self.sources) < _CACHE:
            return False
        self._topics.clear()
        self._indices.clear()
        self.sources.clear()
        return True

    def read(self, messages: Sequence[Message]) -> Heard:
        """Read a batch. Nothing raises: what is wrong is among the refusals."""
        heard = Heard(Columns(_NO_COLUMN, _NO_COLUMN, np.empty(0), _NO_COLUMN, {}))
        source: list[int] = []
        seconds: list[float] = []
        value: list[float] = []
        counts: list[int] = []
        levels: dict[int, str] = {}
        for message in messages:
            before = len(source)
            try:
                topic = self._topic(message.topic)
                check_payload(message.payload)
                if topic.leaf is Leaf.DATA:
                    self._data(topic, message.payload, source, seconds, value, levels)
                elif topic.leaf is Leaf.ABOUT:
                    heard.abouts.append(self._described(topic, message.payload))
                elif topic.leaf is Leaf.STATUS:
                    heard.statuses.append((topic, _status(message.payload)))
                else:
                    heard.records.extend(self._stepped(topic, message.payload))
            except WireError as error:
                del source[before:], seconds[before:], value[before:]
                for row in [row for row in levels if row >= before]:
                    del levels[row]
                heard.refusals.append(refuse(message, error.reason, str(error)))
            counts.append(len(source) - before)
        if source:
            self._columns(heard, messages, source, seconds, value, counts, levels)
        return heard

    def _columns(  # noqa: PLR0913 - the loose columns of one batch, gathered in one place
        self,
        heard: Heard,
        messages: Sequence[Message],
        source: list[int],
        seconds: list[float],
        value: list[float],
        counts: list[int],
        levels: dict[int, str],
    ) -> None:
        of_message = np.repeat(np.arange(len(counts)), counts)
        when = np.array(seconds)
        received = np.array([message.received for message in messages], np.int64)[of_message]
        impossible = ~(np.abs(when) < _FARTHEST)
        when[impossible] = 0.0
        time = np.round(when * 1e6).astype(np.int64)
        time += np.where(when < RELATIVE_BELOW, received, 0)
        rows = Columns(np.array(source, np.int64), time, np.array(value), of_message, levels)
        if impossible.any():
            for row in np.flatnonzero(impossible).tolist():
                text = f"time {seconds[row]!r} is no time in seconds"
                heard.refusals.append(refuse(messages[of_message[row]], Reason.TIME, text))
            rows = keep(rows, ~impossible)
        heard.columns = rows

    def _topic(self, topic: str) -> Topic:
        known = self._topics.get(topic)
        if known is None:
            known = self._topics[topic] = read_topic(topic, self._site, self._areas)
        return known

    def _data(  # noqa: PLR0913, PLR0912, C901 - the hot loop: one pass, no calls it can spare
        self,
        topic: Topic,
        payload: bytes,
        source: list[int],
        seconds: list[float],
        value: list[float],
        levels: dict[int, str],
    ) -> None:
        try:
            records = self._senml.decode(payload)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise _malformed(error, payload) from None
        area, thing = topic.area, topic.thing
        indices = self._indices
        base_name = base_unit = ""
        base_time = base_value = 0.0
        valued = 0
        index: int | None = None
        name = unit = ""
        for record in records:
            if record.bn:
                base_name = record.bn
                index = None
            if record.bt:
                base_time = record.bt
            if record.bu:
                base_unit = record.bu
                index = None
            if record.bv:
                base_value = record.bv
            result = record.v
            if result is msgspec.UNSET:
                if record.vb is not msgspec.UNSET:
                    result = float(record.vb)
                elif record.vs is not msgspec.UNSET:
                    levels[len(source)] = record.vs
                    result = math.nan
                elif record.n:
                    raise WireError(Reason.SHAPE, f"record {record.n!r} has no v, vb or vs")
                else:
                    continue  # a record of base fields alone
            elif result is None:
                valued += 1
                continue  # told to be missing: what is not there is not kept
            else:
                valued += 1
                result += base_value
                if not -LARGEST <= result <= LARGEST:
                    raise WireError(Reason.SHAPE, f"result {result!r} of {record.n[:80]!r}")
                if record.vb is not msgspec.UNSET or record.vs is not msgspec.UNSET:
                    raise WireError(Reason.SHAPE, f"record {record.n!r} has two results")
            if index is None or record.n != name or record.u != unit:
                name, unit = record.n, record.u
                key = (area, thing, base_name, name, unit or base_unit)
                index = indices.get(key)
                if index is None:
                    index = self._learn(key)
            source.append(index)
            seconds.append(base_time + record.t)
            value.append(result)
        if payload.count(b'"v"') > valued:
            _refuse_twice_named(payload)

    def _learn(self, key: tuple[str, str, str, str, str]) -> int:
        area, thing, base, name, unit = key
        full = base + name
        owner, slash, rest = full.rpartition("/")
        if slash and owner != thing:
            raise WireError(Reason.IDENTITY, f"{full!r} speaks for another thing than {thing!r}")
        if not SLUG.fullmatch(rest):
            raise WireError(Reason.SHAPE, f"datastream {rest[:80]!r} is not of [a-z0-9_-]")
        if len(unit) > MAX_UNIT or _plain(unit, "unit") != unit:
            raise WireError(Reason.SHAPE, f"unit {unit[:80]!r}")
        index = len(self.sources)
        self.sources.append(Source(area, thing, rest, unit))
        self._indices[key] = index
        return index

    def _described(self, topic: Topic, payload: bytes) -> About:
        if not payload:
            return About(topic, None)
        try:
            told = self._about.decode(payload)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise _malformed(error, payload) from None
        return About(topic, _thing(topic, told))

    def _stepped(self, topic: Topic, payload: bytes) -> list[Record]:
        try:
            told = self._records.decode(payload)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise _malformed(error, payload) from None
        return [_record(topic, record) for record in told]


def refuse(message: Message, reason: Reason, text: str) -> Refusal:
    """Make the entry that is kept of a refused message."""
    return Refusal(message.topic, reason, text, len(message.payload), message.payload[:HEAD])


def keep(rows: Columns, mask: npt.NDArray[np.bool_]) -> Columns:
    """Keep the rows where ``mask`` is true."""
    levels = rows.levels
    if levels:
        moved = np.cumsum(mask) - 1
        levels = {int(moved[row]): name for row, name in levels.items() if mask[row]}
    return Columns(rows.source[mask], rows.time[mask], rows.value[mask], rows.message[mask], levels)


def _malformed(error: Exception, payload: bytes) -> WireError:
    """Tell a payload that is no JSON at all from one of another shape."""
    if isinstance(error, RecursionError):
        return WireError(Reason.SHAPE, "nested too deeply")
    if isinstance(error, msgspec.ValidationError):
        try:
            msgspec.json.decode(payload)
        except msgspec.ValidationError:
            return WireError(Reason.SHAPE, str(error))
        except RecursionError:
            return WireError(Reason.SHAPE, "nested too deeply")
        except msgspec.DecodeError as worse:
            return WireError(Reason.JSON, str(worse))
        return WireError(Reason.SHAPE, str(error))
    return WireError(Reason.JSON, str(error))


def _refuse_twice_named(payload: bytes) -> None:
    """Find a key given twice in one object, which JSON readers resolve in silence."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise WireError(Reason.JSON, "a key stands twice in one record")
        return found

    try:
        json.loads(payload, object_pairs_hook=once)
    except WireError:
        raise
    except (ValueError, RecursionError) as error:
        raise WireError(Reason.SHAPE, str(error)) from None


def _status(payload: bytes) -> str:
    told = payload.decode()
    if told not in ("online", "offline"):
        raise WireError(Reason.SHAPE, f"status {told[:80]!r} is neither online nor offline")
    return told


def _plain(text: str, what: str) -> str:
    """Take a name as people wrote it: one normal form, no control characters, of bounded length.

    Directional overrides go too: they would let a name rewrite the line it stands in.
    """
    easy = text.isascii() and text.isprintable()  # nearly all: nothing to normalise or to refuse
    kept = text.strip() if easy else _normal(text, what)
    if len(kept) > MAX_NAME:
        raise WireError(Reason.SHAPE, f"{what} has {len(kept)} characters, more than {MAX_NAME}")
    return kept


def _normal(text: str, what: str) -> str:
    kept = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in kept):
        raise WireError(Reason.SHAPE, f"{what} has a control character")
    return kept


def _text(name: _Name, what: str) -> Text:
    vi, en = _plain(name.vi, what), _plain(name.en, what)
    if not vi and not en:
        raise WireError(Reason.SHAPE, f"{what} is empty in both languages")
    return Text(vi, en)


def _slug(text: str, what: str) -> str:
    if not SLUG.fullmatch(text):
        raise WireError(Reason.SHAPE, f"{what} {text[:80]!r} is not of [a-z0-9_-]")
    return text


def _place(location: tuple[float, float] | None) -> tuple[float, float] | None:
    if location is not None and not (-180 <= location[0] <= 180 and -90 <= location[1] <= 90):
        raise WireError(Reason.SHAPE, f"location {location} is not longitude, latitude in degrees")
    return location


def _thing(topic: Topic, told: _About) -> Thing:
    return Thing(
        id=topic.thing,
        area=topic.area,
        kind=_slug(told.kind, "kind"),
        name=_text(told.name, "name"),
        location=_place(told.location),
        origin=told.origin,
        datastreams={
            _slug(name, "datastream"): _datastream(name, stream)
            for name, stream in told.datastreams.items()
        },
        via=_slug(told.via, "via") if told.via is not None else None,
        limits={_slug(name, "limit"): limit for name, limit in told.limits.items()},
    )


def _datastream(name: str, told: _Stream) -> Datastream:
    if told.period is not None and not 0 < told.period <= 400 * 86_400:
        raise WireError(Reason.SHAPE, f"period {told.period} s of {name!r}")
    if told.range is not None and not told.range[0] <= told.range[1]:
        raise WireError(Reason.SHAPE, f"range {told.range} of {name!r} runs downwards")
    if told.resolution is not None and not told.resolution > 0:
        raise WireError(Reason.SHAPE, f"resolution {told.resolution} of {name!r}")
    return Datastream(
        name=name,
        unit=_plain(told.unit, "unit"),
        label=_text(told.name, f"name of {name}") if told.name is not None else None,
        period=told.period,
        span=told.range,
        resolution=told.resolution,
        levels=tuple(_plain(level, "level") for level in told.levels),
        standard_ref=_plain(told.standard_ref, "standard_ref") if told.standard_ref else None,
    )


def _record(topic: Topic, told: _Record) -> Record:
    at = _moment(told.at)
    due = None if told.due is None else rfc3339(_moment(told.due))
    _check_data(told.data, MAX_DEPTH)
    return Record(
        id=_plain(told.id, "id") or _refuse_empty("id"),
        type=_slug(told.type, "type"),
        at=at,
        state=_slug(told.state, "state"),
        area=topic.area,
        thing=topic.thing,
        agency=_plain(told.agency, "agency"),
        due=due,
        location=_place(told.location),
        data=told.data,
    )


def _moment(told: str) -> Instant:
    """Read a time of this era: anything else cannot be written back."""
    try:
        at = instant(told)
    except (ValueError, OverflowError) as error:
        raise WireError(Reason.TIME, str(error)) from None
    if not 0 <= at < _ERA:
        raise WireError(Reason.TIME, f"{told!r} is not of this era")
    return at


def _check_data(told: object, depth: int) -> None:
    """Refuse what the store or the wall could not keep as it is."""
    if depth == 0:
        raise WireError(Reason.SHAPE, "data is nested too deeply")
    if isinstance(told, dict):
        for key in told:
            _plain(str(key), "a key of data")
        told = list(told.values())
    if isinstance(told, list):
        for value in told:
            _check_data(value, depth - 1)
    elif isinstance(told, str) and ("\x00" in told or len(told) > MAX_TEXT):
        raise WireError(Reason.SHAPE, "a text of data is too long or has a NUL")
    elif isinstance(told, int | float) and not -LARGEST <= told <= LARGEST:
        raise WireError(Reason.SHAPE, f"a number of data is beyond {LARGEST:g}")


def _refuse_empty(what: str) -> str:
    raise WireError(Reason.SHAPE, f"{what} is empty")
