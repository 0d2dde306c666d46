"""The command line: what each verb takes. What it does stands in ``ioc.verbs``.

A verb imports what it runs when it runs: a start of the demo is four processes, and none of them
should wait for the others' libraries.
"""

import os
import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from ioc import __version__

_DURATION: Final = re.compile(r"(\d+)(s|m|h|d)")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}

app = typer.Typer(
    help="The Intelligent Operations Centre of a province, and the simulated province.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
users = typer.Typer(help="Accounts of people.", no_args_is_help=True)
database = typer.Typer(help="The database.", no_args_is_help=True)
sims = typer.Typer(help="The tools of a simulator's author.", no_args_is_help=True)
trail = typer.Typer(help="The audit trail.", no_args_is_help=True)
app.add_typer(users, name="user")
app.add_typer(trail, name="audit")
app.add_typer(database, name="db")
rules = typer.Typer(help="The rules of a site.", no_args_is_help=True)
app.add_typer(sims, name="sim")
scores = typer.Typer(help="Outside yardsticks.", no_args_is_help=True)
app.add_typer(rules, name="rules")
app.add_typer(scores, name="score")

Site = Annotated[str, typer.Option(help="A shipped site's id, or a folder that holds one.")]
Data = Annotated[
    Path | None, typer.Option(help="The data folder of a running demo; else the environment.")
]
Plugins = Annotated[Path, typer.Option(help="The folder of plug-ins.")]


def _seconds(text: str) -> int:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise typer.BadParameter(f"{text!r} is no duration such as 7d, 12h or 0s")
    return int(found[1]) * _SECONDS[found[2]]


@app.command("demo")
def _demo(
    site: Site = "dien-bien",
    port: Annotated[int, typer.Option(help="Of the wall; 0 takes a free one.")] = 8080,
    mqtt_port: Annotated[int, typer.Option(help="Of the broker; 0 takes a free one.")] = 1883,
    data: Annotated[Path, typer.Option(help="Where everything is kept.")] = Path("demo-data"),
    history: Annotated[str, typer.Option(help="Simulated past at the first start.")] = "7d",
    speed: Annotated[float, typer.Option(min=0.001, max=3600, help="Of the site's clock.")] = 1.0,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    simulators: Annotated[bool, typer.Option(help="Play the simulated province.")] = True,
) -> None:
    """Run everything on one machine: broker, database, ingest, wall and simulators."""
    from ioc.verbs import demo
    from ioc.verbs.settings import Environment

    wanted = demo.Wanted(
        site=site,
        host=host,
        port=port,
        mqtt_port=mqtt_port,
        data=data,
        history_s=_seconds(history),
        speed=speed,
        simulators=simulators,
    )
    demo.demo(Environment.read(os.environ), wanted)


@app.command("ingest")
def _ingest(
    shard: Annotated[str, typer.Option(help="I/N: take the areas of one shard.")] = "1/1",
) -> None:
    """Judge what arrives by MQTT and keep it."""
    from ioc.verbs import ingest
    from ioc.verbs.settings import Environment

    if shard != "1/1":
        raise typer.BadParameter("this version judges a site in one shard: 1/1")
    ingest.ingest(Environment.read(os.environ))


@app.command("serve")
def _serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8080,
) -> None:
    """Serve REST, WebSocket and the wall."""
    from ioc.verbs import serve
    from ioc.verbs.settings import Environment

    serve.serve(Environment.read(os.environ), host, port)


@app.command("simulate")
def _simulate(
    site: Annotated[str | None, typer.Option(help="As for demo; else IOC_SITE.")] = None,
    history: Annotated[str, typer.Option(help="Past to publish first.")] = "0s",
    state: Annotated[Path, typer.Option(help="Where the progress is kept.")] = Path(
        "simulate.json"
    ),
    plugins: Annotated[Path | None, typer.Option(help="A folder of plug-ins, watched.")] = None,
    faults: Annotated[Path | None, typer.Option(help="A TOML file of faults.")] = None,
    truth: Annotated[Path | None, typer.Option(help="Where to write the faults' labels.")] = None,
    shard: Annotated[
        str, typer.Option(help="I/N: play the Ith of N parts, one process for each.")
    ] = "1/1",
) -> None:
    """Play a site's things against the broker of IOC_MQTT_URL."""
    from ioc.verbs import play
    from ioc.verbs.settings import Environment
    from simulators.shard import read_shard

    try:
        part = read_shard(shard)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None

    environ = dict(os.environ) | ({"IOC_SITE": site} if site is not None else {})
    wanted = play.Played(state, _seconds(history), plugins, faults, truth, part)
    play.simulate(Environment.read(environ), wanted)


@app.command("replay")
def _replay(
    files: Annotated[list[Path], typer.Argument(help="CSV files: timestamp,value.")],
    speed: Annotated[float, typer.Option(min=0.001, help="Times as fast as recorded.")] = 1.0,
    role: Annotated[
        str, typer.Option("--as", help="Kind and datastream they play, and are judged as.")
    ] = "recording/value",
    unit: Annotated[str, typer.Option(help="Of the recorded values.")] = "",
    data: Data = None,
) -> None:
    """Publish recordings as things of origin replay, their times moved to the site's clock."""
    from ioc.verbs import play
    from ioc.verbs.settings import of_centre

    play.replay(of_centre(os.environ, data), files, speed, role, unit)


@app.command("check")
def _check(site: Annotated[str, typer.Argument(help="A site's id or folder.")]) -> None:
    """Say everything that is wrong with a site's files."""
    from ioc.verbs import admin

    raise typer.Exit(admin.check(site))


@rules.command("check")
def _rules_check(
    site: Annotated[str, typer.Argument(help="A site's id or folder.")] = "dien-bien",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead.")] = False,
) -> None:
    """Hold the stories beside the rules against them; status 1 when a line fails."""
    from ioc.verbs import rules as verbs

    raise typer.Exit(verbs.check(site, as_json=as_json))


@rules.command("score")
def _rules_score(
    site: Annotated[str, typer.Argument(help="A site's id or folder.")] = "dien-bien",
    days: Annotated[int, typer.Option(min=1, help="Days of the simulated province.")] = 7,
    seed: Annotated[int | None, typer.Option(help="Another world than the site's.")] = None,
    begin: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead.")] = False,
) -> None:
    """Judge simulated days in fast time: alerts per ten minutes, and each rule and its budget."""
    from ioc.verbs import rules as verbs

    first = None if begin is None else begin.toordinal() - date(1970, 1, 1).toordinal()
    raise typer.Exit(verbs.score(site, days, seed, first, as_json=as_json))


@scores.command("nab")
def _score_nab(
    folder: Annotated[Path, typer.Argument(help="With data/ and labels/, as NAB has them.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead.")] = False,
) -> None:
    """Score the likelihood rule on the Numenta Anomaly Benchmark's recordings."""
    from ioc.verbs import score

    raise typer.Exit(score.nab(folder, as_json=as_json))


@users.command("add")
def _user_add(
    username: str,
    role: Annotated[str, typer.Option(help="display is made otherwise; see the manual.")],
    area: Annotated[list[str] | None, typer.Option(help="Bound to these areas.")] = None,
    agency: Annotated[str | None, typer.Option(help="Belongs to this agency.")] = None,
    data: Data = None,
) -> None:
    """Make an account, or give one a new password; asks for it, or reads it from a pipe."""
    from ioc.verbs import admin
    from ioc.verbs.settings import of_centre

    password = (
        typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\n")
    )
    admin.add_user(of_centre(os.environ, data), username, role, password, area or [], agency)


@users.command("list")
def _user_list(data: Data = None) -> None:
    """List the accounts."""
    from ioc.verbs import admin
    from ioc.verbs.settings import of_centre

    admin.list_users(of_centre(os.environ, data))


@users.command("remove")
def _user_remove(username: str, data: Data = None) -> None:
    """Remove an account and end its logins."""
    from ioc.verbs import admin
    from ioc.verbs.settings import of_centre

    raise typer.Exit(admin.remove_user(of_centre(os.environ, data), username))


@sims.command("new")
def _sim_new(name: str, plugins: Plugins = Path("demo-data/plugins")) -> None:
    """Write a first file; where it is watched, its tile is on the wall at once."""
    from ioc.verbs import sim

    sim.new(name, plugins)


@sims.command("preview")
def _sim_preview(
    name: str,
    plugins: Plugins = Path("demo-data/plugins"),
    site: Site = "dien-bien",
    day: Annotated[str, typer.Option(help="The local day to draw.")] = "2026-11-16",
    html: Annotated[Path | None, typer.Option(help="Also write a page that stands alone.")] = None,
) -> None:
    """Draw a day of a simulator: a kind, the name of a plug-in, or its file."""
    from ioc.verbs import sim

    sim.preview(name, plugins, site, day, html)


@sims.command("check")
def _sim_check(
    name: str,
    plugins: Plugins = Path("demo-data/plugins"),
    site: Site = "dien-bien",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead.")] = False,
) -> None:
    """Judge a simulator by the contract all of them keep; status 1 when it fails."""
    from ioc.verbs import sim

    raise typer.Exit(sim.check(name, plugins, site, as_json=as_json))


@trail.command("verify")
def _audit_verify(
    anchor: Annotated[
        Path | None, typer.Option(help="A file of anchors: they show a tail that was cut off.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead.")] = False,
    data: Data = None,
) -> None:
    """Prove that no row of the audit trail was changed or taken away; status 1 when one was."""
    from ioc.verbs import audit
    from ioc.verbs.settings import of_centre

    raise typer.Exit(audit.verify(of_centre(os.environ, data), anchor, as_json=as_json))


@trail.command("anchor")
def _audit_anchor(data: Data = None) -> None:
    """Print the newest row's place and hash; keep it where the database's keeper cannot reach."""
    from ioc.verbs import audit
    from ioc.verbs.settings import of_centre

    audit.anchor(of_centre(os.environ, data))


@app.command("export")
def _export(
    what: Annotated[
        str,
        typer.Argument(help="observations, alerts, incidents, indicators, audit, or cap."),
    ],
    start: Annotated[str | None, typer.Option("--from", help="RFC 3339, included.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="RFC 3339, not included.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file; else standard output.")] = None,
    data: Data = None,
) -> None:
    """Write what is kept as CSV, each row with its origin; cap: the open alerts as CAP 1.2."""
    from ioc.verbs import export
    from ioc.verbs.settings import of_centre

    export.export(of_centre(os.environ, data), what, start, end, out)


@database.command("migrate")
def _migrate(data: Data = None) -> None:
    """Bring the database to this version."""
    from ioc.verbs import admin
    from ioc.verbs.settings import of_centre

    admin.migrate_database(of_centre(os.environ, data))


@app.command("version")
def _version() -> None:
    """Print the version."""
    typer.echo(__version__)


def _wrong() -> tuple[type[Exception], ...]:
    """Give the errors that are the installation's: said in a line, and no traceback."""
    import psycopg2

    from ioc.core.settings_error import SettingsError
    from ioc.embedded.children import EngineError, StartError
    from ioc.embedded.folder import DataFolderError, PortTakenError
    from ioc.store.accounts import AccountError
    from ioc.store.migrate import SchemaError
    from ioc.verbs.settings import SettingError
    from ioc.verbs.sim import SimulatorError
    from simulators.faults import FaultsError
    from simulators.replay import RecordingError

    return (
        SettingsError,
        SettingError,
        DataFolderError,
        PortTakenError,
        EngineError,
        StartError,
        AccountError,
        SchemaError,
        RecordingError,
        FaultsError,
        SimulatorError,
        psycopg2.OperationalError,
    )


def main() -> None:
    """Run the command line; what is wrong with the installation is one line and status 2."""
    from ioc.verbs import logs

    logs.set_up()
    try:
        app()
    except _wrong() as error:
        for line in [str(error).strip(), *getattr(error, "__notes__", [])]:
            typer.echo(line, err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
