"""The wall, measured: how it lasts, how soon it shows, what it costs, and how it comes back."""

import gzip
import os
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks import large, pixels, soak, told, walls
from tests.dashboards.stage import BUILT

UPDATES: Final = 205_000
ROUNDS: Final = 20


def wall(scale: float) -> dict[str, Any]:
    """Measure all of it; ``scale`` shortens the soak, and what is told one by one."""
    found: dict[str, Any] = {"bundles": bundles(), "load": os.getloadavg()[0]}
    found["tiles"] = large.tiles(1_000)
    found["points"] = large.points(10_000)
    with told.demo() as demo:
        found["values"] = pixels.values(demo, max(20, round(200 * scale)))
        found["alerts"] = pixels.alerts(demo, max(20, round(200 * scale)))
        found["stream"] = told.alerts(demo, max(20, round(200 * scale)), 0.15)
        found["restart"] = walls.restarted(demo, 50, max(100, round(400 * scale)))
    rounds = max(6, round(ROUNDS * scale))
    found["soak"] = soak.soak(round(UPDATES * rounds / ROUNDS), rounds)
    return found


def bundles() -> list[dict[str, Any]]:
    """Give the sizes of the built files, as they lie there and as they travel."""
    files = sorted((BUILT / "assets").iterdir())
    return [
        {
            "file": file.name,
            "kb": round(file.stat().st_size / 1e3, 1),
            "gz_kb": round(len(gzip.compress(file.read_bytes())) / 1e3, 1),
        }
        for file in files
    ]


def show(console: Console, found: dict[str, Any]) -> None:
    """Print tables for people."""
    console.print(f"the wall; load of the machine at the start {found['load']:.1f}")
    table = Table("built file", "kB", "kB gzip")
    for one in found["bundles"]:
        table.add_row(one["file"], f"{one['kb']:,}", f"{one['gz_kb']:,}")
    console.print(table)
    costs = ["first_paint_ms", "complete_s", "frames", "changed", "twice", "longest"]
    costs += ["task_ms_a_batch", "script_ms_a_batch", "busy", "heap_mb", "nodes", "renderer_mb"]
    table = Table("100 values, 4 times a second", "1,000 tiles", "10,000 points")
    for key in costs:
        table.add_row(key, f"{found['tiles'][key]:,.2f}", f"{found['points'][key]:,.2f}")
    console.print(table)
    table = Table("from MQTT publish", "times", "median ms", "p99 ms", "worst ms")
    for name, key in (
        ("a value, to pixels", "values"),
        ("an alert, to pixels", "alerts"),
        ("the limit: an alert, to the stream", "stream"),
    ):
        run = found[key]
        table.add_row(name, *(f"{run[cut]:g}" for cut in ("n", "median_ms", "p99_ms", "worst_ms")))
    console.print(table)
    table = Table("kill -9 of the server", "")
    for key, value in found["restart"].items():
        table.add_row(key, str(value))
    console.print(table)
    _show_soak(console, found["soak"])


def _show_soak(console: Console, run: dict[str, Any]) -> None:
    did = ["seconds", "frames", "values", "events", "sockets", "site_hours"]
    did += ["turns", "cuts", "lost", "severe"]
    console.print(", ".join(f"{key} {run[key]:,}" for key in did))
    table = Table("updates", "heap MB", "DOM nodes", "listeners", "renderer MB", "GPU MB")
    keys = ("heap_mb", "nodes", "listeners", "renderer_mb", "gpu_mb")
    for one in run["weights"]:
        table.add_row(f"{one['updates']:,}", *(f"{one[key]:,.1f}" for key in keys))
    console.print(table)
    for name, of in run["slopes"].items():
        growth = f"{of['per_100k']:+.2f} for 100,000 updates, {of['share']:+.1%} over the run"
        console.print(f"{name}: {growth}")
