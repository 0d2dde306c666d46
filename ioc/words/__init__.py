"""What is said to people, in both languages: one Fluent catalogue for the centre and the wall.

The same ``.ftl`` files are rendered here (alert messages, reports) and by the wall in the
browser, so a sentence exists once. Numbers are written as each language writes them: 1.234,5 in
Vietnamese, 1,234.5 in English.
"""

import re
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from fluent.runtime import FluentBundle, FluentResource

from ioc.core.words import Text

LANGUAGES: Final = ("vi", "en")
"""Vietnamese first: it is what is on screen."""

LOCALES: Final = MappingProxyType({"vi": "vi-VN", "en": "en-GB"})
"""Whose numbers and dates a language is written with."""

Argument = str | int | float | Text
"""What may be put into a sentence; a `Text` gives each language its own words."""

_UNIT: Final = "unit"
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_-]")


def catalogue(language: str) -> str:
    """Give all words of one language as one Fluent text, for the browser.

    Raises:
        ValueError: there is no such language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no words in {language!r}; there are {', '.join(LANGUAGES)}")
    folder = files(__name__) / language
    sources = sorted(
        (place for place in folder.iterdir() if place.name.endswith(".ftl")),
        key=lambda place: place.name,
    )
    return "\n".join(
        f"### {place.name}\n\n{place.read_text(encoding='utf-8').rstrip()}\n" for place in sources
    )


def read_phrases() -> "Phrases":
    """Read the catalogue of every language."""
    return Phrases({language: catalogue(language) for language in LANGUAGES})


def slug(name: str) -> str:
    """Give the part of a message's name that stands for an id: ``m3/s`` is ``m3-per-s``.

    The wall makes names by the same rule, so ``unit-m3-per-s`` is found from both sides.
    """
    return _NOT_IN_NAMES.sub("_", name.replace("/", "-per-").replace("%", "percent"))


class Phrases:
    """Renders messages in both languages at once."""

    __slots__ = ("_bundles",)

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Take the Fluent text of each language."""
        self._bundles: dict[str, FluentBundle] = {}
        for language in LANGUAGES:
            # Names come from the site's own files: isolating them would only put invisible
            # direction marks between the words.
            bundle = FluentBundle([LOCALES[language]], use_isolating=False)
            bundle.add_resource(FluentResource(texts[language]))
            self._bundles[language] = bundle

    def __call__(self, message: str, fallback: str, args: Mapping[str, Argument]) -> Text:
        """Render a message, or the fallback where the catalogue has no such message.

        Raises:
            KeyError: it has neither.
        """
        return self.render(message if self.has(message) else fallback, args)

    def has(self, message: str) -> bool:
        """Tell whether the catalogue has a message in every language."""
        return all(bundle.has_message(message) for bundle in self._bundles.values())

    def render(self, message: str, args: Mapping[str, Argument] = MappingProxyType({})) -> Text:
        """Render a message in both languages.

        A unit given as ``$unit`` is written as people write it (``Cel`` becomes ``°C``). A
        missing argument is shown by its own name: a sentence with a gap is better than an alert
        that is never told.

        Raises:
            KeyError: the catalogue has no such message.
        """
        return Text(**{language: self._said(language, message, args) for language in LANGUAGES})

    def unit(self, unit: str) -> Text:
        """Write a unit as people write it; nothing for a bare number."""
        if unit in ("", "1"):
            return Text("", "")
        name = f"unit-{slug(unit)}"
        return self.render(name) if self.has(name) else Text(unit, unit)

    def number(self, value: float, decimals: int = 2) -> Text:
        """Write a number with at most so many decimals, as each language writes it."""
        return self.render("number", {"value": round(value, decimals)})

    def _said(self, language: str, message: str, args: Mapping[str, Argument]) -> str:
        bundle = self._bundles[language]
        if not bundle.has_message(message):
            raise KeyError(f"no message {message!r} in {language}")
        pattern = bundle.get_message(message).value
        if pattern is None:
            raise KeyError(f"message {message!r} in {language} has no text of its own")
        own = {name: self._own(language, name, told) for name, told in args.items()}
        said, _ = bundle.format_pattern(pattern, own)
        return str(said).strip()

    def _own(self, language: str, name: str, told: Argument) -> str | int | float:
        if name == _UNIT and isinstance(told, str):
            told = self.unit(told)
        if isinstance(told, Text):
            return told.vi if language == "vi" else told.en
        return told
