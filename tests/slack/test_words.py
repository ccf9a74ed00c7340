"""Words as Slack takes them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.rendering.blocks import headline
from bot.slack.rendering.text import (
    clean,
    cut,
    escaped,
    fallback,
    formatted,
    pieces,
    plain,
    runs,
    unescaped,
    units,
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(), st.integers(1, 60))
def test_cut_keeps_to_its_size(text: str, most: int) -> None:
    """A cut text is never longer than allowed, as Slack's clients count, and is told by a dot."""
    words = clean(text)
    short = cut(words, most)
    assert units(short) <= most
    assert short == words or short.endswith("…")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text("a😀\n ", max_size=300), st.integers(4, 40))
def test_pieces_lose_nothing(text: str, most: int) -> None:
    """A text cut into parts is whole again when they are joined."""
    words = clean(text)
    parts = list(pieces(words, most))
    assert "".join(parts) == words
    assert all(units(part) <= most for part in parts)


def test_a_number_keeps_its_percent_sign() -> None:
    """No line breaks before a percent sign, in headings and sentences; code is left as it is."""
    assert headline("it rose to 33 %")["text"]["text"] == "it rose to 33\u00a0%"
    assert plain("Does 80 % mean 80 %?", 75)["text"] == "Does 80\u00a0% mean 80\u00a0%?"
    said = [each["text"] for each in runs("From 1 % to 2 %: `x = 3 %`.")]
    assert said == ["From 1\u00a0% to 2\u00a0%: ", "x = 3 %", "."]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text())
def test_escaping_is_undone(text: str) -> None:
    """What is escaped for Slack is read back as it was."""
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("They say `x_y: z`.", [("They say ", False), ("x_y: z", True), (".", False)]),
        ("an odd ` in a value", [("an odd ` in a value", False)]),
        ("glued`not code`glued", [("glued`not code`glued", False)]),
        ("*not bold* _nor_ ~this~", [("*not bold* _nor_ ~this~", False)]),
    ],
)
def test_only_code_is_formatted(text: str, spans: list[tuple[str, bool]]) -> None:
    """Words between backticks are code; no other sign means anything."""
    assert [(each["text"], "style" in each) for each in runs(text)] == spans


def test_titles_are_bold_in_words_of_our_own() -> None:
    """In help and explanations a line may start with a bold title."""
    found = runs("• *What fails?* `/ml errors`\n*Log:* a *b*", titles=True)
    bold = [each["text"] for each in found if each.get("style") == {"bold": True}]
    assert bold == ["What fails?", "Log:"]
    assert "".join(each["text"] for each in found) == "• What fails? /ml errors\nLog: a *b*"


def test_text_objects() -> None:
    """Text objects hold code where that is all the markup there is, and plain words otherwise."""
    assert formatted("a < b\n`c`", 99)["text"] == "a &lt; b\n`c`"
    assert formatted("a *b* `c`", 99) == plain("a *b* `c`", 99)
    assert plain(" \u200b ", 9)["text"] == "–"


def test_notification_words() -> None:
    """The words of a notification neither ping nor format, and are never empty."""
    assert fallback("<!channel> & co") == "&lt;!channel&gt; &amp; co"
    assert fallback("*b*") == "*\u200bb*\u200b"
    assert fallback("\u202e") == "…"


def test_long_headlines() -> None:
    """A headline too long for a header is bold text of its own."""
    assert headline("short")["type"] == "header"
    assert headline("x" * 151)["type"] == "rich_text"
