"""`ioc score nab DIR`: the engine's likelihood rule on recordings others have labelled.

The folder is that of the Numenta Anomaly Benchmark: ``data/<group>/<file>.csv``,
``labels/combined_windows.json`` and, where there are, ``results/<detector>/…`` with
``expected_scores.json`` to hold the scorer itself against. One rule, one limit, for all files.
"""

import csv
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import typer

from ioc.core.engine import Engine, Turn
from ioc.core.nab import PROFILES, Rows, Scores, Series, normalised, raw_score
from ioc.core.rules import parse_rule
from ioc.core.settings_error import SettingsError
from ioc.core.words import SECOND, Datastream, Origin, Text, Thing

LIMIT: Final = 1.8
QUIET: Final = 120
"""Observations below the limit before another alert: a rule's ``clear_hold``."""

_WORDS: Final = {"vi": "Diễn biến bất thường", "en": "Behaves unlike itself"}


@dataclass(frozen=True, slots=True)
class Recording:
    """One file.

    Attributes:
        time: seconds since 1970, the file's clock taken as UTC.
    """

    time: Rows
    value: Scores
    series: Series


def nab(folder: Path, *, as_json: bool) -> int:
    """Score the likelihood rule, and the detectors whose scores are published there.

    Raises:
        SettingsError: it is no such folder.
    """
    recordings = read(folder)
    detected = {name: detections(one) for name, one in recordings.items()}
    told: dict[str, Any] = scores(recordings, detected)
    told["files"] = {
        name: {
            "alerts": len(detected[name]),
            "windows": len(one.series.windows),
            **{
                profile: round(raw_score(one.series, detected[name], weights), 6)
                for profile, weights in PROFILES.items()
            },
        }
        for name, one in recordings.items()
    }
    told["published"] = published(folder, recordings)
    if as_json:
        typer.echo(orjson.dumps(told).decode())
        return 0
    for profile in PROFILES:
        typer.echo(f"{told[profile]:8.3f}  {profile}")
    for detector, one in told["published"].items():
        for profile, pair in one.items():
            typer.echo(f"{pair['score']:14.9f} of {pair['expected']:.9f}  {detector} {profile}")
    return 0


def read(folder: Path) -> dict[str, Recording]:
    """Read the recordings and their labels.

    Raises:
        SettingsError: it is no such folder.
    """
    labels = folder / "labels" / "combined_windows.json"
    if not labels.is_file():
        raise SettingsError(f"{folder} holds no labels/combined_windows.json")
    return {
        name: _recording(folder / "data" / name, windows)
        for name, windows in json.loads(labels.read_text("utf-8")).items()
    }


def _recording(file: Path, windows: list[list[str]]) -> Recording:
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))[1:]
    time = np.array([_seconds(at) for at, _ in rows], np.int64)
    places = [
        (int(np.searchsorted(time, _seconds(first))), _last(time, _seconds(last)))
        for first, last in windows
    ]
    return Recording(time, np.array([float(told) for _, told in rows]), Series(len(rows), places))


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def _last(time: Rows, at: int) -> int:
    return int(np.searchsorted(time, at, side="right")) - 1


def detections(recording: Recording) -> Rows:
    """Give the rows at which the likelihood rule raises an alert."""
    step = int(np.median(np.diff(recording.time)))
    rule = parse_rule(
        {
            "id": "unlike-itself",
            "kind": "*",
            "datastream": "value",
            "likelihood": LIMIT,
            "clear_hold": f"{QUIET * step}s",
            "severity": 1,
            "name": _WORDS,
            "response": _WORDS,
        }
    )
    engine = Engine([rule])
    name = Text("", "recording")
    thing = Thing(
        "recording", "province", "recording", name, None, Origin.REPLAY,
        {"value": Datastream("value")},
    )  # fmt: skip
    row = engine.attach(thing, "value", 1, 0)
    times = recording.time * SECOND
    judged = engine.judge(
        np.full(len(times), row, np.int64), times, recording.value, int(times[-1])
    )
    raised = [change.at for change in judged.changes if change.turn is Turn.RAISE]
    return np.searchsorted(times, np.array(raised, np.int64))


def scores(recordings: dict[str, Recording], detected: dict[str, Rows]) -> dict[str, Any]:
    """Give NAB's three scores over all files."""
    windows = sum(len(one.series.windows) for one in recordings.values())
    return {
        profile: normalised(
            sum(raw_score(one.series, detected[name], weights) for name, one in recordings.items()),
            windows,
            weights,
        )
        for profile, weights in PROFILES.items()
    }


def published(folder: Path, recordings: dict[str, Recording]) -> dict[str, Any]:
    """Score the detectors whose outputs lie there, beside what they are said to score."""
    expected = folder / "expected_scores.json"
    if not expected.is_file():
        return {}
    found: dict[str, Any] = {}
    for detector, told in json.loads(expected.read_text("utf-8")).items():
        outputs = {name: _output(folder, detector, name) for name in recordings}
        found[detector] = {}
        for named, one in told.items():
            above = {name: np.flatnonzero(out >= one["threshold"]) for name, out in outputs.items()}
            score = scores(recordings, above)[named.split("_at_")[0]]
            found[detector][named] = {"score": score, "expected": one["score"]}
    return found


def _output(folder: Path, detector: str, name: str) -> Scores:
    group, _, file = name.partition("/")
    place = folder / "results" / detector / group / f"{detector}_{file}"
    with place.open(encoding="utf-8", newline="") as opened:
        return np.array([float(row[1]) for row in list(csv.reader(opened))[1:]])
