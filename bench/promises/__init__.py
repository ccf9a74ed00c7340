"""What the statistics promise, each promise with its simulation, size and goal.

A family of promises is a module here with ``INTERVALS``, ``ALARMS`` (what chance does) or ``FINDS``
(what is noticed); it is found by itself.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from bench.promise import Interval, Promise

_FAMILIES = tuple(import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__))

INTERVALS: tuple[Interval, ...] = tuple(
    each for family in _FAMILIES for each in getattr(family, "INTERVALS", ())
)
ALARMS: tuple[Promise, ...] = tuple(
    each for family in _FAMILIES for each in getattr(family, "ALARMS", ())
)
FINDS: tuple[Promise, ...] = tuple(
    each for family in _FAMILIES for each in getattr(family, "FINDS", ())
)
