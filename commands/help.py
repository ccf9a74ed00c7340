"""Help: what can be asked and how, derived from the questions themselves."""

from __future__ import annotations

from commands.offers import answering
from commands.replies import Action, Button, Note, Verb
from queries.core.catalog import Catalog
from queries.core.grammar import example, examples
from queries.core.nearest import nearest
from queries.core.question import Question, names, ordered, parameters, question
from queries.core.words import listed


def help_note(topic: str, catalog: Catalog) -> Note:
    """Give help on one question, or on everything."""
    name = topic.strip().lower()
    if not name:
        return _overview(catalog)
    if name in names():
        return _about(question(name), catalog)
    close = nearest(name, names()) or [each.name for each in answering(name.split())]
    known = listed([f"“{each}”" for each in close], last="or")
    near = f"Did you mean {known}?" if close else "`/ml help` names them all."
    return Note(f"There is no question “{topic}”. {near}", title="Help")


def _overview(catalog: Catalog) -> Note:
    lines = [f"• *{each.title}* `/ml {example(each, catalog)}`" for each in ordered()]
    models = listed([f"`{name}`" for name in catalog.sources]) or "none yet"
    text = "\n".join(
        [
            "Type `/ml` for a form, or ask directly:",
            *lines,
            "",
            "Times as you would say them: `last 24 hours`, `yesterday 9-11am`, `since Monday`, "
            "`2026-11-01..2026-11-05`. Narrow it with `where region in emea, apac`, split it with "
            "`by region`, end with `only me` to keep the answer to yourself.",
            f"Models: {models}.",
            "`/ml help errors` explains one question. `/ml digests` lists what arrives by itself.",
        ]
    )
    return Note(text, "How to ask", buttons=(Button("Show me a form", Action(Verb.MENU)),))


def _about(asked: type[Question], catalog: Catalog) -> Note:
    lines = [asked.about, ""]
    for each in parameters(asked):
        need = "needed" if each.required else f"otherwise {each.default[0]}" if each.default else ""
        note = f" ({need})" if need else ""
        lines.append(f"• `{each.name}`{note}: {each.label}; {each.kind.described()}")
    lines += ["", "For example:"]
    lines += [f"`/ml {text}`" for text in examples(asked, catalog)]
    button = Button("Open the form", Action(Verb.FORM, asked.name))
    return Note("\n".join(lines), asked.title, buttons=(button,))
