"""The wire form: what is written is read back, and nothing hostile gets through or raises."""

import unicodedata

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioc.core.wire import Message, Reader, Reason, WireError, read_topic
from ioc.core.words import SECOND, Area, Text

AREAS = (Area("muong-ang", "102", Text("Mường Ảng", ""), "district", "province", (103.2, 21.5)),)
NOW = 1_795_305_600 * SECOND
TOPIC = "ioc/dien-bien/muong-ang/rain-01/data"


def read(payload: bytes, topic: str = TOPIC):
    reader = Reader("dien-bien", AREAS)
    return reader, reader.read([Message(topic, payload, NOW)])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["rainfall", "battery"]),
            st.integers(2**28, 4_000_000_000),
            st.floats(-1e18, 1e18, allow_nan=False),
        ),
        min_size=1,
        max_size=30,
    ),
    st.booleans(),
)
def test_a_pack_is_read_back_row_by_row(rows: list[tuple[str, int, float]], based: bool):
    base = rows[0][1] if based else 0
    records = [{"n": name, "t": at - base, "v": value} for name, at, value in rows]
    records[0] |= {"bn": "rain-01/", "bt": base} if based else {}
    reader, heard = read(orjson.dumps(records))
    assert heard.refusals == []
    columns = heard.columns
    assert [reader.sources[row].name for row in columns.source] == [name for name, _, _ in rows]
    assert columns.time.tolist() == [at * SECOND for _, at, _ in rows]
    assert columns.value.tolist() == [value for _, _, value in rows]


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=80))
def test_nothing_that_arrives_raises(payload: bytes, topic: str):
    _, heard = read(payload, topic)
    assert len(heard.refusals) <= 1


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60).map(lambda junk: b'[{"n":"rainfall","v":1}' + junk + b"]"))
def test_a_spoilt_pack_is_refused_whole_or_read_whole(payload: bytes):
    _, heard = read(payload)
    assert (len(heard.columns) == 0) or not heard.refusals


def test_a_time_below_2_to_the_28_counts_from_the_receipt():
    _, heard = read(b'[{"n":"rainfall","v":1},{"n":"rainfall","v":2,"t":-60}]')
    assert heard.columns.time.tolist() == [NOW, NOW - 60 * SECOND]


def test_true_false_and_a_level_s_name_are_results_too():
    _, heard = read(b'[{"n":"up","vb":true},{"n":"status","vs":"down"}]')
    assert heard.columns.value[0] == 1
    assert heard.columns.levels == {1: "down"}


def test_base_value_is_added():
    _, heard = read(b'[{"bv":100,"n":"x","v":1},{"n":"x","v":2,"t":5}]')
    assert heard.columns.value.tolist() == [101, 102]


def test_null_is_a_value_told_to_be_missing():
    _, heard = read(b'[{"n":"x","v":null},{"n":"y","v":1}]')
    assert len(heard.columns) == 1
    assert heard.refusals == []


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "ioc",
        "ioc/dien-bien/muong-ang/rain-01",
        "ioc/dien-bien/muong-ang/rain-01/data/x",
        "ioc/dien-bien/muong-ang/rain 01/data",
        "ioc/dien-bien/muong-ang/RAIN/data",
        "ioc/dien-bien/muong-ang//data",
        "ioc/dien-bien/hanoi/rain-01/data",
        "ioc/thai-binh/muong-ang/rain-01/data",
        "ioc/dien-bien/muong-ang/rain-01/cmd",
        "ioc/dien-bien/muong-ang/" + "x" * 65 + "/data",
        "a" * 60_000,
        "ioc/\u0001/a/b/data",
    ],
)
def test_a_wrong_topic_is_refused_with_its_reason(topic: str):
    with pytest.raises(WireError) as refused:
        read_topic(topic, "dien-bien", frozenset({"muong-ang", "province"}))
    assert refused.value.reason is Reason.TOPIC


def test_a_name_that_would_rewrite_its_line_is_refused():
    about = {"kind": "x", "name": {"vi": "a\u202eb"}, "origin": "real"}
    _, heard = read(orjson.dumps(about), "ioc/dien-bien/muong-ang/rain-01/about")
    assert [one.reason for one in heard.refusals] == [Reason.SHAPE]


def test_two_ways_to_write_a_vietnamese_name_are_one_name():
    composed = "Mường Ảng"
    decomposed = unicodedata.normalize("NFD", composed)
    names = []
    for name in (composed, decomposed):
        about = {"kind": "x", "name": {"vi": name}, "origin": "real"}
        _, heard = read(orjson.dumps(about), "ioc/dien-bien/muong-ang/rain-01/about")
        assert heard.abouts[0].thing is not None
        names.append(heard.abouts[0].thing.name.vi)
    assert names[0] == names[1]
