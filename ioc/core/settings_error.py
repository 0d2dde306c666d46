"""The one way to say that a site's files are wrong: where, what, and what would be right.

Whoever reads a row knows the key and the rule it breaks; whoever reads the file knows the rest.
So an error is raised small and filled in on its way out.
"""

from collections.abc import Mapping
from typing import Any, Final

Path = tuple[str | int, ...]
"""Where a value stands in a file: ``("rule", 3, "response", "vi")``."""

_LONGEST: Final = 60


class SettingsError(ValueError):
    """An installation's file says something the centre cannot work with.

    The process that meets one refuses to start; a running one keeps its old settings.

    Attributes:
        message: what is wrong and what would be right, e.g. ``must be a number``.
        key: the dotted key inside its row, e.g. ``response.vi``; empty for the row itself.
        path: where it stands in the file, as far as that is known.
        file: the file's name inside the site's folder, or None while unknown.
        line: the line in it, counted from 1, or None while unknown.
        value: what the file says there, or None when it says nothing (TOML has no null).
    """

    def __init__(  # noqa: PLR0913 - an error's parts are its parts
        self,
        message: str,
        key: str = "",
        value: object = None,
        *,
        file: str | None = None,
        line: int | None = None,
        path: Path | None = None,
    ) -> None:
        """Say what is wrong; where it is may be filled in later."""
        super().__init__(message)
        self.message = message
        self.path: Path = tuple(key.split(".")) if path is None and key else path or ()
        self.key = key or ".".join(str(part) for part in _inside_the_row(self.path))
        self.file = file
        self.line = line
        self.value = value

    def within(self, *outer: str | int) -> "SettingsError":
        """Give the same error seen from further out: ``error.within("rule", 3)``."""
        return SettingsError(
            self.message,
            key=self.key,
            value=self.value,
            file=self.file,
            line=self.line,
            path=(*outer, *self.path),
        )

    def located(
        self, file: str, lines: Mapping[Path, int], document: Mapping[str, Any]
    ) -> "SettingsError":
        """Give the same error with its file, its line and what the file says there.

        Args:
            file: the file's name inside the site's folder.
            lines: the line of every key of the file (see `ioc.core.toml_lines`).
            document: the parsed file, from which the value is looked up when none was given.
        """
        at = self.path
        while at and at not in lines:  # a missing key is shown at its row
            at = at[:-1]
        value = _look_up(document, self.path) if self.value is None else self.value
        return SettingsError(
            self.message,
            key=self.key,
            value=value,
            file=file,
            line=self.line or lines.get(at),
            path=self.path,
        )

    def __str__(self) -> str:
        """Write ``rules.toml:41: limit = "abc": must be a number``."""
        where = "".join(
            [f"{self.file}:" if self.file else "", f"{self.line}:" if self.line else ""]
        )
        what = self.key
        if what and self.value is not None and not isinstance(self.value, Mapping):
            what = f"{what} = {_written(self.value)}"
        return " ".join(part for part in (where, f"{what}:" if what else "", self.message) if part)


def _inside_the_row(path: Path) -> Path:
    """Leave off the table and its number: they are what the line says."""
    for place in range(len(path) - 1, -1, -1):
        if isinstance(path[place], int) and place <= 1:
            return path[place + 1 :]
    return path


def _look_up(document: object, path: Path) -> object:
    found: object = document
    for part in path:
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, list) and isinstance(part, int):
            found = found[part] if part < len(found) else None
        else:
            return None
    return found if path else None


def _written(value: object) -> str:
    """Write a value as the file has it, cut where it is long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
