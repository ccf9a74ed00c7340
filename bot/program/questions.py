"""List what can be asked, with every parameter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from bot.program.options import parser
from queries.core.question import Question, ordered, parameters


def run(argv: Sequence[str]) -> int:
    """Print every question; ``--json`` for programs."""
    options = parser("questions", __doc__ or "")
    options.add_argument("--json", action="store_true")
    arguments = options.parse_args(argv)
    asked = ordered()
    if arguments.json:
        print(json.dumps([_described(each) for each in asked], indent=2, ensure_ascii=False))
        return 0
    console = Console(highlight=False)
    for each in asked:
        _print(each, console)
    return 0


def _described(asked: type[Question]) -> dict[str, Any]:
    return {
        "name": asked.name,
        "title": asked.title,
        "about": asked.about,
        "private": asked.private,
        "examples": [text.format(model="MODEL") for text in asked.examples],
        "parameters": [
            {
                "name": each.name,
                "label": each.label,
                "required": each.required,
                "default": each.default[0] if each.default else None,
                "accepts": each.kind.described(),
            }
            for each in parameters(asked)
        ],
    }


def _print(asked: type[Question], console: Console) -> None:
    console.print(f"[bold]{asked.name}[/] · {escape(asked.title)}")
    console.print(f"  {escape(asked.about)}")
    for each in parameters(asked):
        default = f" [dim](otherwise {escape(each.default[0])})[/]" if each.default else ""
        need = " [dim](needed)[/]" if each.required else default
        console.print(f"  {each.name:8} {escape(each.kind.described())}{need}")
    for text in asked.examples:
        console.print(f'  [dim]plainlogs ask "{escape(text.format(model="MODEL"))}"[/]')
    console.print()
