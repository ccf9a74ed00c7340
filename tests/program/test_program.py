"""The program's other commands, and what it says of itself."""

from __future__ import annotations

import json

import pytest

from bot.__main__ import COMMANDS, main
from queries.core.question import names, parameters, question


def test_questions_are_listed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """Every question is listed as JSON with its parameters, their defaults and what they take."""
    assert main(["questions", "--json"]) == 0
    listed = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
    assert sorted(listed) == sorted(names())
    for name, each in listed.items():
        assert each["title"] == question(name).title
        assert each["private"] == question(name).private
        told = [(one["name"], one["required"]) for one in each["parameters"]]
        assert told == [(one.name, one.required) for one in parameters(question(name))]
        of = f"{name} MODEL" if "model" in dict(told) else name
        assert all(text.startswith(of) for text in each["examples"])
        assert all(one["accepts"] and one["label"] for one in each["parameters"])
    window = {one["name"]: one for one in listed["errors"]["parameters"]}["window"]
    assert window["default"] == "last 24 hours"


def test_questions_are_listed_for_people(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every question is listed with its title, parameters and examples to type."""
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["questions"]) == 0
    out = capsys.readouterr().out
    for name in names():
        assert f"{name} · {question(name).title}" in out
        assert f'plainlogs ask "{name} MODEL' in out


def test_an_unknown_command_is_two_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt command is refused with the nearest one and all there are."""
    assert main(["aks"]) == 2
    said = capsys.readouterr().err
    assert "no command “aks”. Did you mean `plainlogs ask`?" in said
    assert all(name in said for name in COMMANDS)


def test_no_command_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Alone, the program shows its commands, as its help does."""
    assert main([]) == 2
    alone = capsys.readouterr().out
    assert main(["--help"]) == 0
    assert capsys.readouterr().out == alone
