"""Where every key of a TOML file stands, because `tomllib` does not say.

Works on text `tomllib` has already accepted, so nothing is judged here: the text is walked once
and the line of each header, key and list item is noted under its path.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from ioc.core.settings_error import Path

_KEY: Final = re.compile(r"""[ \t]*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))[ \t]*""")
_STRING: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*'",
    re.DOTALL,
)
_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE: Final = re.compile(r"[^,\]}\r\n#]+")


def lines_of(text: str) -> dict[Path, int]:
    """Map every path of a valid TOML text to the line it starts on, counted from 1."""
    walk = _Walk(text)
    walk.document()
    return walk.lines


@dataclass
class _Walk:
    text: str
    at: int = 0
    lines: dict[Path, int] = field(default_factory=dict)
    counts: dict[Path, int] = field(default_factory=dict)

    def document(self) -> None:
        table: Path = ()
        self.blank()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.blank()

    def header(self) -> Path:
        many = self.text.startswith("[[", self.at)
        line = self.line()
        self.at += 2 if many else 1
        keys = self.dotted()
        self.at += 2 if many else 1
        table: Path = ()
        for key in keys[:-1]:
            table = self.entered((*table, key))
        table = (*table, keys[-1])
        if many:
            number = self.counts.get(table, -1) + 1
            self.counts[table] = number
            self.lines.setdefault(table, line)
            table = (*table, number)
        self.lines.setdefault(table, line)
        return table

    def entered(self, table: Path) -> Path:
        """Step into the newest item where a table is one of a list."""
        return (*table, self.counts[table]) if table in self.counts else table

    def pair(self, table: Path) -> None:
        line = self.line()
        path = table
        for key in self.dotted():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self.at += 1  # the equals sign
        self.value(path)

    def value(self, path: Path) -> None:
        self.blank()
        opening = self.text[self.at]
        if opening == "{":
            self.at += 1
            self.blank()
            while self.text[self.at] != "}":
                self.pair(path)
                self.comma()
            self.at += 1
        elif opening == "[":
            self.at += 1
            self.blank()
            number = 0
            while self.text[self.at] != "]":
                self.lines[(*path, number)] = self.line()
                self.value((*path, number))
                self.comma()
                number += 1
            self.at += 1
        else:
            found = (_STRING if opening in "\"'" else _BARE).match(self.text, self.at)
            self.at = found.end() if found else len(self.text)

    def comma(self) -> None:
        self.blank()
        if self.text[self.at] == ",":
            self.at += 1
            self.blank()

    def dotted(self) -> list[str]:
        keys: list[str] = []
        while found := _KEY.match(self.text, self.at):
            keys.append(next(part for part in found.groups() if part is not None))
            self.at = found.end()
            if self.text[self.at] != ".":
                break
            self.at += 1
        return keys

    def blank(self) -> None:
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1
