"""What is written about the program is true of it, and what it can do is written down."""

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from ioc.core.wire import Message, Reader, Reason
from ioc.core.words import instant
from ioc.sites import read_site
from tests.packaging.program import options_of, settings_in, settings_of_the_program, verbs

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SETTINGS = (DOCS / "settings.md").read_text(encoding="utf-8")
PROTOCOL = (DOCS / "protocol.md").read_text(encoding="utf-8")
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))

# Written in two parts, because this file is searched too.
HOSTS = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
)
PATHS = re.compile(r"(?<![\w.\-${}])/(?:root|home|work|opt/wheels|opt/pypi)/[A-Za-z.]")


@cache
def texts() -> dict[str, str]:
    """Give every file git keeps, or would keep, that is text."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.splitlines()
    if listed.returncode != 0:  # a copy without its history: leave out what is made here
        made = {"node_modules", "_wall", "__pycache__", "dist", "demo-data"}
        names = [
            path.relative_to(ROOT).as_posix()
            for path in ROOT.rglob("*")
            if not [
                part
                for part in path.relative_to(ROOT).parts
                if part in made or (part.startswith(".") and part not in (".ci", ".gitignore"))
            ]
        ]
    found: dict[str, str] = {}
    for name in names:
        path = ROOT / name
        if path.is_file():
            try:
                found[name] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
    return found


def pages() -> list[str]:
    return sorted(name for name in texts() if name.endswith(".md"))


def section(verb: tuple[str, ...]) -> str:
    """Give what docs/settings.md says of one verb."""
    name = re.escape(" ".join(("ioc", *verb)))
    found = re.search(rf"^### `{name}\b.*?(?=^##)", SETTINGS + "\n##", re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/settings.md has no heading for `ioc {' '.join(verb)}`"
    return found[0]


# ---------------------------------------------------------------- verbs and settings
@pytest.mark.parametrize("verb", sorted(verbs()), ids=" ".join)
def test_every_verb_and_each_of_its_options_is_documented(verb: tuple[str, ...]) -> None:
    documented = set(re.findall(r"`(--[a-z][a-z-]*)", section(verb)))
    assert documented == options_of(verb)


def test_every_documented_verb_exists() -> None:
    documented = re.findall(r"^### `ioc ([a-z]+(?: [a-z]+)?)", SETTINGS, re.MULTILINE)
    assert {tuple(words.split()) for words in documented} == verbs()


def test_every_setting_of_the_environment_is_documented_and_no_other() -> None:
    documented = set(re.findall(r"^\| `(IOC_[A-Z_]+)`", SETTINGS, re.MULTILINE))
    of_the_tests = {
        name
        for path, text in texts().items()
        if path.startswith("tests/") and not path.startswith("tests/packaging/")
        for name in settings_in(text)
    }
    assert documented == settings_of_the_program() | of_the_tests


def test_commands_shown_in_the_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", texts()["Makefile"], re.MULTILINE))
    known = {verb[0] for verb in verbs()}
    for page in pages():
        for line in code_of(texts()[page]):
            for target in re.findall(r"\bmake (?!PY=)([a-z]+)\b", line):
                assert target in targets, f"{page}: make {target}"
            for verb in re.findall(r"(?:^|bin/|[`$] ?|serve )ioc ([a-z]+)\b", line):
                assert verb in known, f"{page}: ioc {verb}"


def code_of(text: str) -> Iterator[str]:
    """Give what stands in fences and in backticks."""
    for fence in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from fence.splitlines()
    yield from re.findall(
        r"(?<!`)`([^`\n]+)`(?!`)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    )


# ---------------------------------------------------------------- the protocol
def test_every_reason_to_refuse_is_explained() -> None:
    table = PROTOCOL.split("| reason |")[1].split("\n\n")[0]
    explained = {
        word
        for row in table.splitlines()[2:]
        for word in re.findall(r"`([a-z0-9]+)`", row.split("|")[1])
    }
    assert explained == {reason.value for reason in Reason}


def test_the_examples_of_the_protocol_are_taken_as_they_are_written() -> None:
    """Each JSON example, and each payload of the shell and Python examples, goes to the decoder."""
    reader = Reader("dien-bien", read_site("dien-bien").areas)
    now = instant("2025-11-22T07:10:00+07:00")
    taken = 0
    for leaf, payload in examples():
        topic = f"ioc/dien-bien/muong-ang/trial-{leaf}-01/{leaf}"
        heard = reader.read([Message(topic, payload.encode(), now)])
        assert not heard.refusals, (leaf, payload, heard.refusals)
        taken += 1
    assert taken >= 5


def examples() -> Iterator[tuple[str, str]]:
    for text in re.findall(r"^```json\n(.*?)^```", PROTOCOL, re.MULTILINE | re.DOTALL):
        payload = json.loads(text)
        if isinstance(payload, dict):
            yield "about", text
        else:
            yield ("records" if "state" in payload[0] else "data"), text
    for leaf, text in re.findall(r"-t \$T/(\w+) -m '(.+?)'", PROTOCOL, re.DOTALL):
        yield leaf, text


# ---------------------------------------------------------------- decisions
def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    listed = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    for path in DECISIONS:
        assert f"[{path.name[:4]}]({path.name})" in listed
        assert path.read_text(encoding="utf-8").startswith(f"# {path.name[:4]} ")


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_what_for_what_it_is_and_is_not_and_what_it_costs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for part in ("**Objective.**", "**It is", "**It is not**", "**Why", "**Given up.**"):
        assert part in text, part
    assert len(text.splitlines()) <= 70, "one page"


def test_a_decision_that_is_referred_to_exists() -> None:
    numbers = {path.name[:4] for path in DECISIONS}
    for name, text in texts().items():
        for number in re.findall(r"decisions/(\d{4})", text):
            assert number in numbers, f"{name} refers to decision {number}"


# ---------------------------------------------------------------- pages
@pytest.mark.parametrize("page", pages())
def test_links_lead_somewhere(page: str) -> None:
    text = texts()[page]
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http:", "https:")):
            continue
        file, _, anchor = target.partition("#")
        path = (ROOT / page).parent / file if file else ROOT / page
        assert path.exists(), f"{page}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}, f"{page}: {target}"


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_page_is_found_from_the_front_page() -> None:
    seen: set[Path] = set()
    todo = [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                todo.append((page.parent / target).resolve())
    missing = {ROOT / name for name in pages() if name.startswith("docs/")} - seen
    assert not missing


@pytest.mark.parametrize("page", ["README.md", "docs/tour.md", "CONTRIBUTING.md"])
def test_files_and_folders_named_in_a_page_exist(page: str) -> None:
    for span in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", texts()[page]):
        if re.fullmatch(r"\.?[a-z_]+(?:/[\w.*<>-]+)+/?|[\w-]+\.(?:py|md|toml|yml)", span):
            pattern = re.sub(r"<[^>]+>", "*", span).rstrip("/")
            built = pattern.startswith(
                (".venv", ".uv", "ioc/_wall", "docker/secrets/", "demo-data")
            )
            assert built or list(ROOT.glob(pattern)), f"{page}: {span}"


def test_the_changelog_is_one_that_is_kept() -> None:
    text = texts()["CHANGELOG.md"]
    version = tomllib.loads(texts()["pyproject.toml"])["project"]["version"]
    assert "## [Unreleased]" in text
    assert f"[{version}]" in text or version == "0.1.0"
    kinds = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


# ---------------------------------------------------------------- nothing of one machine
def test_no_file_names_a_registry_or_a_place_on_somebodys_machine() -> None:
    found = [
        f"{name}: {hit}"
        for name, text in texts().items()
        for hit in [*(host for host in HOSTS if host in text), *PATHS.findall(text)]
    ]
    assert not found


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "locks").glob("*.txt")))
def test_a_lock_pins_everything_by_hash_and_names_no_address(name: str) -> None:
    text = (ROOT / "locks" / name).read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    for entry in entries:
        first, *hashes = (line.strip(" \\") for line in entry.splitlines())
        assert re.match(r"[a-z0-9.-]+==[^\s;]+( ; .+)?$", first), first
        assert hashes, f"{first} has no hash"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes), first


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads(texts()["pyproject.toml"])
    groups = project["dependency-groups"]
    wanted = {
        "runtime": project["project"]["dependencies"],
        "test": project["project"]["dependencies"] + groups["test"] + groups["lint"],
        "tools": groups["tools"],
        "build": [*project["build-system"]["requires"], *groups["node"]],
        "node": groups["node"],
    }
    for name, requirements in wanted.items():
        text = (ROOT / "locks" / f"{name}.txt").read_text(encoding="utf-8")
        pinned = set(re.findall(r"^([a-z0-9.-]+)==", text, re.MULTILINE))
        asked = {
            re.sub(r"[._]", "-", re.split(r"[^\w.-]", requirement)[0]).lower()
            for requirement in requirements
        }
        assert asked <= pinned, f"run: make lock ({name}: {sorted(asked - pinned)})"


def test_what_runs_is_what_is_tested() -> None:
    def pins(name: str) -> set[str]:
        text = (ROOT / "locks" / f"{name}.txt").read_text(encoding="utf-8")
        return set(re.findall(r"^\S+==[^\s\\]+(?: ; [^\\]+)?", text, re.MULTILINE))

    assert pins("runtime") <= pins("test")
