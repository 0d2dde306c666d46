"""Become who a child shall be, tie its life to its parent's, and turn into it.

Run as a program between the parent and every child, with the standard library alone:
``python -I -S launch.py PARENT SIGNAL IDENTITY ARGV…``. It keeps its pid, so the parent knows the
child by the pid it got.

The tie is ``PR_SET_PDEATHSIG``: the kernel sends SIGNAL when the parent *thread* that forked us
ends. It is lost whenever a process changes who it is, so it is set after that and just before the
``exec``; and a parent that died before it was set is noticed by asking for the parent again.
Doing this here rather than between ``fork`` and ``exec`` of the parent keeps Python code out of
a forked copy of a program that may have threads.
"""

import ctypes
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Final, NoReturn

PR_SET_PDEATHSIG: Final = 1
CLONE_NEWUSER: Final = 0x10000000

NOBODY: Final = 65534
"""The uid and gid that own nothing on any Linux."""

INSIDE: Final = 1000
"""Who a child in a namespace believes to be; any number but 0 does."""

PARENT_GONE: Final = 125
"""Exit status when there is nobody left to run for."""


class Identity(StrEnum):
    """Who a child runs as."""

    OWN = "own"
    NAMESPACE = "namespace"
    NOBODY = "nobody"


def wrapped(argv: tuple[str, ...], *, parent: int, death: int, identity: Identity) -> list[str]:
    """Give the command that starts ``argv`` through this file.

    Args:
        argv: the program, by its full path, and its arguments.
        parent: pid of the process that is about to start it.
        death: number of the signal it gets when the parent dies.
        identity: who it runs as.
    """
    here = str(Path(__file__).resolve())
    return [sys.executable, "-I", "-S", here, str(parent), str(death), identity.value, *argv]


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _enter_namespace(libc: ctypes.CDLL) -> None:
    uid, gid = os.geteuid(), os.getegid()
    _check(libc.unshare(CLONE_NEWUSER))
    # The kernel takes a gid map of an unprivileged writer only once groups are fixed.
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{INSIDE} {gid} 1\n", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{INSIDE} {uid} 1\n", encoding="ascii")


def _become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def main(arguments: list[str]) -> NoReturn:
    """Turn into the child.

    Raises:
        SystemExit: with ``PARENT_GONE``, when the parent has died meanwhile.
        OSError: the identity is refused, or the program cannot be run.
    """
    parent, death, identity, *argv = arguments
    libc = ctypes.CDLL(None, use_errno=True)
    if identity == Identity.NAMESPACE:
        _enter_namespace(libc)
    elif identity == Identity.NOBODY:
        _become_nobody()
    _check(libc.prctl(PR_SET_PDEATHSIG, int(death), 0, 0, 0))
    if os.getppid() != int(parent):
        sys.exit(PARENT_GONE)
    os.execv(argv[0], argv)  # noqa: S606 - no shell is wanted here


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as refused:
        sys.exit(f"cannot start {' '.join(sys.argv[4:5])} as {sys.argv[3]}: {refused}")
