"""Briefs on paper and as a page: the same sheet, once through typst and once as HTML.

Neither takes anything of the sheet as markup: typst gets it as data, HTML gets it escaped.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any, Final

import orjson
import typst

from ioc.core.sheet import Block, Cell, Row, Say, Sheet, lay_out

FACES: Final = {"400": "BeVietnamPro-Regular.ttf", "700": "BeVietnamPro-Bold.ttf"}
"""The typeface of the wall, whole: typst takes no web fonts, and its subsets lack signs."""

_SIGNS: Final = {"on-target": "✓", "at-risk": "!", "off-target": "✗"}


class Press:
    """Prints briefs."""

    def __init__(self, say: Say) -> None:
        """Take the words for people."""
        self._say = say

    def pdf(self, brief: Mapping[str, Any], language: str) -> bytes:
        """Give a brief as PDF, with its fonts inside."""
        sheet = lay_out(brief, self._say, language)
        made: bytes = typst.compile(
            str(_here() / "brief.typ"),
            root=str(_here()),
            font_paths=[str(_fonts())],
            ignore_system_fonts=True,
            sys_inputs={"sheet": orjson.dumps(sheet.to_json()).decode()},
        )
        return made

    def page(self, brief: Mapping[str, Any], language: str) -> str:
        """Give a brief as an HTML page, which prints well too."""
        return page_of(lay_out(brief, self._say, language), str(brief["id"]))

    def asset(self, name: str) -> tuple[bytes, str] | None:
        """Give one of the page's own files and its media type; None for no such file."""
        if name == "brief.css":
            return (_here() / name).read_bytes(), "text/css"
        face = {f"be-vietnam-pro-{weight}.ttf": file for weight, file in FACES.items()}.get(name)
        return None if face is None else ((_fonts() / face).read_bytes(), "font/ttf")


def page_of(sheet: Sheet, id_: str) -> str:
    """Write a sheet as HTML."""
    other = "en" if sheet.language == "vi" else "vi"
    blocks = "\n".join(_block(block) for block in sheet.blocks)
    badge = f'<p class="badge">{escape(sheet.badge)}</p>' if sheet.badge else ""
    warning = f'<p class="warning">{escape(sheet.warning)}</p>' if sheet.warning else ""
    signers = "".join(f"<li>{escape(one)}</li>" for one in sheet.signers)
    pdf = f"/api/v1/briefs/{escape(id_)}/pdf?lang={sheet.language}"
    return f"""<!doctype html>
<html lang="{sheet.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(sheet.title)} – {escape(sheet.period)}</title>
<link rel="stylesheet" href="/brief/asset/brief.css?{_style_version()}">
</head>
<body>
{badge}
<nav><a href="/">IOC</a> <a href="?lang={other}">{other.upper()}</a> <a href="{pdf}">PDF</a></nav>
<main>
<header>
<div><p>{escape(sheet.authority)}</p><p><b>{escape(sheet.centre)}</b></p></div>
<div><p><b>{escape(sheet.nation[0])}</b></p><p><b>{escape(sheet.nation[1])}</b></p></div>
</header>
<p class="where">{escape(sheet.place_and_date)}</p>
<h1>{escape(sheet.title)}</h1>
<p class="period">{escape(sheet.period)}</p>
{warning}
{blocks}
<ul class="signers">{signers}</ul>
<footer>{escape(sheet.made)}</footer>
</main>
</body>
</html>
"""


def _block(block: Block) -> str:
    title = f"<h3>{escape(block.title)}</h3>" if block.title else ""
    if block.kind == "heading":
        return f"<h2>{escape(block.title)}</h2>"
    if block.kind == "lines":
        return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in block.lines) + "</ul>"
    if block.kind == "note":
        return f'<p class="note">{escape(" ".join(block.lines))}</p>'
    if block.kind in ("figures", "legend"):
        cells = "".join(f"<li>{_cell(cell)}</li>" for cell in block.rows[0])
        return f'<ul class="{block.kind}">{cells}</ul>'
    if block.kind == "chart":
        return f"<figure>{title}{block.svg}</figure>"
    return title + _table(block)


def _table(block: Block) -> str:
    sides = [side for _, side in block.heads]
    heads = "".join(f'<th class="{side}">{escape(head)}</th>' for head, side in block.heads)
    rows = "\n".join(f"<tr>{_row(row, sides)}</tr>" for row in block.rows)
    return (
        f'<div class="table"><table><thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody>'
        "</table></div>"
    )


def _row(row: Row, sides: Iterable[str]) -> str:
    return "".join(
        f'<td class="{side}">{_cell(cell)}</td>' for cell, side in zip(row, sides, strict=True)
    )


def _cell(cell: Cell) -> str:
    if cell.svg:
        return cell.svg
    text = f"{_SIGNS.get(cell.tone, '')} {cell.text}".strip()
    main = (
        f'<span class="tone-{escape(cell.tone)}">{escape(text)}</span>'
        if cell.tone
        else (f"<span>{escape(text)}</span>")
    )
    return main + (f"<small>{escape(cell.below)}</small>" if cell.below else "")


@cache
def _here() -> Path:
    return Path(str(resources.files(__name__)))


@cache
def _fonts() -> Path:
    return Path(str(resources.files("fontpkg_be_vietnam_pro") / "files"))


@cache
def _style_version() -> str:
    return hashlib.sha256((_here() / "brief.css").read_bytes()).hexdigest()[:12]
