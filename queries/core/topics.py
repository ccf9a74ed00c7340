"""The needs that questions answer to: what a menu begins with."""

from __future__ import annotations

from enum import StrEnum


class Topic(StrEnum):
    """What somebody who does not know the questions wants; in the order of a menu."""

    WRONG = "Is something wrong?"
    DATA = "What goes in, what comes out"
    GOOD = "How good is it, really?"
    CLOSER = "A closer look"
