"""The sites that come with the centre, and how any site's folder is read.

A site is named (``dien-bien``: it comes with the package) or given as a folder of its own. What all
sites share comes with the package too, in ``common``, and is read along with any of them.
Judging what the files say is `ioc.core.site`'s matter.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ioc.core.calendar import WorkingCalendar, parse_holidays
from ioc.core.settings_error import SettingsError
from ioc.core.settings_row import SHARED
from ioc.core.site import Site, check_site, parse_site

_MARK = "site.toml"
_READ = (".toml", ".geojson", ".json")


def read_site(name: str | Path) -> Site:
    """Read a site by its name, or from a folder's path.

    Raises:
        SettingsError: there is no such site, or its files are wrong (the first mistake; its
            notes count the others).
    """
    folder = _folder(name)
    return parse_site(folder.name, {**_texts(folder), **_shared()})


def check_folder(name: str | Path) -> tuple[SettingsError, ...]:
    """Give every mistake in a site's files; none when the site is fine.

    Raises:
        SettingsError: there is no such site, or a file cannot be read.
    """
    folder = _folder(name)
    return check_site(folder.name, {**_texts(folder), **_shared()})


def read_stories(name: str | Path) -> dict[str, str]:
    """Read the stories of a site's rules: the text of each by its file's name.

    Raises:
        SettingsError: there is no such site, or a file cannot be read.
    """
    told: dict[str, str] = {}
    for prefix, folder in ((SHARED, files(__name__) / SHARED.rstrip("/")), ("", _folder(name))):
        stories = folder / "stories"
        if stories.is_dir():
            for place in sorted(stories.iterdir(), key=lambda one: one.name):
                if place.name.endswith(".story"):
                    file = f"{prefix}stories/{place.name}"
                    told[file] = _text(file, place)
    return told


def shipped() -> tuple[str, ...]:
    """Name the sites that come with the package."""
    return tuple(
        sorted(place.name for place in files(__name__).iterdir() if (place / _MARK).is_file())
    )


def read_calendar() -> WorkingCalendar:
    """Read the working calendar from the one table of holidays."""
    return WorkingCalendar(parse_holidays((files(__name__) / "holidays.toml").read_text("utf-8")))


def _folder(name: str | Path) -> Traversable:
    if str(name) in shipped():
        return files(__name__) / str(name)
    folder = Path(name).expanduser().resolve()
    if not (folder / _MARK).is_file():
        raise SettingsError(
            f"there is no site {str(name)!r}: name one of {', '.join(shipped())}, "
            f"or give a folder that holds a {_MARK}"
        )
    return folder


def _shared() -> dict[str, str]:
    common = files(__name__) / SHARED.rstrip("/")
    return {SHARED + name: text for name, text in _texts(common).items()}


def _texts(folder: Traversable) -> dict[str, str]:
    listed: list[tuple[str, Traversable]] = []
    for place in folder.iterdir():
        if place.is_dir():
            listed += [(f"{place.name}/{inner.name}", inner) for inner in place.iterdir()]
        else:
            listed.append((place.name, place))
    return {
        name: _text(name, place)
        for name, place in listed
        if name.endswith(_READ) and not name.startswith(".") and not place.name.startswith(".")
    }


def _text(name: str, place: Traversable) -> str:
    try:
        return place.read_text(encoding="utf-8")
    except UnicodeDecodeError as wrong:
        raise SettingsError(f"is no UTF-8 text at byte {wrong.start}", file=name) from None
    except OSError as wrong:
        raise SettingsError(f"cannot be read: {wrong.strerror}", file=name) from None
