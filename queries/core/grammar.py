"""What people type, to raw values: ``errors lending last 24 hours by region where …``.

A parameter is given as ``name=value``, as its name followed by a value, or bare where its kind
recognises the words. ``region=emea`` is short for ``where region = emea``; where a column is
called as a parameter is, ``dim:by=x`` means the column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from zoneinfo import ZoneInfo

from queries.core.catalog import Catalog
from queries.core.errors import BadQuestion, Problem
from queries.core.filters import BadCondition, condition_at
from queries.core.kinds.kind import Scope
from queries.core.kinds.twice import Said, said_twice
from queries.core.nearest import nearest
from queries.core.question import (
    Parameter,
    Question,
    Raw,
    bind,
    names,
    ordered,
    parameters,
    question,
    suited,
)
from queries.core.times.when import BEGINNINGS, LONGEST, nearest_times, unknown_time
from queries.core.words import echoed, listed
from queries.core.writing import ESCAPE, KEYWORDS, Word, quote, words

_MISSPELT = 70
"""How much of a name's letters a word must share to be that name misspelt: “what” isn't health."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question's class and the raw values found in the text, not yet bound."""

    question: type[Question]
    raw: Raw


def parse(text: str, catalog: Catalog, zone: ZoneInfo) -> Question:
    """Read a whole text and bind it. Raises BadQuestion."""
    understood = understand(text, catalog, zone)
    return bind(understood.question, understood.raw, catalog, zone)


def understand(text: str, catalog: Catalog, zone: ZoneInfo) -> Understood:
    """Find the question and its raw values.

    Raises:
        BadQuestion: a word is not understood; its problem carries corrected whole texts.
    """
    tokens = words(text)
    if not tokens:
        raise BadQuestion(Problem(None, "What would you like to know?"))
    name = tokens[0].text.lower()
    if name not in names():
        raise BadQuestion(_no_question(text, tokens[0], catalog))
    asked = question(name)
    return Understood(asked, _Reader(text, asked, catalog, zone).read())


def _no_question(text: str, word: Word, catalog: Catalog) -> Problem:
    """The nearest names, or how a question begins where none is near."""
    close = nearest(word.text, names(), alike=_MISSPELT)
    no_such = f"There is no question {echoed(word.text)}."
    if not close:
        about_one = (each for each in ordered() if "model" in {at.name for at in parameters(each)})
        begun = example(next(about_one), catalog)
        return Problem(None, f"{no_such} A question begins with its name, such as `{begun}`.")
    known = listed([f"“{each}”" for each in close], last="or")
    corrected = tuple(_replaced(text, word, each) for each in close)
    return Problem(None, f"{no_such} Did you mean {known}?", close, corrected)


def _replaced(text: str, word: Word, replacement: str) -> str:
    return (text[: word.start] + replacement + text[word.end :]).strip()


class _Reader:
    """Reads words from left to right into raw values."""

    def __init__(self, text: str, asked: type[Question], catalog: Catalog, zone: ZoneInfo) -> None:
        self.text, self.tokens = text, words(text)
        self.question, self.catalog, self.zone = asked, catalog, zone
        self.raw: dict[str, tuple[str, ...]] = {}
        self.said: list[Said] = []
        self.by_name = {
            name: parameter
            for parameter in parameters(asked)
            for name in (parameter.name, *parameter.aliases)
        }

    def read(self) -> Raw:
        at = 1
        while at < len(self.tokens):
            at = self._item(at)
        return self.raw

    def _item(self, at: int) -> int:
        word, rest = self.tokens[at], self.tokens[at + 1 :]
        if word.is_sign and word.text == ",":
            return at + 1
        # From what is unmistakable to what is guessed: keywords, name=value, conditions, a
        # parameter's name, and only then bare words.
        if word.is_("where", "and"):
            end = self._condition(at + 1)
            if word.is_("and"):
                self._check_once(word)
            return end
        if rest and rest[0].is_sign and rest[0].text != "," and not word.is_sign:
            return self._named(at)
        if self._is_condition(word, rest):
            return self._condition(at)
        parameter = self._parameter(word)
        if parameter is None or self._is_model(word) or self._is_long_time(at):
            return self._bare(at)
        if not rest:
            raise BadQuestion(self._lacking(parameter))
        length, value = parameter.kind.take(rest, self._scope())
        self._give(parameter, value)
        return at + 1 + length

    def _parameter(self, word: Word) -> Parameter | None:
        return None if word.quoted else self.by_name.get(word.text.lower())

    def _is_condition(self, word: Word, rest: Sequence[Word]) -> bool:
        """Say whether ``region in …`` or ``region contains …`` begins here, without a `where`."""
        card = self._scope().card
        if (
            card is None
            or word.quoted
            or not rest
            or not rest[0].is_("in", "is", "not", "contains")
        ):
            return False
        return word.text.lower() in {name.lower() for name in card.columns}

    def _is_model(self, word: Word) -> bool:
        """Say whether a model is called as a parameter is, and none was named so far."""
        parameter = self.by_name.get("model") or self.by_name.get("models")
        if parameter is None or parameter.name in self.raw:
            return False
        return bool(parameter.kind.claim([word], self._scope())[0])

    def _is_long_time(self, at: int) -> bool:
        """Say whether a time begins with what is a parameter's name too: “over the weekend”."""
        named = self._parameter(self.tokens[at])
        time = self._time()
        if named is time or time is None or time.name in self.raw:
            return False
        return time.kind.claim(self.tokens[at:], self._scope())[0] > 1

    def _time(self) -> Parameter | None:
        return next((each for each in self.by_name.values() if each.kind.control == "time"), None)

    def _lacking(self, parameter: Parameter) -> Problem:
        """A parameter's name at the end of the text: what may follow."""
        options = [option.value for option in parameter.kind.options(self._scope())[:3]]
        corrected = [f"{self.text.rstrip()} {quote(each)}" for each in options]
        message = f"“{parameter.name}” needs a value: {parameter.kind.described()}."
        if parameter.kind.control != "choice":
            return Problem(parameter.name, message)
        return Problem(parameter.name, message, tuple(options), tuple(corrected))

    def _named(self, at: int) -> int:
        parameter = self._parameter(self.tokens[at])
        if parameter is None or self.tokens[at + 1].text != "=":
            return self._condition(at)
        end = at + 2
        given = 0
        while end < len(self.tokens) and not self.tokens[end].is_sign:
            length, value = parameter.kind.take(self.tokens[end:], self._scope())
            self._give(parameter, value)
            end, given = end + length, given + 1
            if end >= len(self.tokens) or self.tokens[end].text != ",":
                break
            end += 1
        if not given:
            raise BadQuestion(self._lacking(parameter))
        return end

    def _condition(self, at: int) -> int:
        parameter = self._conditions()
        tokens = self.tokens
        if at < len(tokens) and tokens[at].text.startswith(ESCAPE) and not tokens[at].quoted:
            column = tokens[at]
            bare = Word(column.text.removeprefix(ESCAPE), True, column.start, column.end)
            tokens = (*tokens[:at], bare, *tokens[at + 1 :])
        try:
            condition, end = condition_at(tokens, at)
        except BadCondition as bad:
            raise BadQuestion(Problem(parameter.name, str(bad))) from None
        self.said.append(Said(condition, self.tokens[at].start, tokens[end - 1].end))
        self._give(parameter, str(condition))
        return end

    def _check_once(self, joint: Word) -> None:
        """Refuse a second list of values for one column after “and”, which says that both hold."""
        if twice := said_twice(self.text, self.said, joint.start):
            message, right = twice
            raise BadQuestion(Problem(self._conditions().name, message, corrected=(right,)))

    def _bare(self, at: int) -> int:
        scope = self._scope()
        # A word that two parameters could claim goes to the one that still lacks a value.
        open_first = sorted(parameters(self.question), key=self._is_given)
        for parameter in open_first:
            length, value = parameter.kind.claim(self.tokens[at:], scope)
            if length:
                self._give(parameter, value)
                return at + length
        raise BadQuestion(self._unknown(at))

    def _is_given(self, parameter: Parameter) -> bool:
        return parameter.name in self.raw and parameter.kind.control != "conditions"

    def _unknown(self, at: int) -> Problem:
        word = self.tokens[at]
        if no_time := self._no_time(at):
            return no_time
        expected = list(self._expected())
        close = () if word.is_sign else nearest(word.text, expected)
        # A known word at the wrong place is not misspelt.
        if word.text.lower() in map(str.lower, close):
            close = ()
        parameter = "model" if "model" in self.by_name and "model" not in self.raw else None
        if not close:
            what = echoed(word.text)
            message = f"I don't understand {what} there. {self._usage()}"
            return Problem(parameter, message, wrong=word.text)
        hint = listed([f"“{each}”" for each in close], last="or")
        corrected = tuple(_replaced(self.text, word, quote(each)) for each in close)
        message = f"I don't know {echoed(word.text)}. Did you mean {hint}?"
        return Problem(parameter, message, close, corrected, word.text)

    def _no_time(self, at: int) -> Problem | None:
        """What is surely meant as a time and is none that is understood, with the nearest."""
        time = self._time()
        if time is None or time.name in self.raw or not self.tokens[at].is_(*BEGINNINGS):
            return None
        said = list(takewhile(self._may_go_on, self.tokens[at : at + LONGEST]))
        if len(said) < 2:
            return None
        start, end = said[0].start, said[-1].end
        close = nearest_times(self.text[start:end])
        corrected = tuple(f"{self.text[:start]}{each}{self.text[end:]}" for each in close)
        message = unknown_time(self.text[start:end])
        return Problem(time.name, message, close, corrected, self.text[start:end])

    def _may_go_on(self, word: Word) -> bool:
        """Say whether a word may be of a time: it is no sign, no keyword and no parameter."""
        if word.quoted or word.is_sign or word.text.lower() in KEYWORDS - {"in", "and"}:
            return False
        return self._parameter(word) is None

    def _expected(self) -> dict[str, None]:
        """Every word that could stand here, models first, each once."""
        found: dict[str, None] = {}
        if "model" not in self.raw:
            found.update(dict.fromkeys(self.catalog.sources))
        scope = self._scope()
        for parameter in self.by_name.values():
            if parameter.kind.control == "choice":
                options = parameter.kind.options(scope)
                found.update(dict.fromkeys(option.value for option in options))
        card = scope.card
        cards = [card] if card else list(self.catalog.sources.values())
        for each in cards:
            found.update(dict.fromkeys(each.dimensions))
            for values in each.dimensions.values():
                found.update(dict.fromkeys(values))
        found.update(dict.fromkeys(self.by_name))
        found.update(dict.fromkeys(("yesterday", "today", "where", "last", "since")))
        return found

    def _usage(self) -> str:
        # Not the best example: which one that is would be found by reading them here again.
        model = quote(_names(self.question, self.catalog)[0])
        return f"Try `{self.question.examples[0].format(model=model)}`."

    def _scope(self) -> Scope:
        model = self.raw.get("model", ())
        return Scope(self.catalog, self.zone, self.catalog.source(model[0]) if model else None)

    def _conditions(self) -> Parameter:
        for parameter in self.by_name.values():
            if parameter.kind.control == "conditions":
                return parameter
        raise BadQuestion(Problem(None, f"“{self.question.name}” takes no conditions."))

    def _give(self, parameter: Parameter, value: str) -> None:
        if self._is_given(parameter):
            both = f"{echoed(self.raw[parameter.name][0])} and {echoed(value)}"
            message = f"{parameter.label}? You gave both {both}. Please give one."
            raise BadQuestion(Problem(parameter.name, message))
        self.raw[parameter.name] = (*self.raw.get(parameter.name, ()), value)


def examples(asked: type[Question], catalog: Catalog) -> tuple[str, ...]:
    """The question's examples, with the model that can be asked most of them."""
    named = [
        [text.format(model=quote(name)) for text in asked.examples]
        for name in _names(asked, catalog)
    ]
    possible = [tuple(text for text in texts if _can_be_asked(text, catalog)) for texts in named]
    return max(possible, key=len) or tuple(named[0])


def _names(asked: type[Question], catalog: Catalog) -> list[str]:
    """The models to write into examples, the best first; a stand-in where there is none."""
    return [card.name for card in suited(asked, catalog)] or ["MODEL"]


def _can_be_asked(text: str, catalog: Catalog) -> bool:
    try:
        parse(text, catalog, ZoneInfo("UTC"))
    except BadQuestion:
        return False
    return True


def example(asked: type[Question], catalog: Catalog) -> str:
    """The question's first example."""
    return examples(asked, catalog)[0]
