"""Write what follows from the declared questions: their pages, the list of them, the manifest.

``make docs`` runs it; a test compares what is committed with what would be written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.slack.manifest import manifest_yaml
from queries.core.question import Parameter, Question, ordered, parameters
from queries.core.words import listed
from queries.wording.glossary import defined

ROOT = Path(__file__).resolve().parent.parent
MANIFEST, PAGES = Path("manifest.yml"), Path("docs/questions")
INDEX = PAGES / "README.md"
"""The list of all questions, which code hosts show where the folder of pages is opened."""
GALLERY = Path("docs/pictures/gallery")
MODEL = "lending"
"""The sample log that every example asks."""

_BLOCK = re.compile(r"(<!-- questions -->\n).*?(<!-- /questions -->)", re.DOTALL)
_DECLARED_BY = {"failed": "`status` or `error`", "chunk": "`chunks`"}
"""What a person declares so that a derived column is there."""


def generated(index: str) -> Mapping[Path, str]:
    """Give every generated file's text by its path from the root, from the list as it is."""
    asked = ordered()
    pages = {PAGES / f"{each.name}.md": page(each) for each in asked}
    return {INDEX: with_table(index, asked), MANIFEST: manifest_yaml(), **pages}


def with_table(index: str, asked: Sequence[type[Question]]) -> str:
    """Put the table of questions into their list. Raises ValueError where it has no place."""
    if len(_BLOCK.findall(index)) != 1:
        raise ValueError(f"{INDEX} needs one <!-- questions --> and one <!-- /questions -->")
    rows = [
        (f"**[{each.title}]({each.name}.md)**", each.about, f"`/ml {_examples(each)[0]}`")
        for each in asked
    ]
    table = _table(("question", "what it answers", "for example"), rows)
    return _BLOCK.sub(lambda found: f"{found[1]}{table}\n{found[2]}", index)


def page(asked: type[Question]) -> str:
    """Write a question's page: what it answers, how to ask it, what it needs of a log."""
    sections = [
        "<!-- Written by `make docs` from the question itself. -->",
        f"# {asked.title}",
        asked.about,
        *_picture(asked),
        "## Ask it",
        f"`/ml {asked.name}` alone opens the form. Or type it whole:",
        "\n".join(["```", *(f"/ml {text}" for text in _examples(asked)), "```"]),
        f'In a terminal: `plainlogs ask "{_examples(asked)[0]}"`',
        f"Everyday words that lead to it: {listed(asked.asked_as)}.",
        "## What you can say",
        _table(("", "you may type", "otherwise"), [_row(each) for each in parameters(asked)]),
        "## What it needs of a log",
        _needs(asked),
        *_words(asked),
        "## Who sees the answer",
        _audience(asked),
    ]
    return "\n\n".join(sections) + "\n"


def _examples(asked: type[Question]) -> list[str]:
    return [text.format(model=MODEL) for text in asked.examples]


def _row(parameter: Parameter) -> tuple[str, str, str]:
    name = f"`{parameter.name}`<br>{parameter.label}"
    hint = f"<br>{parameter.hint}" if parameter.hint else ""
    former = "".join(f"<br>Formerly `{alias}`." for alias in parameter.aliases)
    if parameter.required:
        return name, parameter.kind.described() + hint + former, "you are asked for it"
    default = f"`{parameter.default[0]}`" if parameter.default else "left out"
    return name, parameter.kind.described() + hint + former, default


def _needs(asked: type[Question]) -> str:
    where = "[roles](../configuration.md#sourcesnameroles)"
    if not asked.needs:
        return f"Nothing beyond its time; the more {where} a log declares, the more it can say."
    needed = " and ".join(_DECLARED_BY.get(name, f"`{name}`") for name in asked.needs)
    return f"Its {where} must name {needed}. The form offers only models whose logs do."


def _picture(asked: type[Question]) -> list[str]:
    """Show the picture of a real answer from the gallery, where the question has one."""
    if not (ROOT / GALLERY / f"{asked.name}.png").exists():
        return []
    alt = f"What an answer to “{asked.title}” looks like"
    return [f"![{alt}](../pictures/gallery/{asked.name}.png)"]


def _words(asked: type[Question]) -> list[str]:
    """Explain its technical words, where it has any."""
    if not asked.terms:
        return []
    told = "\n".join(f"- **{word}**: {meaning}" for word, meaning in defined(asked.terms).items())
    return ["## What its words mean", told]


def _audience(asked: type[Question]) -> str:
    if asked.private:
        return "You alone: it shows records of single people. A button shares it, if you want."
    return "Everyone in the channel, unless you end the question with `only me`."


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines
    )


def main(root: Path = ROOT) -> None:
    """Write every generated file, and remove the pages of questions that are gone."""
    files = generated((root / INDEX).read_text(encoding="utf-8"))
    for stale in {each.relative_to(root) for each in (root / PAGES).glob("*.md")} - files.keys():
        (root / stale).unlink()
    for path, text in files.items():
        (root / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
