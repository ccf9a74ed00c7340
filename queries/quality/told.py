"""What is wrong with one column, in one plain sentence each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.core.catalog import ColumnKind
from queries.core.number import Number
from queries.quality.broken import Broken, Found
from queries.quality.faults import Fault
from queries.quality.statuses import Untold
from queries.quality.times import FaultTimes
from queries.wording.asked import Asked

SEVERITY = {
    Fault.ABSENT: Severity.ALARM,
    Fault.RETYPED: Severity.ALARM,
    Fault.UNREADABLE: Severity.ALARM,
    Fault.EMPTIED: Severity.ALARM,
    Fault.INFINITE: Severity.ALARM,
    Fault.OUTSIDE: Severity.WARNING,
    Fault.UNSEEN: Severity.WARNING,
    Fault.CONSTANT: Severity.WARNING,
}
_SHARES = (Fault.UNREADABLE, Fault.EMPTIED, Fault.INFINITE, Fault.OUTSIDE, Fault.UNSEEN)
"""What is wrong with a share of the requests."""
_HOLDS: dict[ColumnKind | None, str] = {
    "text": "text",
    "number": "numbers",
    "boolean": "yes or no",
    "time": "times",
    None: "nothing",
}


@dataclass(frozen=True)
class Told:
    """All columns looked at, the worst first.

    ``than`` says with what they were compared, ``times`` how the worst ones went over time,
    ``repeated`` the share of requests logged more than once, ``untold`` the statuses that say
    nothing, ``caveats`` what was compared otherwise than one would think, or not at all.
    """

    asked: Asked
    columns: tuple[Broken, ...]
    than: str
    times: tuple[FaultTimes, ...]
    repeated: Number | None
    untold: Untold | None = None
    caveats: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[Broken, ...]:
        """The columns that are broken, the worst first."""
        return tuple(each for each in self.columns if each.faults)

    @property
    def judged(self) -> int:
        """How many columns could be judged at all."""
        return sum(
            any(found.q is not None for found in each.found.values()) for each in self.columns
        )

    @property
    def doubled(self) -> bool:
        """Whether more requests are logged twice than matters."""
        share = (self.repeated.value if self.repeated else None) or 0.0
        return share > 0 and share >= self.asked.source.matters.missing

    @property
    def silent(self) -> bool:
        """Whether more statuses say nothing than matters."""
        return self.untold is not None and self.untold.matters(self.asked.source.matters.missing)

    def followed(self, column: Broken) -> FaultTimes | None:
        """How a broken column's worst fault went over time, where a jump is clear."""
        found = (each for each in self.times if each.name == column.name and each.since)
        return next(found, None) if column.faults else None

    def since(self, column: Broken) -> datetime | None:
        """Since when a column's worst fault holds."""
        held = column.column.held
        if column.faults and held.changed:
            return held.since
        followed = self.followed(column)
        return followed.since if followed else None


def severity(column: Broken, fault: Fault, told: Told) -> Severity:
    """How much a fault asks of the reader; what is over asks less."""
    return Severity.NOTE if _over(column, fault, told) else SEVERITY[fault]


def _over(column: Broken, fault: Fault, told: Told) -> bool:
    """Whether a fault came and went, so that the rest of the time is about as it was before."""
    times = told.followed(column)
    if times is None or times.jump is None or fault is not times.fault:
        return False
    rest, before = times.jump.before.value or 0.0, column.found[fault].before.value or 0.0
    return times.until is not None and rest - before < told.asked.source.matters.missing


def wrong(column: Broken, fault: Fault, told: Told) -> str:
    """Say what is wrong and since when, as a sentence without its full stop."""
    what = _wrong(column, fault)
    times = told.followed(column) if fault is column.faults[0] else None
    if fault not in _SHARES:
        began = told.since(column) if fault is column.faults[0] else None
        return what + (f" since about {told.asked.moment(began)}" if began else "")
    now = times.shift.during if times else column.found[fault].now
    text = f"{what} in {share(now)} of requests"
    if times is None or times.since is None:
        return text
    since = told.asked.moment(times.since)
    if times.until is None:
        return f"{text} since about {since}"
    return f"{text} from about {since} to {told.asked.moment(times.until)}"


def _wrong(column: Broken, fault: Fault) -> str:
    name, held = f"“{column.name}”", column.column.held
    match fault:
        case Fault.ABSENT:
            return f"{name} is in the log no more"
        case Fault.RETYPED:
            return f"{name} holds {_HOLDS[held.now]} where it held {_HOLDS[held.was]}"
        case Fault.UNREADABLE:
            return f"{name} can't be read"
        case Fault.EMPTIED:
            return f"{name} is missing"
        case Fault.INFINITE:
            return f"{name} is infinite"
        case Fault.OUTSIDE:
            return f"{name} is {_beyond(column)}"
        case Fault.UNSEEN:
            return f"{name} holds {_never_seen(column)}"
        case Fault.CONSTANT:
            return f"{name} is always “{words.shortened(str(column.column.constant), 60)}”"


def otherwise(fault: Fault, found: Found, than: str) -> str:
    """Say how it was before, as a part of a sentence."""
    if fault in (Fault.UNREADABLE, Fault.EMPTIED, Fault.INFINITE):
        return f"{share(found.before)} {than}"
    if fault in (Fault.OUTSIDE, Fault.UNSEEN):
        return f"never {'so' if fault is Fault.OUTSIDE else 'seen'} {than}"
    return f"it varied {than}" if fault is Fault.CONSTANT else ""


def finding(column: Broken, fault: Fault, told: Told) -> Finding:
    """Tell one thing that is wrong with one column, with its numbers."""
    found = column.found[fault]
    text = wrong(column, fault, told)
    if before := otherwise(fault, found, told.than):
        text += f"; {before}"
    numbers, times = _numbers(found), told.followed(column)
    if times and fault is times.fault:
        text += f". Over the whole time it is {share(found.now)}"
        numbers["during"] = times.shift.during
    text += f"{_beside(column, fault)}."
    return Finding(fault.value, severity(column, fault, told), text, numbers)


def doubled(told: Told, repeated: Number) -> Finding:
    """Tell that requests are logged more than once."""
    level = Severity.WARNING if told.doubled else Severity.NOTE
    count = words.counted(round((repeated.value or 0.0) * repeated.n), "request")
    text = f"{count} ({share(repeated)}) carry an id that another one has: logged more than once."
    return Finding("logged twice", level, text, {"repeated": repeated})


def unknown(told: Told, found: Untold) -> Finding:
    """Tell of how many requests nobody knows whether they failed, and why."""
    level = Severity.WARNING if told.silent else Severity.NOTE
    count = words.counted(found.missing + found.unclear, "request")
    why = []
    if found.missing:
        have = "has" if found.missing == 1 else "have"
        why.append(f"{words.count(found.missing)} {have} no “{found.column}”")
    if found.unclear:
        have, like = "has" if found.unclear == 1 else "have", _such_as(found)
        why.append(f"{words.count(found.unclear)} {have} one that says neither{like}")
    they = "it" if found.missing + found.unclear == 1 else "they"
    text = f"Of {count} ({share(found.share)}) it isn't known whether {they} failed: "
    text += f"{words.listed(why, last='and')}"
    numbers = {"unknown": found.share}
    if found.before is not None and found.change is not None:
        text += f"; {share(found.before)} {told.than}"
        numbers |= {"before": found.before, "change": found.change}
    if found.unclear and not found.declared:
        text += f". List the good ones as `ok_status` under [sources.{told.asked.name}]"
    return Finding("status says nothing", level, f"{text}.", numbers)


def _such_as(found: Untold) -> str:
    if not found.named:
        return ""
    named = [f"{words.echoed(value)} ({words.count(n)})" for value, n in found.named]
    return f", such as {words.listed(named, last='and')}"


def share(number: Number) -> str:
    """A share with the digits that its interval supports."""
    return words.share(number.value, number.low, number.high)


def _numbers(found: Found) -> dict[str, Number]:
    if found.fault in (Fault.ABSENT, Fault.RETYPED):
        return {}
    numbers = {"now": found.now, "before": found.before, "change": found.change}
    return {name: number for name, number in numbers.items() if number.value is not None}


def _beside(column: Broken, fault: Fault) -> str:
    """Add what makes it plainer: what of the missing is no number, what can't be read."""
    held, nan = column.column.held, column.column.nan
    if fault is Fault.EMPTIED and nan:
        return f". In {words.counted(nan, 'request')} it is there but is no number (NaN)"
    if fault is Fault.ABSENT:
        return f". {words.counted(held.rows, 'request')} came without it"
    if fault in (Fault.RETYPED, Fault.UNREADABLE) and held.odd[0]:
        return f". The {words.counted(held.odd[0], 'value')} that can't be read count as missing"
    return ""


def _beyond(column: Broken) -> str:
    low, high = column.column.range or (0.0, 0.0)
    return f"outside of {words.number(low)} to {words.number(high)}"


def _never_seen(column: Broken) -> str:
    named = f"“{words.shortened(column.column.unseen[0], 60)}”"
    count = column.column.unseen_categories
    return named if count == 1 else f"{words.count(count)} new values, such as {named},"


MOST = 5
