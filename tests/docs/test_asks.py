"""Whatever a page tells people to ask can be asked."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest

from commands.replies import Choice, Form, Note
from commands.understand import Ask, ListDigests, understand
from queries.core.question import names
from queries.core.times.when import is_time
from tests.asking import Asking
from tests.docs.markdown import PAGES, ROOT, code

UTC = ZoneInfo("UTC")


def _shown(*patterns: str) -> list[str]:
    """The texts that stand as code on any page and match a pattern as a whole."""
    # The page on speed quotes questions of a generated log, which no reader has.
    pages = [page for page in PAGES if page.name != "speed.md"]
    lines = [line for page in pages for line in code(page.read_text(encoding="utf-8"))]
    found = {match[1] for line in lines for each in patterns if (match := re.fullmatch(each, line))}
    return sorted(found)


QUESTIONS = _shown(
    rf"(?:/ml )?((?:{'|'.join(names())}) \w.*)",
    r".*plainlogs ask \"(.+?)\".*",
)


@pytest.mark.parametrize("text", QUESTIONS)
def test_every_question_shown_is_understood(text: str, logs: Asking) -> None:
    """A question on any page is a whole question about a log that the page speaks of."""
    understood = understand(text, logs.services.catalog(), UTC)
    assert isinstance(understood, Ask), understood


def test_what_is_shown_was_found() -> None:
    """Questions of the README, of a question's page and of the samples are among them."""
    assert {
        "errors lending last 24 hours by region",
        "find lending today slowest limit 20",
        "errors lending last 6 hours by version region=EMEA",
    } <= set(QUESTIONS)


def test_the_other_commands_shown_do_something(logs: Asking, pace: None) -> None:
    """What else stands behind `/ml` is the menu, help, the digests, a form, or nearer ones."""
    others = set(_shown(r"/ml ?(|\w.*)")) - set(QUESTIONS)
    assert {"", "help", "digests"} <= others
    kinds = {each: type(understand(each, logs.services.catalog(), UTC)) for each in others}
    assert kinds.pop("") is Choice
    assert kinds.pop("help") is Note
    assert kinds.pop("digests") is ListDigests
    assert {Form, Ask} <= set(kinds.values()) <= {Form, Ask, Choice}


def test_every_time_shown_is_one() -> None:
    """The times that the list of questions gives as examples are times."""
    told = (ROOT / "docs" / "questions" / "README.md").read_text(encoding="utf-8")
    line = next(each for each in told.splitlines() if each.startswith("Times as you would say"))
    shown = re.findall(r"`([^`]+)`", line.partition(";")[0])
    assert len(shown) == 6
    assert [each for each in shown if not is_time(each)] == []
