"""A small province of its own: one or two things of each kind, and the plugins as they ship."""

import secrets
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pytest

from ioc.core.words import Text
from ioc.embedded.broker import USERS, Broker
from ioc.embedded.children import running
from ioc.embedded.folder import free_port
from ioc.sites import read_site
from ioc.verbs.sim import verdicts_on
from simulators.registry import discover
from simulators.world import World
from tests.simulators.ear import Ear

AREAS = (
    ("province", (103.05, 21.41)),
    ("dien-bien-phu", (103.045, 21.4062)),
    ("muong-ang", (103.2541, 21.518)),
    ("muong-nhe", (102.4509, 22.2335)),
    ("tuan-giao", (103.396, 21.6702)),
)

Settings = dict[str, float | str | bool]
THINGS: tuple[tuple[str, str, str, tuple[float, float], dict[str, float], Settings], ...] = (
    ("rain-muong-ang-01", "rain-gauge", "muong-ang", (103.22, 21.52), {}, {}),
    ("rain-tuan-giao-01", "rain-gauge", "tuan-giao", (103.42, 21.595), {}, {}),
    ("river-nam-ang-01", "river-gauge", "muong-ang", (103.23, 21.515), {"alarm-1": 3.0}, {}),
    ("river-ba-lat-01", "tidal-gauge", "muong-ang", (103.24, 21.5), {"alarm-1": 2.2}, {}),
    ("reservoir-01", "reservoir", "muong-ang", (103.24, 21.51), {}, {}),
    ("weather-tuan-giao-01", "weather-station", "tuan-giao", (103.43, 21.63), {}, {}),
    ("air-dien-bien-phu-01", "air-station", "dien-bien-phu", (103.02, 21.38), {}, {"traffic": 0.9}),
    ("traffic-him-lam-01", "traffic-counter", "dien-bien-phu", (103.04, 21.4), {}, {}),
    ("dc-dien-bien-phu-01", "data-centre-room", "province", (103.02, 21.39), {}, {}),
    ("bus-lgsp-01", "integration-bus", "province", (103.05, 21.4), {}, {"role": "lgsp"}),
    ("service-portal-01", "service", "province", (103.05, 21.41), {}, {"role": "portal"}),
    ("onestop-province-01", "one-stop-shop", "province", (103.02, 21.39), {}, {"share": 0.6}),
    ("onestop-muong-ang-01", "one-stop-shop", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("docs-so-y-te-01", "document-exchange", "province", (103.07, 21.43), {}, {"share": 1.0}),
    ("video-muong-nhe-01", "video-endpoint", "muong-nhe", (102.46, 22.2), {}, {}),
    ("telecom-ang-to-01", "telecom-station", "muong-ang", (103.28, 21.55), {}, {}),
    ("agency-network-01", "agency-network", "dien-bien-phu", (103.04, 21.4), {}, {}),
    ("camera-counter-01", "camera-counter", "dien-bien-phu", (103.04, 21.4), {}, {}),
    ("e-learning-01", "e-learning", "dien-bien-phu", (103.04, 21.4), {}, {}),
    ("epidemic-01", "epidemic", "dien-bien-phu", (103.04, 21.4), {}, {}),
    ("fire-hotspots-01", "fire-hotspots", "muong-nhe", (102.45, 22.23), {}, {}),
    ("forest-change-01", "forest-change", "tuan-giao", (103.4, 21.66), {}, {}),
    ("forest-patrol-01", "forest-patrol", "tuan-giao", (103.4, 21.66), {}, {}),
    ("forest-station-01", "forest-station", "tuan-giao", (103.4, 21.66), {}, {}),
    ("heritage-site-01", "heritage-site", "dien-bien-phu", (103.04, 21.4), {}, {}),
    ("hospital-01", "hospital", "dien-bien-phu", (103.04, 21.4), {}, {}),
    ("laboratory-01", "laboratory", "dien-bien-phu", (103.04, 21.4), {}, {}),
    (
        "museum-collection-dien-bien-phu-01",
        "museum-collection",
        "dien-bien-phu",
        (103.04, 21.4),
        {},
        {},
    ),
    ("network-link-01", "network-link", "dien-bien-phu", (103.04, 21.4), {}, {}),
    ("power-feeder-01", "power-feeder", "muong-ang", (103.25, 21.52), {}, {}),
    ("road-link-01", "road-link", "muong-ang", (103.23, 21.53), {}, {}),
    ("school-cluster-01", "school-cluster", "dien-bien-phu", (103.04, 21.4), {}, {}),
    (
        "telecom-coverage-dien-bien-phu-01",
        "telecom-coverage",
        "dien-bien-phu",
        (103.04, 21.4),
        {},
        {},
    ),
    (
        "telecom-operator-dien-bien-phu-01",
        "telecom-operator",
        "dien-bien-phu",
        (103.04, 21.4),
        {},
        {},
    ),
    ("telehealth-01", "telehealth", "dien-bien-phu", (103.04, 21.4), {}, {}),
    (
        "tourism-booking-dien-bien-phu-01",
        "tourism-booking",
        "dien-bien-phu",
        (103.04, 21.4),
        {},
        {},
    ),
    ("vaccination-01", "vaccination", "dien-bien-phu", (103.04, 21.4), {}, {}),
    ("water-station-01", "water-station", "dien-bien-phu", (103.04, 21.4), {}, {}),
    (
        "procedure-catalogue-01",
        "procedure-catalogue",
        "muong-ang",
        (103.25, 21.52),
        {},
        {"share": 0.4},
    ),
    ("service-requests-01", "service-requests", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("call-line-01", "call-line", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("postal-service-01", "postal-service", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("kiosk-01", "kiosk", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("survey-01", "survey", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("web-portal-01", "web-portal", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("complaints-desk-01", "complaints-desk", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("investment-desk-01", "investment-desk", "muong-ang", (103.25, 21.52), {}, {"share": 2.0}),
    ("certificate-store-01", "certificate-store", "muong-ang", (103.25, 21.52), {}, {"share": 2.0}),
    ("official-mail-01", "official-mail", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("e-office-01", "e-office", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("task-tracker-01", "task-tracker", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("report-desk-01", "report-desk", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("video-sessions-01", "video-sessions", "muong-ang", (103.25, 21.52), {}, {"share": 4.0}),
    ("council-session-01", "council-session", "muong-ang", (103.25, 21.52), {}, {"share": 4.0}),
    ("database-sync-01", "database-sync", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("it-assets-01", "it-assets", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("security-centre-01", "security-centre", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("training-01", "training", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("programme-01", "programme", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("economy-01", "economy", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("e-commerce-01", "e-commerce", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
    ("social-listening-01", "social-listening", "muong-ang", (103.25, 21.52), {}, {"share": 0.4}),
)


@dataclass(frozen=True)
class PlacedArea:
    id: str
    location: tuple[float, float]
    parent: str | None = None
    population: int | None = None


@dataclass(frozen=True)
class PlacedThing:
    id: str
    kind: str
    area: str
    location: tuple[float, float]
    limits: dict[str, float] = field(default_factory=dict)
    settings: Settings = field(default_factory=dict)
    via: str | None = None

    @property
    def name(self) -> Text:
        return Text(f"Trạm {self.id}", f"Station {self.id}")


@dataclass(frozen=True)
class SmallSite:
    id: str
    seed: int = 1954
    areas: tuple[PlacedArea, ...] = tuple(PlacedArea(*area) for area in AREAS)
    things: tuple[PlacedThing, ...] = tuple(
        PlacedThing(name, kind, area, where, limits, settings)
        for name, kind, area, where, limits, settings in THINGS
    )


@pytest.fixture
def site(request):
    """A site whose id is its test's own: the broker is shared."""
    return SmallSite(request.node.name.lower().replace("_", "-").split("[")[0][-60:])


@pytest.fixture(scope="session")
def plugins():
    return discover()


@pytest.fixture(scope="session")
def shipped():
    """The province that ships, read once: nothing changes it."""
    return read_site("dien-bien")


@pytest.fixture(scope="session")
def judged(shipped):
    """What judges the simulator of a name or a file, as `ioc sim check` does."""

    def judge(name, plugins=Path()):
        (verdict,) = verdicts_on(name, plugins, shipped)
        return verdict

    return judge


@pytest.fixture(scope="session")
def world():
    return World(1954, SmallSite("world").areas, site="dien-bien")


@pytest.fixture(scope="session")
def other_world():
    return World(1955, SmallSite("world").areas, site="dien-bien")


@pytest.fixture(scope="session")
def example():
    """The first thing of each kind."""
    found: dict[str, PlacedThing] = {}
    for thing in SmallSite("example").things:
        found.setdefault(thing.kind, thing)
    return MappingProxyType(found)


class LonelyBroker:
    """A broker of the test's own, to be killed and started again on its port."""

    host = "127.0.0.1"

    def __init__(self, folder):
        self.passwords = {user: secrets.token_urlsafe() for user in USERS}
        self.port = free_port(self.host)
        self._folder = folder
        self._server = Broker(folder / "broker", self.port, self.passwords)
        self._running = ExitStack()

    @property
    def url(self):
        return f"mqtt://simulate:{self.passwords['simulate']}@{self.host}:{self.port}"

    def start(self):
        child = self._server.child()
        self._running.enter_context(running(child, self._folder / "broker.log"))

    def stop(self):
        self._running.close()


@pytest.fixture
def lonely_broker(tmp_path):
    broker = LonelyBroker(tmp_path)
    yield broker
    broker.stop()


@pytest.fixture
def ear(broker, site):
    heard = Ear(broker, site.id)
    yield heard
    heard.close()
