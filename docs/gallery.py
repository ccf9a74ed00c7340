"""Draw what each question's picture looks like, and write the page that shows them.

``make gallery`` runs it: it writes the sample logs, asks them at a fixed time and draws the
answers, so that nothing on the page can be other than what is answered.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from bot.charts import draw
from bot.samples.write import write_samples
from bot.settings import FILE, load
from bot.wiring import house
from commands.ask import ask
from commands.ports import Person, Place, Services
from commands.understand import Ask, understand
from queries.core.charts import Chart
from queries.core.question import Question, ordered

ROOT = Path(__file__).resolve().parent.parent
PAGE, PICTURES = Path("docs/gallery.md"), Path("docs/pictures/gallery")
AT, SEED = datetime(2026, 11, 23, 14, 30, tzinfo=UTC), 7
MODEL = "lending"

TELLING: Mapping[str, tuple[str, ...]] = {
    "errors": ("errors lending last 24 hours by region",),
    "inputs": ("inputs lending last 7 days against usual",),
    "performance": (
        "performance employment last 30 days",
        "performance employment last 30 days by education",
    ),
}
"""What is asked where a question's first example with a picture does not show most of it."""

_READER = Person("reader", "reader", "Europe/Berlin")
_HERE = Place("gallery", "gallery", private=True)
_COLOURS = 32
_MARKUP = re.compile(r"([\\`*_\[\]<>#|$~])")
_INTRODUCTION = (
    "<!-- Written by `make gallery` from answers over the sample logs. -->",
    "# What its pictures look like",
    "Each question draws what it found. These are the answers over [the samples](samples.md), asked"
    " on a Monday at half past three in Berlin: `lending` is simulated, `employment` is real. Below"
    " each picture stands what is read aloud in its place, for whoever can't see it.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What was asked, by which question, and the chart it was answered with."""

    question: type[Question]
    text: str
    chart: Chart
    number: int = 1

    @property
    def file(self) -> Path:
        """Where its picture lies, from the root."""
        more = f"-{self.number}" if self.number > 1 else ""
        return PICTURES / f"{self.question.name}{more}.png"


def shown(services: Services) -> Iterator[Shown]:
    """Ask every question, in the order of the menu, and give those charts that there are."""
    for question in ordered():
        for number, (text, chart) in enumerate(_charts(question, services), 1):
            yield Shown(question, text, chart, number)


def _charts(question: type[Question], services: Services) -> Iterator[tuple[str, Chart]]:
    """The charts of the telling texts; else of the first example that has one."""
    telling = TELLING.get(question.name, ())
    for text in telling or (each.format(model=MODEL) for each in question.examples):
        understood = understand(text, services.catalog(), _READER.tz)
        if not isinstance(understood, Ask):
            raise ValueError(f"“{text}” is no whole question")
        chart = ask(understood.question, _READER, _HERE, services).answer.chart
        if chart is not None:
            yield text, chart
            if not telling:
                return


def page(pictures: Sequence[Shown]) -> str:
    """Write the page: for each picture its question as typed, its title and its words."""
    sections = [*_INTRODUCTION]
    for each in pictures:
        name = each.question.name
        if each.number == 1:
            sections += [f"## {each.question.title}"]
            sections += [f"{each.question.about} [How to ask it](questions/{name}.md)."]
        sections += [
            f"```\n/ml {each.text}\n```",
            f"![{_plain(each.chart.title)}]({each.file.relative_to(PAGE.parent).as_posix()})",
            f"> **{_plain(each.chart.title)}**{_plain(_rest(each.chart))}",
        ]
    return "\n\n".join(sections) + "\n"


def _rest(chart: Chart) -> str:
    """What the alt text says beyond the title, with which it begins as a rule."""
    rest = chart.alt.removeprefix(chart.title)
    return f" {rest}" if rest == chart.alt else rest


def _plain(text: str) -> str:
    """The text on one line, none of it read as markup."""
    return _MARKUP.sub(r"\\\1", re.sub(r"\s", " ", text))


def small(png: bytes, colours: int = _COLOURS) -> bytes:
    """The same picture in few colours: as it looks, at a third of its bytes."""
    with Image.open(io.BytesIO(png)) as picture:
        # Dithered, an even colour would become dots, which also pack badly.
        few = picture.convert("RGB").quantize(colours, dither=Image.Dither.NONE)
    file = io.BytesIO()
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


def write(root: Path, pictures: Sequence[Shown]) -> None:
    """Write the page and its pictures, and remove the pictures that it no longer shows."""
    folder = root / PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    for stale in {*folder.glob("*.png")} - {root / each.file for each in pictures}:
        stale.unlink()
    for each in pictures:
        (root / each.file).write_bytes(small(draw(each.chart)))
    (root / PAGE).write_text(page(pictures), encoding="utf-8")


def main(root: Path = ROOT) -> None:
    """Write the samples into a folder that is gone afterwards, ask them, and write the gallery."""
    with tempfile.TemporaryDirectory() as folder:
        write_samples(Path(folder), AT, SEED, lambda _what, _share: None)
        settings = load(Path(folder) / FILE, {})
        with house(settings, lambda: AT, state_url="sqlite://") as rooms:
            rooms.known.refresh()
            write(root, [*shown(rooms.services)])


if __name__ == "__main__":
    main()
