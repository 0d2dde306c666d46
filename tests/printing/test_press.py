"""What is printed can be read, in both languages, and is never run."""

import io
from dataclasses import replace

import pypdf
import pytest

from ioc.core.words import HOUR, Text
from ioc.printing import Press
from ioc.words import read_phrases
from tests.core.brief_day import SEVEN, alert, brief_of, written_day

HOSTILE = '#panic("x") $1/0$ *b* _i_ <script>alert(1)</script> @ref \\ "quoted" [x](y) #{evil}'


@pytest.fixture(scope="module")
def press():
    return Press(read_phrases())


def pages(pdf):
    read = pypdf.PdfReader(io.BytesIO(pdf))
    return read, [" ".join(page.extract_text().split()) for page in read.pages]


def test_the_pdf_holds_vietnamese_with_its_signs_on_every_page_and_its_own_fonts(press):
    read, texts = pages(press.pdf(brief_of(written_day()), "vi"))
    whole = " ".join(texts)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BÁO CÁO NGÀY",
        "Trong kỳ có 2 cảnh báo mới",
        "Trạm mưa Mường Ảng: mưa to 52,4 mm/giờ",
        "Hồ sơ giải quyết đúng hạn",
        "minh họa",
        "Quá 3 giờ",
        "Lò Thị Lan (trưởng ca)",
        "Theo dõi mực nước Nậm Rốm",
    ):
        assert words in whole
    assert all("MÔ PHỎNG" in text for text in texts), "each page says that it is not real"
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in read.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert all(one.startswith("BeVietnamPro") for one in fonts), fonts


def test_the_charts_are_drawn_with_their_numbers(press):
    busy = replace(written_day(), alerts=tuple(alert(n, SEVEN - n * HOUR) for n in range(1, 24)))
    quiet = replace(written_day(), alerts=())

    def ink(found):
        read, texts = pages(press.pdf(brief_of(found), "vi"))
        drawn = sum(len(page.get_contents().get_data()) for page in read.pages)
        return drawn, " ".join(texts)

    full, text = ink(busy)
    empty, none = ink(quiet)
    assert "Cảnh báo mới theo thời gian" in text
    assert "Cảnh báo mới theo thời gian" not in none
    assert full > empty + 1000, "twenty columns more"


def test_english_is_there_too(press):
    _, texts = pages(press.pdf(brief_of(written_day()), "en"))
    assert "There were 2 new alerts" in " ".join(texts)


def test_what_sensors_and_people_write_is_set_as_text_and_run_nowhere(press):
    told = written_day()
    hostile = alert(1, SEVEN - HOUR, 5, message=Text(HOSTILE, HOSTILE), response=Text("", HOSTILE))
    shift = {**told.shifts[0], "note": HOSTILE}
    brief = brief_of(replace(told, alerts=(hostile,), shifts=(shift,)))
    _, texts = pages(press.pdf(brief, "vi"))
    flat = "".join("".join(texts).split())
    assert "".join(HOSTILE.split()) in flat
    page = press.page(brief, "vi")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_page_needs_nothing_from_elsewhere_and_no_script(press):
    page = press.page(brief_of(written_day()), "vi")
    assert "://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in page
    assert 'style="' not in page, "the policy allows no inline style"
    for name in ("brief.css", "be-vietnam-pro-400.ttf", "be-vietnam-pro-700.ttf"):
        assert press.asset(name) is not None
    assert press.asset("../__init__.py") is None
