"""What a submitted modal means, decided purely, so that errors travel in the acknowledgement."""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.slack.forms.entered import field_errors, modes, raw_values, unfinished, unrevealed
from bot.slack.forms.form import confirm_view, form_view
from bot.slack.forms.opened import Opened, opened
from bot.slack.ports import Core
from bot.slack.rendering.limits import TITLE
from bot.slack.rendering.notes import refused_view
from bot.slack.rendering.text import Json, one_line
from commands.form import AUDIENCE, EVERYONE
from commands.ports import Person
from commands.replies import Refused, Verb
from commands.understand import Ask

MARKED = "Please look at the marked fields."
TOO_LONG = "That is more than can be kept. Please shorten it."


@dataclass(frozen=True)
class Judged:
    """What to acknowledge a submission with, and what to ask, if anything."""

    ack: Json = field(default_factory=dict)
    ask: Ask | None = None


def judge(view: Json, core: Core, user: str, name: str) -> Judged:
    """Decide on any form of ours; a defect is said in the modal too."""
    try:
        known = opened(view)
        if known.verb == Verb.SCHEDULE.value:
            return Judged(judge_schedule(view, core, Person(user, name, known.zone)))
        return judge_question(view, core)
    except Exception as error:  # an unanswered submission would leave the modal hanging
        shown = refused_view(core.refused(error), view["title"]["text"])
        return Judged({"response_action": "update", "view": shown})


def judge_question(view: Json, core: Core) -> Judged:
    """Decide on a question's form: ask it, or show what is wrong where it was entered."""
    known, raw = opened(view), raw_values(view)
    found = core.submit(known.subject, raw, ZoneInfo(known.zone))
    problems = unfinished(view)
    if isinstance(found, Ask) and not problems:
        return Judged({"response_action": "clear"}, found)
    general = ""
    if isinstance(found, Refused):
        problems = {**found.problems, **problems}
        general = "" if found.problems else found.text
    errors = field_errors(view, problems)
    # An error can be shown at an input that is there; anything else needs the form drawn anew.
    if errors and not general and not unrevealed(view):
        return Judged({"response_action": "errors", "errors": errors})
    return Judged({"response_action": "update", "view": _again(view, core, problems, general)})


def again(view: Json, core: Core) -> Json:
    """The same form after a choice that changes it, with all that was entered."""
    return _again(view, core, {}, "")


def judge_schedule(view: Json, core: Core, person: Person) -> Json:
    """Decide on a schedule's form: the acknowledgement that says it back, or what is wrong."""
    known, raw = opened(view), raw_values(view)
    said = core.echo(raw, person)
    about = known.about(known.verb, known.subject, raw)
    if isinstance(said, str) and about.fits():
        title = one_line(view["title"]["text"])[:TITLE]
        return {
            # On top of the form, so that “Back” finds it as it was filled in.
            "response_action": "push",
            "view": confirm_view(title, said, view["submit"]["text"], about),
        }
    problems = {} if isinstance(said, str) else said.problems
    words = TOO_LONG if isinstance(said, str) else said.text
    return {
        "response_action": "errors",
        "errors": field_errors(view, problems) or _on_the_first(view, words),
    }


def _again(view: Json, core: Core, problems: dict[str, str], general: str) -> Json:
    known, raw = opened(view), raw_values(view)
    every: dict[str | None, str] = {None: general} if general else {}
    for field_name, problem in problems.items():
        every[field_name] = problem
    form = core.question_form(
        known.subject,
        raw,
        ZoneInfo(known.zone),
        problems=every,
        audience=next(iter(raw.get(AUDIENCE, ())), EVERYONE),
    )
    return form_view(form, known, modes(view))


def _on_the_first(view: Json, words: str) -> dict[str, str]:
    first = next(each["block_id"] for each in view["blocks"] if each["type"] == "input")
    return {first: words or MARKED}


def place_of(view: Json) -> Opened:
    """Where a modal was opened from; nowhere for one that remembers nothing."""
    return opened(view) if view.get("private_metadata") else Opened("")
