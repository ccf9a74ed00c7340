"""How long requests take, in plain words."""

from __future__ import annotations

from queries.core import words
from queries.core.answer import Answer
from queries.latency.charts import chart
from queries.latency.findings import findings
from queries.latency.phrases import (
    against,
    duration,
    severity,
    share_over,
    worst_part,
)
from queries.latency.report import Latency
from queries.latency.steps import next_steps
from queries.latency.tables import tables
from queries.measures.pulse.latency_verdict import Verdict, vague
from queries.statistics.usual import Usual
from queries.wording.asked import Asked
from queries.wording.parts import part_name


def answer_words(found: Latency, asked: Asked, split: str | None) -> Answer:
    """Say what was found of how long requests take."""
    title = headline(found, asked)
    return Answer(
        severity=severity(found),
        headline=title,
        summary=summary(found, asked),
        findings=findings(found, asked),
        tables=tables(found, asked, split),
        chart=chart(found, asked, title),
        caveats=caveats(found),
        follow_ups=next_steps(found, asked),
    )


def headline(found: Latency, asked: Asked) -> str:
    """One sentence: the verdict and the number that carries it."""
    return f"{asked.name}: {_said(found, asked)}"


def _said(found: Latency, asked: Asked) -> str:
    match found.verdict:
        case Verdict.SLOWER:
            by_share = share_over(found.limit) if found.limit and found.by_share else ""
            much = by_share or against(*found.worst)
            return f"slower than usual{_when(found, asked)}: {much}"
        case Verdict.JUMPED:
            return f"slower{_when(found, asked)}: {_jump(found)}"
        case Verdict.PART:
            return f"as fast as usual overall, but not in {_part(found)}"
        case Verdict.SLIGHTLY:
            return f"slightly slower than usual: {against(*found.worst)}"
        case Verdict.FASTER:
            return f"faster than usual: {against(*_fastest(found))}"
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


def _typical(found: Latency) -> str:
    q, what = (
        (0.95, "95 of 100") if found.usual[0.95].now.value is not None else (0.5, "half of the")
    )
    return f"{what} requests take at most {duration(found.usual[q].now)}"


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
    return f"{_carrying(found)}: there {against(*worst_part(found.part))}"
