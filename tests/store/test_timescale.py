"""What TimescaleDB adds: chunks of a day, compression, retention; and that nobody notices it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from ioc.centre.ports import StoreAwayError
from ioc.core.words import DAY, MINUTE, Instant
from ioc.store.archive import Archive
from ioc.store.connection import connect
from ioc.store.migrate import COMPRESS_AFTER_DAYS, drop_days_before, migrate
from ioc.store.pool import Pool
from tests.store.conftest import ON_TIMESCALE, RETENTION_DAYS, START, Store, rows

OLD = START - 9 * DAY
NAMES = [(f"rain-{no}", "rainfall") for no in range(3)]


@dataclass(frozen=True)
class Window:
    start: Instant | None
    end: Instant | None


@pytest.fixture(
    params=[pytest.param("migrated_timescale_url", marks=ON_TIMESCALE)], ids=["timescale"]
)
def compressed(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store of ten days, an observation every ten minutes, all but the newest day compressed."""
    made = Store(request.getfixturevalue(request.param))
    with made.ledger.transaction() as tx:
        numbers = tx.datastreams(NAMES)
    made.keep(
        rows(
            *[
                (number, at, float(number * 1000 + (at - OLD) // MINUTE % 977))
                for number in numbers
                for at in range(OLD, START + DAY, 10 * MINUTE)
            ]
        )
    )
    while made.ledger.roll():
        pass
    yield made
    for ledger in made.ledgers:
        ledger.close()


def compress(store: Store) -> int:
    """Compress every day but the newest, as the policy does in time."""
    store.run(
        "select compress_chunk(format('%%I.%%I', chunk_schema, chunk_name)::regclass)"
        " from timescaledb_information.chunks where hypertable_name = 'observation'"
        " and range_start < timestamptz 'epoch' + %s * interval '1 microsecond'",
        START,
    )
    ((count,),) = store.rows(
        "select count(*) from timescaledb_information.chunks where is_compressed"
    )
    return int(count)


def jobs(store: Store) -> dict[str, str]:
    """Give what the policies of the observations are set to."""
    return dict(
        store.rows(
            "select proc_name, coalesce(config ->> 'compress_after', config ->> 'drop_after')"
            " from timescaledb_information.jobs where hypertable_name = 'observation'"
        )
    )


def test_observations_are_a_hypertable_with_a_chunk_a_day(compressed: Store) -> None:
    assert (
        compressed.rows(
            "select column_name, time_interval from timescaledb_information.dimensions"
            " where hypertable_name = 'observation'"
        )[0][1].days
        == 1
    )
    spans = compressed.rows(
        "select distinct range_end - range_start, date_part('hour', range_start at time zone 'UTC')"
        " from timescaledb_information.chunks where hypertable_name = 'observation'"
    )
    assert [(span.days, span.seconds, hour) for span, hour in spans] == [(1, 0, 0.0)]
    assert len(compressed.observations()) == 3 * 10 * 144


def test_the_only_index_is_the_one_that_makes_observations_unique(compressed: Store) -> None:
    assert compressed.rows("select indexdef from pg_indexes where tablename = 'observation'") == [
        (
            "CREATE UNIQUE INDEX observation_pkey ON public.observation"
            ' USING btree (datastream, "time")',
        )
    ]


def test_compression_is_by_datastream_and_time_and_its_policies_are_there(
    compressed: Store,
) -> None:
    settings = compressed.rows(
        "select attname, segmentby_column_index, orderby_column_index, orderby_asc"
        " from timescaledb_information.compression_settings"
        " where hypertable_name = 'observation' order by attname"
    )
    assert settings == [("datastream", 1, None, None), ("time", None, 1, True)]
    assert jobs(compressed) == {
        "policy_compression": f"{COMPRESS_AFTER_DAYS} days",
        "policy_retention": f"{RETENTION_DAYS} days",
    }


def test_a_longer_retention_is_taken_over_and_a_shorter_one_is_not(compressed: Store) -> None:
    """A hand that migrates without the setting must not make years of data go."""
    for asked, kept in ((RETENTION_DAYS + 600, 1000), (30, 1000), (1001, 1001)):
        with closing(connect(compressed.url, name="migrate")) as connection:
            assert migrate(connection, asked) == []
        assert jobs(compressed)["policy_retention"] == f"{kept} days"


def test_what_is_compressed_is_read_as_before(compressed: Store) -> None:
    pool = Pool(lambda: connect(compressed.url, name="test"), size=2)
    archive = Archive(pool)
    key = NAMES[1]

    def read() -> list[object]:
        return [
            archive.newest(),
            archive.observations(key, Window(None, None), None, 10_000),
            archive.observations(key, Window(OLD + DAY + 1, OLD + 2 * DAY), OLD + DAY, 50),
            archive.reduced(key, OLD, START + DAY, 40),
            compressed.observations(),
            compressed.ledger.summaries([1, 2, 3], OLD, START),
        ]

    before = read()
    assert compress(compressed) == 9
    assert read() == before
    pool.close()


def test_a_late_row_into_a_compressed_day_is_kept(compressed: Store) -> None:
    compress(compressed)
    (number, _, _, _), *_ = compressed.observations()
    before = len(compressed.observations())
    with compressed.ledger.transaction() as tx:
        merged = tx.merge(rows((number, OLD + 1, -1.0), (999, OLD + 2, -2.0)))
    assert (merged.kept.tolist(), merged.conflicting.tolist()) == ([True] * 2, [False] * 2)
    compressed.keep(rows((number, OLD + 3, -3.0)))
    late = [value for _, _, value, _ in compressed.observations() if value < 0]
    assert (len(compressed.observations()), late) == (before + 3, [-1.0, -3.0, -2.0])


def test_a_late_row_is_there_after_its_day_is_compressed_again(compressed: Store) -> None:
    compress(compressed)
    compressed.keep(rows((1, OLD + 1, -1.0)))
    before = compressed.observations()
    assert compress(compressed) == 9
    assert compressed.observations() == before


def test_a_duplicate_into_a_compressed_day_is_recognised(compressed: Store) -> None:
    compress(compressed)
    before = compressed.observations()
    (number, at, value, _), *_ = before
    with compressed.ledger.transaction() as tx:
        merged = tx.merge(
            rows((number, at, value), (number, at, value + 1), (number, at + 1, value))
        )
    assert merged.kept.tolist() == [False, False, True]
    assert merged.conflicting.tolist() == [False, True, False]
    with pytest.raises(StoreAwayError, match="duplicate key"):
        compressed.keep(rows((number, at + 2, value), (number, at, value)))
    assert len(compressed.observations()) == len(before) + 1


def test_a_whole_day_told_again_is_recognised_row_by_row(compressed: Store) -> None:
    compress(compressed)
    before = compressed.observations()
    again = rows(*[one for one in before if one[1] < OLD + DAY])
    with compressed.ledger.transaction() as tx:
        merged = tx.merge(again)
    assert not merged.kept.any()
    assert not merged.conflicting.any()
    assert compressed.observations() == before


def test_compressed_days_are_dropped_whole(compressed: Store) -> None:
    compress(compressed)
    with closing(connect(compressed.url, name="tidy")) as connection:
        assert drop_days_before(connection, OLD + 3 * DAY) == 3
    assert min(at for _, at, _, _ in compressed.observations()) == OLD + 3 * DAY
