"""A question is declared once: its parameters, binding, and where it is found."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import queries
from commands.form import question_form
from commands.help import help_note
from commands.menu import menu
from commands.replies import Form
from commands.submit import submit
from commands.understand import Ask, understand
from queries.core.catalog import Catalog
from queries.core.errors import BadQuestion
from queries.core.filters import Filter
from queries.core.grammar import parse
from queries.core.question import bind, names, parameters, question, raw, window_of
from tests.core.catalogs import BERLIN, CATALOG

ERRORS = question("errors")


def test_questions_are_the_files_and_folders() -> None:
    """A file in ``queries/`` is a question, and so is a folder that holds one; nothing else is."""
    folder = Path(queries.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    folders = {path.parent.name for path in folder.glob("*/question.py")} - {"core"}
    found = sorted(files | folders)
    assert len(found) >= 21
    assert list(names()) == found
    assert [question(name).name for name in found] == found


def test_an_unknown_question_is_a_key_error() -> None:
    """Asking for a question that no file holds, or for a folder of helpers, is refused."""
    for name in ("weather", "core", "measures", "../errors"):
        with pytest.raises(KeyError):
            question(name)


VOLUME = '''
"""How many requests there are."""

from queries.core.answer import Answer, Severity
from queries.core.filters import Filter
from queries.core.logs import Logs
from queries.core.params import Conditions, Model, Time, Whole
from queries.core.question import Question, param
from queries.core.times.when import Window


class Volume(Question):
    """How many requests."""

    name, title = "volume", "How busy is it?"
    about = "How many requests there are."
    examples = ("volume {model} last 24 hours",)

    model: str = param(Model(), "Which model")
    window: Window = param(Time(), "Which time", default="last 24 hours", aliases=("period",))
    least: int = param(Whole(0, 1_000_000), "At least", default="0")
    where: tuple[Filter, ...] = param(Conditions(), "Only requests where", default="")

    def answer(self, logs: Logs) -> Answer:
        """Say that there are none."""
        return Answer(Severity.NOTE, "none")
'''


@pytest.fixture(params=["volume.py", "volume/question.py"])
def volume(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Lay one more question among them, as a file and as a folder; give where it is."""
    file = tmp_path / str(request.param)
    file.parent.mkdir(exist_ok=True)
    if file.parent != tmp_path:
        (file.parent / "__init__.py").touch()
    file.write_text(VOLUME, encoding="utf-8")
    monkeypatch.setattr(queries, "__path__", [*queries.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    _forget()
    yield file
    _forget()
    for name in ("queries.volume", "queries.volume.question"):
        sys.modules.pop(name, None)


def _forget() -> None:
    names.cache_clear()
    question.cache_clear()


def test_to_add_a_question_is_to_add_one_file(volume: Path) -> None:
    """A new file is asked, shown in the menu, explained and offered as a form at once."""
    text = "volume lending yesterday least 5 where region = emea"
    understood = understand(text, CATALOG, BERLIN)
    assert isinstance(understood, Ask)
    assert str(understood.question) == text
    assert "How busy is it?" in {button.label for button in menu(CATALOG).buttons}
    assert "volume lending last 24 hours" in help_note("volume", CATALOG).text
    form = question_form("volume", {}, CATALOG, BERLIN)
    assert [field.name for field in form.fields] == [
        "model",
        "window",
        "least",
        "where",
        "audience",
    ]


def test_a_former_name_of_a_parameter_still_parses(volume: Path) -> None:
    """A text stored under a parameter's former name means the parameter of today."""
    meant = "volume lending yesterday least 0"
    for text in ("volume lending period yesterday", "volume lending period=yesterday"):
        assert str(parse(text, CATALOG, BERLIN)) == meant
    found = bind(question("volume"), {"model": ("lending",), "period": ("all",)}, CATALOG, BERLIN)
    assert str(found) == "volume lending all least 0"


def test_a_file_must_hold_the_question_it_is_called_after(volume: Path) -> None:
    """A file without the question of its name is a defect that is said at once."""
    volume.write_text(VOLUME.replace('"volume"', '"other"'), encoding="utf-8")
    with pytest.raises(TypeError, match=r"queries/volume(/question)?\.py must hold one Question"):
        question("volume")


def test_every_problem_comes_back_with_its_parameter() -> None:
    """Binding tells of everything that is wrong at once, each with the field it belongs on."""
    values = {
        "model": ("lendig",),
        "window": ("whenever",),
        "by": ("anything",),
        "where": ("region",),
        "weather": ("fine",),
    }
    with pytest.raises(BadQuestion) as refused:
        bind(ERRORS, values, CATALOG, BERLIN)
    found = {problem.parameter: problem for problem in refused.value.problems}
    assert set(found) == {None, "model", "window", "where"}
    assert found["model"].nearest == ("lending",)
    assert "“weather”" in found[None].message
    with pytest.raises(BadQuestion) as refused:
        bind(ERRORS, values | {"model": ("lending",)}, CATALOG, BERLIN)
    assert "by" in {problem.parameter for problem in refused.value.problems}


def test_absent_and_blank_values_take_their_defaults() -> None:
    """What a form leaves empty is as if it had not been there."""
    blank = {"model": ("lending",), "window": ("",), "by": (" ",), "where": ("", " ")}
    assert bind(ERRORS, blank, CATALOG, BERLIN) == parse("errors lending", CATALOG, BERLIN)


def test_without_any_source_the_words_still_help() -> None:
    """Where no source is declared, nothing is offered that isn't there."""
    with pytest.raises(BadQuestion, match="No model is declared yet"):
        bind(ERRORS, {"model": ("lending",)}, Catalog({}), BERLIN)
    assert isinstance(understand("errors", Catalog({}), BERLIN), Form)


def test_an_undated_source_has_one_time() -> None:
    """Of a source without times every window is the whole log."""
    found = parse("errors ages yesterday", CATALOG, BERLIN)
    assert str(window_of(found)) == "all"
    assert parse(str(found), CATALOG, BERLIN) == found


def test_a_value_in_another_case_is_the_one_that_was_seen() -> None:
    """A filter's value is written as the log has it, where only its case differs."""
    found = parse("errors lending region=EMEA", CATALOG, BERLIN)
    assert getattr(found, "where", None) == (Filter("region", "=", ("emea",)),)


_touched: list[str] | None = None
_LOOKED_FOR = ("open", "os.", "socket.", "sqlite3.", "subprocess.", "urllib.", "shutil.")


def _noted(event: str, arguments: tuple[object, ...]) -> None:
    if _touched is not None and event.startswith(_LOOKED_FOR):
        _touched.append(f"{event} {arguments}")


sys.addaudithook(_noted)  # an audit hook can't be taken off again: it is deaf outside of watched()


@contextmanager
def watched() -> Iterator[list[str]]:
    """Note everything that touches a file, the network or another process meanwhile."""
    global _touched  # noqa: PLW0603 - audit hooks have no other way to know when to listen
    seen: list[str] = []
    _touched = seen
    try:
        yield seen
    finally:
        _touched = None


def test_the_watch_sees_what_it_looks_for(tmp_path: Path) -> None:
    """Reading a file inside the watch is noticed, and nothing outside of it."""
    (tmp_path / "seen").write_text("x", encoding="utf-8")
    with watched() as touched:
        (tmp_path / "seen").read_text(encoding="utf-8")
    assert any("seen" in event for event in touched)


@pytest.mark.parametrize(
    "text",
    [
        "errors lending last 24 hours by region where status >= 500",
        "errors lendig where nothing fits",
        "errors lending by regon",
        "find",
        "",
        "help errors",
    ],
)
def test_understanding_and_binding_touch_nothing(text: str) -> None:
    """From typed text to question, form or refusal no file, network or process is touched."""
    zone = ZoneInfo("Europe/Berlin")
    understand(text, CATALOG, zone)  # imports the questions
    with watched() as touched:
        found = understand(text, CATALOG, zone)
        if isinstance(found, Ask):
            submit(found.question.name, raw(found.question), CATALOG, zone)
        submit("errors", {"model": ("nobody",), "window": ("whenever",)}, CATALOG, zone)
    assert touched == []


@pytest.mark.parametrize("name", names())
def test_the_first_parameter_is_the_model(name: str) -> None:
    """Every question starts with the model, on which its others depend, or with several models."""
    found = parameters(question(name))
    assert found[0].name in ("model", "models")
    assert found[0].required == (found[0].name == "model")
    assert len({each.name for each in found}) == len(found)
