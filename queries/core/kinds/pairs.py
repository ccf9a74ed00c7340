"""The kinds of parameters that say what is held against what: two values, or another time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from queries.core.kinds.kind import BadValue, Kind, Option, Scope, same
from queries.core.kinds.pair import VERSION, Pair
from queries.core.nearest import nearest
from queries.core.params import Time
from queries.core.times.when import Window
from queries.core.words import echoed, listed
from queries.core.writing import Word, quote, words

_TO = ("to", "and", "with", "vs", "vs.", "versus", "against", "or", "than")
_OFFERED = 4
"""So many values of a dimension are offered in pairs, the commonest."""


@dataclass(frozen=True)
class Pairs(Kind[Pair]):
    """Two values of a column to split by, such as two versions; of ``only`` one column, if named.

    Written as “versions 2.3 to 2.2”, “region emea and apac”, or just the two values.
    """

    only: str = ""

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """Bare words that name a column and two values, or two values of one column."""
        if scope.card is None:
            return 0, ""
        known = self._known(scope)
        if _joined(words, 2) and _column(words[0], known):
            return 4, _text(words[:4])
        if _joined(words, 1) and _holding(words[0].text, words[2].text, known):
            return 3, _text(words[:3])
        return 0, ""

    def take(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """After the parameter's name: the same, also with values that were not seen so far."""
        for length in (4, 3):
            if _joined(words, length - 2):
                return length, _text(words[:length])
        return 1, words[0].text

    def read(self, raw: tuple[str, ...], scope: Scope) -> Pair:
        """Find the column and its values, whatever their case. Raises BadValue."""
        given = [each for each in words(raw[0]) if not each.is_sign]
        known = self._known(scope)
        if len(given) == 4 and given[2].is_(*_TO):
            return self._pair(given[0], (given[1].text, given[3].text), scope)
        if len(given) == 3 and given[1].is_(*_TO):
            values = given[0].text, given[2].text
            column = _holding(*values, known) or self.only or VERSION
            return self._pair(Word(column, True, 0, 0), values, scope)
        raise BadValue(f"{echoed(raw[0])} doesn't say what to compare: {self.described()}.")

    def write(self, name: str, value: Pair) -> str:
        """The parameter's name, the column and both values."""
        return f"{name} {value}"

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """The commonest values of each column in pairs, in either order."""
        return tuple(
            Option(str(Pair(name, *both)), " against ".join(map(_shown, both)), name)
            for name, values in self._known(scope).items()
            for both in permutations([each for each in values if each][:_OFFERED], 2)
        )

    def described(self) -> str:
        """What may be typed."""
        if self.only:
            return f"two {self.only}s, such as `{self.only}s 2.3 to 2.2`"
        return "two values of a column, such as `versions 2.3 to 2.2` or `region emea to apac`"

    def _known(self, scope: Scope) -> Mapping[str, tuple[str, ...]]:
        """The columns whose values may be told apart, each with the values seen."""
        card = scope.card
        if card is None:
            return {}
        return {
            name: values
            for name, values in card.dimensions.items()
            if (card.unread or name in card.columns) and self.only in ("", name)
        }

    def _pair(self, named: Word, values: tuple[str, str], scope: Scope) -> Pair:
        known = self._known(scope)
        column = _column(named, known)
        if column is None and scope.card and not scope.card.unread:
            names = listed([f"“{name}”" for name in known], last="or")
            has = f"Values of {names} can be compared." if names else "It has nothing to compare."
            message = f"Values of {echoed(named.text)} can't be compared. {has}"
            raise BadValue(message, nearest(named.text, list(known)), named.text)
        column = column or named.text
        first, second = (same(each, known.get(column, ())) or each for each in values)
        if first == second:
            raise BadValue(f"{echoed(first)} can't be compared with itself. Choose two.")
        return Pair(column, first, second)


class OtherTime(Time):
    """A range of time to compare with; never a bare one, which is the time asked about."""

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """Nothing: it stands after its parameter's name."""
        return 0, ""

    def take(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """After the parameter's name, the longest run of words that is a time."""
        length, text = super().claim(words, scope)
        return (length, text) if length else (1, words[0].text)

    def write(self, name: str, value: Window) -> str:
        """The parameter's name and the phrase."""
        return f"{name} {value.text}"


def _joined(given: Sequence[Word], at: int) -> bool:
    """Say whether a word such as “to” stands at a place, among words that are values."""
    long_enough = len(given) > at + 1 and given[at].is_(*_TO)
    return long_enough and not any(each.is_sign for each in given[: at + 2])


def _text(given: Sequence[Word]) -> str:
    """The words as text that is cut into the same words again, “to” as “and”."""
    return " ".join(
        "and" if at == len(given) - 2 else quote(each.text) for at, each in enumerate(given)
    )


def _column(word: Word, known: Mapping[str, object]) -> str | None:
    """The column that a word names; of versions also in the plural."""
    found = same(word.text, tuple(known))
    if found is None and word.text.lower() == f"{VERSION}s" and VERSION in known:
        return VERSION
    return found


def _holding(first: str, second: str, known: Mapping[str, tuple[str, ...]]) -> str:
    """The only column that has both values; nothing where none or several have."""
    found = [
        name
        for name, values in known.items()
        if same(first, values) is not None and same(second, values) is not None
    ]
    return found[0] if len(found) == 1 else ""


def _shown(value: str) -> str:
    return value if len(value) <= 30 else f"{value[:29]}…"
