"""What is shipped: one wheel that runs without this checkout, and an sdist that needs no node."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "ioc" / "_wall" / "index.html"

pytestmark = pytest.mark.skipif(
    not BUILT.is_file(), reason="the wall is not built: run `make wall` first"
)


def hatchling(target: str, source: Path, into: Path, path: str) -> Path:
    """Build with the back end itself: no index, no isolation, and only the PATH it is given."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(into)],
        cwd=source,
        env={"PATH": path, "HOME": str(into)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = into.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return made


@pytest.fixture(scope="module")
def no_node(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH on which there is neither node nor npm."""
    folder = tmp_path_factory.mktemp("bin")
    for tool in ("sh", "env", "cat"):
        found = shutil.which(tool)
        assert found is not None
        (folder / tool).symlink_to(found)
    return str(folder)


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hatchling("sdist", ROOT, tmp_path_factory.mktemp("sdist"), os.environ["PATH"])


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory, no_node: str) -> Path:
    """The wheel, made from the sdist as an installer would, on a machine without node."""
    unpacked = tmp_path_factory.mktemp("unpacked")
    subprocess.run(["tar", "-xzf", str(sdist), "-C", str(unpacked)], check=True)
    (source,) = unpacked.iterdir()
    return hatchling("wheel", source, tmp_path_factory.mktemp("wheel"), no_node)


def tracked(*folders: str) -> set[str]:
    """Name the files of the checkout that git keeps or would keep; those on disk without git."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        return {name for name in listed.stdout.splitlines() if (ROOT / name).is_file()}
    return {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not {"node_modules", "__pycache__", "_wall"} & set(path.parts)
    }


def test_one_wheel_holds_the_program_the_simulators_the_sites_the_words_and_the_wall(
    wheel: Path,
) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert tracked("ioc", "simulators") <= names
    wall = {path.relative_to(ROOT).as_posix() for path in BUILT.parent.rglob("*") if path.is_file()}
    assert len(wall) > 2
    assert wall <= names
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {
        "ioc",
        "simulators",
    }


def test_it_names_its_licence_and_its_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (info,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        metadata = archive.read(f"{info}/METADATA").decode()
        assert "License-Expression: Apache-2.0" in metadata
        assert archive.read(f"{info}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
        assert "ioc = ioc.__main__:main" in archive.read(f"{info}/entry_points.txt").decode()


def test_the_sdist_carries_the_built_wall_and_what_it_was_built_from(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"ioc/_wall/index.html", "dashboards/package.json", "hatch_build.py"} <= names
    assert tracked("ioc", "simulators", "dashboards") <= names
    assert not [name for name in names if "node_modules" in name or name.startswith("docker/")]


def test_the_wheel_runs_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    for arguments in (["--help"], ["check", "dien-bien"]):
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(tmp_path), *arguments],
            cwd=tmp_path.parent,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


RUN = """
import pathlib, sys
unpacked = sys.argv.pop(1)
sys.path.insert(0, unpacked)
import ioc.__main__
assert pathlib.Path(ioc.__file__).is_relative_to(unpacked), ioc.__file__
sys.argv[0] = "ioc"
sys.exit(ioc.__main__.main())
"""


def test_a_second_build_of_the_wall_does_nothing(no_node: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "hatch_build.py")],
        env={"PATH": no_node},  # it could not build if it wanted to
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "wall: up to date\n"), done.stderr


def test_a_changed_source_or_word_makes_the_wall_stale_and_says_what_it_takes(
    tmp_path: Path, no_node: str
) -> None:
    for name in tracked("dashboards", "ioc/words") | {"hatch_build.py"}:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(BUILT.parent, tmp_path / "ioc" / "_wall")

    def build() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "hatch_build.py"],
            cwd=tmp_path,
            env={"PATH": no_node},
            capture_output=True,
            text=True,
            check=False,
        )

    assert build().stdout == "wall: up to date\n"
    for name in ("dashboards/index.html", "ioc/words/vi/new.ftl"):
        kept = (tmp_path / name).read_bytes() if (tmp_path / name).exists() else None
        (tmp_path / name).write_bytes((kept or b"") + b"\n")
        done = build()
        assert done.returncode == 1
        assert "node >= 20.19" in done.stderr
        if kept is None:
            (tmp_path / name).unlink()
        else:
            (tmp_path / name).write_bytes(kept)
        assert build().stdout == "wall: up to date\n"
