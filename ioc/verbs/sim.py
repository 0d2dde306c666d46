"""`ioc sim`: what the author of a plug-in works with: a first file, a drawing, a judgement."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

import typer

from ioc.core.site import Site
from ioc.core.words import SLUG
from ioc.sites import read_site
from simulators.check import Bench, Grade, Verdict, judge, sample, unloadable
from simulators.guests import Guest, GuestError, Source
from simulators.kit import ENTRY_POINTS, template
from simulators.preview import day_of, page_of, text_of
from simulators.registry import Simulator, discover
from simulators.world import World

FOLDER: Final = Path("demo-data/plugins")
"""Where `ioc demo` looks when it is not told another data folder."""

_EPOCH: Final = date(1970, 1, 1)


class SimulatorError(Exception):
    """There is no such simulator, or none can be made; the text says why."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """A site, and worlds of it."""

    site: Site

    def world(self, seed: int) -> World:
        return World(seed, self.site.areas, site=self.site.id)


def new(name: str, plugins: Path) -> None:
    """Run `ioc sim new`.

    Raises:
        SimulatorError: the name is none, or taken.
    """
    if not SLUG.fullmatch(name) or not re.search(r"[a-z0-9]", name):
        raise SimulatorError(f"{name!r} is not of a-z, 0-9, - and _")
    if name in discover():
        raise SimulatorError(f"{name} comes with the program: take another name")
    path = plugins / f"{name.replace('-', '_')}.py"
    plugins.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")  # a watcher sees the whole file or none
    fresh.write_text(template(name), encoding="utf-8")
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        raise SimulatorError(f"{path} is there already") from None
    finally:
        fresh.unlink()
    typer.echo(f"wrote {path}")
    typer.echo(f"see   ioc sim preview {path}")
    typer.echo(f"judge ioc sim check {path}")


def preview(name: str, plugins: Path, site: str, day: str, page: Path | None) -> None:
    """Run `ioc sim preview`.

    Raises:
        SimulatorError: there is no such simulator or day, or it fails.
    """
    try:
        number = (date.fromisoformat(day) - _EPOCH).days
    except ValueError:
        raise SimulatorError(f"--day {day!r} is no day such as 2026-11-16") from None
    stage = _Stage(read_site(site))
    world = stage.world(stage.site.seed)
    sheets = []
    try:
        with _players(name, plugins, stage) as players:
            for player in players:
                drawn = day_of(player, sample(player, stage.site.things, world), world, number)
                typer.echo(f"{player.kind}  {player.name.vi} · {player.name.en}  {day}\n")
                typer.echo(text_of(drawn))
                sheets.append(page_of(player, drawn, day))
    except GuestError as error:
        raise SimulatorError(f"{name}: {error}") from None
    if page is not None:
        page.write_text("\n".join(sheets), encoding="utf-8")
        typer.echo(f"\nwrote {page}")


def check(name: str, plugins: Path, site: str, *, as_json: bool) -> int:
    """Run `ioc sim check`; gives the exit status.

    Raises:
        SimulatorError: there is no such simulator.
    """
    verdicts = verdicts_on(name, plugins, read_site(site))
    worst = min(verdicts, key=lambda verdict: list(Grade).index(verdict.grade))
    if as_json:
        rest = [verdict.to_json() for verdict in verdicts if verdict is not worst]
        told = worst.to_json() | ({"others": rest} if rest else {})
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        for verdict in verdicts:
            typer.echo(f"{verdict.kind}: {verdict.grade}")
            for one in verdict.checks:
                typer.echo(f"  {'✓' if one.passed else '✗'} {one.name:<14} {one.detail}")
    return 1 if worst.grade is Grade.FAIL else 0


def verdicts_on(name: str, plugins: Path, site: Site) -> list[Verdict]:
    """Judge every simulator a name stands for.

    Raises:
        SimulatorError: it stands for none.
    """
    stage = _Stage(site)
    found: list[Verdict] = []
    try:
        with _players(name, plugins, stage) as players, _players(name, plugins, stage) as others:
            again = {player.kind: player for player in others}
            for player in players:
                thing = sample(player, stage.site.things, stage.world(stage.site.seed))
                twin = again.get(player.kind)
                if twin is None:
                    found.append(unloadable(player.kind, "it is not there at every run"))
                    continue
                bench = Bench(stage.world, stage.site.seed, lambda: twin, time.perf_counter)  # noqa: B023 - used within the turn
                found.append(judge(player, thing, bench))
    except GuestError as error:
        found.append(unloadable(name, str(error)))
    return found


@contextmanager
def _players(name: str, plugins: Path, stage: _Stage) -> Iterator[list[Simulator]]:
    """Give the simulators of a name: one that ships as it is, others in a process of their own."""
    shipped = discover()
    if name in shipped:
        yield [shipped[name]]
        return
    source = _source(name, plugins)
    guest = Guest(source, stage.site.id, stage.site.seed, stage.site.areas)
    try:
        yield list(guest.simulators().values())
    finally:
        guest.close()


def _source(name: str, plugins: Path) -> Source:
    by_file = Path(name)
    if by_file.suffix == ".py" or "/" in name:
        if not by_file.is_file():
            raise SimulatorError(f"there is no file {name}")
        return Source(by_file.stem, {"path": str(by_file.resolve())})
    for stem in (name, name.replace("-", "_")):
        path = plugins / f"{stem}.py"
        if path.is_file():
            return Source(name, {"path": str(path.resolve())})
    for entry in entry_points(group=ENTRY_POINTS):
        if entry.name == name:
            return Source(name, {"entry": entry.value})
    raise SimulatorError(
        f"there is no simulator {name!r}: name one of {', '.join(sorted(discover()))}, "
        f"a plug-in of {plugins}, or a file"
    )
