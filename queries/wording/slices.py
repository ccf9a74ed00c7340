"""Slices in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Answer, Finding, FollowUp, Number, Severity
from queries.core.writing import quote
from queries.measures.decomposition import Decomposition, beyond_chance
from queries.measures.estimates import ENOUGH
from queries.measures.rates import wilson
from queries.measures.standings import Standing
from queries.measures.subgroups import MOST_VALUES
from queries.wording.slice_charts import chart
from queries.wording.slice_tables import tables
from queries.wording.slices_told import Told, named, standing_name

NAMED = 3
"""How many of the worst slices are told in sentences."""


def answer_words(told: Told) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head = headline(told)
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=_summary(told),
        findings=tuple(_findings(told))[:5],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(_caveats(told)),
        follow_ups=tuple(_follow_ups(told))[:5],
    )


def headline(told: Told) -> str:
    """One sentence: which slice is worst, and how the whole moved."""
    report, name = told.report, told.asked.name
    now = report.usual.now
    if not now.n:
        return f"{name}: too early to say where it is worst {told.asked.reading.text}"
    if now.n < ENOUGH:
        few = words.counted(now.n, told.unit)
        return f"{name}: only {few} {told.asked.reading.text}, too few to say where it is worst"
    if report.worst:
        worst = report.worst[0]
        where = f"{told.worst_of_all} for {standing_name(worst)}: {_here(worst)} {told.what}"
        return f"{name}: {where}, elsewhere {_share(worst.elsewhere)}"
    share = _share(now)
    if not report.standings:
        return f"{name}: no slice is large enough to say; {share} {told.what} in all"
    return f"{name}: no slice stands out; {share} {told.what}"


def _share(number: Number) -> str:
    return words.share(number.value, number.low, number.high)


def _here(each: Standing) -> str:
    """A slice's share with the digits that its own 95 % interval supports."""
    return _share(wilson(*each.group.now))


def _severity(told: Told) -> Severity:
    report = told.report
    if report.usual.now.n < ENOUGH:
        return Severity.UNKNOWN
    gained = abs((report.usual.now.value or 0.0) - (report.usual.usual.value or 0.0))
    if told.is_worse and gained >= report.subject.matters:
        return Severity.ALARM
    if any(_is_unusual(told, each) for each in report.worst):
        return Severity.WARNING
    return Severity.NOTE if report.worst or told.is_worse else Severity.GOOD


def _is_unusual(told: Told, each: Standing) -> bool:
    higher = told.report.subject.worse == "higher"
    return bool(each.here.unusual) and each.here.higher == higher


def _summary(told: Told) -> str:
    report = told.report
    now, usual = report.usual.now, report.usual.usual
    if now.value is None:
        return ""
    said = f"Of {words.counted(now.n, told.unit)} {told.asked.reading.text}, "
    said += f"{_share(now)} {told.what_of_them}."
    if usual.low is not None and usual.high is not None:
        said += f" {told.asked.a_usual} has {words.share_range(usual.low, usual.high)}."
    elif usual.value is not None:
        said += f" Before, it was {words.share(usual.value, now.low, now.high)}."
    return f"{said} {words.counted(len(report.standings), 'slice')} were compared."


def _findings(told: Told) -> Iterator[Finding]:
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
        text = f"{_whole(told, change)}. No column explains it: it {_moved(change)} alike in all."
        yield Finding("explained", Severity.NOTE, text, {"change": change})


def _worst(told: Told) -> Iterator[Finding]:
    for at, each in enumerate(told.report.worst[:NAMED]):
        name = standing_name(each)
        text = f"{name[:1].upper()}{name[1:]}: {_here(each)} {told.what}"
        if at == 0:
            text += f", elsewhere {_share(each.elsewhere)}"
        text += f"{_own_usual(each)}."
        level = Severity.WARNING if _is_unusual(told, each) else Severity.NOTE
        numbers = {"here": each.here.now, "elsewhere": each.elsewhere, "apart": each.apart}
        yield Finding("slice", level, text, numbers)


def _own_usual(each: Standing) -> str:
    """Say how the slice was before."""
    usual = each.here.usual
    if each.new:
        return "; there was none before, so that the time may be what it stands out for"
    if usual.value is None:
        return ""
    if each.here.unusual is False:
        return ", as usual there"
    before = "usually" if each.here.unusual else "before"
    return f"; {before} {words.share(usual.value)} there"


def _explained(told: Told, account: Decomposition) -> Finding:
    """Divide the change of the whole into what changed within slices and what moved between."""
    by = account.dimension.replace("_", " ")
    numbers = {"change": account.change, "within": account.rate, "between": account.mix}
    parts = [f"{_part(account.rate)} from within each {by}"]
    carrier = told.report.carrier
    if carrier and carrier[0] == account.dimension:
        effect = next(each for each in account.effects if each.value == carrier[1])
        rest = (account.rate.value or 0.0) - (effect.rate.value or 0.0)
        name = named((account.dimension,), (effect.value,))
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
        f"{_share(now)}, by {words.points(change.value or 0.0)}"
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


def _caveats(told: Told) -> Iterator[str]:
    report, asked = told.report, told.asked
    if told.of == "performance" and asked.source.decided:
        chosen = words.listed([f"“{value}”" for value in asked.source.decided], last="or")
        yield f"This speaks of requests with the decision {chosen} alone."
    if report.apart:
        days = words.counted(report.apart, "day")
        yield f"{days} {'is' if report.apart == 1 else 'are'} left out: not all outcomes are in."
    if report.small:
        slices = words.counted(report.small, "slice")
        yield f"{slices} with fewer than {ENOUGH} {told.unit}s can't be judged."
    if report.counted.lumped:
        columns = words.listed([f"“{name.replace('_', ' ')}”" for name in report.counted.lumped])
        yield f"Of {columns} the {MOST_VALUES} commonest values were looked at, others together."
    if report.counted.unpaired:
        pairs = words.counted(report.counted.unpaired, "pair")
        yield f"{pairs} of columns with too many values were not looked at."
    if told.of == "slow":
        limit = words.duration_ms(float(report.subject.counted))
        yield f"Slow means over {limit}: usually one request in twenty takes longer."
    if report.usual.unusual is None and report.usual.usual.why and report.usual.now.n:
        yield f"Whether all this is usual can't be said: {report.usual.usual.why}."
    if report.worst:
        yield "That a slice stands out doesn't say what makes it so."


def _follow_ups(told: Told) -> Iterator[FollowUp]:
    asked, of = told.asked, told.of
    if not told.report.usual.now.n:
        if not asked.source.undated:
            text = f"slices {quote(asked.source.name)} last 60 days of {of}"
            yield FollowUp("Look further back", text)
        return
    worst = next((each for each in told.report.worst if told.condition(each.group)), None)
    if worst:
        yield from _look_at(told, standing_name(worst), told.condition(worst.group))
    if not asked.source.undated:
        part = told.condition(worst.group) if worst else ""
        label = "What changed there?" if worst else "What changed?"
        yield FollowUp(label, asked.next("changes", where=part))
    if (by := told.closed) and of in ("errors", "performance"):
        yield FollowUp(f"By {by.replace('_', ' ')}", asked.next(of, by=by))


def _look_at(told: Told, name: str, part: str) -> Iterator[FollowUp]:
    """Questions about the requests of one slice, given as conditions."""
    asked, where = told.asked, words.shortened(name, 50)
    match told.of:
        case "errors":
            yield FollowUp(f"Failures: {where}", asked.next("errors", where=part))
            yield FollowUp("See them", asked.next("find", where=f"failed = yes and {part}"))
        case "performance":
            yield FollowUp(f"How good: {where}", asked.next("performance", where=part))
        case "slow":
            slow = f"latency_ms > {told.report.subject.counted} and {part}"
            yield FollowUp("See the slow ones", asked.next("find", order="slowest", where=slow))
        case _:
            yield FollowUp(f"See them: {where}", asked.next("find", where=part))
