"""Ends what a supervisor started when the supervisor itself was killed.

A small process of its own session that waits for the end of its standard input, a pipe whose only
other end the supervisor holds: the kernel closes that end however the supervisor dies. Each child
is then asked to end, and killed when it does not. It is the second net: the first is the signal
the kernel sends to each child (``launch``), which a child may ignore or lose, and which does not
reach the children of PostgreSQL. The third is the next start on the same folder.
"""

import os
import sys
from pathlib import Path
from typing import Final

from ioc.embedded.folder import DataFolderError, read_json
from ioc.embedded.processes import Roster

_BOOT: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from ioc.embedded.guardian import main; "
    "sys.exit(main(sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))"
)


def command(data: Path, supervisor: int, patience: float) -> list[str]:
    """Give the command that guards a supervisor's folder.

    Args:
        data: the data folder.
        supervisor: its pid.
        patience: seconds children may take to end by themselves.
    """
    root = Path(__file__).resolve().parents[2]
    told = (str(root), str(data), str(supervisor), str(patience))
    return [sys.executable, "-I", "-S", "-c", _BOOT, *told]


def read_roster(data: Path) -> Roster | None:
    """Read who runs in a data folder; None when nobody does or the file is damaged."""
    try:
        kept = read_json(data / "processes.json")
        return Roster.from_json(kept) if kept else None
    except (DataFolderError, OSError, KeyError, TypeError, ValueError):
        return None


def main(data: str, supervisor: int, patience: float) -> int:
    """Wait for the supervisor's end, then end what it left."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    roster = read_roster(Path(data))
    if roster is not None and roster.supervisor.pid == supervisor:  # not that of the next start
        roster.end(within=patience)
    return 0
