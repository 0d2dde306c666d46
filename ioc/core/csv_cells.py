"""Cells of a CSV that a spreadsheet shows as they are and never runs.

A text that begins like a formula gets an apostrophe in front (OWASP, CSV injection); numbers stay
numbers. What sensors and people wrote is thus only ever read.
"""

from typing import Final

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """Write one value; None is an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = str(value).replace("\x00", "\\x00")
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
