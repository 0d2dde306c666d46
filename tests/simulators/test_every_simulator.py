"""One contract for every simulator, theirs too: what its author may rely on and must keep."""

import importlib
import inspect
import pkgutil
from itertools import pairwise

import numpy as np
import pytest

import simulators.plugins
from ioc.core.wire import Message, Reader
from ioc.sites import read_site
from simulators.noise import DAY, Noise
from simulators.records import illegal, told_steps
from simulators.registry import Days, discover, on_step, simulators_of
from simulators.world import World
from tests.simulators.conftest import SmallSite

KINDS = sorted(discover())
SITE = SmallSite("every")
DAY_OF_TEST = 20_773
"""Monday 16 November 2026, UTC."""

PROMISED = {
    "rain-gauge": {"rainfall": ("mm/h", 600), "battery": ("V", 600)},
    "river-gauge": {"level": ("m", 600), "flow": ("m3/s", 600)},
    "tidal-gauge": {"level": ("m", 600)},
    "reservoir": {
        "level": ("m", 3600),
        "live-storage": ("%", 3600),
        "inflow": ("m3/s", 3600),
        "outflow": ("m3/s", 3600),
    },
    "weather-station": {
        "temperature": ("Cel", 600),
        "humidity": ("%RH", 600),
        "wind-speed": ("m/s", 600),
        "pressure": ("hPa", 600),
    },
    "air-station": {
        "pm25": ("ug/m3", 300),
        "pm10": ("ug/m3", 300),
        "o3": ("ug/m3", 300),
        "no2": ("ug/m3", 300),
        "aqi": ("", 3600),
    },
    "traffic-counter": {"flow": ("veh/h", 300), "speed": ("km/h", 300), "occupancy": ("%", 300)},
    "data-centre-room": {
        "temperature": ("Cel", 30),
        "humidity": ("%RH", 30),
        "load": ("kW", 30),
        "ups-charge": ("%", 30),
        "storage": ("%", 30),
    },
    "integration-bus": {
        "transactions": ("1/min", 30),
        "latency": ("ms", 30),
        "errors": ("%", 30),
        "status": ("", 30),
    },
    "service": {"status": ("", 30), "latency": ("ms", 30), "requests": ("1/min", 30)},
    "one-stop-shop": {
        **dict.fromkeys(
            ("received", "finished", "on-time", "online", "waiting", "overdue"), ("1", 900)
        ),
        **dict.fromkeys(
            (
                *("processing", "in-time", "due-soon", "filed", "refused", "supplements", "early"),
                *("postal", "full-online-eligible", "full-online", "with-fee", "paid-online"),
                *("results-electronic", "digitised", "reused", "storage-synced"),
                *("citizen-linked", "synced", "rated", "satisfied"),
            ),
            ("1", 3600),
        ),
        "lead-time": ("d", 3600),
        "trips-saved": ("km", 3600),
    },
    "document-exchange": {
        "outgoing": ("1", 900),
        "signed": ("1", 900),
        "incoming": ("1", 900),
        "delivery-time": ("min", 900),
    },
    "video-endpoint": {"status": ("", 300), "loss": ("%", 300), "jitter": ("ms", 300)},
    "telecom-station": {"status": ("", 300), "load": ("%", 300)},
    "agency-network": {
        "sites": ("1", 300),
        "lan-up": ("1", 300),
        "internet-up": ("1", 300),
        "online": ("%", 300),
    },
    "camera-counter": {
        "vehicles": ("1", 300),
        "violations": ("1", 300),
        "people": ("1", 300),
        "status": ("", 300),
    },
    "e-learning": {"learners": ("1", 300), "errors": ("%", 300), "latency": ("ms", 300)},
    "epidemic": {"new-cases": ("1", 3600), "growth": ("", 3600), "in-hospital": ("1", 3600)},
    "fire-hotspots": {
        "hotspots": ("1", 3600),
        "clusters": ("1", 3600),
        "in-forest": ("1", 3600),
        "unverified": ("min", 600),
    },
    "forest-change": {
        "lost-area": ("har", 3600),
        "open-cases": ("1", 3600),
        "reports": ("1", 3600),
    },
    "forest-patrol": {
        "battery": ("%", 600),
        "position-age": ("min", 600),
        "distance": ("km", 600),
        "status": ("", 600),
    },
    "forest-station": {
        "temperature-13h": ("Cel", 3600),
        "deficit-13h": ("hPa", 3600),
        "rainfall-24h": ("mm", 3600),
        "p-index": ("", 3600),
    },
    "heritage-site": {"visitors": ("1", 900), "entries": ("1", 900), "tours-3d": ("1", 900)},
    "hospital": {
        "visits": ("1", 900),
        "beds": ("1", 900),
        "beds-used": ("1", 900),
        "occupancy": ("%", 900),
        "claims-waiting": ("1", 900),
    },
    "laboratory": {"tests": ("1", 900), "turnaround": ("min", 900)},
    "museum-collection": {"digitised": ("%", 3600), "scanned-today": ("1", 3600)},
    "network-link": {
        "status": ("", 300),
        "loss": ("%", 300),
        "flaps": ("1", 300),
        "connected": ("%", 300),
    },
    "power-feeder": {"status": ("", 300), "load": ("MW", 300), "homes-dark": ("1", 300)},
    "road-link": {"status": ("", 300), "travel-time": ("min", 300)},
    "school-cluster": {
        "schools": ("1", 900),
        "schools-reporting": ("1", 900),
        "attendance": ("%", 900),
    },
    "telecom-coverage": {
        "villages-2g": ("%", 600),
        "villages-4g": ("%", 600),
        "villages-broadband": ("%", 600),
        "centres-broadband": ("%", 600),
        "villages-cut-off": ("1", 600),
    },
    "telecom-operator": {
        "stations": ("1", 600),
        "stations-up": ("1", 600),
        "stations-4g-up": ("1", 600),
        "stations-5g-up": ("1", 600),
    },
    "telehealth": {"status": ("", 900), "sessions": ("1", 900)},
    "tourism-booking": {"occupancy": ("%", 900), "bookings": ("1", 900), "visitors": ("1", 900)},
    "vaccination": {
        "doses-given": ("1", 900),
        "doses-entered": ("1", 900),
        "doses-missing": ("1", 900),
    },
    "water-station": {
        "ph": ("", 900),
        "oxygen": ("mg/L", 900),
        "turbidity": ("NTU", 900),
        "temperature": ("Cel", 900),
    },
    "procedure-catalogue": {
        **dict.fromkeys(
            (
                "procedures",
                "level-3",
                "level-4",
                "eligible-procedures",
                "eligible-at-level-4",
                "integrated",
                "simplified",
                "without-dossiers",
                "published",
                "published-on-time",
                "updated",
                "updated-on-time",
                "content-full",
                "procedures-with-fee",
                "procedures-payable",
                "procedures-paid",
                "citizen-data-procedures",
                "certified-copies",
                "certified-copies-electronic",
            ),
            ("1", 3600),
        )
    },
    "service-requests": {
        **dict.fromkeys(
            (
                "petitions-received",
                "petitions-open",
                "petitions-overdue",
            ),
            ("1", 900),
        ),
        **dict.fromkeys(
            (
                "petitions",
                "petitions-on-time",
                "petitions-content",
                "petitions-procedure",
                "petitions-staff",
            ),
            ("1", 3600),
        ),
    },
    "call-line": {
        **dict.fromkeys(
            (
                "calls-1022",
                "calls-113",
                "calls-114",
                "calls-115",
                "calls-open",
                "calls-abandoned",
            ),
            ("1", 900),
        ),
        **dict.fromkeys(("answer-time",), ("s", 900)),
        **dict.fromkeys(("arrival-time",), ("min", 900)),
    },
    "postal-service": {
        **dict.fromkeys(
            (
                "parcels",
                "parcels-late",
            ),
            ("1", 3600),
        ),
        **dict.fromkeys(("delivery-hours",), ("h", 3600)),
    },
    "kiosk": {
        **dict.fromkeys(("lookups",), ("1", 3600)),
        **dict.fromkeys(("kiosk-status",), ("", 3600)),
    },
    "survey": {
        "content-rate": ("%", 3600),
        **dict.fromkeys(("answers", "answers-content"), ("1", 3600)),
    },
    "web-portal": {
        **dict.fromkeys(
            (
                "visits",
                "searches",
            ),
            ("1", 3600),
        ),
        **dict.fromkeys(("page-integrity",), ("", 3600)),
    },
    "complaints-desk": {
        **dict.fromkeys(
            (
                "complaints-received",
                "complaints-answered",
                "complaints-open",
                "complaints-overdue",
                "citizens-received",
            ),
            ("1", 3600),
        )
    },
    "investment-desk": {
        **dict.fromkeys(
            (
                "investments-received",
                "investments-licensed",
                "investments-open",
            ),
            ("1", 3600),
        ),
        **dict.fromkeys(("investment-days",), ("d", 3600)),
        **dict.fromkeys(("investment-days-saved",), ("%", 3600)),
    },
    "certificate-store": {
        **dict.fromkeys(
            (
                "certificates",
                "expiring-60",
                "expiring-30",
                "expiring-7",
            ),
            ("1", 3600),
        ),
        **dict.fromkeys(("days-left",), ("d", 3600)),
        **dict.fromkeys(("agencies-covered",), ("%", 3600)),
    },
    "official-mail": {
        **dict.fromkeys(
            (
                "mailboxes",
                "messages",
            ),
            ("1", 3600),
        ),
        **dict.fromkeys(
            (
                "mailboxes-active",
                "officials-with-mail",
            ),
            ("%", 3600),
        ),
    },
    "e-office": {
        **dict.fromkeys(
            (
                "agencies",
                "agencies-active",
                "office-accounts",
            ),
            ("1", 3600),
        ),
        **dict.fromkeys(
            (
                "office-coverage",
                "paper-share",
            ),
            ("%", 3600),
        ),
    },
    "task-tracker": {
        **dict.fromkeys(
            (
                "tasks-assigned",
                "tasks-done",
                "tasks-on-time",
                "tasks-open",
                "tasks-overdue",
                "tasks-due-soon",
            ),
            ("1", 3600),
        )
    },
    "report-desk": {
        **dict.fromkeys(
            (
                "reports-due",
                "reports-submitted",
                "reports-on-time",
                "reports-missing",
            ),
            ("1", 3600),
        )
    },
    "video-sessions": {
        **dict.fromkeys(
            (
                "sessions",
                "sessions-running",
                "endpoints-joined",
            ),
            ("1", 3600),
        ),
        **dict.fromkeys(("travel-saved",), ("km", 3600)),
        **dict.fromkeys(("endpoints-ready",), ("%", 3600)),
    },
    "council-session": {
        **dict.fromkeys(("session-documents",), ("1", 3600)),
        **dict.fromkeys(
            (
                "attendance",
                "paperless-share",
            ),
            ("%", 3600),
        ),
    },
    "database-sync": {
        **dict.fromkeys(
            (
                "records-synced",
                "sync-conflicts",
            ),
            ("1", 3600),
        ),
        **dict.fromkeys(("sync-lag",), ("h", 3600)),
    },
    "it-assets": {
        **dict.fromkeys(("computers",), ("1", 3600)),
        **dict.fromkeys(
            (
                "computers-district",
                "computers-commune",
                "lan-share",
                "obsolete-share",
            ),
            ("%", 3600),
        ),
    },
    "security-centre": {
        **dict.fromkeys(
            (
                "attacks-blocked",
                "malware",
                "incidents-critical",
            ),
            ("1", 3600),
        ),
        **dict.fromkeys(("machines-covered",), ("%", 3600)),
    },
    "training": {
        **dict.fromkeys(("learners",), ("1", 3600)),
        **dict.fromkeys(
            (
                "pass-rate",
                "officials-trained",
                "it-staff",
            ),
            ("%", 3600),
        ),
    },
    "programme": {
        **dict.fromkeys(
            (
                "milestones-done",
                "milestones-due",
                "budget-spent",
                "plans-issued",
            ),
            ("%", 3600),
        ),
        **dict.fromkeys(("milestones-late",), ("1", 3600)),
    },
    "economy": {
        "new-firms": ("1", 3600),
        "firms-stopped": ("1", 3600),
        "new-capital": ("GVND", 3600),
        "budget-revenue": ("%", 3600),
    },
    "e-commerce": {"orders": ("1", 3600), "sellers": ("1", 3600), "sales": ("MVND", 3600)},
    "social-listening": {
        **dict.fromkeys(
            (
                "mentions",
                "negative",
                "press-articles",
            ),
            ("1", 3600),
        )
    },
}


@pytest.fixture(params=KINDS)
def play(request, plugins, example, world):
    """A simulator, the first thing of its kind, and its values at some times in a world."""
    player = plugins[request.param]

    def values(at, of=world):
        return player.values(np.asarray(at, np.int64), player.subject(of.seed, thing), of)

    thing = example[request.param]
    return player, player.subject(world.seed, thing), values


def times(player, subject, days=2):
    start = DAY_OF_TEST * DAY
    return player.due(subject, player.periods[0], start - 1, start + days * DAY - 1)


def same(one, other):
    return all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


def test_the_kinds_observe_exactly_what_is_agreed(plugins):
    found = {
        kind: {stream.name: (stream.unit, stream.period) for stream in player.streams}
        for kind, player in plugins.items()
    }
    assert found == PROMISED


def test_each_plugin_module_declares_simulators_and_each_explains_itself(plugins):
    for module in pkgutil.iter_modules(simulators.plugins.__path__):
        assert simulators_of(importlib.import_module(f"simulators.plugins.{module.name}"))
    assert all(len(player.explains) > 20 for player in plugins.values())


def test_the_same_seed_repeats_and_another_differs(play, other_world):
    player, subject, values = play
    at = times(player, subject)
    assert same(values(at), values(at))
    other = values(at, other_world)
    assert not same(values(at), other)


def test_live_says_what_the_back_fill_said(play):
    player, subject, values = play
    at = times(player, subject)
    whole = values(at)
    for index in [0, 1, len(at) // 3, len(at) // 2, len(at) - 2, len(at) - 1]:
        alone = values(at[index : index + 1])
        assert same({name: whole[name][index : index + 1] for name in whole}, alone)


def test_order_does_not_matter(play):
    player, subject, values = play
    at = times(player, subject)
    shuffled = np.argsort(Noise(7, player.kind).normal(at, "shuffle", player.periods[0]))
    whole = values(at)
    mixed = values(at[shuffled])
    assert same({name: whole[name][shuffled] for name in whole}, mixed)


def test_two_halves_are_the_whole(play):
    player, subject, values = play
    at = times(player, subject)
    whole, cut = values(at), len(at) // 2 + 7
    halves = [values(at[:cut]), values(at[cut:])]
    joined = {name: np.concatenate([half[name] for half in halves]) for name in whole}
    assert same(whole, joined)


def test_values_stay_in_range_and_on_resolution_and_none_is_left_out(play):
    player, subject, values = play
    at = times(player, subject, days=7)
    found = values(at)
    assert set(found) == {stream.name for stream in player.streams}
    for stream in player.streams:
        told = found[stream.name]
        assert len(told) == len(at)
        there = told[~np.isnan(told)]
        assert len(there) > 0.8 * len(at), stream.name
        if stream.levels:
            assert set(there) <= set(range(len(stream.levels)))
        else:
            assert stream.span is not None
            assert stream.resolution is not None
            assert there.min() >= stream.span[0]
            assert there.max() <= stream.span[1]
            assert np.array_equal(there, on_step(there, stream.resolution))


def test_neighbours_do_not_disturb(plugins, world, example):
    alone, crowd = Days(world, plugins, 1), Days(world, plugins, len(example))
    for thing in example.values():
        crowd.add(thing)
    first, last = DAY_OF_TEST * DAY, DAY_OF_TEST * DAY + 3 * DAY
    for thing in reversed(list(example.values())):
        alone.add(thing)
        for one, other in zip(
            alone.between(thing.id, first, last), crowd.between(thing.id, first, last), strict=True
        ):
            assert one[0] == other[0]
            assert np.array_equal(one[1], other[1])
            assert np.array_equal(one[2], other[2])


def test_sharding_and_slicing_change_nothing(plugins, world, example):
    days, more = Days(world, plugins, 3), Days(world, plugins, 3)
    thing = example["one-stop-shop"]
    days.add(thing)
    more.add(thing)
    first, last = DAY_OF_TEST * DAY + 1_234, (DAY_OF_TEST + 2) * DAY + 777
    whole = joined(days.between(thing.id, first, last))
    cuts = [first, first + 1, first + 40_000, first + 40_900, last - 5, last]
    parts = [joined(more.between(thing.id, *cut)) for cut in pairwise(cuts)]
    for name in whole:
        assert whole[name] == [pair for part in parts for pair in part.get(name, [])]


def test_days_observed_by_the_week_are_those_observed_one_by_one(plugins, world, example):
    weekly, daily = Days(world, plugins, 3), Days(world, plugins, 3)
    first, last = DAY_OF_TEST * DAY + 1_234, (DAY_OF_TEST + 9) * DAY + 777
    weekly.foresee(last)
    for thing in example.values():
        weekly.add(thing)
        daily.add(thing)
        assert joined(weekly.between(thing.id, first, last)) == joined(
            daily.between(thing.id, first, last)
        )


@pytest.fixture(params=sorted(kind for kind, one in discover().items() if one.records))
def recording(request, plugins, example):
    """A kind that tells records, with the first thing of it."""
    return plugins[request.param], example[request.param]


def stepped(days, thing, first, last):
    return [
        (told.type, step) for told, steps in days.steps(thing.id, first, last) for step in steps
    ]


def test_records_are_the_same_in_any_slices_alone_and_among_neighbours(
    recording, plugins, world, example
):
    _, thing = recording
    first, last = DAY_OF_TEST * DAY + 1_234, (DAY_OF_TEST + 3) * DAY + 777
    alone = Days(World(world.seed, SITE.areas, climate=world.climate), plugins, 1)
    crowd = Days(World(world.seed, SITE.areas, climate=world.climate), plugins, 9)
    for other in reversed(list(example.values())):
        crowd.add(other)
        crowd.steps(other.id, first - DAY, first)
    alone.add(thing)
    whole = stepped(alone, thing, first, last)
    cuts = [first, first + 1, first + 40_000, first + 90_900, last - 5, last]
    parts = [stepped(crowd, thing, *cut) for cut in reversed(list(pairwise(cuts)))]
    assert whole
    assert sorted(whole, key=repr) == sorted((row for part in parts for row in part), key=repr)


def test_records_go_through_legal_states_and_are_read_by_the_centre(recording, world):
    player, thing = recording
    subject = player.subject(world.seed, thing)
    days = [player.steps(day, subject, world) for day in range(DAY_OF_TEST - 28, DAY_OF_TEST + 1)]
    areas = read_site("dien-bien").areas
    for place, told in enumerate(player.records):
        steps = [step for day in days for step in day[place][1]]
        assert illegal(told.follows, steps) == ""
        packs = [pack for pack, _ in told_steps(told.type, steps)]
        topic = f"ioc/dien-bien/{thing.area}/{thing.id}/records"
        heard = Reader("dien-bien", areas).read([Message(topic, pack, 0) for pack in packs])
        assert not heard.refusals
        assert len(heard.records) == len(steps)


def test_every_record_is_told_once_and_names_nobody(recording, world):
    player, thing = recording
    subject = player.subject(world.seed, thing)
    for day in range(DAY_OF_TEST - 7, DAY_OF_TEST + 1):
        for _, steps in player.steps(day, subject, world):
            assert len({(step.id, step.at, step.state) for step in steps}) == len(steps)
            for step in steps:
                assert not {"name", "phone", "email", "address"} & set(step.data)


def joined(told):
    found: dict[str, list[tuple[int, float]]] = {}
    for stream, at, values in told:
        found.setdefault(stream.name, []).extend(zip(at.tolist(), values.tolist(), strict=True))
    return found


def test_things_do_not_all_speak_at_once(plugins, site):
    player = plugins["rain-gauge"]
    thing = site.things[0]
    phases = {
        player.subject(1954, type(thing)(f"rain-{n}", "rain-gauge", "province", (103, 21))).phase
        for n in range(60)
    }
    assert len(phases) > 50
    assert all(0 <= phase < 600 for phase in phases)


def test_a_plugin_is_short_enough_to_be_read_at_once(plugins):
    for player in plugins.values():
        assert len(inspect.getsource(player.observe).splitlines()) <= 80
