"""The catalogue says everything in both languages, and writes numbers as each does."""

import pytest
from fluent.syntax import FluentParser, ast

from ioc.core import own
from ioc.core.words import Severity, Text
from ioc.sites import read_site
from ioc.words import LANGUAGES, Phrases, catalogue, read_phrases, slug
from simulators.registry import discover


@pytest.fixture(scope="module")
def phrases():
    return read_phrases()


def entries(language):
    return FluentParser().parse(catalogue(language)).body


def messages(language):
    return {entry.id.name: entry for entry in entries(language) if isinstance(entry, ast.Message)}


def variables(node):
    """Give the names of the arguments a message takes."""
    found = set()

    def walk(value):
        if isinstance(value, ast.VariableReference):
            found.add(value.id.name)
        if isinstance(value, ast.BaseNode):
            for inner in vars(value).values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(node)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_sound_fluent(language):
    wrong = [entry for entry in entries(language) if isinstance(entry, ast.Junk)]
    assert [junk.content for junk in wrong] == []


def test_both_languages_have_the_same_messages_with_the_same_arguments():
    vi, en = messages("vi"), messages("en")
    assert set(vi) == set(en)
    for name in vi:
        assert variables(vi[name]) == variables(en[name]), name


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="no words in 'fr'"):
        catalogue("fr")


def test_numbers_are_written_as_each_language_writes_them(phrases):
    assert phrases.number(1234.5) == Text("1.234,5", "1,234.5")
    assert phrases.number(-1234567.891) == Text("-1.234.567,89", "-1,234,567.89")
    assert phrases.number(50.0) == Text("50", "50")
    assert phrases.number(0.0004) == Text("0", "0")


def test_a_message_speaks_both_languages_at_once(phrases):
    said = phrases(
        "alert-river-alarm-3",
        "alert-above",
        {"thing": Text("Nậm Rốm", "Nam Rom"), "value": 478.5, "limit": 478.0, "unit": "m"},
    )
    assert said == Text(
        "Nậm Rốm: mực nước 478,50 m, vượt báo động III (478 m)",
        "Nam Rom: level 478.50 m, above alarm level III (478 m)",
    )


@pytest.mark.parametrize("condition", ["above", "below", "equals", "silent"])
def test_a_rule_without_words_of_its_own_has_those_of_its_condition(phrases, condition):
    said = phrases(
        "alert-of-a-rule-nobody-wrote-words-for",
        f"alert-{condition}",
        {
            "thing": Text("Trạm A", "Gauge A"),
            "value": 1234.5,
            "limit": 1000,
            "unit": "ug/m3",
            "rule": Text("Bụi", "Dust"),
            "datastream": "PM10",
        },
    )
    assert said.vi.startswith("Trạm A: ")
    assert said.en.startswith("Gauge A: ")
    if condition in ("above", "below"):
        assert "1.234,5 µg/m³" in said.vi
        assert "1.000 µg/m³" in said.vi
        assert "1,234.5 µg/m³" in said.en


def test_a_message_nobody_wrote_is_an_error(phrases):
    with pytest.raises(KeyError, match="no-such"):
        phrases.render("no-such")
    with pytest.raises(KeyError, match="nor-this"):
        phrases("no-such", "nor-this", {})


def test_a_missing_argument_is_seen_not_hidden(phrases):
    assert phrases.render("alert-silent").vi == "thing: không nhận được dữ liệu (datastream)"


def test_no_invisible_signs_are_put_into_sentences(phrases):
    said = phrases.render("alert-silent", {"thing": "Trạm", "datastream": "Mưa"})
    assert said.vi.isprintable()


def test_units_are_written_as_people_write_them(phrases):
    assert phrases.unit("Cel") == Text("°C", "°C")
    assert phrases.unit("m3/s") == Text("m³/s", "m³/s")
    assert phrases.unit("mm/h") == Text("mm/giờ", "mm/h")
    assert phrases.unit("%") == Text("%", "%")
    assert phrases.unit("1") == phrases.unit("") == Text("", "")
    assert phrases.unit("furlong") == Text("furlong", "furlong")
    assert slug("%RH") == "percentRH"


def test_everything_the_simulators_tell_of_has_words(phrases):
    told = {kind: player.streams for kind, player in discover().items()}
    for kind, streams in {**told, own.KIND: own.STREAMS}.items():
        assert phrases.has(f"kind-{kind}")
        for stream in streams:
            assert phrases.has(f"datastream-{slug(stream.name)}"), stream.name
            assert stream.unit in ("", "1") or phrases.has(f"unit-{slug(stream.unit)}")
            for level in stream.levels:
                assert phrases.has(f"level-{level}"), level


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_datastream_s_name_that_means_another_thing_by_kind_has_words_by_kind(language):
    said = {
        name: "".join(
            part.value for part in entry.value.elements if isinstance(part, ast.TextElement)
        )
        for name, entry in messages(language).items()
        if name.startswith("datastream-")
    }
    meant: dict[str, list[tuple[str, str]]] = {}
    for kind, player in discover().items():
        for stream in player.streams:
            meant.setdefault(stream.name, []).append((kind, getattr(stream.label, language)))
    for name, labels in meant.items():
        if len({label for _, label in labels}) > 1:
            for kind, label in labels:
                assert said[f"datastream-{slug(kind)}-{slug(name)}"] == label


def test_everything_a_site_tells_of_has_words(phrases):
    site = read_site("dien-bien")
    for thing in site.things:
        assert phrases.has(f"kind-{thing.kind}")
        for limit in thing.limits:
            assert phrases.has(f"limit-{limit}")
    assert phrases.has(f"origin-{site.origin}")
    assert phrases.has(f"badge-{site.origin}")


def test_every_severity_has_a_name(phrases):
    for severity in Severity:
        assert phrases.has(f"severity-{severity.value}")


def test_words_of_ones_own_can_be_given():
    own = Phrases({"vi": "chào = Xin chào { $ai }".replace("chào", "chao", 1), "en": "chao = Hi"})
    assert own.render("chao", {"ai": "bạn"}) == Text("Xin chào bạn", "Hi")
    assert not own.has("alert-silent")
