"""“How was this computed?”: every technical word in plain words, the range, and the SQL."""

from __future__ import annotations

from collections.abc import Callable

from commands.ports import Person, Progress, Services, never, silent
from commands.replay import Replayed, check_reader, replay
from commands.replies import Note
from queries.core import words
from queries.core.provenance import Statement


def explain(
    run: str,
    viewer: Person,
    services: Services,
    *,
    progress: Progress = silent,
    cancelled: Callable[[], bool] = never,
) -> Note:
    """Explain a recorded answer. A private one is explained to its asker alone.

    Raises PlainError.
    """
    check_reader(run, viewer, services, "see how this was computed")
    replayed = replay(run, services, progress=progress, cancelled=cancelled)
    return Note(_words(replayed), "How was this computed?", code=_sql(replayed))


def _words(replayed: Replayed) -> str:
    answer, origin = replayed.computed.answer, replayed.computed.provenance
    lines = [f"*Asked:* `{origin.question}`", f"*Log:* {origin.source}"]
    if origin.start and origin.end:
        span = words.time_range(origin.start, origin.end, replayed.logs.zone, origin.asked_at)
        lines.append(f"*Time:* {span}")
    if origin.data_through:
        through = words.moment(origin.data_through, replayed.logs.zone, origin.asked_at)
        lines.append(f"*Latest row in the log:* {through}")
    lines.append(f"*Read:* {words.counted(origin.rows_read, 'row')}, comparable past included")
    lines += [f"*{word}:* {meaning}" for word, meaning in answer.definitions.items()]
    lines += [f"*Left out:* {sentence}" for sentence in origin.left_out]
    if replayed.changed:
        lines.append("*Note:* the log has changed since this was asked; the numbers differ now.")
    return "\n".join(lines)


def _sql(replayed: Replayed) -> str:
    return "\n\n".join(map(_statement, replayed.computed.provenance.statements))


def _statement(statement: Statement) -> str:
    bound = ", ".join(f"{name} = {value}" for name, value in statement.parameters.items())
    return f"{statement.sql};\n-- with {bound}" if bound else f"{statement.sql};"
