"""A brief laid out in one language: headings, tables, charts, ready for paper or a page.

Everything a reader sees is decided here, once; the two writers only give it a form. Text stays
text: nothing of it is markup, whoever wrote it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from ioc.core import charts
from ioc.core.brief_plan import local
from ioc.core.charts import Bar
from ioc.core.history import CENTRE_NAME
from ioc.core.words import DAY, Instant, Origin, Text, instant

Json = Mapping[str, Any]
Say = Callable[[str, str, Mapping[str, Any]], Text]
Row = tuple["Cell", ...]

_WIDE: Final = 660
_LABELS: Final = 8
_PLACES: Final = 12
_PEOPLE_KINDS: Final = ("acknowledged", "assigned", "done")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Attributes:
        tone: a severity ``1`` … ``5``, a standing, ``late``, ``quiet``; empty for none.
        below: a second, smaller line.
        svg: a picture instead of text.
    """

    text: str = ""
    tone: str = ""
    below: str = ""
    svg: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the sheet, below the one before.

    Attributes:
        kind: ``heading``, ``lines``, ``figures``, ``table``, ``chart``, ``legend`` or ``note``.
        title: of a heading, a chart or a table.
        lines: of ``lines``; the text of a note.
        heads: of a table, its columns' headings, each with its side: left, right or center.
        widths: of a table, the shares of the columns.
    """

    kind: str
    title: str = ""
    lines: tuple[str, ...] = ()
    heads: tuple[tuple[str, str], ...] = ()
    widths: tuple[float, ...] = ()
    rows: tuple[Row, ...] = ()
    svg: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A brief in one language.

    Attributes:
        authority: who is above the centre, as letters are headed.
        nation: the two lines that head an official paper.
        badge: says on every page that it is not real; empty when all of it is.
        warning: the same in a sentence.
        signers: who signs, left to right.
    """

    language: str
    authority: str
    centre: str
    nation: tuple[str, str]
    place_and_date: str
    title: str
    period: str
    made: str
    badge: str
    warning: str
    page: str
    blocks: tuple[Block, ...] = ()
    signers: tuple[str, ...] = field(default_factory=tuple)

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return asdict(self)


def lay_out(brief: Json, say: Say, language: str) -> Sheet:
    """Lay a brief out.

    Args:
        brief: as `ioc.core.brief.compose` made it.
        say: words for people.
        language: ``vi`` or ``en``.
    """
    pen = _Pen(say, language)
    start, end = (instant(at) for at in brief["period"])
    unreal = [one for one in brief["origin"] if one != Origin.REAL]
    site = pen.own(brief["site"]["name"])
    return Sheet(
        language=language,
        authority=pen("authority", site=site).upper(),
        centre=pen("centre").upper(),
        nation=(pen("nation").upper(), pen("motto")),
        place_and_date=pen("place-and-date", place=site, **_day(end)),
        title=pen("title", name=pen.own(brief["name"]), place=pen.own(brief["place"])).upper(),
        period=pen("period", start=pen.time(start), end=pen.time(end)),
        made=pen(
            "made",
            by=_maker(brief["by"], pen),
            at=pen.time(instant(brief["made_at"])),
            id=brief["id"],
        ),
        badge=" · ".join(pen.word(f"badge-{one}") for one in unreal),
        warning=_warning(brief["origin"], pen),
        page=pen("page"),
        blocks=tuple(_blocks(brief, pen)),
        signers=(pen("signer-maker"), pen("signer-lead"), pen("signer-leader")),
    )


def _warning(origins: Sequence[str], pen: "_Pen") -> str:
    """Say in a sentence that all of it, or a part, is not real."""
    unreal = [one for one in origins if one != Origin.REAL]
    if not unreal:
        return ""
    whole = "no" if Origin.REAL in origins else "yes"
    return pen("warning", badges=", ".join(pen.word(f"badge-{one}") for one in unreal), whole=whole)


def _maker(by: str, pen: "_Pen") -> str:
    return pen("by-centre") if by == CENTRE_NAME else by


class _Pen:
    """Words, numbers and times in one language."""

    def __init__(self, say: Say, language: str) -> None:
        self._say = say
        self._language = language

    def __call__(self, name: str, /, **args: object) -> str:
        return self.word(f"brief-{name}", **args)

    def word(self, name: str, /, **args: object) -> str:
        said = self._say(name, "brief-unknown", args)
        return said.vi if self._language == "vi" else said.en

    def own(self, told: Mapping[str, str]) -> str:
        return str(told[self._language])

    def number(self, value: float | None, decimals: int = 0) -> str:
        if value is None:
            return "–"
        return self.word("number", value=round(value, decimals) if decimals else round(value))

    def value(self, value: float | None, unit: str, decimals: int) -> str:
        if value is None:
            return "–"
        return self("value", value=round(value, decimals), unit=unit)

    def time(self, at: Instant) -> str:
        return f"{local(at):%H:%M %d/%m/%Y}"

    def short(self, told: str | None) -> str:
        return "–" if told is None else f"{local(instant(told)):%H:%M %d/%m}"

    def length(self, seconds: float | None) -> str:
        """Write a length of time in its two greatest units."""
        if seconds is None:
            return "–"
        minutes = round(seconds / 60)
        if minutes < 1:
            return self("seconds", n=round(seconds))
        if minutes < 60:
            return self("minutes", n=minutes)
        hours, rest = divmod(minutes, 60)
        if hours < 48:
            return self("hours", n=hours, m=rest)
        return self("days", n=hours // 24, h=hours % 24)


def _blocks(brief: Json, pen: _Pen) -> Iterable[Block]:
    yield from _summary(brief, pen)
    yield from _alert_blocks(brief, pen)
    yield from _case_blocks(brief["incidents"], pen)
    yield from _task_blocks(brief["tasks"], pen)
    for number, section in enumerate(brief["sections"], start=4):
        yield from _section_blocks(number, section, pen)
    yield from _duty_blocks(brief, len(brief["sections"]) + 4, pen)


# -- the first page ----------------------------------------------------------------------------


def _summary(brief: Json, pen: _Pen) -> Iterable[Block]:
    alerts, cases, tasks = brief["alerts"], brief["incidents"], brief["tasks"]
    items = [item for section in brief["sections"] for item in section["items"]]
    judged = [one for one in items if one["standing"] != "unknown"]
    met = sum(one["standing"] == "on-target" for one in judged)
    grave = sum(alerts["severities"][3:])
    yield Block("heading", pen("summary"))
    yield Block(
        "figures",
        rows=(
            (
                _figure(pen, "figure-alerts", alerts["raised"], alerts["before"]),
                _figure(pen, "figure-grave", grave, sum(alerts["severities_before"][3:])),
                Cell(str(cases["received"]), "", pen("figure-incidents", open=cases["open"])),
                Cell(
                    str(tasks["late"]),
                    "late" if tasks["late"] else "",
                    pen("figure-late", open=tasks["open"]),
                ),
                Cell(f"{met}/{len(judged)}", "", pen("figure-met")),
            ),
        ),
    )
    yield Block("lines", lines=tuple(_said(brief, items, pen)))


def _figure(pen: _Pen, name: str, value: int, before: int) -> Cell:
    return Cell(str(value), "", pen(name, before=before))


def _said(brief: Json, items: Sequence[Json], pen: _Pen) -> Iterable[str]:
    alerts, cases, tasks = brief["alerts"], brief["incidents"], brief["tasks"]
    answered = alerts["acknowledge_s"] is not None
    yield pen(
        "said-alerts",
        raised=alerts["raised"],
        before=alerts["before"],
        open=alerts["open"],
        unanswered=alerts["unanswered"],
        median=pen.length(alerts["acknowledge_s"]),
        known=("yes" if answered else "no") if alerts["raised"] else "none",
    )
    if alerts["areas"]:
        most = alerts["areas"][0]
        yield pen("said-most", place=pen.own(most["name"]), raised=most["raised"])
    yield pen(
        "said-incidents",
        received=cases["received"],
        done=cases["done"],
        open=cases["open"],
        late=cases["late"],
        unowned=cases["unowned"],
    )
    yield pen("said-tasks", given=tasks["given"], done=tasks["done"], late=tasks["late"])
    missed = [pen.own(one["name"]) for one in items if one["standing"] == "off-target"]
    if missed:
        named = ", ".join(missed[:5]) + (" …" if len(missed) > 5 else "")
        yield pen("said-missed", count=len(missed), named=named)
    if alerts["history"]:
        yield pen("said-history", count=alerts["history"])


# -- alerts ------------------------------------------------------------------------------------


def _alert_blocks(brief: Json, pen: _Pen) -> Iterable[Block]:
    alerts = brief["alerts"]
    yield Block("heading", pen("alerts"))
    yield Block(
        "table",
        heads=(
            (pen("severity"), "left"),
            *((pen("level-n", n=level), "right") for level in range(1, 6)),
            (pen("total"), "right"),
        ),
        widths=(2.4, 1.5, 1.5, 1.5, 1.5, 1.5, 1.2),
        rows=(
            _counts(pen("now"), alerts["severities"]),
            _counts(pen("before"), alerts["severities_before"]),
        ),
    )
    if not alerts["raised"]:
        yield Block("note", lines=(pen("no-alerts"),))
    else:
        yield from _alert_charts(alerts, pen)
    if alerts["worst"]:
        yield _worst(alerts["worst"], pen)


def _counts(name: str, counts: Sequence[int]) -> Row:
    marked = (
        Cell(str(count), str(level) if count else "quiet")
        for level, count in enumerate(counts, start=1)
    )
    return (Cell(name), *marked, Cell(str(sum(counts))))


def _alert_charts(alerts: Json, pen: _Pen) -> Iterable[Block]:
    yield Block("legend", rows=(tuple(_legend(pen)),))
    load = alerts["load"]
    often = max(1, -(-len(load) // _LABELS))
    form = "%d/%m" if alerts["step"] * 1_000_000 >= DAY else "%H:%M"
    title = pen("chart-load")
    bars = [
        Bar(f"{local(instant(one['at'])):{form}}" if not number % often else "", one["severities"])
        for number, one in enumerate(load)
    ]
    yield Block("chart", title, svg=charts.columns(bars, _WIDE, 150, title))
    title = pen("chart-areas")
    bars = [Bar(pen.own(one["name"]), one["severities"]) for one in alerts["areas"][:_PLACES]]
    yield Block("chart", title, svg=charts.rows(bars, _WIDE, title))


def _legend(pen: _Pen) -> Iterable[Cell]:
    for level in range(1, 6):
        yield Cell(pen.word(f"severity-{level}"), str(level))


def _worst(worst: Sequence[Json], pen: _Pen) -> Block:
    return Block(
        "table",
        pen("worst"),
        heads=(
            (pen("level"), "center"),
            (pen("alert-and-response"), "left"),
            (pen("place"), "left"),
            (pen("raised-at"), "left"),
            (pen("state"), "left"),
        ),
        widths=(0.7, 5.2, 1.9, 1.4, 1.9),
        rows=tuple(
            (
                Cell(str(one["severity"]), str(one["severity"])),
                Cell(_marked(one, pen), "", pen.own(one["response"])),
                Cell(pen.own(one["place"])),
                Cell(pen.short(one["raised_at"])),
                Cell(_ended(one, pen), "", _answered(one, pen)),
            )
            for one in worst
        ),
    )


def _marked(item: Json, pen: _Pen) -> str:
    """Write a message; what is a drill or a replay among the rest says so itself."""
    told = item["message"] if "message" in item else item["title"]
    text = told if isinstance(told, str) else pen.own(told)
    if item["origin"] in (Origin.EXERCISE, Origin.REPLAY):
        return f"[{pen.word('badge-' + item['origin'])}] {text}"
    return str(text)


def _ended(alert: Json, pen: _Pen) -> str:
    if alert["cleared_at"] is not None:
        return pen("cleared", at=pen.short(alert["cleared_at"]))
    return pen("active") if alert["open"] else pen("closed")


def _answered(alert: Json, pen: _Pen) -> str:
    at = alert["acknowledged_at"]
    return pen("not-acknowledged") if at is None else pen("acknowledged", at=pen.short(at))


# -- incidents, tasks --------------------------------------------------------------------------


def _case_blocks(cases: Json, pen: _Pen) -> Iterable[Block]:
    yield Block("heading", pen("incidents"))
    if not cases["items"]:
        yield Block("note", lines=(pen("no-incidents"),))
        return
    times = {name: pen.length(cases["response_s"][name]) for name in _PEOPLE_KINDS}
    yield Block("lines", lines=(pen("medians", **times),))
    yield Block(
        "table",
        heads=(
            (pen("level"), "center"),
            (pen("incident"), "left"),
            (pen("owner"), "left"),
            (pen("raised-at"), "left"),
            (pen("to-acknowledged"), "right"),
            (pen("to-assigned"), "right"),
            (pen("to-done"), "right"),
        ),
        widths=(0.7, 4.1, 2.0, 1.4, 1.3, 1.3, 1.3),
        rows=tuple(_case_row(one, pen) for one in cases["items"]),
    )


def _case_row(one: Json, pen: _Pen) -> Row:
    seconds = one["seconds"]
    late = one["late"] and one["open"]
    owner = one["owner"] or pen("nobody")
    due = pen("overdue", at=pen.short(one["due"])) if late else pen("due", at=pen.short(one["due"]))
    return (
        Cell(str(one["severity"]), str(one["severity"])),
        Cell(_marked(one, pen), "", pen("gathers", count=one["alerts"], id=one["id"][:8])),
        Cell(owner, "late" if late else "", due if one["due"] and one["open"] else ""),
        Cell(pen.short(one["raised_at"])),
        *(Cell(pen.length(seconds[name])) for name in _PEOPLE_KINDS),
    )


def _task_blocks(tasks: Json, pen: _Pen) -> Iterable[Block]:
    yield Block("heading", pen("tasks"))
    listed = [*tasks["late_items"], *tasks["coming_items"]]
    if not tasks["late_items"]:
        yield Block("note", lines=(pen("no-late"),))
    if not listed:
        return
    yield Block(
        "table",
        heads=(
            (pen("task"), "left"),
            (pen("owner"), "left"),
            (pen("given-by"), "left"),
            (pen("due-at"), "left"),
            (pen("standing"), "left"),
        ),
        widths=(4.6, 2.4, 1.6, 1.6, 1.8),
        rows=tuple(
            (
                Cell(_marked(one, pen)),
                Cell(one["owner"]),
                Cell(one["from"]),
                Cell(pen.short(one["due"])),
                Cell(pen("over", by=pen.length(one["over_s"])), "late")
                if one["late"]
                else Cell(pen("in-time")),
            )
            for one in listed
        ),
    )


# -- indicators --------------------------------------------------------------------------------


def _section_blocks(number: int, section: Json, pen: _Pen) -> Iterable[Block]:
    yield Block("heading", f"{number}. {pen.own(section['name'])}")
    yield Block(
        "table",
        heads=(
            (pen("indicator"), "left"),
            (pen("value-head"), "right"),
            (pen("target"), "right"),
            (pen("previous"), "right"),
            (pen("trend"), "center"),
            (pen("standing"), "left"),
        ),
        widths=(4.3, 1.6, 1.4, 1.4, 1.7, 2.0),
        rows=tuple(_indicator_row(one, pen) for one in section["items"]),
    )


def _indicator_row(one: Json, pen: _Pen) -> Row:
    unit, decimals = one["unit"], one["decimals"]
    shown = one["word"] or None
    value = pen.own(shown) if shown else pen.value(one["value"], unit, decimals)
    before = one["previous_word"]
    previous = pen.own(before) if before else pen.value(one["previous"], unit, decimals)
    goal = one.get("target_word")
    target = pen.own(goal) if goal else pen.value(one["target"], unit, decimals)
    if one["target"] is not None:
        target = f"{'≥' if one['direction'] == 'up' else '≤'} {target}"
    name = pen.own(one["name"])
    return (
        Cell(name, "", _of(one, pen)),
        Cell(value, "", pen.short(one["as_of"])),
        Cell(target, "" if one["target"] is not None else "quiet"),
        Cell(previous, "", pen(f"change-{one['change']}")),
        Cell(svg=charts.spark(_points(one), one["target"], 96, 30, name)),
        Cell(pen.word(f"standing-{one['standing']}"), one["standing"]),
    )


def _of(one: Json, pen: _Pen) -> str:
    """Say who answers for a figure and where it is from; without a source it is illustrative."""
    parts = [one["owner"], one["source"] or pen.word("illustrative")]
    if 0 < one["coverage"] < 0.95:
        parts.append(pen("coverage", share=round(100 * one["coverage"])))
    if one["origin"] in (Origin.EXERCISE, Origin.REPLAY):
        parts.append(pen.word(f"badge-{one['origin']}"))
    return " · ".join(part for part in parts if part)


def _points(one: Json) -> list[tuple[float, float]]:
    return [(float(instant(at)), value) for at, value in one["trend"]]


# -- people ------------------------------------------------------------------------------------


def _duty_blocks(brief: Json, number: int, pen: _Pen) -> Iterable[Block]:
    yield Block("heading", f"{number}. {pen('duty')}")
    if not brief["shifts"]:
        yield Block("note", lines=(pen("no-shifts"),))
    else:
        yield Block(
            "table",
            heads=((pen("shift"), "left"), (pen("people"), "left"), (pen("phone"), "left")),
            widths=(2.6, 5.4, 2.2),
            rows=tuple(_shift_row(shift, pen) for shift in brief["shifts"]),
        )
    for handover in brief["handovers"]:
        yield Block("lines", lines=(_handover(handover, pen),))
    if not brief["handovers"]:
        yield Block("note", lines=(pen("no-handovers"),))


def _shift_row(shift: Json, pen: _Pen) -> Row:
    people = shift["people"]
    named = (f"{one['name']} ({one['duty']})" if one.get("duty") else one["name"] for one in people)
    return (
        Cell(f"{pen.short(shift['from'])} – {pen.short(shift['to'])}"),
        Cell("; ".join(named), "", shift.get("note", "")),
        Cell("; ".join(one["phone"] for one in people)),
    )


def _handover(handover: Json, pen: _Pen) -> str:
    confirmed = handover["confirmed_at"]
    return pen(
        "handover",
        giver=handover["from"],
        taker=handover["to"],
        at=pen.short(handover["at"]),
        note=handover["note"],
        confirmed="no" if confirmed is None else "yes",
        when=pen.short(confirmed),
    )


def _day(at: Instant) -> dict[str, str]:
    moment = local(at)
    return {"day": f"{moment:%d}", "month": f"{moment:%m}", "year": f"{moment:%Y}"}
