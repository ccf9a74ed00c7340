"""What can go wrong in a way that a person can mend. Everything else is a defect."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one parameter, and the nearest right things.

    ``parameter`` is the name of the form's field, or None when it concerns the whole text.
    ``nearest`` are values that would be right, ``corrected`` whole texts that would be;
    ``wrong`` is the word that is not understood, for which they would stand.
    """

    parameter: str | None
    message: str
    nearest: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    wrong: str = ""


class PlainError(Exception):
    """An error whose text is meant for the person who asked."""


class BadQuestion(PlainError):
    """What was asked cannot be understood or is not possible; one problem a parameter."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(" ".join(problem.message for problem in problems))


class NotAnswerable(PlainError):
    """The log lacks what the question needs; the text says which role would make it answerable."""


class LogUnreadable(PlainError):
    """A log cannot be read; the text names the file or table and what to do."""


class TookTooLong(PlainError):
    """A query passed its deadline and was cancelled in the engine."""


class Cancelled(PlainError):
    """The person who asked cancelled it."""


def unforeseen(error: Exception) -> str:
    """Say in one line why something can't be read for a reason that nobody thought of."""
    first = next(iter(str(error).strip().splitlines()), "")
    return (
        f"It can't be read, for a reason that plainlogs doesn't know ({type(error).__name__}"
        f"{': ' + first[:200] if first else ''}). Tell those who make it."
    )
