"""A panel leaves the wall as a file: a table no spreadsheet runs, a picture that shows something."""

import csv
import io
import struct
import zlib

import pytest
from playwright.sync_api import Browser

from tests.dashboards.stage import Stage, alert


def exported(page, panel, kind):
    page.locator(f"section[data-panel={panel}]").click(button="right", position={"x": 9, "y": 9})
    with page.expect_download() as download:
        page.locator(f"[data-export={kind}]").click()
    with open(download.value.path(), "rb") as file:
        return download.value.suggested_filename, file.read()


@pytest.fixture(scope="module")
def shown(browser: Browser):
    stage = Stage.of("dien-bien")
    evil = alert(stage, stage.things[0]["id"], 4)
    evil["message"] = {"vi": '=HYPERLINK("http://x")', "en": '=HYPERLINK("http://x")'}
    stage.alerts.append(evil)
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    stage.open(page, "/?board=alerts&lang=vi&map=svg")
    page.wait_for_timeout(800)
    yield page
    assert faults == []
    assert stage.foreign == [], "no request leaves the origin"
    context.close()


def test_a_table_is_saved_with_its_words_and_never_as_a_formula(shown):
    name, data = exported(shown, "severities", "csv")
    assert name == "alerts-severities.csv"
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) > 5
    cells = [cell for row in rows for cell in row]
    assert any("Mường" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]


def test_a_picture_shows_the_panel_and_is_not_blank(shown):
    name, data = exported(shown, "severities", "png")
    assert name == "alerts-severities.png"
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    assert width > 400
    assert height > 200
    place, packed = 8, b""
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        if data[place + 4 : place + 8] == b"IDAT":
            packed += data[place + 8 : place + 8 + length]
        place += 12 + length
    assert len(set(zlib.decompress(packed))) > 30, "more than one colour"
