"""How long requests take, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.core.number import Number
from queries.latency.report import Latency, Limit
from queries.measures.pulse.latency_counts import LatencySlice
from queries.measures.pulse.latency_verdict import Verdict, vague
from queries.statistics.usual import Usual
from queries.wording.asked import Asked
from queries.wording.parts import part_name

_SEVERITY = {
    Verdict.NONE: Severity.UNKNOWN,
    Verdict.SLOWER: Severity.WARNING,
    Verdict.JUMPED: Severity.ALARM,
    Verdict.PART: Severity.WARNING,
    Verdict.SLIGHTLY: Severity.NOTE,
    Verdict.FASTER: Severity.GOOD,
    Verdict.USUAL: Severity.GOOD,
    Verdict.UNKNOWN: Severity.UNKNOWN,
}
ALARMING = 1.5
"""From so many times as long on, slower is an alarm."""

_MOST = {
    0.5: "half of the requests take",
    0.95: "the slowest 5 % take",
    0.99: "the slowest 1 % take",
}


def severity(found: Latency) -> Severity:
    """How much latency asks of the reader; what is over asks less."""
    level = _SEVERITY[found.verdict]
    if found.verdict is Verdict.USUAL and vague(found.usual):
        return Severity.NOTE
    if found.verdict in (Verdict.SLOWER, Verdict.JUMPED) and found.until:
        return Severity.NOTE
    if found.verdict is Verdict.SLOWER and (found.worst[1].times.value or 0.0) >= ALARMING:
        return Severity.ALARM
    return level


def headline(found: Latency, asked: Asked) -> str:
    """One sentence: the verdict and the number that carries it."""
    return f"{asked.name}: {_said(found, asked)}"


def _said(found: Latency, asked: Asked) -> str:
    match found.verdict:
        case Verdict.SLOWER:
            by_share = _share_over(found.limit) if found.limit and found.by_share else ""
            much = by_share or _against(*found.worst)
            return f"slower than usual{_when(found, asked)}: {much}"
        case Verdict.JUMPED:
            return f"slower{_when(found, asked)}: {_jump(found)}"
        case Verdict.PART:
            return f"as fast as usual overall, but not in {_part(found)}"
        case Verdict.SLIGHTLY:
            return f"slightly slower than usual: {_against(*found.worst)}"
        case Verdict.FASTER:
            return f"faster than usual: {_against(*_fastest(found))}"
        case Verdict.USUAL:
            how = "no difference from usual shown" if vague(found.usual) else "as fast as usual"
            return f"{how}, {_typical(found)}"
    return _unsaid(found, asked)


def _unsaid(found: Latency, asked: Asked) -> str:
    """What can be said without a verdict."""
    if found.verdict is Verdict.NONE:
        return f"no latency was logged {asked.reading.text}"
    if found.usual[0.5].now.value is None:
        count = words.counted(int(found.timeline.n[0].sum()), "request")
        return f"only {count} {asked.reading.text}, too few to say how fast"
    return f"{_typical(found)}; too little past to say whether that is usual"


def summary(found: Latency, asked: Asked) -> str:
    """The three quantiles in words, and their usual range."""
    told = [
        f"{what} at most {duration(found.usual[q].now)}"
        for q, what in ((0.5, "half of them take"), (0.95, "95 of 100"), (0.99, "99 of 100"))
        if found.usual[q].now.value is not None
    ]
    n = int(found.timeline.n[0].sum())
    if not told:
        return f"{words.counted(n, 'request')} with a latency came {asked.reading.text}."
    said = f"Of {words.counted(n, 'request')} {asked.reading.text}, {words.listed(told)}."
    usual = found.usual[0.95].usual
    if vague(found.usual):
        said += (
            f" Usually 95 of 100 take at most {duration(usual)}; such times vary so much that only "
            f"more than {words.duration_ms(usual.high)} would be beyond that."
        )
    elif usual.low is not None and usual.high is not None:
        said += f" Usually 95 of 100 take at most {words.duration_range(usual.low, usual.high)}."
    return said


def findings(found: Latency, asked: Asked) -> tuple[Finding, ...]:
    """What was found, the most telling first."""
    return tuple(_findings(found, asked))[:5]


def caveats(found: Latency) -> tuple[str, ...]:
    """Who is in, who is not, and what can't be said."""
    said = []
    rows, n = found.timeline.rows[0].sum(), found.timeline.n[0].sum()
    failed = float(found.timeline.failed[0].sum())
    if failed:
        share = words.share(failed / n)
        said.append(
            f"Failed requests are in, {share} of all; leave them out with `where failed = no`."
        )
    if n < rows:
        gone = words.counted(int(rows - n), "request")
        said.append(f"{gone} without a valid latency ({words.share((rows - n) / rows)}) left out.")
    usual = found.usual[0.95]
    if usual.unusual is None and usual.usual.why and usual.usual.value is not None:
        said.append(f"Whether this is usual can't be said: {usual.usual.why}.")
    return tuple(said)


def duration(number: Number) -> str:
    """An estimated duration as people say it."""
    return words.duration_ms(number.value)


def _typical(found: Latency) -> str:
    q, what = (
        (0.95, "95 of 100") if found.usual[0.95].now.value is not None else (0.5, "half of the")
    )
    return f"{what} requests take at most {duration(found.usual[q].now)}"


def _against(q: float, usual: Usual) -> str:
    return f"{_MOST[q]} over {duration(usual.now)}, usually {duration(usual.usual)}"


def _fastest(found: Latency) -> tuple[float, Usual]:
    judged = [(q, found.usual[q]) for q in (0.5, 0.95) if found.usual[q].unusual]
    return min(judged, key=lambda each: each[1].times.value or 1.0)


def _when(found: Latency, asked: Asked) -> str:
    if found.since is None:
        return ""
    if found.until:
        return f", from about {asked.moment(found.since)} to {asked.moment(found.until)}"
    return f", since about {asked.moment(found.since)}"


def _jump(found: Latency) -> str:
    if found.shift is None or found.limit is None:
        return ""
    before, during = found.shift.before, found.shift.during
    where = f" in {_carrying(found)}" if found.carrier else ""
    return (
        f"{words.share(during.value, during.low, during.high)} of requests{where} take over "
        f"{words.duration_ms(found.limit.milliseconds)}, before "
        f"{words.share(before.value, before.low, before.high)}"
    )


def _carrying(found: Latency) -> str:
    return part_name(found.carrier.dimension, found.carrier.value) if found.carrier else "one part"


def _part(found: Latency) -> str:
    if found.part is None:
        return _carrying(found)
    return f"{_carrying(found)}: there {_against(*_worst(found.part))}"


def _worst(part: LatencySlice) -> tuple[float, Usual]:
    return max(
        ((q, part.usual[q]) for q in (0.5, 0.95)), key=lambda each: each[1].times.value or 0.0
    )


def _findings(found: Latency, asked: Asked) -> Iterator[Finding]:
    level = severity(found)
    if found.part and found.carrier and found.limit:
        yield _carried(found.part, found, level)
    if found.limit and (found.limit.given or found.verdict is not Verdict.USUAL):
        yield _limit(found.limit)
    if found.verdict in (Verdict.SLOWER, Verdict.JUMPED) and found.until:
        text = f"Since {asked.moment(found.until)} requests are faster again."
        yield Finding("ended", Severity.GOOD, text)
    p99 = found.usual[0.99]
    if p99.unusual and p99.higher and found.verdict is not Verdict.SLOWER:
        text = f"The slowest 1 % take over {duration(p99.now)}, usually {duration(p99.usual)}."
        yield Finding("tail", Severity.NOTE, text, {"p99": p99.now, "usual": p99.usual})


def _carried(part: LatencySlice, found: Latency, level: Severity) -> Finding:
    name = part_name(part.dimension, part.value)
    q, usual = _worst(part)
    text = f"{name[:1].upper()}{name[1:]} stands out: there {_against(q, usual)}."
    if usual.usual.value is None:
        text = (
            f"{name[:1].upper()}{name[1:]} stands out: there {_MOST[q]} over {duration(usual.now)}."
        )
    elsewhere = found.carrier.elsewhere if found.carrier else None
    if elsewhere and elsewhere.unusual is not None:
        text += " Elsewhere " + (
            "no difference from usual is shown."
            if not elsewhere.unusual
            else "requests are slower too."
            if elsewhere.higher
            else "requests are faster than usual."
        )
    return Finding("slice", level, text, {"here": usual.now, "usual": usual.usual})


def _limit(given: Limit) -> Finding:
    over = given.over
    level = Severity.WARNING if over.unusual and over.higher else Severity.NOTE
    numbers = {"over": over.now, "usual": over.usual}
    return Finding("limit", level, f"{_share_over(given)}.", numbers)


def _share_over(given: Limit) -> str:
    limit, over = words.duration_ms(given.milliseconds), given.over
    share = words.share(over.now.value, over.now.low, over.now.high)
    text = f"{share} of requests take over {limit}"
    if over.usual.low is not None and over.usual.high is not None:
        text += f"; usually {words.share_range(over.usual.low, over.usual.high)}"
    elif over.usual.value is not None:
        text += f"; before, it was {words.share(over.usual.value)}"
    return text
