"""What changed, and what is likely to have come first, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from queries.changes.outcome_gap import OutcomeGap
from queries.changes.signals import Kind
from queries.changes.suspects import Suspect, Suspicion
from queries.changes.timeline import Timeline
from queries.core import words
from queries.wording.asked import Asked

FELT = (Kind.ERRORS, Kind.LATENCY)


@dataclass(frozen=True)
class Told:
    """What is to be said: the time line, what is suspected, whether outcomes stopped.

    ``dated`` says whether the log tells when outcomes came, so that a stop could be seen.
    """

    asked: Asked
    line: Timeline
    suspicion: Suspicion | None
    gap: OutcomeGap | None
    dated: bool

    @property
    def likely(self) -> Suspect | None:
        """The likely first cause."""
        return self.suspicion.likely if self.suspicion else None


def looked_at(told: Told) -> list[str]:
    """Name what was looked at, in the order of the question."""
    line = told.line
    kinds = {each.signal.kind for each in line.searched}
    inputs = {each.signal.column for each in line.searched if each.signal.kind is Kind.EMPTIED}
    said = {
        Kind.TRAFFIC: "traffic",
        Kind.ERRORS: "failures",
        Kind.LATENCY: "latency",
        Kind.SCORE: "scores",
        Kind.DECISION: "decisions",
        Kind.PREDICTION: "predictions",
    }
    names = ["new versions"] if line.versions else []
    names += [name for kind, name in said.items() if kind in kinds]
    if inputs:
        names.append(words.counted(len(inputs), "input"))
    return names + (["arriving outcomes"] if told.dated else [])
