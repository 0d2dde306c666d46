"""`ioc simulate` and `ioc replay`: the simulated province, and recordings, against any broker."""

import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import typer

from ioc import clock as real
from ioc.core.words import PROVINCE, SLUG
from ioc.mqtt.link import Address
from ioc.sites import read_site
from ioc.verbs.settings import Environment
from simulators.faults import FaultPlan, FaultsError, read_plan
from simulators.guests import Guests
from simulators.pace import Pace
from simulators.pace import simulate as play
from simulators.replay import Replay
from simulators.replay import replay as play_recordings
from simulators.shard import WHOLE, Shard


def stop_on_signal() -> threading.Event:
    """Give an event that SIGINT and SIGTERM set."""
    stop = threading.Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: stop.set())
    return stop


@dataclass(frozen=True, slots=True)
class Played:
    """What `ioc simulate` was asked for; see its help."""

    state: Path
    history_s: int
    plugins: Path | None = None
    faults: Path | None = None
    truth: Path | None = None
    shard: Shard = WHOLE

    @property
    def progress(self) -> Path:
        """Give the file of this part's progress."""
        if self.shard == WHOLE:
            return self.state
        part = f"{self.state.stem}-{self.shard.part}of{self.shard.parts}{self.state.suffix}"
        return self.state.with_name(part)


def simulate(environment: Environment, wanted: Played) -> None:
    """Run `ioc simulate`."""
    site = read_site(environment.site)
    pace = Pace(
        url=url_of(environment.broker()),
        state=wanted.progress,
        history_s=wanted.history_s,
        faults=None if wanted.faults is None else read_faults(wanted.faults),
        truth=wanted.truth,
        plugins=wanted.plugins,
        shard=wanted.shard,
    )
    stop = stop_on_signal()
    if wanted.shard.part > 1:  # plug-ins are the first part's
        play(site, pace, now=real.now, stop=stop)
        return
    guests = Guests(site, pace, now=real.now, stop=stop)
    guests.start()
    try:
        play(site, pace, now=real.now, stop=stop)
    finally:
        stop.set()
        guests.close()


def read_faults(path: Path) -> FaultPlan:
    """Read a file of faults.

    Raises:
        FaultsError: it cannot be read, or is wrong.
    """
    try:
        return read_plan(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise FaultsError(f"{path}: {error}") from None


def url_of(address: Address) -> str:
    """Write an address as ``mqtt://user:password@host:port``."""
    login = f"{quote(address.username, safe='')}:{quote(address.password, safe='')}"
    return f"mqtt://{login}@{address.host}:{address.port}"


def replay(
    environment: Environment, files: Sequence[Path], speed: float, role: str, unit: str
) -> None:
    """Run `ioc replay`."""
    site = read_site(environment.site)
    kind, _, datastream = role.partition("/")
    if not (SLUG.fullmatch(kind) and SLUG.fullmatch(datastream)):
        raise typer.BadParameter(f"{role!r} is no kind/datastream such as service/latency")
    middle = next(area.location for area in site.areas if area.id == PROVINCE)
    played = play_recordings(
        files,
        Replay(
            url=url_of(environment.broker()),
            site=site.id,
            location=middle,
            speed=speed,
            kind=kind,
            datastream=datastream,
            unit=unit,
        ),
        now=real.now,
        stop=stop_on_signal(),
    )
    typer.echo(f"published {played.observations} observations of {len(files)} recordings")
