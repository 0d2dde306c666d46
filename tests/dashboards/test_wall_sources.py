"""What the wall's sources promise; its own checks (tsc, biome, vitest) run by `make test`."""

import json
import re
from pathlib import Path

DASHBOARDS = Path(__file__).resolve().parents[2] / "dashboards"


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
