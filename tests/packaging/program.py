"""What the program says of itself: its verbs, their options, the settings it reads."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import typer.main

ROOT = Path(__file__).resolve().parents[2]


@cache
def commands() -> dict[tuple[str, ...], Any]:
    """Give every verb that does something, by its words: ``("user", "add")``."""
    from ioc.__main__ import app

    found: dict[tuple[str, ...], Any] = {}

    def walk(command: Any, words: tuple[str, ...]) -> None:
        below = getattr(command, "commands", None)
        if below is None:
            found[words] = command
            return
        for name, child in below.items():
            walk(child, (*words, name))

    walk(typer.main.get_command(app), ())
    return found


def verbs() -> set[tuple[str, ...]]:
    return set(commands())


def options_of(verb: tuple[str, ...]) -> set[str]:
    """Give the long options of a verb, ``--no-…`` forms among them."""
    return {
        name
        for parameter in commands()[verb].params
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name.startswith("--") and name != "--help"
    }


def settings_of_the_program() -> set[str]:
    """Give the environment variables named in what is shipped, and in the build."""
    files = [ROOT / "hatch_build.py"]
    for folder in ("ioc", "simulators"):
        files += (ROOT / folder).rglob("*.py")
    return {name for path in files for name in settings_in(path.read_text(encoding="utf-8"))}


def settings_in(text: str) -> set[str]:
    return {name.removesuffix("_FILE") for name in re.findall(r"\bIOC_[A-Z]+(?:_[A-Z]+)*\b", text)}
