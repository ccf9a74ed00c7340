"""The kind of parameter that names several models, or none for all."""

from __future__ import annotations

from collections.abc import Sequence

from queries.core.kinds.kind import BadValue, Kind, Option, Scope, same
from queries.core.nearest import nearest
from queries.core.times import when
from queries.core.words import echoed, listed
from queries.core.writing import Word, quote, words


class Models(Kind[tuple[str, ...]]):
    """Some of the declared sources, each once, in the order in which they were named."""

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A run of bare words that name sources, with or without commas; no word of a time."""
        return _run(words, scope, bare=True)

    def take(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """After the parameter's name: the sources named, and whatever a comma ties to them."""
        length, text = _run(words, scope, bare=False)
        return (length, text) if length else (1, words[0].text)

    def read(self, raw: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
        """Find each source by name, whatever its case. Raises BadValue for one that is none."""
        known = tuple(scope.catalog.sources)
        named = [name for text in raw for name in _names(text, known)]
        for name in named:
            if same(name, known) is None:
                close = nearest(name, known)
                there = listed([f"“{each}”" for each in close or known[:8]], last="or")
                message = f"There is no model {echoed(name)}. Did you mean {there}?"
                raise BadValue(message if there else "No model is declared yet.", close, name)
        return tuple(dict.fromkeys(found for name in named if (found := same(name, known))))

    def write(self, name: str, value: tuple[str, ...]) -> str:
        """The bare names, unless one could be read as a time."""
        text = ", ".join(map(quote, value))
        # A model may be called “today”.
        return f"{name}={text}" if any(map(when.is_time, value)) else text

    def raw(self, value: tuple[str, ...]) -> tuple[str, ...]:
        """One text for all of them; one alone is its name as it is."""
        return value if len(value) == 1 else (", ".join(map(quote, value)),)

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """Every source by its title."""
        return tuple(
            Option(card.name, f"{card.name} · {card.title}")
            for card in scope.catalog.sources.values()
        )

    def described(self) -> str:
        """What may be typed."""
        return "the names of one or several models, with commas between; all where none is named"


def _run(words: Sequence[Word], scope: Scope, *, bare: bool) -> tuple[int, str]:
    """Give how many leading words name sources, and the sources' names as one text."""
    known = tuple(scope.catalog.sources)
    found: list[str] = []
    at = end = 0
    while at < len(words):
        tied = words[at].is_sign and words[at].text == "," and found
        at += 1 if tied else 0
        if at >= len(words) or words[at].is_sign:
            break
        name = same(words[at].text, known)
        loose = bare or (found and not tied)
        if (name is None and (loose or not tied)) or (loose and when.begins(words[at:])):
            break
        found.append(name or words[at].text)
        at, end = at + 1, at + 1
    return end, found[0] if len(found) == 1 else ", ".join(map(quote, found))


def _names(text: str, known: Sequence[str]) -> list[str]:
    """The names in one raw text: itself, where it is one."""
    if same(text, known):
        return [text]
    return [word.text for word in words(text) if not word.is_sign]
