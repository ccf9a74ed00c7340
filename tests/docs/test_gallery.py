"""The page of pictures shows what every question draws, and the pictures are there and small."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from docs.gallery import PAGE, PICTURES, ROOT, TELLING, Shown, page, shown, small, write
from queries.core.charts import Bar, BarChart
from queries.core.question import names, question
from tests.asking import Asking
from tests.docs.markdown import links

READ = (ROOT / PAGE).read_text(encoding="utf-8")
LINKED = {each for each in links(READ) if each.endswith(".png")}
CHART = BarChart("2 of 3 *fail*", "2 of 3 *fail*. A: 2.", (Bar("a", 2.0),), "number", "[x]")
PICTURE = Shown(question("errors"), "errors lending", CHART)


@pytest.fixture(scope="module")
def drawn(logs: Asking) -> list[Shown]:
    """What the page would show of samples that are much smaller."""
    return [*shown(logs.services)]


def test_every_question_with_a_picture_is_on_the_page(drawn: list[Shown]) -> None:
    """Each question that answers with a chart has a heading, what was typed, and its picture."""
    for each in drawn:
        assert f"\n## {each.question.title}\n" in READ, "run `make gallery`"
        assert f"\n```\n/ml {each.text}\n```\n" in READ, "run `make gallery`"
        assert each.file.relative_to(PAGE.parent).as_posix() in LINKED, "run `make gallery`"
    assert {each.question.name for each in drawn} >= {"errors", "inputs", "performance"}
    assert set(TELLING) <= set(names())


def test_its_pictures_are_there_and_small() -> None:
    """The page and the folder name the same pictures; each is as wide as in Slack, below 60 kB."""
    files = {*(ROOT / PICTURES).glob("*.png")}
    assert {(ROOT / PAGE).parent / each for each in LINKED} == files
    for file in files:
        assert file.stat().st_size < 60_000, file.name
        with Image.open(file) as picture:
            assert picture.width == 1600


def test_a_picture_is_told_in_words_that_are_no_markup() -> None:
    """Below a picture stand its title and what is read aloud, with every sign as itself."""
    text = page([PICTURE, replace(PICTURE, number=2)])
    assert text.count("## What fails?") == 1
    assert "![2 of 3 \\*fail\\*](pictures/gallery/errors.png)" in text
    assert "\n> **2 of 3 \\*fail\\***. A: 2.\n" in text
    assert "(pictures/gallery/errors-2.png)" in text
    other = replace(PICTURE, chart=replace(CHART, alt="Bars of 2."))
    assert "\n> **2 of 3 \\*fail\\*** Bars of 2.\n" in page([other])


def test_few_colours_keep_the_picture_as_it_is() -> None:
    """A picture in few colours has its size and nearly its colours in fewer bytes."""
    gradient = Image.linear_gradient("L").convert("RGB")
    whole = io.BytesIO()
    gradient.save(whole, "PNG", compress_level=0)
    few = small(whole.getvalue())
    assert len(few) < len(whole.getvalue()) / 3
    with Image.open(io.BytesIO(few)) as picture:
        assert picture.size == gradient.size
        middle = picture.convert("RGB").getpixel((128, 128))
    assert middle == pytest.approx(gradient.getpixel((128, 128)), abs=8)


def test_writing_removes_pictures_that_are_no_longer_shown(tmp_path: Path) -> None:
    """A whole run leaves the page and its pictures, and no stale one."""
    (tmp_path / PICTURES).mkdir(parents=True)
    (tmp_path / PICTURES / "gone.png").write_bytes(b"old")
    write(tmp_path, [PICTURE])
    assert [each.name for each in (tmp_path / PICTURES).iterdir()] == ["errors.png"]
    assert (tmp_path / PAGE).read_text(encoding="utf-8") == page([PICTURE])
