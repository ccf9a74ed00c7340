"""The guided form of a question, derived from its parameters; and what was entered in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from commands.replies import Field, Form, Verb
from queries.core.catalog import Catalog, SourceCard
from queries.core.kinds.kind import Option, Scope
from queries.core.question import Parameter, Question, Raw, parameters, question, suited

AUDIENCE = "audience"
EVERYONE, ONLY_ME = "everyone", "me"


def question_form(
    name: str,
    raw: Raw,
    catalog: Catalog,
    zone: ZoneInfo,
    problems: Mapping[str | None, str] | None = None,
    audience: str = EVERYONE,
) -> Form:
    """Give the form of a question, filled with what is known and each problem on its field.

    A problem under None is of no field; it stands above them.
    """
    asked = question(name)
    fitting = suited(asked, catalog)
    scope = Scope(_only(fitting, catalog), zone, _card(raw, fitting))
    known = parameters(asked)
    shown = [_field(each, raw, scope, problems or {}) for each in known]
    lacking = tuple(each.name for each in known if each.required and not raw.get(each.name))
    if not asked.private:
        shown.append(_audience(audience))
    general = (problems or {}).get(None, "")
    intro = general or _intro(asked)
    return Form(
        verb=Verb.ASK,
        subject=name,
        title=asked.title,
        submit="Ask",
        fields=tuple(shown),
        intro=intro,
        lacking=lacking,
    )


def _intro(asked: type[Question]) -> str:
    if asked.private:
        return "Records of single people go to you alone; you can share them afterwards."
    return ""


def _only(cards: Sequence[SourceCard], catalog: Catalog) -> Catalog:
    """These sources alone, in the order in which they are declared."""
    return Catalog({name: card for name, card in catalog.sources.items() if card in cards})


def _card(raw: Raw, fitting: Sequence[SourceCard]) -> SourceCard | None:
    """The chosen source, or the best, so that its columns can be chosen from at once."""
    model = raw.get("model", ())
    chosen = (card for card in fitting if model and card.name == model[0])
    return next(chosen, next(iter(fitting), None))


def _field(
    parameter: Parameter, raw: Raw, scope: Scope, problems: Mapping[str | None, str]
) -> Field:
    values = raw.get(parameter.name, ()) or parameter.default or ()
    # The other fields offer what this source has, so it has to be seen that it is chosen.
    if parameter.name == "model" and not values and scope.card:
        values = (scope.card.name,)
    return Field(
        name=parameter.name,
        label=parameter.label,
        control=parameter.kind.control,
        options=parameter.kind.options(scope),
        values=values,
        optional=not parameter.required,
        hint=parameter.hint,
        example=parameter.kind.example(scope),
        reloads=parameter.name == "model",
        problem=problems.get(parameter.name, ""),
    )


def _audience(value: str) -> Field:
    options = (
        Option(EVERYONE, "Everyone in this channel"),
        Option(ONLY_ME, "Only me"),
    )
    return Field(AUDIENCE, "Who sees the answer", "choice", options, (value,))
