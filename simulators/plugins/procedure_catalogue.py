"""Catalogue of administrative procedures: levels, eligibility, publication, fees."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_day
from simulators.levels import HOUR, events, office_hour, progress, share, stock
from simulators.noise import Noise, Times, Values, binomial
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

COPIES = 60.0
"""The province's copies certified on a working day (assumed)."""


STREAMS = (
    stream(
        "procedures", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Thủ tục hành chính", en="Procedures",
    ),
    stream(
        "level-3", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Dịch vụ công mức độ 3", en="Services at level 3",
    ),
    stream(
        "level-4", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Dịch vụ công mức độ 4", en="Services at level 4",
    ),
    stream(
        "eligible-procedures", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="TTHC đủ điều kiện mức độ 4", en="Procedures eligible for level 4",
    ),
    stream(
        "eligible-at-level-4", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="TTHC đủ điều kiện đã lên mức độ 4", en="Eligible procedures at level 4",
    ),
    stream(
        "integrated", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Dịch vụ tích hợp Cổng DVCQG", en="Services on the national portal",
    ),
    stream(
        "simplified", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="TTHC đã đơn giản hóa, bãi bỏ trong năm",
        en="Procedures simplified or abolished, of the year",
    ),
    stream(
        "without-dossiers", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="TTHC không phát sinh hồ sơ", en="Procedures without dossiers",
    ),
    stream(
        "published", "1", every=HOUR, between=(0, 500), resolution=1,
        vi="Quyết định công bố TTHC đến hạn", en="Decisions due for publication",
    ),
    stream(
        "published-on-time", "1", every=HOUR, between=(0, 500), resolution=1,
        vi="Quyết định công bố TTHC đúng hạn", en="Decisions published in time",
    ),
    stream(
        "updated", "1", every=HOUR, between=(0, 500), resolution=1,
        vi="TTHC phải cập nhật, công khai", en="Procedures due for update",
    ),
    stream(
        "updated-on-time", "1", every=HOUR, between=(0, 500), resolution=1,
        vi="TTHC cập nhật, công khai đúng hạn", en="Procedures updated in time",
    ),
    stream(
        "content-full", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="TTHC công khai đủ nội dung", en="Procedures shown in full",
    ),
    stream(
        "procedures-with-fee", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="TTHC có nghĩa vụ tài chính", en="Procedures with a fee",
    ),
    stream(
        "procedures-payable", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="TTHC cho thanh toán trực tuyến", en="Procedures payable online",
    ),
    stream(
        "procedures-paid", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="TTHC phát sinh thanh toán", en="Procedures with paid dossiers",
    ),
    stream(
        "citizen-data-procedures", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="TTHC kết nối dữ liệu dân cư", en="Procedures linked to citizen data",
    ),
    stream(
        "certified-copies", "1", every=HOUR, between=(0, 2000), resolution=1,
        vi="Hồ sơ chứng thực bản sao", en="Copies certified",
    ),
    stream(
        "certified-copies-electronic", "1", every=HOUR, between=(0, 2000), resolution=1,
        vi="Bản sao chứng thực điện tử", en="Copies certified electronically",
    ),
)  # fmt: skip


@simulator(
    kind="procedure-catalogue",
    name=Text("Danh mục thủ tục hành chính", "Catalogue of procedures"),
    streams=STREAMS,
)
def procedure_catalogue(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """What the public-service index asks about procedures; counts in proportion to the catalogue.

    Settings: ``procedures``, ``share`` (of the province's certified copies).
    """
    size = stock(at, noise, "procedures", thing.number("procedures", 1_668.0))
    year = progress(at, noise, "year", (2020.0, 2023.0)) / 100.0
    eligible = np.rint(size * (0.30 + 0.40 * year))
    fees = np.rint(0.44 * size)
    due = events(at, noise, "published", 0.6 * office_hour(at, world))
    changed = events(at, noise, "updated", 2.4 * office_hour(at, world))
    copies = events(
        at, noise, "copies", COPIES * thing.number("share", 0.1) * office_hour(at, world)
    )
    lucky = noise.uniform(at, "luck", HOUR)

    def part(name: str, usual: float, of: Values) -> Values:
        return np.rint(of * share(at, noise, name, usual, 4.0) / 100.0)

    level_4 = np.rint(eligible * np.minimum(0.55 + 0.45 * year, 1.0))
    return {
        "procedures": size,
        "level-3": np.rint(230.0 / 1_668.0 * size * (1.0 - 0.6 * year)),
        "level-4": level_4,
        "eligible-procedures": eligible,
        "eligible-at-level-4": level_4,
        "integrated": np.rint(level_4 * (0.39 + 0.61 * year)),
        "simplified": np.rint(size * 0.02 * ((local_day(at) % 365) / 365.0)),
        "without-dossiers": part("unused", 38.0, size),
        "published": due,
        "published-on-time": np.where(lucky < 0.06, np.maximum(due - 1, 0.0), due),
        "updated": changed,
        "updated-on-time": np.where(lucky > 0.90, np.maximum(changed - 1, 0.0), changed),
        "content-full": part("content", 95.0, size),
        "procedures-with-fee": fees,
        "procedures-payable": part("payable", 78.0, fees),
        "procedures-paid": part("paid", 52.0, fees),
        "citizen-data-procedures": part("citizens", 58.0, size),
        "certified-copies": copies,
        "certified-copies-electronic": binomial(
            noise.uniform(at, "electronic", HOUR), copies, 0.42 + 0.2 * noise.constant("e")
        ),
    }
