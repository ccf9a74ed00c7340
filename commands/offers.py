"""What somebody may mean who asks in everyday words: whole questions that answer to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from queries.core.catalog import Catalog, SourceCard
from queries.core.errors import BadQuestion
from queries.core.kinds.attributes import Attributes
from queries.core.kinds.kind import Kind, Scope, same
from queries.core.kinds.pairs import Pairs
from queries.core.params import Conditions, Dimension, Time
from queries.core.question import Question, bind, ordered, parameters, suited
from queries.core.times.phrases import ALL
from queries.core.times.when import is_time, window
from queries.core.writing import Word, quote

MOST = 3
FILLING = frozenset((
    "a", "about", "all", "an", "and", "any", "are", "at", "can", "did", "do", "does", "for",
    "from", "has", "have", "how", "i", "in", "is", "it", "me", "my", "of", "on", "our",
    "please", "that", "the", "their", "there", "this", "to", "was", "we", "were", "what",
    "when", "which", "who", "why", "with",
))  # fmt: skip
"""Words between others in a sentence, which no question has at that place."""

_AROUND = "?!.,;:()…'’"
_LEAST_LETTERS = 3  # shorter ones mean a value only as it is written: “in” isn't India


def offers(text: str, catalog: Catalog, zone: ZoneInfo) -> tuple[str, ...]:
    """Give whole questions that answer to a text's words, the one it begins with or most first.

    They speak of the model, the value, the column and the time that the text names, where it
    names one of each and nothing else can be meant.
    """
    typed = [Word(bare, False, 0, 0) for word in text.split() if (bare := word.strip(_AROUND))]
    everyday = [word.text.lower() for word in typed]
    found = sorted(
        answering(everyday),
        key=lambda each: (each.name not in everyday[:1], -_matches(each, everyday)),
    )
    written = (_whole(each, typed, catalog, zone) for each in found)
    return tuple(dict.fromkeys(filter(None, written)))[:MOST]


def answering(everyday: Sequence[str]) -> list[type[Question]]:
    """The questions that answer to one of these words or more, as a menu orders them."""
    return [each for each in ordered() if _matches(each, everyday)]


def _matches(asked: type[Question], everyday: Sequence[str]) -> int:
    return len({asked.name, *asked.asked_as}.intersection(everyday))


def _whole(
    asked: type[Question], typed: Sequence[Word], catalog: Catalog, zone: ZoneInfo
) -> str | None:
    """The question with what else was named, or its beginning where it needs more than that.

    None where the model lacks what it needs.
    """
    card = _named(typed, catalog, zone) or next(iter(suited(asked, catalog)), None)
    # What a log lacks is only known once it was read.
    if card is None or not (card.unread or card.roles.issuperset(asked.needs)):
        return None
    raw = dict(_raw(asked, typed, Scope(catalog, zone, card)))
    if "model" in {each.name for each in parameters(asked)}:
        raw["model"] = (card.name,)
    try:
        return str(bind(asked, raw, catalog, zone))
    except BadQuestion:
        return f"{asked.name} {quote(card.name)}"


def _raw(
    asked: type[Question], typed: Sequence[Word], scope: Scope
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What the words say of a question's time, its split and its conditions."""
    compared = any(isinstance(each.kind, Pairs) for each in parameters(asked))
    versions = scope.card.versions if compared and scope.card else ()  # both are looked at
    free = [word for word in typed if not _is_taken(word, scope) and not same(word.text, versions)]
    for each in parameters(asked):
        match each.kind:
            case Time():
                yield each.name, tuple(_times(each.kind, typed, scope))[:1]
            case Dimension() | Attributes():
                yield each.name, tuple(_claimed(each.kind, free, scope))[:1]
            case Conditions():
                yield each.name, tuple(_claimed(each.kind, free, scope))


def _claimed(kind: Kind[Any], typed: Sequence[Word], scope: Scope) -> Iterator[str]:
    yield from dict.fromkeys(filter(None, (kind.claim([word], scope)[1] for word in typed)))


def _times(kind: Time, typed: Sequence[Word], scope: Scope) -> Iterator[str]:
    """The times that the words name and that can be read, each as it stands there."""
    at = 0
    while at < len(typed):
        length, text = kind.claim(typed[at:], scope)
        if length and is_time(text) and window(text).text not in ALL:
            yield text
        # Friday within “Black Friday” is no time of its own.
        at += max(1, length)


def _named(typed: Sequence[Word], catalog: Catalog, zone: ZoneInfo) -> SourceCard | None:
    """The one model that is named, or the only one in which one of the words is a value."""
    cards = list(catalog.sources.values())
    names = {same(word.text, tuple(catalog.sources)) for word in typed}
    found = [card for card in cards if card.name in names] or [
        card for card in cards if _names_values(typed, Scope(catalog, zone, card))
    ]
    return found[0] if len(found) == 1 else None


def _names_values(typed: Sequence[Word], scope: Scope) -> bool:
    free = [word for word in typed if not _is_taken(word, scope)]
    return any(_claimed(Conditions(), free, scope))


def _is_taken(word: Word, scope: Scope) -> bool:
    """Say whether a word names a model or question, or is too short to be sure it is a value."""
    everyday = word.text.lower()
    if same(everyday, tuple(scope.catalog.sources)) or answering([everyday]):
        return True
    values = scope.card.dimensions.values() if scope.card else ()
    return len(everyday) < _LEAST_LETTERS and not any(word.text in seen for seen in values)
