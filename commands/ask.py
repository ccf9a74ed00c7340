"""Ask a question of the logs: the answer, what it was computed from, and a record of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from commands.doubts import with_doubts
from commands.fingerprint import fingerprint
from commands.ports import Person, Place, Progress, Services, never, silent
from commands.replies import Action, Answered, Button, Verb
from commands.state.asked import Asked, record
from queries.core.answer import Answer
from queries.core.log import Log
from queries.core.logs import Logs
from queries.core.provenance import Provenance
from queries.core.question import Question, window_of
from queries.core.times.reading import Reading, begins, read
from queries.core.times.spans import Span
from queries.core.times.turned import turned
from queries.core.words import listed, shortened
from queries.wording.glossary import defined


@dataclass(frozen=True)
class Computed:
    """An answer and the facts of its computation."""

    answer: Answer
    provenance: Provenance
    fingerprint: str


def ask(
    question: Question,
    asker: Person,
    place: Place,
    services: Services,
    *,
    private: bool = False,
    run: str = "",
    progress: Progress = silent,
    cancelled: Callable[[], bool] = never,
) -> Answered:
    """Compute, record and give an answer. A digest tried again passes its ``run``.

    Raises PlainError with words for the person who asked.
    """
    run = run or services.new_id()
    now = services.clock()
    logs = services.logs(now=now, zone=asker.tz, progress=progress, cancelled=cancelled)
    computed = compute(question, logs, run=run, asker=asker.name)
    alone = private or question.private
    record(services.state, _recorded(computed, asker, place, alone))
    return answered(question, computed, private=alone)


def compute(question: Question, logs: Logs, *, run: str, asker: str) -> Computed:
    """Answer a question from opened logs and attach what it was computed from."""
    found = question.answer(logs)
    opened = tuple(logs.opened.values())
    readings = _readings(question, logs)
    begun = filter(None, (say(log, each) for log, each in readings for say in (begins, turned)))
    answer = replace(
        with_doubts(found, opened),
        caveats=(*found.caveats, *begun, *(note for log in opened for note in log.notes)),
        definitions={**defined(question.terms), **found.definitions},
    )
    statements = tuple(each for log in opened for each in log.statements)
    span, through = _covered([each for _, each in readings])
    provenance = Provenance(
        run=run,
        question=str(question),
        source=listed([log.source.title for log in opened]),
        simulated=any(log.source.simulated for log in opened),
        asker=asker,
        asked_at=logs.now,
        zone=logs.zone.key,
        start=span.start if span else None,
        end=span.end if span else None,
        data_through=through,
        # The statements of an ask go over the same rows: the largest count of each log says how
        # many, and their sum would count the same rows many times.
        rows_read=sum(max((each.rows for each in log.statements), default=0) for log in opened),
        statements=statements,
        left_out=tuple(sentence for log in opened for sentence in log.left_out),
    )
    return Computed(answer, provenance, fingerprint(answer))


def _readings(question: Question, logs: Logs) -> list[tuple[Log, Reading]]:
    """What was read of each log that was opened; nothing where the question has no time."""
    window = window_of(question)
    if window is None:
        return []
    return [(log, read(log, window, logs)) for log in logs.opened.values()]


def _covered(readings: Sequence[Reading]) -> tuple[Span | None, datetime | None]:
    """The time that the answer covers over all logs, and their latest row."""
    spans = [span for each in readings if (span := each.covered or each.span)]
    through = max((each.data_through for each in readings if each.data_through), default=None)
    if not spans:
        return None, through
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    return whole, through


def answered(question: Question, computed: Computed, *, private: bool) -> Answered:
    """Give the reply: the answer with the buttons that act on it and what to ask next."""
    run = computed.provenance.run
    buttons = [
        Button("Open as spreadsheet", Action(Verb.EXPORT, run), "primary"),
        Button("Change…", Action(Verb.CHANGE, run)),
        Button("How was this computed?", Action(Verb.EXPLAIN, run)),
    ]
    if private:
        buttons.append(Button("Share in the channel", Action(Verb.SHARE, run), confirm=_SHARE))
    else:
        buttons.append(Button("Every morning…", Action(Verb.SCHEDULE, run)))
    follow_ups = tuple(
        # 75 characters are what Slack takes on a button.
        Button(shortened(each.label, 75), Action(Verb.ASK, each.text))
        for each in computed.answer.follow_ups
    )
    return Answered(
        title=question.title,
        answer=computed.answer,
        provenance=computed.provenance,
        buttons=tuple(buttons),
        follow_ups=follow_ups,
        private=private,
    )


_SHARE = "Everyone in the channel will be able to read this answer. Share it?"


def _recorded(computed: Computed, asker: Person, place: Place, private: bool) -> Asked:
    origin = computed.provenance
    return Asked(
        run=origin.run,
        question=origin.question,
        zone=origin.zone,
        asked_at=origin.asked_at,
        asker=asker,
        place=place,
        private=private,
        start=origin.start,
        end=origin.end,
        data_through=origin.data_through,
        rows_read=origin.rows_read,
        fingerprint=computed.fingerprint,
        severity=computed.answer.severity.value,
        headline=computed.answer.headline,
    )
