"""`ioc rules check` and `ioc rules score`: rules held against stories, and against days."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import orjson
import typer

from ioc.core import own
from ioc.core.calendar import OFFSET, WorkingCalendar
from ioc.core.engine import Change, Engine, Turn
from ioc.core.rules import Rule, of_record, parse_rule
from ioc.core.settings_row import SHARED
from ioc.core.site import Site
from ioc.core.stories import Failure, Story, Streams, parse_stories, run_story
from ioc.core.words import MINUTE, SECOND, Instant, Thing, rfc3339
from ioc.sites import read_calendar, read_site, read_stories
from simulators.noise import DAY, Times
from simulators.registry import Days, discover
from simulators.world import World, read_climate

HOUR: Final = 3_600
FIRST: Final = 1_795_366_800 - 7 * 3_600
"""2026-11-22T10:00Z: scores begin the working week before, at a fixed time."""

TEN_MINUTES: Final = 10 * MINUTE
_FLOOD: Final = 10
_LEARN_DAYS: Final = 7


def check(name: str, *, as_json: bool) -> int:
    """Run a site's stories; 0 when every line keeps its promise."""
    site = read_site(name)
    rules = [parse_rule(row) for row in site.rule_rows]
    calendar, streams = read_calendar(), described()
    stories = stories_of(name, rules, streams)
    failures = [one for story in stories for one in run_story(story, rules, calendar)]
    counted = Counter(rule for story in stories for rule in story.rules)
    without = [rule.id for rule in rules if not counted[rule.id]]
    if as_json:
        told = {
            "site": site.id,
            "stories": len(stories),
            "failures": [_failed(one) for one in failures],
            "rules": {rule.id: counted[rule.id] for rule in rules},
            "without": without,
        }
        typer.echo(orjson.dumps(told).decode())
        return 1 if failures else 0
    for one in failures:
        typer.echo(f"{one}   ({one.story})", err=True)
    typer.echo(f"{site.id}: {len(stories)} stories, {len(failures)} fail")
    if without:
        typer.echo(f"without a story: {', '.join(without)}")
    return 1 if failures else 0


def stories_of(name: str, rules: list[Rule], streams: Streams) -> list[Story]:
    """Give the stories that speak of a site.

    A shared one about a rule the site has not, or that it tells differently under the same name,
    is not about this site.
    """
    ids = {rule.id for rule in rules}
    told: dict[str, Story] = {}
    for file, text in read_stories(name).items():
        for story in parse_stories(file, text, streams):
            if file.startswith(SHARED) and not ids.issuperset(story.rules):
                continue
            told[story.name] = story
    return list(told.values())


def story_counts(name: str, site: Site) -> dict[str, int]:
    """Count the stories of each rule of a site, read by its name or folder."""
    rules = [parse_rule(row) for row in site.rule_rows]
    stories = stories_of(name, rules, described())
    return dict(Counter(rule for story in stories for rule in story.rules))


def _failed(one: Failure) -> dict[str, Any]:
    return {
        "story": one.story,
        "file": one.file,
        "line": one.line,
        "promised": list(one.promised),
        "told": list(one.told),
    }


def described() -> Streams:
    """Give the datastreams of the kinds that have a simulator, and of the centre itself."""
    told = {kind: player.streams for kind, player in discover().items()}
    return {
        kind: {stream.name: stream for stream in streams}
        for kind, streams in {**told, own.KIND: own.STREAMS}.items()
    }


# -- scores ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class Score:
    """What simulated days came to.

    Attributes:
        begin: of the days, in seconds since 1970.
        raised: alerts by rule; of rules in shadow too.
        by_ten: alerts by ten minutes, without those in shadow.
        by_hour: likewise, for the chart.
    """

    days: int
    begin: int
    raised: Counter[str] = field(default_factory=Counter)
    by_ten: Counter[int] = field(default_factory=Counter)

    def take(self, change: Change) -> None:
        """Count a raise."""
        if change.turn is not Turn.RAISE:
            return
        self.raised[change.rule.id] += 1
        if not change.rule.shadow:
            self.by_ten[change.at // TEN_MINUTES] += 1

    def to_json(self, site: str, rules: list[Rule]) -> dict[str, Any]:
        """Give the document."""
        bins = self.days * 144
        shown = {
            rule.id: {
                "alerts": self.raised[rule.id],
                "per_day": round(self.raised[rule.id] / self.days, 3),
                "budget": rule.budget,
                "shadow": rule.shadow,
                "over_budget": self.raised[rule.id] / self.days > rule.budget,
            }
            for rule in rules
        }
        return {
            "site": site,
            "from": rfc3339(self.begin * SECOND),
            "days": self.days,
            "alerts": sum(self.by_ten.values()),
            "per_10_min": round(sum(self.by_ten.values()) / bins, 4),
            "most_in_10_min": max(self.by_ten.values(), default=0),
            "flood_share": round(sum(count > _FLOOD for count in self.by_ten.values()) / bins, 5),
            "over_budget": [name for name, one in shown.items() if one["over_budget"]],
            "rules": shown,
        }


def score(
    name: str, days: int, seed: int | None, first: int | None = None, *, as_json: bool
) -> int:
    """Judge simulated days; 0 when all rules keep to their budgets.

    Args:
        name: of the site, or its folder.
        days: how many.
        seed: of the world; the site's unless given.
        first: the day they begin on, in days since 1970; a fixed evening unless given.
        as_json: tell it as one document.
    """
    site = read_site(name)
    rules = [parse_rule(row) for row in site.rule_rows]
    begin = FIRST if first is None else first * DAY - OFFSET // SECOND
    found = Score(days, begin)
    start, counted = begin - _LEARN_DAYS * DAY, begin * SECOND
    for change in played(site, rules, read_calendar(), (start, begin + days * DAY), seed):
        if change.at >= counted:
            found.take(change)
    told = found.to_json(site.id, rules)
    if as_json:
        typer.echo(orjson.dumps(told).decode())
    else:
        _show(told)
    return 1 if told["over_budget"] else 0


def _show(told: Mapping[str, Any]) -> None:
    typer.echo(
        f"{told['site']}, {told['days']} days from {told['from']}: {told['alerts']} alerts, "
        f"{told['per_10_min']} in 10 minutes, at most {told['most_in_10_min']}"
    )
    for rule, one in sorted(told["rules"].items(), key=lambda pair: -pair[1]["alerts"]):
        over = "  OVER BUDGET" if one["over_budget"] else ""
        shadow = "  (shadow)" if one["shadow"] else ""
        typer.echo(f"{one['per_day']:8.2f} a day of {one['budget']:g}  {rule}{shadow}{over}")


def played(
    site: Site,
    rules: list[Rule],
    calendar: WorkingCalendar,
    span: tuple[int, int],
    seed: int | None,
) -> Iterator[Change]:
    """Play a site's simulated things, judged hour by hour as the centre would.

    Args:
        site: whose things.
        rules: to judge by.
        calendar: of the offices.
        span: seconds since 1970, from and until.
        seed: of the world; the site's unless given.
    """
    plugins = discover()
    world = World(site.seed if seed is None else seed, site.areas, climate=read_climate(site.id))
    days = Days(world, plugins, 250)
    engine = Engine(rules, calendar)
    rows = _attached(site, rules, days, engine, span[0] * SECOND)
    things = sorted({thing for thing, _ in rows})
    for start in range(*span, HOUR):
        told = [
            (rows[thing, stream.name], at, values)
            for thing in things
            for stream, at, values in days.between(thing, start, start + HOUR)
        ]
        told += [
            (rows[thing, name], at, np.ones(len(at)))
            for thing in things
            for name, at in _steps(days, thing, start, start + HOUR)
            if (thing, name) in rows
        ]
        now: Instant = (start + HOUR) * SECOND
        if told:
            judged = engine.judge(
                np.concatenate([np.full(len(at), row) for row, at, _ in told]),
                np.concatenate([at for _, at, _ in told]) * SECOND,
                np.concatenate([values for _, _, values in told]),
                now,
            )
            yield from judged.changes
        yield from engine.tick(now)


def _attached(
    site: Site,
    rules: Sequence[Rule],
    days: Days,
    engine: Engine,
    now: Instant,
) -> dict[tuple[str, str], int]:
    plugins = discover()
    rows: dict[tuple[str, str], int] = {}
    for listed in site.things:
        if listed.kind not in plugins:
            continue
        days.add(listed)
        streams = {stream.name: stream for stream in plugins[listed.kind].streams}
        thing = replace(_thing_of(listed, site), datastreams=streams)
        recorded = {rule.datastream for rule in rules if rule.of_records(thing)}
        for name in [*streams, *sorted(recorded)]:
            rows[listed.id, name] = engine.attach(thing, name, len(rows), now)
    return rows


def _steps(days: Days, thing: str, first: int, last: int) -> Iterator[tuple[str, Times]]:
    """Give the times of a thing's records in (first, last], by the names rules know them by."""
    for told, steps in days.steps(thing, first, last):
        yield of_record(told.type), np.array([step.at for step in steps], np.int64)
        for state in sorted({step.state for step in steps}):
            at = [step.at for step in steps if step.state == state]
            yield of_record(told.type, state), np.array(at, np.int64)


def _thing_of(listed: Any, site: Site) -> Thing:  # noqa: ANN401 - a thing as its file has it
    return Thing(
        listed.id,
        listed.area,
        listed.kind,
        listed.name,
        listed.location,
        site.origin,
        {},
        limits=listed.limits,
    )
