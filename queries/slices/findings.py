"""What stands out about a model's slices, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.core.number import Number
from queries.measures.places.decomposition import Decomposition, beyond_chance
from queries.measures.places.standings import Standing
from queries.slices.told import Told, share_here, share_of
from queries.wording.parts import parts_name
from queries.wording.standings import standing_name

NAMED = 3
"""How many of the worst slices are told in sentences."""


def findings(told: Told) -> Iterator[Finding]:
    """Tell the worst slices, and what explains a change of the whole."""
    yield from _worst(told)
    change = told.report.accounts[0].change if told.report.accounts else None
    if change is None or not beyond_chance(change) or told.report.usual.unusual is False:
        return
    account = told.account
    if account is not None:
        yield _explained(told, account)
        if account.simpson:
            yield _paradox(account)
    elif abs(change.value or 0.0) >= told.report.subject.matters:
        unusual = [each for each in told.report.worst if told.is_unusual(each)]
        # What stands out against its own past did change more; how much of it all that explains
        # is what can't be told.
        rest = _partly(unusual[0]) if unusual else _unexplained(told, change)
        text = f"{_whole(told, change)}. {rest}"
        yield Finding("explained", Severity.NOTE, text, {"change": change})


def _worst(told: Told) -> Iterator[Finding]:
    for at, each in enumerate(told.report.worst[:NAMED]):
        name = standing_name(each)
        text = f"{name[:1].upper()}{name[1:]}: {share_here(each)} {told.what}"
        if at == 0:
            text += f", elsewhere {share_of(each.elsewhere)}"
        text += f"{_own_usual(each)}."
        level = Severity.WARNING if told.is_unusual(each) else Severity.NOTE
        numbers = {"here": each.here.now, "elsewhere": each.elsewhere, "apart": each.apart}
        yield Finding("slice", level, text, numbers)


def _own_usual(each: Standing) -> str:
    """Say how the slice was before."""
    usual = each.here.usual
    if each.new:
        return "; there was none before, so that the time may be what it stands out for"
    if usual.value is None:
        return ""
    before = "usually" if each.here.unusual else "before"
    shown = ", no difference shown" if each.here.unusual is False else ""
    return f"; {before} {words.share(usual.value)} there{shown}"


def _unexplained(told: Told, change: Number) -> str:
    """Say that no slice is shown to have changed unlike the rest, and how many can't be judged."""
    more = f"that it {_moved(change)} more in some slices than in others isn't shown"
    text = f"No column explains it: {more}"
    small = told.report.small
    if not small:
        return f"{text}."
    were = "was" if small == 1 else "were"
    return f"{text}, and {words.counted(small, 'slice')} {were} too small to be judged."


def _partly(worst: Standing) -> str:
    """Say which slice changed, where how much of the whole it explains isn't sure."""
    name = standing_name(worst)
    return (
        f"{name[:1].upper()}{name[1:]} is worse than usual; whether it alone explains the whole "
        "can't be told from so few."
    )


def _explained(told: Told, account: Decomposition) -> Finding:
    """Divide the change of the whole into what changed within slices and what moved between."""
    by = account.dimension.replace("_", " ")
    numbers = {"change": account.change, "within": account.rate, "between": account.mix}
    parts = [f"{_part(account.rate)} from within each {by}"]
    carrier = told.report.carrier
    if carrier and carrier[0] == account.dimension:
        effect = next(each for each in account.effects if each.value == carrier[1])
        rest = (account.rate.value or 0.0) - (effect.rate.value or 0.0)
        name = parts_name((account.dimension,), (effect.value,))
        others = f"{_part(Number(rest, account.rate.n))} from within the others"
        parts = [f"{_part(effect.rate)} from within {name}", others]
        numbers["largest"] = effect.rate
    parts.append(f"{_part(account.mix)} as requests moved between them")
    text = f"{_whole(told, account.change)}: {words.listed(parts)}."
    return Finding("explained", Severity.NOTE, text, numbers)


def _whole(told: Told, change: Number) -> str:
    now, was = told.report.usual.now, told.report.usual.usual
    return (
        f"In all, the share {_moved(change)} from {words.share(was.value, now.low, now.high)} to "
        f"{share_of(now)}, by {words.points(change.value or 0.0)}"
    )


def _moved(change: Number) -> str:
    return "rose" if (change.value or 0.0) >= 0 else "fell"


def _part(number: Number) -> str:
    """A part of a change in percentage points, with its sign: “+3.6”."""
    size = round(100 * (number.value or 0.0), 1)
    return f"{'−' if size < 0 else '+'}{abs(size):.1f}"


def _paradox(account: Decomposition) -> Finding:
    by = account.dimension.replace("_", " ")
    whole = _moved(account.change)
    other = "fell" if whole == "rose" else "rose"
    text = (
        f"The whole and its parts disagree: it {whole} in all, yet {other} for nearly every {by} "
        "(Simpson's paradox). Judge the parts, not the whole."
    )
    return Finding("paradox", Severity.WARNING, text)
