"""A demo as its user has it: started by its command, found through demo.json, ended by Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import httpx2
import psutil

ROOT: Final = Path(__file__).parents[2]
SITE: Final = "dien-bien"
AREA: Final = "muong-ang"
API: Final = "/api/v1"
WITHIN_S: Final = 90.0
"""A guard, no promise: what is not there by then never comes."""

Answer = TypeVar("Answer")


def until(asked: Callable[[], Answer | Literal[False] | None], what: str) -> Answer:
    """Ask until the answer is true, and give it."""
    end = time.monotonic() + WITHIN_S
    while True:
        if answer := asked():
            return answer
        assert time.monotonic() < end, f"not within {WITHIN_S:g} s: {what}"
        time.sleep(0.05)


def environment() -> dict[str, str]:
    """Give what our programs are started with: nothing of a centre that may be set up here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IOC_")}
    return {**kept, "PYTHONPATH": str(ROOT)}


def ioc(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run a verb to its end."""
    return subprocess.run(
        [sys.executable, "-m", "ioc", *arguments],
        input=said,
        capture_output=True,
        text=True,
        env=environment(),
        cwd=ROOT,
        timeout=WITHIN_S,
        check=False,
    )


@dataclass
class Demo:
    """`ioc demo` on one data folder, started any number of times."""

    data: Path
    options: tuple[str, ...]
    popen: subprocess.Popen[bytes] | None = None
    family: list[psutil.Process] = field(default_factory=list)

    def start(self) -> None:
        """Start it and wait for its word that the wall shows live data."""
        said = self.data.with_suffix(".said")
        with said.open("wb") as out:
            self.popen = subprocess.Popen(
                [
                    *(sys.executable, "-m", "ioc", "demo", "--port", "0", "--mqtt-port", "0"),
                    *("--data", str(self.data), *self.options),
                ],
                stdout=out,
                stderr=subprocess.STDOUT,
                env=environment(),
                cwd=ROOT,
            )

        def is_ready() -> bool:
            told = said.read_text(encoding="utf-8", errors="replace")
            assert self.popen is not None
            assert self.popen.poll() is None, f"it ended with {self.popen.returncode}:\n{told}"
            return f"\nready {self.url}\n" in told if self.has_description() else False

        until(is_ready, "ready")

    def interrupt(self) -> int:
        """Press Ctrl-C, wait for the end and give its status."""
        assert self.popen is not None
        supervisor = psutil.Process(self.popen.pid)
        self.family = [supervisor, *supervisor.children(recursive=True)]
        self.popen.send_signal(signal.SIGINT)
        return self.popen.wait(WITHIN_S)

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        if self.popen is not None and self.popen.poll() is None:
            self.interrupt()

    def left(self) -> list[str]:
        """Give the command lines of living processes that were, or look like, part of it."""
        found = {process.pid: process for process in self.family if process.is_running()}
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                at = Path(process.cwd())
                if str(self.data) in " ".join(process.cmdline()) or at.is_relative_to(self.data):
                    found[process.pid] = process
        lines = []
        for pid, process in found.items():
            with suppress(psutil.Error):
                if process.status() != psutil.STATUS_ZOMBIE:
                    lines.append(f"{pid} {' '.join(process.cmdline())}")
        return lines

    # -- what demo.json tells ---------------------------------------------------------------

    def has_description(self) -> bool:
        return (self.data / "demo.json").exists()

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.data / "demo.json").read_text(encoding="utf-8"))
        return told

    @property
    def url(self) -> str:
        return str(self.told["url"])

    def pids(self) -> dict[str, int]:
        """Give the process of each part; this demo has one of each."""
        return {
            name: pid[0] if isinstance(pid, list) else pid
            for name, pid in self.told["processes"].items()
        }

    # -- REST -------------------------------------------------------------------------------

    def visitor(self, role: str = "display") -> "Visitor":
        """Give somebody who asks by REST: the display by its token, people by their password."""
        if role == "display":
            return Visitor(self.url, self.told["display_token"])
        return Visitor.log_in(self.url, role, self.told["users"][role])


class Visitor:
    """Somebody logged in, asking by REST; a server that is away counts as not answering yet."""

    def __init__(self, url: str, token: str) -> None:
        self.token = token
        self._client = httpx2.Client(
            base_url=url,
            headers={"authorization": f"Bearer {token}"},
            timeout=20.0,
            trust_env=False,
        )

    @classmethod
    def log_in(cls, url: str, username: str, password: str) -> "Visitor":
        answer = httpx2.post(
            f"{url}{API}/session",
            json={"username": username, "password": password},
            timeout=20.0,
            trust_env=False,
        )
        assert answer.status_code == 200, answer.text
        return cls(url, answer.json()["token"])

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, path: str, **params: Any) -> httpx2.Response:
        return self._client.get(f"{API}{path}", params=params)

    def get(self, path: str, **params: Any) -> Any:
        answer = self.ask(path, **params)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def all(self, path: str, **params: Any) -> list[Any]:
        """Give a list's items, every page of it."""
        items: list[Any] = []
        page = self.get(path, limit=10_000, **params)
        while True:
            items += page["items"]
            if page["next"] is None:
                return items
            page = self.get(path, limit=10_000, cursor=page["next"], **params)

    def post(self, path: str, **body: Any) -> httpx2.Response:
        return self._client.post(f"{API}{path}", json=body)

    # -- asked until it is so ---------------------------------------------------------------

    def sees(self, path: str, **params: Any) -> Any:
        """Give what stands there, or None while nothing does or nobody answers."""
        try:
            answer = self.ask(path, **params)
        except httpx2.TransportError:
            return None
        return answer.json() if answer.status_code == 200 else None

    def thing(self, thing: str) -> dict[str, Any]:
        found = until(lambda: self.sees(f"/things/{thing}"), f"thing {thing}")
        assert isinstance(found, dict)
        return found

    def alerts_of(self, things: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """Give every alert there ever was of these things, by thing."""
        found: dict[str, list[dict[str, Any]]] = {thing: [] for thing in things}
        for alert in self.all("/alerts"):
            if alert["thing"] in found:
                found[alert["thing"]].append(alert)
        return found

    def alert_of(self, thing: str, rule: str) -> dict[str, Any]:
        """Wait for the one alert of a rule about a thing."""

        def asked() -> list[dict[str, Any]]:
            return [one for one in self.alerts_of([thing])[thing] if one["rule"] == rule]

        (alert,) = until(asked, f"{rule} of {thing}")
        return alert

    def observed(self, thing: str, datastream: str) -> list[list[Any]]:
        """Give all that is kept of a datastream, oldest first: nothing of one not heard of yet."""
        path = f"/things/{thing}/datastreams/{datastream}/observations"
        if self.ask(path, limit=1).status_code == 404:
            return []
        return self.all(path, **{"from": "2000-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"})
