"""Stories: what a rule shall say, told line by line beside the rules and held against the engine.

::

    story A gust is not heavy rain
      rules rain-heavy
      thing rain-01 rain-gauge
      00:00  rain-01/rainfall 60
      00:10  rain-01/rainfall 60                     -> rain-heavy unacknowledged
      00:20  rain-01/rainfall 40
      00:30..01:00 every 10m  rain-01/rainfall 5     -> rain-heavy returned at 01:00
      01:10  lan acknowledges rain-heavy             -> rain-heavy normal

A line without an arrow promises that the named rules say nothing. Other rules are not asked.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from ioc.core.absences import Absences
from ioc.core.alerts import TRANSITIONS, State, Step
from ioc.core.calendar import OFFSET, WorkingCalendar
from ioc.core.engine import Change, Engine, Turn
from ioc.core.fields import duration
from ioc.core.rules import Condition, Rule, of_record
from ioc.core.settings_error import SettingsError
from ioc.core.words import DAY, HOUR, MINUTE, SECOND, Datastream, Instant, Origin, Text, Thing

Streams = Mapping[str, Mapping[str, Datastream]]
"""The datastreams of each kind of thing, by name."""

MIDNIGHT: Final = 20_780 * DAY - OFFSET
"""Stories begin on Monday 2026-11-23 in Vietnam, unless they name a day."""

_WHEN: Final = r"(?:\+(\d+)d )?(\d\d):(\d\d)(?::(\d\d))?"
_SLUG: Final = "[a-z0-9_-]+"
_LINE: Final = re.compile(
    rf"(?P<start>{_WHEN})(?:\.\.(?P<end>{_WHEN}) every (?P<every>\w+))?\s+(?P<what>.*)"
)
_TOLD: Final = re.compile(
    rf"(?P<rule>{_SLUG})(?:@(?P<thing>{_SLUG}))? (?P<state>[a-z]+|\d)(?: at (?P<at>{_WHEN}))?"
)
_STATES: Final = {
    "unacknowledged": State.UNACKNOWLEDGED,
    "acknowledged": State.ACKNOWLEDGED,
    "returned": State.RETURNED,
    "normal": State.NORMAL,
}
_OPEN: Final = (State.UNACKNOWLEDGED, State.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule said, or shall say.

    Attributes:
        thing: empty where any thing will do.
        state: of the alert; a severity for a change of level.
        at: the event's own time; None where any will do.
    """

    rule: str
    thing: str
    state: str
    at: Instant | None

    def meets(self, other: "Told") -> bool:
        """Tell whether this, as said, is what was promised."""
        same = (self.rule, self.state) == (other.rule, other.state)
        return same and other.thing in ("", self.thing) and other.at in (None, self.at)

    def __str__(self) -> str:
        """Write it as a line does."""
        thing = f"@{self.thing}" if self.thing else ""
        at = "" if self.at is None else f" at {_written(self.at)}"
        return f"{self.rule}{thing} {self.state}{at}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: times, what happens at each, and what it shall come to."""

    number: int
    times: tuple[Instant, ...]
    what: str
    promised: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A story about some rules."""

    name: str
    file: str
    rules: tuple[str, ...]
    things: tuple[Thing, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A line that did not come to what it promised."""

    story: str
    file: str
    line: int
    promised: tuple[str, ...]
    told: tuple[str, ...]

    def __str__(self) -> str:
        """Say where, what was promised and what was told."""
        promised, told = ", ".join(self.promised), ", ".join(self.told)
        return (
            f"{self.file}:{self.line}: promised {promised or 'silence'}, told {told or 'nothing'}"
        )


# -- reading --------------------------------------------------------------------------------------


@dataclass
class _Draft:
    name: str
    rules: list[str] = field(default_factory=list)
    things: dict[str, Thing] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    midnight: Instant = MIDNIGHT


def parse_stories(file: str, text: str, streams: Streams) -> tuple[Story, ...]:
    """Read the stories of a file.

    Args:
        file: its name, for what is said of it.
        text: what it says.
        streams: the datastreams of known kinds; a story may describe others with ``stream``.

    Raises:
        SettingsError: which line cannot be read.
    """
    drafts: list[_Draft] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.split("#")[0].strip()
        if not line:
            continue
        word, _, rest = line.partition(" ")
        if word == "story":
            drafts.append(_Draft(rest.strip()))
            continue
        if not drafts:
            raise SettingsError("a file of stories begins with one", file=file, line=number)
        try:
            _read(drafts[-1], number, word, line, streams)
        except (ValueError, KeyError) as wrong:
            why = str(wrong) if isinstance(wrong, ValueError) else f"there is no {wrong}"
            raise SettingsError(f"cannot be read: {why}", file=file, line=number) from None
    return tuple(
        Story(one.name, file, tuple(one.rules), tuple(one.things.values()), tuple(one.lines))
        for one in drafts
    )


def _read(draft: _Draft, number: int, word: str, line: str, streams: Streams) -> None:
    rest = line.partition(" ")[2].split()
    if word == "rules":
        draft.rules += rest
    elif word == "day":
        days = np.datetime64(rest[0]) - np.datetime64("1970-01-01")
        draft.midnight = int(days.astype(np.int64)) * DAY - OFFSET
    elif word == "thing":
        draft.things[rest[0]] = _thing(rest, streams)
    elif word == "stream":
        thing, _, name = rest[0].partition("/")
        known = draft.things[thing]
        described = _stream(name, dict(one.split("=", 1) for one in rest[1:]))
        draft.things[thing] = replace(known, datastreams={**known.datastreams, name: described})
    else:
        draft.lines.append(_line(draft.midnight, number, line))


def _thing(words: Sequence[str], streams: Streams) -> Thing:
    options = dict(one.split("=", 1) for one in words[2:])
    limits = dict(one.split(":", 1) for one in options.get("limits", "").split(",") if one)
    lon, _, lat = options.get("at", "103.0,21.4").partition(",")
    return Thing(
        words[0],
        options.get("area", "province"),
        words[1],
        Text(words[0], words[0]),
        (float(lon), float(lat)),
        Origin.SIMULATED,
        dict(streams.get(words[1], {})),
        limits={name: float(limit) for name, limit in limits.items()},
    )


def _stream(name: str, options: Mapping[str, str]) -> Datastream:
    low, _, high = options.get("range", "").partition("..")
    return Datastream(
        name,
        unit=options.get("unit", ""),
        period=duration(options, "every") / SECOND if "every" in options else None,
        span=(float(low), float(high)) if high else None,
        resolution=float(options["resolution"]) if "resolution" in options else None,
        levels=tuple(options["levels"].split(",")) if "levels" in options else (),
    )


def _line(midnight: Instant, number: int, line: str) -> Line:
    happening, arrow, promised = line.partition("->")
    found = _LINE.fullmatch(happening.strip())
    if found is None:
        raise ValueError("write e.g. 00:10  rain-01/rainfall 60 -> heavy-rain unacknowledged")
    start = _when(midnight, found["start"])
    times = [start]
    if found["end"]:
        step = duration({"every": found["every"]}, "every")
        times = list(range(start, _when(midnight, found["end"]) + 1, step))
    told = [one.strip() for one in promised.split(",")] if arrow and promised.strip() else []
    return Line(
        number, tuple(times), found["what"].strip(), tuple(_told(midnight, one) for one in told)
    )


def _told(midnight: Instant, text: str) -> Told:
    found = _TOLD.fullmatch(text)
    if found is None or not (found["state"] in _STATES or found["state"].isdigit()):
        raise ValueError(f"{text!r} is no rule with a state ({', '.join(_STATES)}) or severity")
    at = _when(midnight, found["at"]) if found["at"] else None
    return Told(found["rule"], found["thing"] or "", found["state"], at)


def _when(midnight: Instant, text: str) -> Instant:
    found = re.fullmatch(_WHEN, text)
    if found is None:
        raise ValueError(f"{text!r} is no time such as 07:30 or +1d 17:00")
    day, hour, minute, second = (int(part or 0) for part in found.groups())
    return midnight + day * DAY + hour * HOUR + minute * MINUTE + second * SECOND


def _written(at: Instant) -> str:
    day, rest = divmod(at - MIDNIGHT, DAY)
    clock = f"{rest // HOUR:02}:{rest % HOUR // MINUTE:02}:{rest % MINUTE // SECOND:02}"
    return f"+{day}d {clock}" if day else clock


# -- running --------------------------------------------------------------------------------------


class _Stage:
    """One engine with the story's rules and things, and the alerts they come to."""

    def __init__(
        self, story: Story, rules: Sequence[Rule], calendar: WorkingCalendar | None
    ) -> None:
        self.engine = Engine(rules, calendar)
        self.things = {thing.id: thing for thing in story.things}
        self.alerts: dict[tuple[str, str, str], State] = {}
        missing = [rule for rule in rules if rule.condition is Condition.OFFLINE]
        self.absences = Absences(
            lambda thing: [rule for rule in missing if rule.binds(self.things[thing], "")]
        )
        start = story.lines[0].times[0] if story.lines else MIDNIGHT
        number = 0
        for thing in story.things:
            for name in [*thing.datastreams, *_record_streams(rules, thing)]:
                self.engine.attach(thing, name, number, start)
                number += 1

    def play(self, line: Line) -> list[Told]:
        told: list[Told] = []
        for place, at in enumerate(line.times):
            told += self._happens(line.what, at, place)
        return told

    def _happens(self, what: str, at: Instant, place: int) -> Iterator[Told]:
        words = what.split()
        if words == ["wait"]:
            yield from self._said(self._due(at))
        elif len(words) == 3 and words[1] == "goes" and words[2] in ("online", "offline"):
            yield from self._said(self._due(at))
            if words[2] == "offline":
                self.absences.gone(self.things[words[0]].id, at)
            else:
                self.absences.back(self.things[words[0]].id)
            yield from self._said(self.absences.due(at))
        elif len(words) == 3 and words[1] == "acknowledges":
            yield from self._acknowledged(words[2], at)
        elif len(words) in (3, 4) and words[1] == "reports":
            for name in {of_record(words[2]), of_record(*words[2:])}:
                if self.engine.row(words[0], name) is not None:
                    yield from self._observed(words[0], name, 1.0, at)
        else:
            name, _, values = what.partition(" ")
            thing, _, stream = name.partition("/")
            choices = values.split()
            told = choices[place % len(choices)] if choices else ""
            levels = self.things[thing].datastreams[stream].levels
            value = float(levels.index(told)) if told in levels else float(told)
            yield from self._observed(thing, stream, value, at)

    def _observed(self, thing: str, name: str, value: float, at: Instant) -> Iterator[Told]:
        row = self.engine.row(thing, name)
        if row is None:
            raise KeyError(f"datastream {thing}/{name}")
        yield from self._said(self._due(at))
        rows, times = np.array([row], np.int64), np.array([at], np.int64)
        yield from self._said(self.engine.judge(rows, times, np.array([value]), at).changes)

    def _due(self, at: Instant) -> list[Change]:
        return self.engine.tick(at) + self.absences.due(at)

    def _acknowledged(self, rule: str, at: Instant) -> Iterator[Told]:
        for key, state in self.alerts.items():
            after = TRANSITIONS.get((state, Step.ACKNOWLEDGE))
            if key[0] == rule and after is not None:
                self.alerts[key] = after
                yield Told(rule, key[1], after.value, at)

    def _said(self, changes: Sequence[Change]) -> Iterator[Told]:
        for change in changes:
            rule = change.rule.id
            if change.turn is Turn.LEVEL:
                yield Told(rule, change.thing, str(int(change.severity)), change.at)
                continue
            key = rule, change.thing, change.datastream
            step = Step.RAISE if change.turn is Turn.RAISE else Step.CLEAR
            state = self.alerts.get(key, State.NORMAL)
            if step is Step.CLEAR and state not in _OPEN:
                continue  # there is nothing to clear
            after = TRANSITIONS.get((state, step), State.UNACKNOWLEDGED)
            self.alerts[key] = after
            yield Told(rule, change.thing, after.value, change.at)


def _record_streams(rules: Sequence[Rule], thing: Thing) -> list[str]:
    return sorted({rule.datastream for rule in rules if rule.of_records(thing)})


def run_story(
    story: Story, rules: Sequence[Rule], calendar: WorkingCalendar | None = None
) -> tuple[Failure, ...]:
    """Hold a story against rules.

    Returns:
        The first line that fails; what comes after it means nothing.
    """
    named = [rule for rule in rules if rule.id in story.rules]
    missing = sorted(set(story.rules) - {rule.id for rule in named})
    if missing or not story.rules:
        first = story.lines[0].number if story.lines else 0
        why = f"no rule {', '.join(missing)}" if missing else "no rules"
        return (Failure(story.name, story.file, first, ("rules",), (why,)),)
    stage = _Stage(story, named, calendar)
    for line in story.lines:
        told = stage.play(line)
        if not _kept(line.promised, told):
            return (
                Failure(
                    story.name,
                    story.file,
                    line.number,
                    tuple(map(str, line.promised)),
                    tuple(map(str, told)),
                ),
            )
    return ()


def _kept(promised: Sequence[Told], told: Sequence[Told]) -> bool:
    left = list(told)
    for one in promised:
        found = next((said for said in left if said.meets(one)), None)
        if found is None:
            return False
        left.remove(found)
    return not left
