"""A site's ``links/``: what depends on what, each row held against the site's kinds and things."""

import math
from collections.abc import Collection, Iterable

from ioc.core.links import Link, Where
from ioc.core.settings_row import Row, nearest

_MOST_KM = 500.0


def read_links(
    rows: Iterable[Row], kinds: Collection[str], things: Collection[str]
) -> tuple[Link, ...]:
    """Read rows; a shared one that speaks of kinds this site has not is left out.

    Args:
        rows: of each id the site's own.
        kinds: of the site's things.
        things: their ids.
    """
    kept = []
    for row in rows:
        row.slug("id")
        link = _chain(row, things) if row.has("chain") else _of_kinds(row, kinds)
        row.finish()
        if link is not None:
            kept.append(link)
    return tuple(kept)


def _chain(row: Row, things: Collection[str]) -> Link:
    chain = row.list_at("chain", (str,), "must be a list of things, the first cause first")
    if len(set(chain)) < len(chain) or len(chain) < 2:
        row.refuse("must name two things or more, each once", "chain")
    for thing in chain:
        if thing not in things:
            row.refuse(f'has no thing "{thing}"{nearest(thing, things)}', "chain")
    return Link(chain=tuple(chain))


def _of_kinds(row: Row, kinds: Collection[str]) -> Link | None:
    parent, child = row.slug("parent"), row.slug("child")
    where = row.choice("where", tuple(Where), default=Where.EVERY)
    within = row.number("within_km", least=0.0, most=_MOST_KM, default=math.inf)
    agree = row.list_at("settings", (str,), "must be two names") if row.has("settings") else ()
    if (where == Where.SETTING) != (len(agree) == 2):
        row.refuse(
            "names the parent's and the child's setting, with where = \"setting\"", "settings"
        )
    if row.has("within_km") and where != Where.NEAREST:
        row.refuse('is for where = "nearest"', "within_km")
    foreign = [kind for kind in (parent, child) if kind and kind not in kinds]
    if foreign and row.source.shared:
        return None
    for kind in foreign:
        key = "parent" if kind == parent else "child"
        row.refuse(f"is no kind of this site{nearest(kind, kinds)}", key)
    if where not in tuple(Where) or len(agree) not in (0, 2):
        return None
    settings = (str(agree[0]), str(agree[1])) if agree else ("", "")
    return Link(parent, child, Where(where), within, settings)
