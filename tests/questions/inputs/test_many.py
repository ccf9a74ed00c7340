"""More inputs than are read at once: all are judged, within the memory that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.core.answer import Answer
from queries.measures.counting.batches import MOST
from queries.sources.opening import EngineSettings
from tests.asking import asking, rows
from tests.questions.planted import write

SHIFTED = (3, MOST + 1, 5 * MOST)
"""One among those of each of several passes."""


def wide(folder: Path, inputs: int, requests: int, text: str, memory: str) -> Answer:
    """Ask of a log of many inputs, every tenth of them a category, of which some shifted."""

    def columns(*, planted: bool) -> dict[str, str]:
        found = {"ts": "stamp", "id": "'r' || i"}
        for at in range(inputs):
            draw = f"(hash(i * 7919 + {at}) % 1000)"
            sql = f"'c' || {draw} % 9" if at % 10 == 9 else f"{draw} / 3.0"
            found[f"f_{at:03}"] = f"{draw} * 9.5" if planted and at in SHIFTED else sql
        return found

    write(folder / "log.parquet", rows(requests, columns(planted=True), every=5))
    write(folder / "reference.parquet", rows(requests, columns(planted=False), every=5, salt="b"))
    roles = {"time": "ts", "request_id": "id", "features": "f_*"}
    declared = {"files": "log.parquet", "roles": roles, "reference": {"files": "reference.parquet"}}
    with asking({"x": declared}, folder, engine=EngineSettings(memory_limit=memory)) as house:
        return house.answer(text)


@pytest.mark.parametrize("question", ["inputs", "quality"])
def test_inputs_of_every_pass_are_judged(question: str, tmp_path: Path) -> None:
    """What changed is found whichever pass it was read in, and nothing else is told."""
    answer = wide(tmp_path, 5 * MOST + 1, 3000, f"{question} x last 24 hours", "2GB")
    names = {f"f_{at:03}" for at in SHIFTED}
    told = " ".join(each.text for each in answer.findings)
    assert len(answer.findings) == len(SHIFTED)
    assert all(name in told for name in names)
    assert len(answer.tables[0].rows) == 5 * MOST + 1


def test_four_hundred_inputs_fit_into_little_memory(tmp_path: Path) -> None:
    """400 inputs are compared in a tenth of the memory that is allowed by default."""
    answer = wide(tmp_path, 400, 5000, "inputs x last 24 hours", "200MB")
    assert len(answer.tables[0].rows) == 400
