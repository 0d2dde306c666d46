"""The round that computes the indicators, beside the fold and never in its way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ioc.centre.ports import Event, Store
from ioc.core.indicators import (
    Definition,
    Formula,
    Outcome,
    Summary,
    Window,
    compute,
    standing,
    window_before,
    window_start,
)
from ioc.core.words import MINUTE, PROVINCE, SECOND, Datastream, Instant, Origin, Thing, rfc3339

_HISTORY_EVERY: Final = 5 * MINUTE
_COVERAGE_STEP: Final = 0.01
_NOTHING: Final = Summary(0, 0.0, 0.0, None, None, None)

Registry = Callable[[], tuple[list[Thing], dict[tuple[str, str], int]]]


class Round:
    """Computes every indicator for every area, and keeps and tells those that changed."""

    def __init__(self, definitions: Sequence[Definition], store: Store, registry: Registry) -> None:
        """Compute from a store of its own, over the things known now.

        Attributes:
            made: whether there was a round yet.
        """
        self.made = False
        self._definitions = tuple(definitions)
        self._store = store
        self._registry = registry
        self._told: dict[tuple[str, str], dict[str, Any]] = {}
        self._kept_at: dict[tuple[str, str], Instant] = {}
        self._before: dict[tuple[str, str], float | None] = {}
        self._compared_at: Instant = 0
        self._compared_over = 0

    def go(self, now: Instant) -> list[dict[str, Any]]:
        """Make one round and return the indicators that changed.

        Raises:
            StoreAwayError: the store did not answer.
        """
        things, numbers = self._registry()
        seen: dict[Window, Mapping[int, Summary]] = {}
        earlier: dict[Window, Mapping[int, Summary]] = {}
        compare = self._shall_compare(now, len(numbers))
        for window in {definition.window for definition in self._definitions}:
            wanted = self._wanted(window, things, numbers)
            seen[window] = self._store.summaries(wanted, window_start(window, now), now)
            if compare:
                end = window_before(window, now)
                start = window_start(window, end)
                earlier[window] = self._store.summaries(wanted, start, end)
        changed: list[dict[str, Any]] = []
        for definition in self._definitions:
            for area in self._areas(definition, things):
                body = self._body(definition, area, things, numbers, seen, earlier, now)
                if self._is_news(body, now):
                    changed.append(body)
        if changed:
            with self._store.transaction() as tx:
                tx.save_indicators(changed, now)
                tx.tell([Event("indicator", one["id"], one["area"], one) for one in changed], now)
        for body in changed:
            self._told[body["id"], body["area"]] = body
            self._kept_at[body["id"], body["area"]] = now
        self.made = True
        return changed

    def _is_news(self, body: Mapping[str, Any], now: Instant) -> bool:
        key = (body["id"], body["area"])
        late = now - self._kept_at.get(key, 0) >= _HISTORY_EVERY
        return late or _differs(self._told.get(key), body)

    def _shall_compare(self, now: Instant, inputs: int) -> bool:
        """Tell whether the period before is due to be looked at again."""
        if now - self._compared_at < _HISTORY_EVERY and inputs == self._compared_over:
            return False
        self._compared_at, self._compared_over = now, inputs
        return True

    def _wanted(
        self,
        window: Window,
        things: Sequence[Thing],
        numbers: Mapping[tuple[str, str], int],
    ) -> list[int]:
        inputs = {
            (one.kind, one.datastream)
            for definition in self._definitions
            if definition.window is window
            for one in definition.inputs
        }
        return [
            numbers[thing.id, name]
            for thing in things
            for kind, name in inputs
            if thing.kind == kind and (thing.id, name) in numbers
        ]

    @staticmethod
    def _areas(definition: Definition, things: Sequence[Thing]) -> list[str]:
        if not definition.each:
            return [PROVINCE]
        kind = definition.of.kind
        return [PROVINCE, *sorted({one.area for one in things if one.kind == kind} - {PROVINCE})]

    def _body(  # noqa: PLR0913 - one indicator of one area, of everything seen in the round
        self,
        definition: Definition,
        area: str,
        things: Sequence[Thing],
        numbers: Mapping[tuple[str, str], int],
        seen: Mapping[Window, Mapping[int, Summary]],
        earlier: Mapping[Window, Mapping[int, Summary]],
        now: Instant,
    ) -> dict[str, Any]:
        start = window_start(definition.window, now)
        inside = [one for one in things if area in (PROVINCE, one.area)]
        outcome = _outcome(definition, inside, numbers, seen[definition.window], now - start)
        key = (definition.id, area)
        if definition.window in earlier:
            end = window_before(definition.window, now)
            length = end - window_start(definition.window, end)
            before = _outcome(definition, inside, numbers, earlier[definition.window], length)
            self._before[key] = before.value
        origins = {one.origin for one in inside if one.kind == definition.of.kind}
        return {
            "id": definition.id,
            "area": area,
            "name": {"vi": definition.name.vi, "en": definition.name.en},
            "value": outcome.value,
            "unit": definition.unit,
            "target": definition.target,
            "at_risk": definition.at_risk,
            "direction": "up" if definition.upward else "down",
            "standing": standing(definition, outcome.value),
            "previous": self._before.get(key),
            "period": [rfc3339(start), rfc3339(now)],
            "coverage": outcome.coverage,
            "oldest_input": None if outcome.oldest is None else rfc3339(outcome.oldest),
            "owner": definition.owner,
            "source": definition.source,
            "origin": _least_real(origins).value,
            "decimals": definition.decimals,
        }


def _outcome(
    definition: Definition,
    things: Sequence[Thing],
    numbers: Mapping[tuple[str, str], int],
    seen: Mapping[int, Summary],
    length: int,
) -> Outcome:
    parts: list[list[Summary]] = []
    for inputs in definition.inputs:
        part: list[Summary] = []
        for thing in things:
            if thing.kind != inputs.kind:
                continue
            stream = thing.datastreams.get(inputs.datastream)
            if stream is None:
                continue
            number = numbers.get((thing.id, inputs.datastream))
            found = seen.get(number, _NOTHING) if number is not None else _NOTHING
            expected = length / SECOND / stream.period if stream.period else 0.0
            level = _level(definition, thing, stream)
            part.append(replace(found, expected=expected, level=level))
        parts.append(part)
    return compute(definition, *parts)


def _level(definition: Definition, thing: Thing, stream: Datastream) -> float | None:
    """Give the number a count compares with, as this thing has it."""
    wanted = definition.level
    if wanted is None or not isinstance(wanted, str):
        return wanted
    if definition.formula is Formula.COUNT_ABOVE:
        return thing.limits.get(wanted)
    return float(stream.levels.index(wanted)) if wanted in stream.levels else None


def _least_real(origins: set[Origin]) -> Origin:
    """Give the origin that a number made of all these must carry."""
    for origin in (Origin.EXERCISE, Origin.SIMULATED, Origin.REPLAY):
        if origin in origins:
            return origin
    return Origin.REAL


def _differs(told: Mapping[str, Any] | None, body: Mapping[str, Any]) -> bool:
    """Tell whether people would see another indicator; the mere passing of time is none."""
    if told is None:
        return True
    if abs(told["coverage"] - body["coverage"]) > _COVERAGE_STEP:
        return True
    passing = ("period", "oldest_input", "coverage")
    return any(told[key] != body[key] for key in body if key not in passing)
