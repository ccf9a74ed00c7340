"""The kinds of parameters that groups of people are compared by: attributes, values, a day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from queries.core.kinds.kind import BadValue, Kind, Option, Scope
from queries.core.params import Dimension, Time
from queries.core.times import when
from queries.core.words import echoed
from queries.core.writing import Word, quote, words


class Attributes(Kind[tuple[str, ...]]):
    """One column to split by or two, protected ones offered first."""

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A bare column to split by, and one more behind a comma or “and”."""
        one = Dimension()
        length, name = one.claim(words, scope)
        if not length:
            return 0, ""
        if len(words) > 2 and _joins(words[1], words[3:]):
            second = one.claim(words[2:], scope)[1]
            if second:
                return 3, f"{quote(name)}, {quote(second)}"
        return 1, name

    def read(self, raw: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
        """Find each column by name. Raises BadValue for one that is none, or for a third."""
        named = [word.text for text in raw for word in _parts(text, scope) if not word.is_sign]
        found = tuple(dict.fromkeys(Dimension().read((name,), scope) for name in named))
        if len(found) > 2:
            raise BadValue("Groups are made of one column, or of two together. Choose two.")
        return found

    def write(self, name: str, value: tuple[str, ...]) -> str:
        """``by sex, age_group``."""
        return f"{name} {', '.join(map(quote, value))}"

    def raw(self, value: tuple[str, ...]) -> tuple[str, ...]:
        """One text for both."""
        return value if len(value) == 1 else (", ".join(map(quote, value)),)

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """Protected columns, pairs of them, then the other dimensions."""
        if scope.card is None:
            return ()
        known = [name for name in scope.card.protected if name in scope.card.dimensions]
        pairs = [", ".join(map(quote, pair)) for pair in combinations(known, 2)]
        others = [name for name in scope.card.dimensions if name not in known]
        return tuple(Option(name, name.replace("_", " ")) for name in (*known, *pairs, *others))

    def described(self) -> str:
        """What may be typed."""
        return "one column that the model's log can be split by, or two: `sex and age_group`"


def _joins(word: Word, after: Sequence[Word]) -> bool:
    """Whether a word ties two columns: a comma, or an “and” that begins no condition."""
    if word.is_sign:
        return word.text == ","
    condition = after and (after[0].is_sign or after[0].is_("in", "is", "not", "contains"))
    return word.is_("and") and not condition


def _parts(text: str, scope: Scope) -> tuple[Word, ...]:
    """The names in one raw text: itself, where it is a column's."""
    known = scope.card.dimensions if scope.card else {}
    return (Word(text, True, 0, len(text)),) if text in known else words(text)


class Value(Kind[str]):
    """A value as the log has it; those of two columns with a comma between."""

    def take(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """One word, or two with a comma between."""
        if len(words) > 2 and words[1].is_sign and words[1].text == ",":
            return 3, f"{words[0].text}, {words[2].text}"
        return 1, words[0].text

    def read(self, raw: tuple[str, ...], scope: Scope) -> str:
        """Keep it as it is: whether the log has it is seen there."""
        return raw[0]

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """The values seen lately of protected columns."""
        if scope.card is None:
            return ()
        seen = [v for name in scope.card.protected for v in scope.card.dimensions.get(name, ())]
        return tuple(Option(value, value) for value in dict.fromkeys(seen))

    def described(self) -> str:
        """What may be typed."""
        return "one of the groups, such as `male`, or `male, 25-45` of two columns"


class CutOff(Kind[float]):
    """A number that a score is held against."""

    def read(self, raw: tuple[str, ...], scope: Scope) -> float:
        """Read the number."""
        try:
            value = float(raw[0])
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise BadValue(f"{echoed(raw[0])} is no number, such as 0.5.")
        return value

    def write(self, name: str, value: float) -> str:
        """``cutoff 0.5``."""
        return f"{name} {quote(repr(value))}"

    def raw(self, value: float) -> tuple[str, ...]:
        """The number."""
        return (repr(value),)

    def described(self) -> str:
        """What may be typed."""
        return "a number, such as `0.5`"


class Day(Kind[when.Window]):
    """A moment in words: the beginning of a time."""

    def take(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """The longest run of words that is a time as a whole."""
        length, text = Time().claim(words, scope)
        return (length, text) if length else (1, words[0].text)

    def read(self, raw: tuple[str, ...], scope: Scope) -> when.Window:
        """Check that the phrase is a time."""
        found = when.window(" ".join(raw))
        if not when.is_time(found.text):
            text = " ".join(raw)
            raise BadValue(when.unknown_time(text), when.nearest_times(text), text)
        return found

    def write(self, name: str, value: when.Window) -> str:
        """``date 2026-11-02``."""
        return f"{name} {value.text}"

    def described(self) -> str:
        """What may be typed."""
        return "a day, such as `2026-11-02` or `yesterday`"
