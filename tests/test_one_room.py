"""``make test ONLY=…``: which folders and tests a name stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.core.question import names
from tests.one_room import main, room, steps


@pytest.mark.parametrize("name", names())
def test_a_question_is_its_folder_and_what_holds_of_every_one(name: str) -> None:
    """Of a question its own tests run, and for it alone those that every question must pass."""
    found = room(name)
    assert Path("queries") / name in found.code
    assert Path("tests/questions") / name in found.tests
    *_, own, every = steps(found)
    assert f"tests/questions/{name}" in own
    assert every[every.index("-k") + 1] == name
    assert "tests/questions/test_contract.py" in every


@pytest.mark.parametrize("name", ["statistics", "sources", "slack", "digests", "kinds", "charts"])
def test_any_folder_is_a_room(name: str) -> None:
    """Whatever else has a folder is judged by lint, types and the tests of that name."""
    found = room(name)
    assert found.code
    assert all(path.name == name for path in (*found.code, *found.tests))
    assert any("mypy" in step for step in steps(found))


def test_an_unknown_room_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that no folder has is refused with the nearest."""
    assert main(["fairnes"]) == 2
    assert "Did you mean fairness" in capsys.readouterr().err
