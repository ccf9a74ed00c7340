"""What follows from the declared questions is written as they are declared now."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.generate import INDEX, MANIFEST, PAGES, ROOT, generated, main, page, with_table
from queries.core.answer import Answer, Severity
from queries.core.logs import Logs
from queries.core.params import Model, OneOf, Time
from queries.core.question import Question, names, param, question
from queries.core.times.when import Window

READ = (ROOT / INDEX).read_text(encoding="utf-8")


class Weather(Question):
    """A question with everything that a page can tell."""

    name, title = "weather", "Is it fine?"
    about = "Whether it rains."
    asked_as = ("rain", "sunny")
    examples = ("weather {model} today", "weather {model} cold")
    needs = ("failed", "outcome")
    private = True

    model: str = param(Model(), "Which model")
    window: Window = param(Time(), "Which time", default="today", aliases=("period",))
    kind: str | None = param(
        OneOf((("warm", "Warm"), ("cold", "Cold"))), "Which kind", default=None, hint="Or any."
    )

    def answer(self, logs: Logs) -> Answer:
        """Say nothing."""
        return Answer(Severity.NOTE, "")


@pytest.mark.parametrize("path", generated(READ), ids=str)
def test_what_is_committed_is_what_would_be_written(path: Path) -> None:
    """Every generated file is up to date with the questions."""
    committed = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).exists() else ""
    assert committed == generated(READ)[path], f"{path} is out of date: run `make docs`"


def test_every_question_has_a_page_and_no_other_has() -> None:
    """The folder of pages holds one page a question, and the list of them."""
    pages = {each.stem for each in (ROOT / PAGES).glob("*.md")} - {INDEX.stem}
    assert pages == set(names()), "the pages are out of date: run `make docs`"


def test_a_page_tells_all_that_is_declared() -> None:
    """A page has the question's words, examples, parameters with defaults, needs and audience."""
    text = page(Weather)
    for said in (
        "# Is it fine?",
        "Whether it rains.",
        "/ml weather lending today\n/ml weather lending cold",
        "| `model`<br>Which model | the name of a model | you are asked for it |",
        "Formerly `period`. | `today` |",
        "| `kind`<br>Which kind | `warm` or `cold`<br>Or any. | left out |",
        "Everyday words that lead to it: rain and sunny.",
        "must name `status` or `error` and `outcome`.",
        "You alone",
    ):
        assert said in text


def test_the_table_goes_between_its_marks() -> None:
    """The list keeps what stands around the table, however often it is written."""
    before = "above\n<!-- questions -->\nold\n<!-- /questions -->\nbelow\n"
    once = with_table(before, [Weather])
    assert once.startswith("above\n<!-- questions -->\n| question")
    assert once.endswith("|\n<!-- /questions -->\nbelow\n")
    assert "old" not in once
    assert with_table(once, [Weather]) == once
    with pytest.raises(ValueError, match="needs one <!-- questions -->"):
        with_table("no marks", [Weather])


def test_writing_removes_the_pages_of_questions_that_are_gone(tmp_path: Path) -> None:
    """A whole run writes the list, the manifest and the pages, and leaves no stale page."""
    (tmp_path / PAGES).mkdir(parents=True)
    (tmp_path / INDEX).write_text("<!-- questions -->\n<!-- /questions -->\n", encoding="utf-8")
    (tmp_path / PAGES / "gone.md").write_text("old", encoding="utf-8")
    main(tmp_path)
    assert {each.stem for each in (tmp_path / PAGES).iterdir()} == {INDEX.stem, *names()}
    assert question(names()[0]).title in (tmp_path / INDEX).read_text(encoding="utf-8")
    assert (tmp_path / MANIFEST).read_text(encoding="utf-8").startswith("_metadata:")
