"""One-stop shops: dossiers through their legal states, the people waiting, what is overdue."""

import numpy as np

from ioc.core.calendar import WORKDAY
from ioc.core.words import Text
from simulators import dossiers
from simulators.calendar import local_hour
from simulators.cases import NEVER, by_week, counted, standing, total, when
from simulators.dossiers import ONLINE_CHANNEL, Dossiers, early, filed_in, of_week
from simulators.noise import DAY, Noise, Times, Values
from simulators.records import business
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

PERIOD = 900
HOUR = 3_600
LAST = 1 << 32
"""Any second after all working time there is."""

LEAD = 7 * DAY
"""Seconds over which lead times are averaged."""

DISTANCE_KM = 9.0
"""From an applicant's home to the shop (assumed); there and back, to file and to collect."""

STREAMS = (
    stream(
        "received", "1", every=PERIOD, between=(0, 2000), resolution=1,
        vi="Hồ sơ tiếp nhận", en="Dossiers received",
    ),
    stream(
        "finished", "1", every=PERIOD, between=(0, 2000), resolution=1,
        vi="Hồ sơ đã giải quyết", en="Dossiers finished",
    ),
    stream(
        "on-time", "1", every=PERIOD, between=(0, 2000), resolution=1,
        vi="Hồ sơ giải quyết đúng hạn", en="Dossiers finished on time",
    ),
    stream(
        "online", "1", every=PERIOD, between=(0, 2000), resolution=1,
        vi="Hồ sơ nộp trực tuyến", en="Dossiers filed online",
    ),
    stream(
        "waiting", "1", every=PERIOD, between=(0, 1000), resolution=1,
        vi="Người đang chờ", en="People waiting",
    ),
    stream(
        "overdue", "1", every=PERIOD, between=(0, 5000), resolution=1,
        vi="Hồ sơ đang quá hạn", en="Dossiers overdue",
    ),
    stream(
        "processing", "1", every=HOUR, between=(0, 20000), resolution=1,
        vi="Hồ sơ đang xử lý", en="Dossiers in process",
    ),
    stream(
        "in-time", "1", every=HOUR, between=(0, 20000), resolution=1,
        vi="Hồ sơ đang xử lý trong hạn", en="Dossiers in process and in time",
    ),
    stream(
        "due-soon", "1", every=HOUR, between=(0, 20000), resolution=1,
        vi="Hồ sơ đến hạn trong 24 giờ", en="Dossiers due within 24 hours",
    ),
    stream(
        "filed", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ mới đăng ký", en="Dossiers filed",
    ),
    stream(
        "refused", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ không được tiếp nhận", en="Dossiers refused",
    ),
    stream(
        "supplements", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ yêu cầu bổ sung", en="Supplements asked for",
    ),
    stream(
        "early", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ giải quyết trước hạn", en="Dossiers finished early",
    ),
    stream(
        "lead-time", "d", every=HOUR, between=(0, 60), resolution=0.01,
        vi="Thời gian giải quyết trung bình 7 ngày", en="Mean working days to finish, of a week",
    ),
    stream(
        "postal", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ nộp qua bưu chính công ích", en="Dossiers filed by public post",
    ),
    stream(
        "full-online-eligible", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ của TTHC đủ điều kiện toàn trình", en="Dossiers eligible for full online service",
    ),
    stream(
        "full-online", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ nộp toàn trình", en="Dossiers filed fully online",
    ),
    stream(
        "with-fee", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ có nghĩa vụ tài chính", en="Dossiers with a fee",
    ),
    stream(
        "paid-online", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ thanh toán trực tuyến", en="Dossiers paid online",
    ),
    stream(
        "results-electronic", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ cấp kết quả điện tử", en="Results issued electronically",
    ),
    stream(
        "digitised", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ số hóa giấy tờ", en="Dossiers with papers digitised",
    ),
    stream(
        "reused", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ tái sử dụng dữ liệu số hóa", en="Dossiers reusing digitised data",
    ),
    stream(
        "storage-synced", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Kết quả đồng bộ kho dữ liệu cá nhân", en="Results synced to personal storage",
    ),
    stream(
        "citizen-linked", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ kết nối dữ liệu dân cư", en="Dossiers linked to citizen data",
    ),
    stream(
        "synced", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ đồng bộ trạng thái với Cổng DVCQG", en="Dossiers synced with national portal",
    ),
    stream(
        "rated", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ được đánh giá", en="Dossiers rated",
    ),
    stream(
        "satisfied", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Hồ sơ được đánh giá hài lòng", en="Dossiers rated satisfactory",
    ),
    stream(
        "trips-saved", "km", every=HOUR, between=(0, 100000), resolution=1,
        vi="Quãng đường đi lại tiết kiệm (ước tính)", en="Travel saved (an estimate)",
    ),
)  # fmt: skip


@simulator(
    kind="one-stop-shop",
    name=Text("Bộ phận một cửa", "One-stop shop"),
    streams=STREAMS,
    records=(
        business(
            "dossier",
            vi="Hồ sơ thủ tục hành chính",
            en="Dossier",
            follows=dossiers.FOLLOWS,
            steps=dossiers.steps,
        ),
    ),
)
def one_stop_shop(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Counters cut from the very dossiers its records tell; the queue empties overnight.

    What was received, finished … is counted over the quarter hour or hour that ends at the time.
    The dossiers with a fee, paid online, eligible and fully online are counted as they are
    accepted; those with an electronic result, digitised papers and the like as they are finished.

    Settings: ``share`` (of the province's dossiers), ``counters``, ``agency``, ``distance_km``.
    """
    del noise  # the dossiers are drawn from the thing's

    def told(week: int, times: Times) -> dict[str, Values]:
        known = of_week(week, thing, world)
        clock, ended = world.calendar, np.minimum(known.finished, LAST)
        worked = clock.worked(ended) - clock.worked(np.minimum(known.accepted, ended))
        far = 4.0 * thing.number("distance_km", DISTANCE_KM)
        return {
            **_counted(times, known, worked, far),
            **_standing(times, known),
            "waiting": _waiting(times, week, thing, world),
        }

    return by_week(at, tuple(one.name for one in STREAMS), told)


def _counted(at: Times, known: Dossiers, worked: Times, far: float) -> dict[str, Values]:
    online = known.channel == ONLINE_CHANNEL
    whole = np.ones(len(online), np.bool_)
    full = online & known.eligible & known.has("full-online")
    paid = known.fee & known.has("pays-online")
    finished_of_week = counted(at, LEAD, when(known.finished, whole))
    spent_of_week = total(at, LEAD, known.finished, worked / WORKDAY)
    rated = known.has("rated")
    quarter = {
        "received": (known.accepted, whole),
        "finished": (known.finished, whole),
        "on-time": (known.finished, known.on_time),
        "online": (known.accepted, online),
    }
    hourly = {
        "filed": (known.filed, whole),
        "refused": (known.refused, whole),
        "supplements": (known.asked, whole),
        "early": (known.finished, early(known.finished, known.due)),
        "postal": (known.accepted, known.channel == dossiers.POST),
        "full-online-eligible": (known.accepted, known.eligible),
        "full-online": (known.accepted, full),
        "with-fee": (known.accepted, known.fee),
        "paid-online": (known.accepted, paid),
        "results-electronic": (known.finished, known.has("electronic")),
        "digitised": (known.finished, known.has("digitised")),
        "reused": (known.finished, known.has("reused")),
        "storage-synced": (known.finished, known.has("stored")),
        "citizen-linked": (known.finished, known.has("linked")),
        "synced": (known.finished, known.has("synced")),
        "rated": (known.returned, rated),
        "satisfied": (known.returned, rated & known.has("satisfied") & known.on_time),
    }
    found = {name: counted(at, PERIOD, when(*told)) for name, told in quarter.items()}
    found |= {name: counted(at, HOUR, when(*told)) for name, told in hourly.items()}
    found["lead-time"] = spent_of_week / np.maximum(finished_of_week, 1.0)
    found["trips-saved"] = far * counted(at, HOUR, when(known.accepted, online))
    return found


def _standing(at: Times, known: Dossiers) -> dict[str, Values]:
    ended, due = known.ended, known.due
    due_by = np.minimum(due, ended)
    processing = standing(at, known.accepted, ended)
    overdue = standing(at, np.where(due < ended, due, NEVER), ended)
    return {
        "processing": processing,
        "overdue": overdue,
        "in-time": processing - overdue,
        "due-soon": standing(
            at, np.where(due < NEVER, np.maximum(known.accepted, due - DAY), NEVER), due_by
        ),
    }


def _waiting(at: Times, week: int, thing: Subject, world: World) -> Values:
    """Count who has come and has not had a turn, while the doors are open or at noon."""
    _, people = filed_in(week, thing, world)
    noon = (local_hour(at) >= 11.5) & (local_hour(at) < 13.5) & world.calendar.working_day(at)
    inside = world.calendar.open(at) | noon
    return standing(at, people.came, people.turn) * inside
