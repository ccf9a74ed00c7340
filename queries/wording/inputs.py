"""Changed inputs in plain words and as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from queries.core import words
from queries.core.answer import (
    Answer,
    Bar,
    BarChart,
    Finding,
    FollowUp,
    Number,
    Severity,
    Table,
)
from queries.core.filters import Filter
from queries.measures.input_changes import InputChange
from queries.wording.asked import Asked

BARS = 8
MOST_NAMED = 3

DEFINITIONS = {
    "shift": "How far the values lie from those compared with: the Jensen-Shannon distance (base "
    "2), 0 when they are spread alike, 1 when they have nothing in common. Numbers are compared on "
    "bins of what is compared with (Doane's rule). Missing values don't belong to it.",
    "shifted": "The shift is at least what this model's settings call worth acting on, and larger "
    "than chance makes it (simulated, corrected for the number of inputs by Benjamini and "
    "Hochberg).",
    "missing": "The share of requests in which the input is empty. More is spoken of when the 95 % "
    "interval of the difference (Newcombe) lies above zero and the difference matters by the "
    "model's settings.",
    "new values": "Categories that never occur in what is compared with.",
}


@dataclass(frozen=True)
class Compared:
    """All inputs compared: ``than`` says with what, ``since`` when an emptied one emptied."""

    asked: Asked
    changes: tuple[InputChange, ...]
    than: str
    since: Mapping[str, datetime | None]

    @property
    def emptied(self) -> tuple[InputChange, ...]:
        """Inputs that are missing more than before."""
        return tuple(each for each in self.changes if each.emptied)

    @property
    def shifted(self) -> tuple[InputChange, ...]:
        """Inputs whose values moved, the furthest first."""
        moved = (each for each in self.changes if each.shifted)
        return tuple(sorted(moved, key=lambda each: -(each.effect or 0.0)))

    @property
    def renewed(self) -> tuple[InputChange, ...]:
        """Inputs with categories never seen before, in a share of requests that matters."""
        matters = self.asked.source.matters.missing
        return tuple(each for each in self.changes if each.unseen_share >= matters)


def answer_words(compared: Compared, tables: tuple[Table, ...]) -> Answer:
    """Put the comparison into words, with its tables and its picture."""
    return Answer(
        severity=_severity(compared),
        headline=headline(compared),
        summary=_summary(compared),
        findings=tuple(_findings(compared))[:5],
        tables=tables,
        chart=_chart(compared),
        caveats=_caveats(compared),
        follow_ups=_follow_ups(compared),
        definitions=DEFINITIONS,
    )


def headline(compared: Compared) -> str:
    """One sentence: the verdict and the number that carries it."""
    name, total = compared.asked.name, len(compared.changes)
    if compared.emptied:
        worst = compared.emptied[0]
        now, before = worst.now.missing, worst.before.missing
        text = (
            f"{name}: the input “{worst.name}” is missing in {_share(now)} of requests, "
            f"{_share(before)} {compared.than}"
        )
        others = len({each.name for each in (*compared.emptied, *compared.shifted)}) - 1
        return text + (f"; {words.counted(others, 'other input')} changed too" if others else "")
    if compared.shifted:
        worst, moved = compared.shifted[0], len(compared.shifted)
        have = "has" if moved == 1 else "have"
        most = "" if moved == 1 else "most of all "
        return f"{name}: {moved} of {total} inputs {have} shifted, {most}“{worst.name}”"
    if compared.renewed:
        worst = compared.renewed[0]
        return f"{name}: “{worst.name}” holds values never seen {compared.than}"
    return f"{name}: none of {words.counted(total, 'input')} changed enough to matter"


def _severity(compared: Compared) -> Severity:
    if compared.emptied:
        return Severity.ALARM
    if compared.shifted or compared.renewed:
        return Severity.WARNING
    enough = all(not each.why for each in compared.changes)
    return Severity.GOOD if enough else Severity.UNKNOWN


def _summary(compared: Compared) -> str:
    now, before = compared.changes[0].now.rows, compared.changes[0].before.rows
    return (
        f"{words.counted(now, 'request')} {compared.asked.reading.text}, compared with "
        f"{words.counted(before, 'row')} {compared.than}."
    )


def _findings(compared: Compared) -> Iterator[Finding]:
    for each in compared.emptied[:MOST_NAMED]:
        at = compared.since.get(each.name)
        since = f" since about {compared.asked.moment(at)}" if at else ""
        text = (
            f"“{each.name}” is missing in {_share(each.now.missing)} of requests{since}; "
            f"{_share(each.before.missing)} {compared.than}."
        )
        numbers = {"missing": each.now.missing, "before": each.before.missing}
        yield Finding("emptied", Severity.ALARM, text, numbers)
    for each in compared.shifted[:MOST_NAMED]:
        numbers = {"shift": _effect(each)}
        yield Finding("shifted", Severity.WARNING, _moved(each, compared), numbers)
    for each in compared.renewed[:MOST_NAMED]:
        value, _ = each.unseen[0]
        text = (
            f"“{each.name}” holds values never seen {compared.than}, in "
            f"{words.share(each.unseen_share)} of requests: first of all "
            f"“{words.shortened(value, 60)}”."
        )
        yield Finding("new values", Severity.WARNING, text)


def _moved(each: InputChange, compared: Compared) -> str:
    if each.kind == "number":
        return (
            f"“{each.name}” shifted: {words.number(each.now.mean)} on average, "
            f"{words.number(each.before.mean)} {compared.than} (shift {_amount(each)})."
        )
    now, before = (
        f"“{words.shortened(looks.commonest or '', 40)}” in {words.share(looks.share)}"
        for looks in (each.now, each.before)
    )
    return f"“{each.name}” shifted: now {now}, {compared.than} {before} (shift {_amount(each)})."


def _effect(each: InputChange) -> Number:
    return Number(each.effect, each.now.rows, why="compared with what chance makes of it")


def _amount(each: InputChange) -> str:
    return words.number(each.effect)


def _share(missing: Number) -> str:
    return words.share(missing.value, missing.low, missing.high)


def _caveats(compared: Compared) -> tuple[str, ...]:
    few = [each.name for each in compared.changes if each.why]
    if not few:
        return ()
    return (f"Too few values to say anything of {words.listed([f'“{name}”' for name in few])}.",)


def _chart(compared: Compared) -> BarChart:
    if compared.emptied:
        ranked = sorted(compared.changes, key=lambda each: -(each.now.missing.value or 0.0))
        bars = tuple(
            Bar(
                each.name,
                each.now.missing.value,
                each.now.missing.low,
                each.now.missing.high,
                reference=each.before.missing.value,
                emphasis=each.emptied,
            )
            for each in ranked[:BARS]
        )
        title, label = headline(compared), "requests in which the input is missing"
        alt = f"{title}. Bars of the share of requests in which each input is missing."
        return BarChart(title, alt, bars, "share", label, reference_label=compared.than)
    ranked = sorted(compared.changes, key=lambda each: -(each.effect or 0.0))
    bars = tuple(
        Bar(each.name, each.effect, reference=each.chance.high, emphasis=each.shifted)
        for each in ranked[:BARS]
    )
    listed = words.listed([f"{each.name} {_amount(each)}" for each in ranked[:BARS]])
    title = headline(compared)
    return BarChart(
        title,
        f"{title}. Bars of the shift of each input: {listed}.",
        bars,
        "number",
        "shift (0 alike, 1 nothing in common)",
        limit=compared.asked.source.matters.drift,
        limit_label="matters",
        reference_label="by chance",
    )


def _follow_ups(compared: Compared) -> tuple[FollowUp, ...]:
    asked, steps = compared.asked, []
    if compared.emptied:
        worst = compared.emptied[0].name
        since = compared.since.get(worst)
        missing = str(Filter(worst, "is missing"))
        text = asked.next("find", since=since, where=missing)
        steps.append(FollowUp(f"Requests without {worst}", text))
    dated = not asked.source.undated
    if dated and {"status", "error"} & set(asked.source.roles):
        steps.append(FollowUp("Do requests fail?", asked.next("errors")))
    if asked.source.outcomes or "outcome" in asked.source.roles:
        steps.append(FollowUp("Is it still good?", asked.next("performance")))
    return tuple(steps)
