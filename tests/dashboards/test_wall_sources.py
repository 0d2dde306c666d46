"""The wall's own checks, run from here so that one command tests the whole program."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

DASHBOARDS = Path(__file__).resolve().parents[2] / "dashboards"
LEAST_NODE = (20, 19)
MOST_SECONDS = 300


def _missing_tools() -> str:
    """Say why the wall's tools cannot run here; empty when they can."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return "node and npm are not on PATH"
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.match(r"v(\d+)\.(\d+)", told)
    if found is None or (int(found[1]), int(found[2])) < LEAST_NODE:
        return f"node {told.strip()} is older than {LEAST_NODE[0]}.{LEAST_NODE[1]}"
    if not (DASHBOARDS / "node_modules").is_dir():
        return "dashboards/node_modules is not there: run npm ci in dashboards/"
    return ""


@pytest.mark.timeout(MOST_SECONDS)
@pytest.mark.parametrize("script", ["check", "lint", "test"])
def test_the_walls_own_check_passes(script: str) -> None:
    missing = _missing_tools()
    if missing:
        pytest.skip(missing)
    told = subprocess.run(
        ["npm", "run", "--silent", script],
        cwd=DASHBOARDS,
        env={**os.environ, "CI": "1", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, f"npm run {script}\n{told.stdout}\n{told.stderr}"


def test_the_lock_file_names_no_registry() -> None:
    locked = json.loads((DASHBOARDS / "package-lock.json").read_text(encoding="utf-8"))
    resolved = [name for name, package in locked["packages"].items() if "resolved" in package]
    assert resolved == [], "npm writes no addresses with omit-lockfile-registry-resolved=true"
    without = [
        name for name, package in locked["packages"].items() if name and "integrity" not in package
    ]
    assert without == [], "every package is pinned by its hash"


def test_the_page_holds_no_inline_script_or_style() -> None:
    page = (DASHBOARDS / "index.html").read_text(encoding="utf-8")
    assert re.search(r"<script(?![^>]*\bsrc=)", page) is None
    assert re.search(r"<style|\sstyle=|\son\w+=", page) is None


def test_no_template_sets_a_style_attribute() -> None:
    """The content policy refuses style attributes; ``place`` sets properties instead."""
    found = [
        f"{path.relative_to(DASHBOARDS)}:{number}"
        for path in sorted((DASHBOARDS / "src").rglob("*.ts"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\sstyle=|innerHTML|unsafeHTML|unsafeSVG", line)
    ]
    assert found == []
