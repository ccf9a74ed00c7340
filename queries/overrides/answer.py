"""Where people overrule a model and whether they were right, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Answer, CannotShow, FollowUp, Population, Severity
from queries.overrides.charts import chart
from queries.overrides.findings import findings
from queries.overrides.outcomes import FEWEST
from queries.overrides.tables import tables
from queries.overrides.told import BEYOND_CHANCE, Told, place, rate, right, shares, than_score
from queries.wording.performance.population import chosen
from queries.wording.performance.steps import how_good_steps
from queries.wording.standings import standing_name

MOST = 5


def answer_words(told: Told) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head = headline(told)
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=_summary(told),
        findings=tuple(findings(told))[:MOST],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(_caveats(told)),
        follow_ups=_follow_ups(told),
    )


def headline(told: Told) -> str:
    """One sentence: how often, and where they were right more or less often than the score."""
    return words.shortened(f"{told.asked.name}: {_verdict(told)}", 200)


def _verdict(told: Told) -> str:
    report = told.report
    if not report.rate.value:
        return f"people overruled none of {words.counted(report.rate.n, 'decision')}"
    text = f"people overruled {rate(report.rate)} of decisions"
    helps, hurts = told.slices(1), told.slices(-1)
    if helps and hurts:
        here, there = shares(hurts[0])
        text += f"; they were right {than_score(1)} in {place(helps[0])} ({right(helps[0])})"
        return f"{text}, less often in {place(hurts[0])} ({here}, {there})"
    if helps or hurts:
        lead, way = (helps or hurts)[0], 1 if helps else -1
        return f"{text}; they were right {than_score(way)} in {place(lead)} ({right(lead)})"
    if told.whole:
        return f"{text}; they were {right(told.whole)}, {told.apart(told.whole)}"
    if report.worst:
        lead_ = report.worst[0]
        return f"{text}, {rate(lead_.here.now)} in {standing_name(lead_)}"
    return text


def _severity(told: Told) -> Severity:
    if told.slices(-1):
        return Severity.WARNING
    if told.whole and told.whole.turns_out(told.matters) < 0:
        return Severity.WARNING
    return Severity.NOTE


def _summary(told: Told) -> str:
    report, n = told.report, told.report.rate.n
    overruled = round((report.rate.value or 0.0) * n)
    text = (
        f"{words.count(overruled)} of {words.counted(n, 'decision')} "
        f"{told.asked.reading.text} were overruled."
    )
    days = [each.rate.value for each in report.days if each.rate.value is not None]
    if report.uneven is not None and len(days) > 1:
        between = words.share_range(min(days), max(days))
        than = "more than" if report.uneven < BEYOND_CHANCE else "no more than"
        text += f" By day it was {between}, {than} chance makes of it."
    return text


def _caveats(told: Told) -> Iterator[str]:
    report, source = told.report, told.asked.source
    n = words.counted(report.rate.n, "decision")
    yield Population(f"Counted are {n} {told.asked.reading.text}.{_known(told)}")
    yield CannotShow(
        "This is no experiment: people overrule for reasons that the score doesn't know. So it "
        "can't show how a case would have turned out had it been decided otherwise."
    )
    if source.decided and report.outcomes:
        yield (
            f"Outcomes exist only with the decision {chosen(source)}: how those turned out that "
            "people decided otherwise nobody knows."
        )
    if report.unmarked:
        yield (
            f"{words.counted(report.unmarked, 'decision')} without an entry whether they were "
            "overruled count as followed."
        )
    if told.entities:
        yield "People who come back count each time, so ranges may be a little too narrow."


def _known(told: Told) -> str:
    """How many overruled cases have an outcome, or why nothing is said of that."""
    found = told.report.outcomes
    if found is None:
        return " How these turned out can't be told: that takes an outcome, a score and an answer."
    text = (
        f" Of {words.counted(found.overruled, 'overruled case')}"
        f"{' on days whose outcomes are in' if found.complete.states else ''}, "
        f"{words.count(found.known)} have an outcome"
    )
    if found.whole is None:
        few = f": fewer than {FEWEST} say too little"
        alone = ", but too few others of the same score to compare them with"
        return f"{text}{few if found.known < FEWEST else alone}."
    apart_ = found.whole.inside.apart[0]
    more = f"; {words.count(apart_)} of them have no other with the same score" if apart_ else ""
    return f"{text}{more}."


def _follow_ups(told: Told) -> tuple[FollowUp, ...]:
    asked, steps = told.asked, []
    known = "outcome" in {*asked.source.roles, *asked.source.outcome_columns}
    if known and asked.source.task in ("binary", "regression"):
        label = "What did predictions do to the business?"
        steps.append(FollowUp(label, asked.next("outcomes", by=told.by or "")))
    steps += how_good_steps(asked, "overrides", told.by, known=told.whole is not None)
    return tuple(steps[:MOST])
