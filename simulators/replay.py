"""Plays recordings again: CSV ``timestamp,value`` as things of origin ``replay``.

The first row is told at the site's time of the start, row k at start + (t_k - t_0) / speed. Each
recording is a thing with a connection of its own, so that its status and its last will are its
own too. A row that cannot be read is named and left out, never guessed.
"""

import csv
import math
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Final

import orjson
import structlog

from ioc.core.clock import SiteClock
from ioc.core.words import PROVINCE, SECOND, Instant
from simulators.link import Link, Stopped, Will
from simulators.site_time import SiteTime

KIND: Final = "recording"
COLUMNS: Final = ("timestamp", "value")
PACK: Final = 500
NAMED: Final = 20
"""Bad rows of a file that are named; all are counted."""

_TICK_S: Final = 0.05
_LONGEST_SLEEP_S: Final = 1.0
_MOST_SLUG: Final = 64

log = structlog.get_logger("replay")


class RecordingError(ValueError):
    """A file that is no recording at all; the text names it and says why."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out."""

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        """Name the place as an editor does."""
        return f"{self.file}:{self.line}: {self.why}"


@dataclass(frozen=True, slots=True)
class Recording:
    """A file read.

    Attributes:
        id: the thing's id.
        offsets: microseconds after the first row, rising.
        bad: the first rows left out, in the file's order.
        refused: how many were left out in all.
    """

    id: str
    file: str
    offsets: tuple[int, ...]
    values: tuple[float, ...]
    bad: tuple[BadRow, ...] = ()
    refused: int = 0

    def period(self, speed: float) -> float | None:
        """Give the usual seconds between two rows when played, or None for a single one."""
        if len(self.offsets) < 2:
            return None
        step = median(after - before for before, after in pairwise(self.offsets))
        return round(step / SECOND / speed, 6)


@dataclass(frozen=True, slots=True)
class Replay:
    """How to play recordings.

    Attributes:
        url: ``mqtt://user:password@host:port``.
        site: the site's id.
        location: longitude and latitude given to every recording, e.g. the province's centre.
        speed: seconds of the recording in one second of the site's clock.
        clock: the site's clock until the broker tells one; real time without either.
        area: the area the things are of.
        kind: what the recordings play; of a known kind they are held to its rules.
        datastream: which of its datastreams they are.
        unit: of the recorded values.
    """

    url: str
    site: str
    location: tuple[float, float] | None = None
    speed: float = 1.0
    clock: SiteClock | None = None
    area: str = PROVINCE
    kind: str = KIND
    datastream: str = "value"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it.

    Attributes:
        observations: published.
        refused: rows left out.
        finished: False when it was stopped before the end.
    """

    observations: int
    refused: int
    finished: bool


@dataclass(slots=True)
class _Part:
    """A recording on its way."""

    recording: Recording
    link: Link
    start: Instant = 0
    done: int = 0
    over: bool = False
    times: list[Instant] = field(default_factory=list)


def read_recordings(paths: Sequence[Path]) -> list[Recording]:
    """Read recordings and give each an id of its own, made of its file's name.

    Raises:
        RecordingError: a file cannot be read, has no such columns or no good row.
    """
    taken: set[str] = set()
    found = []
    for path in paths:
        slug = _slug(path.stem)
        if slug in taken:
            slug = _slug(f"{path.parent.name}-{path.stem}")
        number = 2
        while slug in taken:
            slug = _slug(f"{path.stem[:56]}-{number}")
            number += 1
        taken.add(slug)
        found.append(read_recording(path, slug))
    return found


def read_recording(path: Path, thing: str) -> Recording:
    """Read one CSV with the columns ``timestamp`` (UTC unless it has an offset) and ``value``.

    Raises:
        RecordingError: it cannot be read, has no such columns or no good row.
    """
    rows: list[tuple[int, int, float]] = []
    bad: list[BadRow] = []
    refused = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
            if missing:
                raise RecordingError(f"{path}: has no column {' and no '.join(missing)}")
            for row in table:
                try:
                    at, value = _row(row)
                    rows.append((at, table.line_num, value))
                except ValueError as error:
                    refused += 1
                    bad.append(BadRow(str(path), table.line_num, str(error)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RecordingError(f"{path}: {error}") from None
    rows.sort(key=lambda row: row[0])
    kept: list[tuple[int, float]] = []
    for at, line, value in rows:
        if kept and kept[-1][0] == at:
            refused += 1
            bad.append(BadRow(str(path), line, "has the time of a row before it"))
        else:
            kept.append((at, value))
    if not kept:
        raise RecordingError(f"{path}: has no row that can be read")
    bad.sort(key=lambda row: row.line)
    first = kept[0][0]
    return Recording(
        thing,
        str(path),
        tuple(at - first for at, _ in kept),
        tuple(value for _, value in kept),
        tuple(bad[:NAMED]),
        refused,
    )


def replay(
    paths: Sequence[Path],
    how: Replay,
    *,
    now: Callable[[], Instant],
    stop: threading.Event,
) -> Replayed:
    """Play recordings to their end, or until asked to stop.

    Args:
        paths: the files.
        how: broker, site, speed.
        now: real time.
        stop: ends it early; the things go offline either way.

    Raises:
        RecordingError: a file is no recording; nothing was published.
        ValueError: the speed is not above nought, or the address is none.
    """
    if not how.speed > 0 or not math.isfinite(how.speed):
        raise ValueError(f"speed {how.speed} is not above 0")
    recordings = read_recordings(paths)
    for recording in recordings:
        for row in recording.bad:
            log.warning("row left out", row=str(row))
        if recording.refused > len(recording.bad):
            log.warning("more rows left out", file=recording.file, rows=recording.refused)
    time = SiteTime(how.site, now, how.clock)
    parts = [_part(recording, how, stop) for recording in recordings]
    if parts:
        time.follow(parts[0].link)
    try:
        _start(parts, how, time)
        _play(parts, how, time, stop)
    except Stopped:
        pass
    finally:
        for part in parts:
            part.link.drain(2.0)
            _end(part, how)
            part.link.close()
    return Replayed(
        observations=sum(part.done for part in parts),
        refused=sum(recording.refused for recording in recordings),
        finished=all(part.done == len(part.times) for part in parts),
    )


def about(recording: Recording, how: Replay) -> dict[str, Any]:
    """Give the retained description of a recording; see the contract's section 2."""
    name = Path(recording.file).name
    stream: dict[str, Any] = {
        "unit": how.unit,
        "name": {"vi": "Giá trị ghi", "en": "Recorded value"},
    }
    period = recording.period(how.speed)
    if period is not None:
        stream["period"] = period
    told: dict[str, Any] = {
        "kind": how.kind,
        "name": {"vi": f"Bản ghi {name}", "en": f"Recording {name}"},
        "origin": "replay",
        "datastreams": {how.datastream: stream},
    }
    if how.location is not None:
        told["location"] = list(how.location)
    return told


def _part(recording: Recording, how: Replay, stop: threading.Event) -> _Part:
    status = _topic(recording, how, "status")
    link = Link(
        how.url,
        f"{how.site}-replay-{recording.id}",
        stop=stop,
        will=Will(status, b"offline"),
    )
    link.greet(_topic(recording, how, "about"), orjson.dumps(about(recording, how)))
    link.greet(status, b"online")
    return _Part(recording, link)


def _start(parts: Sequence[_Part], how: Replay, time: SiteTime) -> None:
    for part in parts:
        part.link.start()
    time.settle()
    for part in parts:
        part.link.connect()
    start = time.instant()
    for part in parts:
        part.times = [start + round(offset / how.speed) for offset in part.recording.offsets]


def _play(parts: Sequence[_Part], how: Replay, time: SiteTime, stop: threading.Event) -> None:
    waiting = list(parts)
    while waiting and not stop.is_set():
        reached = time.instant()
        for part in waiting:
            _publish_due(part, how, reached)
        for part in [part for part in waiting if part.done == len(part.times)]:
            part.link.drain()
            _end(part, how)
            waiting.remove(part)
            log.info("played", file=part.recording.file, rows=part.done)
        if waiting:
            due = min(part.times[part.done] for part in waiting)
            stop.wait(min(max(time.real_until(due), _TICK_S), _LONGEST_SLEEP_S))


def _publish_due(part: _Part, how: Replay, reached: Instant) -> None:
    topic = _topic(part.recording, how, "data")
    while part.done < len(part.times) and part.times[part.done] <= reached:
        last = part.done
        while last < len(part.times) and part.times[last] <= reached and last - part.done < PACK:
            last += 1
        records = [
            {"n": how.datastream, "t": at / SECOND, "v": value}
            for at, value in zip(
                part.times[part.done : last], part.recording.values[part.done : last], strict=True
            )
        ]
        part.link.publish(topic, orjson.dumps(records))
        part.done = last


def _end(part: _Part, how: Replay) -> None:
    if not part.over and part.link.connected:
        part.over = True  # also when it reconnects: the link greets with what was said last
        part.link.say(_topic(part.recording, how, "status"), b"offline")
        part.link.drain(2.0)


def _topic(recording: Recording, how: Replay, leaf: str) -> str:
    return f"ioc/{how.site}/{how.area}/{recording.id}/{leaf}"


def _row(row: dict[str, str | None]) -> tuple[int, float]:
    """Read a row as microseconds since 1970 and a value."""
    told, number = row["timestamp"], row["value"]
    if not told or number is None:
        raise ValueError("lacks a timestamp or a value")
    at = datetime.fromisoformat(told.strip())
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(f"value {number!r} is no number")
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return round(at.timestamp() * SECOND), value


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-")
    return slug[:_MOST_SLUG] or KIND
