"""The round that computes the indicators, beside the fold and never in its way.

A round brings the rollups up to what is kept, looks at the present, and then does at most one
more thing: it looks again at one of the instants the present is compared with, or, while there
is nothing to compare, at one instant of the past week that has no point in the trends yet.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from ioc.centre.inputs import Key, Look, Registry
from ioc.centre.ports import Event, Store
from ioc.core.indicators import (
    OF_HOURS,
    OF_QUALITY,
    Definition,
    Formula,
    Outcome,
    Window,
    month_before,
    ranks,
    standing,
    window_start,
    year_before,
)
from ioc.core.words import DAY, HOUR, MINUTE, PROVINCE, Instant, Thing, rfc3339

_HISTORY_EVERY: Final = 5 * MINUTE
_COMPARE_EVERY: Final = 5 * MINUTE
_COVERAGE_STEP: Final = 0.01
_ROLLED_MUCH: Final = 3_000
"""Hours made again in one go: more than that and history is still coming in."""

_QUIET_ROUNDS: Final = 3
_PAST: Final = 7 * DAY
_PAST_EVERY: Final = 3 * HOUR
_EARLIER: Final[Mapping[str, Callable[[Instant], Instant]]] = MappingProxyType(
    {
        "day": lambda now: now - DAY,
        "week": lambda now: now - 7 * DAY,
        "month": month_before,
        "year": year_before,
    }
)
_BEFORE: Final = MappingProxyType({Window.WEEK: "week", Window.MONTH: "month"})
"""Which of these is the same period before; for all other windows it is the day."""

Known = Callable[[], tuple[list[Thing], dict[tuple[str, str], int]]]


class Round:
    """Computes every indicator for every area, and keeps and tells those that changed."""

    def __init__(self, definitions: Sequence[Definition], store: Store, registry: Known) -> None:
        """Compute from a store of its own, over the things known now.

        Attributes:
            made: whether there was a round yet.
            behind: whether some of the past is still to be looked at.
        """
        self.made = False
        self.behind = True
        self._definitions = tuple(definitions)
        self._store = store
        self._registry = registry
        self._told: dict[Key, dict[str, Any]] = {}
        self._kept_at: dict[Key, Instant] = {}
        self._earlier: dict[str, tuple[Instant, dict[Key, Outcome]]] = {}
        self._compared_over = 0
        self._quiet = 0
        self._begun: Instant | None = None
        self._hourly: tuple[tuple[int | None, ...], dict[Key, Outcome]] = ((), {})
        self._past: list[tuple[Instant, tuple[Definition, ...]]] | None = None

    def go(self, now: Instant) -> list[dict[str, Any]]:
        """Make one round and return the indicators that changed.

        Raises:
            StoreAwayError: the store did not answer.
        """
        registry = Registry(*self._registry())
        self._roll(registry.size)
        outcomes = self._present(registry, now)
        if not self._compare(registry, now):
            self._look_back(registry, now)
        changed = self._changed(registry, outcomes, now)
        if changed:
            with self._store.transaction() as tx:
                tx.save_indicators(changed, now)
                tx.tell([Event("indicator", one["id"], one["area"], one) for one in changed], now)
        for body in changed:
            self._told[body["id"], body["area"]] = body
            self._kept_at[body["id"], body["area"]] = now
        self.made = True
        return changed

    def _roll(self, usual: int) -> None:
        """Bring the rollups up to what is kept, and notice when history is still coming in.

        Args:
            usual: hours that are made again while only the present comes in, one a datastream.
        """
        made = self._store.roll()
        much = made > 2 * usual
        while made > _ROLLED_MUCH:
            made = self._store.roll()
        self._quiet = 0 if much else self._quiet + 1
        begun = self._store.beginning()
        if begun != self._begun:  # there is more to compare with, and more past, than was thought
            self._begun, self._past, self.behind = begun, None, True
            self._earlier.clear()

    def _present(self, registry: Registry, now: Instant) -> dict[Key, Outcome]:
        """Look at everything; what is made of whole hours only now and then."""
        hourly = [one for one in self._definitions if one.formula in OF_HOURS]
        others = [one for one in self._definitions if one.formula not in OF_HOURS]
        found = Look(registry, self._store, others, now, rolled=True).outcomes()
        settled = min(self._quiet, _QUIET_ROUNDS)
        due = (now // _HISTORY_EVERY, registry.size, self._begun, settled)
        if hourly and self._hourly[0] != due:
            again = Look(registry, self._store, hourly, now, rolled=True).outcomes()
            self._hourly = (due, again)
        return {**found, **self._hourly[1]}

    def _compare(self, registry: Registry, now: Instant) -> bool:
        """Look again at what the present is compared with, one instant a round.

        The first time, and whenever there are new inputs, all of them are looked at: nothing is
        told without its comparison that could have one.
        """
        if registry.size != self._compared_over:
            self._earlier.clear()
        begun = self._begun
        due = [
            name
            for name, before in _EARLIER.items()
            if now - self._earlier.get(name, (0, {}))[0] >= _COMPARE_EVERY
            and begun is not None
            and before(now) > begun
        ]
        for name in due if not self._earlier else due[:1]:
            at = _EARLIER[name](now)
            compared = [one for one in self._definitions if one.formula is not Formula.REFERENCE]
            found = Look(registry, self._store, compared, at, rolled=False).outcomes()
            self._earlier[name] = (now, found)
        self._compared_over = registry.size
        return bool(due)

    def _look_back(self, registry: Registry, now: Instant) -> None:
        """Give the trends one point of the past week that they lack, the newest first."""
        if self._quiet < _QUIET_ROUNDS:
            return
        if self._past is None:
            self._past = self._lacking(now)
        if self._past:
            at, definitions = self._past.pop()
            found = Look(registry, self._store, definitions, at, rolled=False).outcomes()
            values = [
                (id_, area, outcome.value, outcome.coverage)
                for (id_, area), outcome in found.items()
                if outcome.coverage > 0
            ]
            if values:
                with self._store.transaction() as tx:
                    tx.save_past(values, at)
        self.behind = bool(self._past)

    def _lacking(self, now: Instant) -> list[tuple[Instant, tuple[Definition, ...]]]:
        """Give what the trends of the past week lack, oldest first."""
        begun = self._begun
        if begun is None:
            return []
        first = max(now - _PAST, begun + _PAST_EVERY) // _PAST_EVERY * _PAST_EVERY
        instants = range(first, now, _PAST_EVERY)
        there = self._store.told_at(instants)
        lacking = [
            (
                at,
                tuple(
                    one
                    for one in self._definitions
                    if one.formula is not Formula.REFERENCE
                    and (one.id, at) not in there
                    and _is_whole(one, at, begun)
                ),
            )
            for at in instants
        ]
        return [(at, definitions) for at, definitions in lacking if definitions]

    def _is_news(self, definition: Definition, body: Mapping[str, Any], now: Instant) -> bool:
        key = (definition.id, body["area"])
        if _differs(self._told.get(key), body):
            return True
        lasting = definition.formula is Formula.REFERENCE
        return not lasting and now - self._kept_at.get(key, 0) >= _HISTORY_EVERY

    def _changed(
        self, registry: Registry, outcomes: Mapping[Key, Outcome], now: Instant
    ) -> list[dict[str, Any]]:
        """Give the bodies of the indicators that people would see change."""
        changed: list[dict[str, Any]] = []
        for definition in self._definitions:
            areas = registry.areas_of(definition)
            districts = {area: outcomes[definition.id, area] for area in areas if area != PROVINCE}
            placed = ranks(definition, districts)
            for area in areas:
                body = {
                    "origin": registry.origin(definition, area).value,
                    "rank": placed.get(area),
                    "of": len(placed) if area in placed else None,
                    **self._body(definition, area, outcomes[definition.id, area], now),
                }
                if self._is_news(definition, body, now):
                    changed.append(body)
        return changed

    def _body(
        self, definition: Definition, area: str, outcome: Outcome, now: Instant
    ) -> dict[str, Any]:
        start = window_start(definition.window, now)
        earlier = {name: self._before(definition, area, name) for name in _EARLIER}
        body = {
            "id": definition.id,
            "area": area,
            "name": {"vi": definition.name.vi, "en": definition.name.en},
            "value": outcome.value,
            "unit": definition.unit,
            "target": definition.target,
            "at_risk": definition.at_risk,
            "direction": "up" if definition.upward else "down",
            "standing": standing(definition, outcome.value, outcome.coverage),
            "previous": earlier[_BEFORE.get(definition.window, "day")],
            **{f"previous_{name}": value for name, value in earlier.items()},
            "period": [rfc3339(start), rfc3339(now)],
            "coverage": outcome.coverage,
            "floor": definition.floor,
            "oldest_input": None if outcome.oldest is None else rfc3339(outcome.oldest),
            "owner": definition.owner,
            "source": definition.source,
            "decimals": definition.decimals,
            "method": definition.formula.value,
            "reference": definition.formula is Formula.REFERENCE,
        }
        return body | _official(definition) | _category(definition, outcome)

    def _before(self, definition: Definition, area: str, name: str) -> float | None:
        """Give an earlier value; one that knew too little is none to compare with."""
        _, found = self._earlier.get(name, (0, {}))
        outcome = found.get((definition.id, area))
        if outcome is None or outcome.coverage < definition.floor:
            return None
        return outcome.value


def _is_whole(definition: Definition, at: Instant, begun: Instant) -> bool:
    """Tell whether data quality can be judged: before the beginning nothing was to be expected.

    The beginning is known by its day, of which only the rest may be there.
    """
    first = window_start(definition.window, at)
    return definition.formula not in OF_QUALITY or first >= begun + DAY


def _official(definition: Definition) -> dict[str, Any]:
    """Give what a reference says of itself: its year, the one before, and who derived what."""
    note = definition.note
    told: dict[str, Any] = {"note": None if note is None else {"vi": note.vi, "en": note.en}}
    if not definition.history:
        return told
    newest = definition.history[-1]
    before = next((one for one in definition.history if one.year == newest.year - 1), None)
    return told | {
        "period": [rfc3339(at) for at in newest.period],
        "previous": None if before is None else before.value,
        "previous_year": None if before is None else before.value,
        "year": newest.year,
        "rank": newest.rank,
        "derived": newest.derived,
    }


def _category(definition: Definition, outcome: Outcome) -> dict[str, Any]:
    """Give the words of a level or a grade, and what it was made of."""
    if definition.bands is not None:
        return {
            "levels": [{"vi": word.vi, "en": word.en} for word in definition.bands.levels],
            "measure": outcome.measure,
            "levels_source": definition.bands.source,
        }
    if definition.table is None:
        return {}
    enough = outcome.coverage >= definition.floor
    grade = definition.table.grade(outcome.value) if enough else None
    named = None if grade is None else {"vi": grade.name.vi, "en": grade.name.en}
    return {
        "table": definition.table.id,
        "max": definition.table.max,
        "grade": named,
        "grade_source": None if grade is None else grade.source,
    }


def _differs(told: Mapping[str, Any] | None, body: Mapping[str, Any]) -> bool:
    """Tell whether people would see another indicator; the mere passing of time is none."""
    if told is None:
        return True
    if abs(told["coverage"] - body["coverage"]) > _COVERAGE_STEP:
        return True
    passing = ("period", "oldest_input", "coverage")
    return any(told.get(key) != body[key] for key in body if key not in passing)
