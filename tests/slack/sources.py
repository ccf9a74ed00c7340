"""Two sources, a picture, and the answer to any question about them."""

from __future__ import annotations

from dataclasses import replace

from commands.ports import Person
from commands.replies import Action, Answered, Button, Verb
from queries.core.catalog import Catalog, SourceCard
from queries.core.question import Question
from tests.slack.samples import ANSWERED

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080200000090"
    "7753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


def card(name: str, regions: tuple[str, ...]) -> SourceCard:
    """A source with one dimension."""
    return SourceCard(
        name=name,
        title=f"{name} (simulated)",
        task="binary",
        simulated=True,
        undated=False,
        roles=frozenset({"time", "status", "error"}),
        columns={"region": "text", "status": "number"},
        dimensions={"region": regions},
    )


CATALOG = Catalog(
    {"lending": card("lending", ("emea", "apac")), "hiring": card("hiring", ("north", "south"))}
)


def answer_to(run: str, question: Question, asker: Person, *, private: bool) -> Answered:
    """The sample answer, as if the question had been asked."""
    origin = replace(ANSWERED.provenance, run=run, question=str(question), asker=asker.name)
    acts: list[tuple[str, Verb]] = [
        ("Open as spreadsheet", Verb.EXPORT),
        ("Change…", Verb.CHANGE),
        ("How was this computed?", Verb.EXPLAIN),
        ("Share in the channel", Verb.SHARE) if private else ("Every morning…", Verb.SCHEDULE),
    ]
    buttons = tuple(Button(label, Action(verb, run)) for label, verb in acts)
    return replace(ANSWERED, provenance=origin, buttons=buttons, private=private)
