"""What an answer looks like in a channel, and what it gives up first when it is too large."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.slack.rendering.answered import Picture, answer_message, origin_line
from bot.slack.rendering.text import Json
from commands.replies import Action, Answered, Button, Verb
from queries.core.answer import Column, Fact, Finding, Severity, Table
from queries.core.words import share
from tests.slack.judges import accept_message, texts
from tests.slack.samples import ANSWER, ANSWERED, ORIGIN


def _blocks(answered: Answered, kind: str) -> list[Json]:
    return [each for each in answer_message(answered).blocks if each["type"] == kind]


def test_parts_in_order() -> None:
    """Who asked, verdict, words, findings, picture, table, caveats, origin, buttons: in order."""
    blocks = answer_message(ANSWERED, Picture("F0PICTURE01")).blocks
    kinds = [block["type"] for block in blocks]
    assert kinds == [
        *("context", "header", "rich_text", "rich_text", "image", "context", "table"),
        *("context", "context", "actions", "actions"),
    ]
    assert blocks[4]["alt_text"] == "Error rate by region: EMEA 14 %, elsewhere 1.5 %."
    assert texts(blocks[0]) == ["Ana Petrović asked: errors lending last 24 hours by region"]
    assert texts(blocks[-3]) == [
        "Lending decisions (simulated data) · 22 Nov 15:30 to 23 Nov 15:30 Europe/Berlin · data "
        "through 15:29 · 1,234,567 rows read · asked by Ana Petrović · run 7f3a"
    ]


@pytest.mark.parametrize("severity", Severity)
def test_severity_stands_without_colour(severity: Severity) -> None:
    """Each severity has a sign and a word of its own."""
    answered = replace(ANSWERED, answer=replace(ANSWER, severity=severity))
    (header,) = _blocks(answered, "header")
    sign, _, rest = header["text"]["text"].partition(" ")
    assert not sign.isascii()
    assert rest.partition(" ·")[0] in ("Alarm", "Warning", "Note", "Good", "Can't tell")


def test_table_cells() -> None:
    """Numbers stand to the right, each written by its column's type; nothing is a dash."""
    (table,) = _blocks(ANSWERED, "table")
    assert [each["align"] for each in table["column_settings"]] == [
        *("left", "right", "right", "right", "left", "left")
    ]
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert rows[0] == ["region", "requests", "rate", "slow end", "since", "unusual"]
    assert rows[1] == ["emea", "4,100", share(0.14), "1.8 s", "23 Nov 09:52", "yes"]
    assert rows[2][4:] == ["–", "no"]


def test_columns_and_rows_for_a_channel() -> None:
    """A table shows the columns and the number of rows meant for a channel, and says so."""
    columns = tuple(Column(name, name, "integer") for name in "abc")
    table = Table("T", columns, ((1, 2, 3),) * 30, channel=("c", "a"), channel_rows=4)
    answered = replace(ANSWERED, answer=replace(ANSWER, tables=(table,)))
    (shown,) = _blocks(answered, "table")
    assert [cell["text"] for cell in shown["rows"][1]] == ["3", "1"]
    assert len(shown["rows"]) == 5
    assert "Shown here: 4 of 30 rows. The spreadsheet has all." in texts(
        answer_message(answered).blocks
    )


def test_facts_stand_as_a_card() -> None:
    """Facts of one case are fields of one section, each with its name, its value and a note."""
    at = datetime(2026, 11, 22, 10, 0, 40, tzinfo=UTC)
    facts = (
        Fact("Request id", "r_1*2"),
        Fact("Time", at, "time"),
        Fact("Decision", "<!channel> & co", note="a person turned it round"),
        *(Fact(f"More {i}", "x" * 500) for i in range(9)),
    )
    message = answer_message(replace(ANSWERED, answer=replace(ANSWER, facts=facts)))
    accept_message(message)
    (card,) = [block for block in message.blocks if block["type"] == "section"]
    assert len(card["fields"]) == 10
    assert card["fields"][0] == {"type": "plain_text", "text": "Request id: r_1*2", "emoji": False}
    assert card["fields"][1]["text"] == "*Time*\n22 Nov 11:00:40"
    decided = card["fields"][2]["text"]
    assert decided == "*Decision*\n&lt;!channel&gt; &amp; co\na person turned it round"
    assert all(len(field["text"]) < 200 for field in card["fields"])


def test_five_findings() -> None:
    """At most five findings are shown; the others are counted."""
    many = tuple(Finding("k", Severity.NOTE, f"Finding {at}.") for at in range(9))
    said = texts(answer_message(replace(ANSWERED, answer=replace(ANSWER, findings=many))).blocks)
    assert "Finding 4." in said
    assert "Finding 5." not in said
    assert "4 more findings: see the spreadsheet." in said


def test_private_and_digest() -> None:
    """A private answer says so; a digest says what it is."""
    private = answer_message(replace(ANSWERED, private=True, intro="Every day at 09:00"))
    assert texts(private.blocks[0])[::2] == ["Every day at 09:00", "Only you can see this."]


def test_missing_picture_is_said() -> None:
    """Where the picture could not be made, its place says so."""
    blocks = answer_message(ANSWERED, Picture(missing="No picture today.")).blocks
    assert "No picture today." in texts(blocks)
    assert all(block["type"] != "image" for block in blocks)


def test_too_large_is_shortened_and_says_so() -> None:
    """An answer too large for a message keeps verdict, origin and buttons, and says it is short."""
    wide = Table(
        "T",
        tuple(Column(f"c{at}", f"column {at} {'x' * 50}", "text") for at in range(12)),
        (("y" * 200,) * 12,) * 40,
        channel_rows=40,
    )
    long = tuple(Finding("k", Severity.NOTE, "z" * 1_500) for _ in range(5))
    huge = replace(ANSWER, findings=long, tables=(wide,), caveats=("w" * 900,) * 9)
    message = answer_message(replace(ANSWERED, answer=huge))
    accept_message(message)
    said = texts(message.blocks)
    assert "This is shortened to fit a message. The spreadsheet has all of it." in said
    assert any("3.4 times" in each for each in said)
    assert any("run 7f3a" in each for each in said)
    assert message.blocks[-1]["elements"][0]["action_id"] == "do:export:0"


def test_follow_up_too_long_to_travel() -> None:
    """A follow-up whose text does not fit a button is left out, never shortened."""
    long = Button("Next", Action(Verb.ASK, "errors lending where id in " + "x, " * 900))
    (row,) = _blocks(replace(ANSWERED, follow_ups=(long,)), "actions")
    assert row["elements"][0]["action_id"] == "do:export:0"


def test_undated_answer() -> None:
    """An answer over a log without times says no range."""
    undated = replace(ANSWERED, provenance=replace(ORIGIN, start=None, end=None, data_through=None))
    line = texts(answer_message(undated).blocks[-3])[0]
    assert line.startswith("Lending decisions (simulated data) · 1,234,567 rows read")


@pytest.mark.parametrize(
    ("simulated", "source", "said"),
    [
        (True, "Lending", "Lending (simulated data)"),
        (True, "Lending (simulated)", "Lending (simulated)"),
        (False, "Lending", "Lending"),
    ],
)
def test_simulated_is_said_once(simulated: bool, source: str, said: str) -> None:
    """Simulated data is called so, once."""
    origin = replace(ORIGIN, simulated=simulated, source=source)
    assert origin_line(origin).startswith(f"{said} · ")
