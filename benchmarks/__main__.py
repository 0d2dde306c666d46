"""`make bench`: the real centre against the limits of its own parts, measured in the same run.

* parts: the broker alone (QoS 1, a session that acknowledges), binary COPY alone, the reader and
  the engine alone;
* through: observations a second from MQTT (QoS 1) to the commit, in messages of 1, 10 and 50, as
  ratios to those limits, with the microseconds of processor time each part spends on one;
* engine: the engine alone over 20,000 datastreams: every type of rule as a site has them, and each
  type on all of them, with its memory;
* told: a running demo: from a value over its limit to the alert on the stream, and from two
  publishes to a new thing's first value there;
* calibration: dossiers, rain, repairs and epidemics beside the sources and closed forms;
* grouping: pair-F1 of incidents against known causes on provinces made of chance;
* rounds: seconds of a round of all indicators over a province with a week of history;
* generator: observations a second the simulators make, beside bare random numbers;
* wall: a soak of a real browser (heap, nodes), 50 walls over a restart, from publish to pixels, a
  thousand tiles and ten thousand points, the sizes of the built files;
* killed: what each kill -9 loses of what was acknowledged, and the seconds until values flow again.

Machines differ and are noisy: believe the ratios, and the processor time, more than the rates.
Everything stays on 127.0.0.1 and ends by itself within minutes.
"""

import argparse
import json
import os
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks import judged, parts, told
from benchmarks.calibration import calibration as nature
from benchmarks.dossiers import calibration
from benchmarks.engines import engines, ingest
from benchmarks.generator import GOAL, generator
from benchmarks.grouping import grouping
from benchmarks.rounds import rounds
from benchmarks.through import through
from benchmarks.wall import show as show_wall
from benchmarks.wall import wall

SECTIONS: Final = (
    "parts",
    "through",
    "told",
    "killed",
    "grouping",
    "rounds",
    "generator",
    "calibration",
    "engine",
    "wall",
)
SIZES: Final = ((1, 100_000), (10, 30_000), (50, 10_000))
COPY_BATCHES: Final = (5_000, 20_000)
GOALS: Final = {1: 0.7, 50: 0.7}
"""Ratios aimed at: single messages to the broker's limit, packs of 50 to that of COPY."""


def measure(wanted: set[str], scale: float) -> dict[str, Any]:
    """Run what is wanted."""
    found: dict[str, Any] = {"cores": os.cpu_count()}
    if wanted & {"parts", "through"}:
        with engines() as bench:
            sizes = {size: max(5_000, round(count * scale)) for size, count in SIZES}
            found["broker"] = {
                size: parts.broker_alone(bench, size, count) for size, count in sizes.items()
            }
            found["copy"] = {
                batch: parts.copy_alone(bench, batch, max(100_000, round(400_000 * scale)))
                for batch in COPY_BATCHES
            }
            if "parts" in wanted:
                found["reader"] = {
                    size: parts.reader_alone(size, count) for size, count in sizes.items()
                }
                found["engine"] = {
                    batch: parts.engine_alone(batch, max(10, round(100 * scale)))
                    for batch in COPY_BATCHES
                }
            if "through" in wanted:
                with ingest(bench):
                    found["through"] = [
                        _against(through(bench, size, count), found)
                        for size, count in sizes.items()
                    ]
    found |= _alone_measured(wanted, scale)
    if wanted & {"told", "killed"}:
        found |= _of_a_demo(wanted, scale)
    if "wall" in wanted:
        found["wall"] = wall(scale)
    return found


def _of_a_demo(wanted: set[str], scale: float) -> dict[str, Any]:
    """Measure what a running demo tells, and what it survives."""
    found: dict[str, Any] = {}
    with told.demo() as demo:
        if "told" in wanted:
            found["alert"] = told.alerts(demo, max(20, round(200 * scale)), 0.03)
            found["newcomer"] = told.newcomers(demo, max(10, round(50 * scale)))
        if "killed" in wanted:
            found["killed"] = [told.killed(demo, part) for part in told.KILLED]
    return found


def _alone_measured(wanted: set[str], scale: float) -> dict[str, Any]:
    """Run what needs neither a broker nor a whole demo."""
    found: dict[str, Any] = {}
    if "calibration" in wanted:
        found["dossiers"] = calibration()
        found["nature"] = nature(scale)
    if "grouping" in wanted:
        found["grouping"] = grouping(scale)
    if "generator" in wanted:
        found["generator"] = generator(scale)
    if "engine" in wanted:
        found["judged"] = judged.engine_of_all(scale)
    if "rounds" in wanted:
        with engines() as bench:
            found["rounds"] = rounds(bench)
    return found


def _against(run: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Add the ratios to the limits, and to what all parts together could do on these cores."""
    size = run["size"]
    broker, copy = found["broker"][size], max(one["rate"] for one in found["copy"].values())
    bare_us = (broker["broker_us"] + broker["sender_us"] + broker["receiver_us"]) / size
    bare_us += min(one["database_us"] + one["client_us"] for one in found["copy"].values())
    possible = found["cores"] * 1e6 / bare_us
    return {
        **run,
        "of_broker": run["messages_per_s"] / broker["rate"],
        "of_copy": run["rate"] / copy,
        "possible": possible,
        "of_possible": run["rate"] / possible,
    }


def show(found: dict[str, Any]) -> None:
    """Print tables for people."""
    console = Console()
    console.print(f"{found['cores']} cores, everything on them; microseconds are of processor time")
    if "broker" in found:
        table = Table("alone", "each", "a second", "three runs", "µs each")
        for size, run in found["broker"].items():
            used = f"broker {run['broker_us']:.1f}, ends {_ends(run):.1f}"
            table.add_row("broker, QoS 1", f"{size} records", _rate(run), _spread(run), used)
        for batch, run in found["copy"].items():
            used = f"database {run['database_us']:.2f}, client {run['client_us']:.2f}"
            table.add_row("binary COPY", f"{batch:,} rows", _rate(run), _spread(run), used)
        for size, run in found.get("reader", {}).items():
            table.add_row("reader", f"{size} records", _rate(run), _spread(run), _alone(run))
        for batch, run in found.get("engine", {}).items():
            table.add_row("engine", f"{batch:,} rows", _rate(run), _spread(run), _alone(run))
        console.print(table)
    if "through" in found:
        table = Table(
            "MQTT to commit",
            "observations/s",
            "messages/s",
            "of broker",
            "of COPY",
            "of possible",
            "lost",
            "µs an observation",
        )
        for run in found["through"]:
            used = ", ".join(
                f"{part} {run[f'{part}_us']:.1f}"
                for part in ("broker", "ingest", "database", "sender")
            )
            table.add_row(
                f"packs of {run['size']}",
                f"{run['rate']:,.0f}",
                f"{run['messages_per_s']:,.0f}",
                f"{run['of_broker']:.2f}" + _goal(run["size"], 1),
                f"{run['of_copy']:.2f}" + _goal(run["size"], 50),
                f"{run['of_possible']:.2f}",
                str(run["lost"]),
                used,
            )
        console.print(table)
    _show_grouping(console, found)
    _show_rounds(console, found)
    _show_generator(console, found)
    _show_dossiers(console, found)
    _show_nature(console, found)
    _show_judged(console, found)
    _show_demo(console, found)


def _show_dossiers(console: Console, measured: dict[str, Any]) -> None:
    if "dossiers" not in measured:
        return
    table = Table(
        "dossiers received", "source", "simulated", "on time (96.63)", "online (25)", "w/e"
    )
    for row in measured["dossiers"]:
        shares = (f"{row['on_time_percent']} %", f"{row['online_percent']} %")
        numbers = (f"{row['source']:,}", f"{row['received']:,}", *shares)
        table.add_row(row["period"], *numbers, str(row["finished_at_weekends"]))
    console.print(table)


def _show_rounds(console: Console, measured: dict[str, Any]) -> None:
    found = measured.get("rounds")
    if not found:
        return
    table = Table("indicators", "datastreams", "observations", "rollups", "first", "later", "worst")
    times = [f"{found[key]:.2f} s" for key in ("rollups_s", "first_s", "later_s", "slowest_s")]
    counts = [f"{found[key]:,}" for key in ("indicators", "datastreams", "observations")]
    table.add_row(*counts, *times)
    console.print(table)


def _show_generator(console: Console, measured: dict[str, Any]) -> None:
    found = measured.get("generator")
    if found is None:
        return
    table = Table("by the minute, a second of a core", "million", "of bare numbers")
    table.add_row("bare normal numbers", f"{found['bare'] / 1e6:.1f}", "1")
    goal = f" (goal {GOAL / 1e6:g})"
    plain = f"{found['plain'] / 1e6:.1f}{goal}"
    table.add_row("plain series", plain, f"{found['plain_ratio']:.3f}")
    shipped = f"{found['shipped'] / 1e6:.1f}"
    table.add_row("all shipped kinds, one of each", shipped, f"{found['shipped_ratio']:.3f}")
    for kind, rate in found["kinds"].items():
        table.add_row(kind, f"{rate / 1e6:.1f}", f"{rate / found['bare']:.3f}")
    console.print(table)


def _show_nature(console: Console, measured: dict[str, Any]) -> None:
    found = measured.get("nature")
    if found is None:
        return
    rain = found["rain"]
    table = Table("rain, mean month", "target mm", "simulated mm", "off by")
    for row in (*rain["months"], {"month": "year", **rain["annual"]}):
        off = row["simulated"] / row["target"] - 1.0
        table.add_row(
            str(row["month"]), f"{row['target']:.0f}", f"{row['simulated']:.0f}", f"{off:+.1%}"
        )
    console.print(table)
    console.print(
        f"most on a day {rain['max_day']:.0f} mm (200 to 330),"
        f" {rain['wet_days']:.0f} wet days a year"
    )
    table = Table("oracle", "target", "simulated")
    for row in found["oracles"]:
        table.add_row(row["name"], f"{row['target']:.5g}", f"{row['simulated']:.5g}")
    console.print(table)


def _show_grouping(console: Console, measured: dict[str, Any]) -> None:
    found = measured.get("grouping")
    if found is None:
        return
    first, last = found["seeds"]
    table = Table("alerts a day", "way", "pair-F1", "least", "precision", "recall", "incidents")
    for load, ways in found["loads"].items():
        for way, run in ways.items():
            figures = [f"{run[key]:.3f}" for key in ("f1_mean", "f1_least", "precision", "recall")]
            compressed = f"{run['alerts']:,} in {run['incidents']:,}"
            table.add_row(str(load), way, *figures, compressed)
    console.print(f"incidents, provinces of chance of seeds {first} to {last}")
    console.print(table)


def _show_judged(console: Console, found: dict[str, Any]) -> None:
    if "judged" not in found:
        return
    table = Table(
        "engine, 20,000 datastreams", "observations/s of a core", "µs", "bytes a datastream",
        "checkpoint bytes an observation",
    )  # fmt: skip
    for name, run in found["judged"].items():
        table.add_row(
            name,
            f"{run['rate']:,.0f}",
            f"{run['us']:.2f}",
            f"{run['bytes_a_datastream']:,.0f}",
            f"{run['delta_bytes_an_observation']:.0f}",
        )
    console.print(table)


def _show_demo(console: Console, found: dict[str, Any]) -> None:
    if "alert" in found:
        table = Table("told on the stream", "times", "median ms", "p99 ms", "worst ms")
        for name, run in (
            ("alert, from the value over its limit", found["alert"]),
            ("new thing, from its description", found["newcomer"]["thing"]),
            ("its first value, from its description", found["newcomer"]["value"]),
        ):
            figures = [f"{run[key]:g}" for key in ("n", "median_ms", "p99_ms", "worst_ms")]
            table.add_row(name, *figures)
        console.print(table)
    if "killed" in found:
        table = Table("kill -9", "acknowledged", "lost", "replaced after s", "live after s")
        for run in found["killed"]:
            keys = ("part", "acknowledged", "lost", "replaced_s", "live_s")
            table.add_row(*(str(run[key]) for key in keys))
        console.print(table)


def _rate(run: dict[str, Any]) -> str:
    return f"{run['rate']:,.0f}"


def _spread(run: dict[str, Any]) -> str:
    return " ".join(f"{rate:,}" for rate in run["spread"])


def _ends(run: dict[str, Any]) -> float:
    return float(run["sender_us"] + run["receiver_us"])


def _alone(run: dict[str, Any]) -> str:
    return f"{1e6 / run['rate']:.2f}"


def _goal(size: int, of: int) -> str:
    return f" (goal {GOALS[of]})" if size == of else ""


def main() -> None:
    """Read the options; measure; print."""
    options = argparse.ArgumentParser(
        prog="make bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("--scale", type=float, default=1.0, help="how much to send")
    options.add_argument("--only", action="append", choices=SECTIONS, help="run this section alone")
    options.add_argument("--json", action="store_true", help="print one JSON document")
    wanted = options.parse_args()
    found = measure(set(wanted.only or SECTIONS), wanted.scale)
    if wanted.json:
        print(json.dumps(found))
    else:
        show(found)
        if "wall" in found:
            show_wall(Console(), found["wall"])


if __name__ == "__main__":
    main()
