"""``plainlogs ask``, run in this process as a person runs it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from bot.__main__ import main
from tests.questions.planted import BROKEN, NOW, SECRET, declared, requests, write

AT = f"{NOW:%Y-%m-%dT%H:%MZ}"
BY_REGION = "errors lending last 24 hours by region"


@dataclass(frozen=True)
class Said:
    """What the program gave back: its exit code and what it wrote on both streams."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration of a planted log, of one that is damaged, and of one that is not there."""
    folder = tmp_path_factory.mktemp("program")
    write(folder / "lending" / "requests.parquet", requests(broken=BROKEN, every=30))
    (folder / "damaged").mkdir()
    (folder / "damaged" / "half.parquet").write_bytes(b"PAR1 and no more")
    file = folder / "plainlogs.toml"
    file.write_text("\n".join([declared(), declared("damaged"), declared("gone")]), "utf-8")
    return file


@pytest.fixture
def plainlogs(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Said]:
    """Run the program on that configuration at a fixed time, in Berlin."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.delenv("PLAINLOGS_CONFIG", raising=False)

    def run(*words: str, file: Path = config, at: str = AT) -> Said:
        capsys.readouterr()
        code = main(["ask", *words, "--config", str(file), "--at", at])
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return run


def test_an_answer_is_printed(plainlogs: Callable[..., Said]) -> None:
    """The headline, findings, table, provenance and next steps stand in the terminal."""
    said = plainlogs(BY_REGION)
    assert said.code == 0
    assert "lending: 3.4 times as many requests fail as usual, since about 09:50" in said.out
    assert "egion emea carries" in said.out
    assert "22 Nov 15:30 to 23 Nov 15:29 Europe/Berlin" in said.out
    assert "simulated data" in said.out
    assert (
        "Next: See the failed requests plainlogs ask 'find lending 2026-11-23T09:50+01:00.."
        in said.out
    )


def test_json_is_the_answer_whole(plainlogs: Callable[..., Said]) -> None:
    """As JSON the answer has everything in it, and nothing but JSON is printed."""
    said = plainlogs(BY_REGION, "--json")
    assert said.code == 0
    whole = json.loads(said.out)
    assert whole["question"] == BY_REGION
    assert whole["run"] == whole["provenance"]["run"]
    assert whole["severity"] == "alarm"
    assert "since about 09:50" in whole["headline"]
    numbers = whole["findings"][0]["numbers"]["here"]
    assert numbers["low"] < numbers["value"] < numbers["high"]
    assert numbers["n"] == 720
    table = whole["tables"][0]
    assert table["rows"][0]["region"] == "emea"
    assert {column["name"]: column["type"] for column in table["columns"]}["rate"] == "share"
    assert set(table["rows"][0]) == {column["name"] for column in table["columns"]}
    assert whole["provenance"]["start"] == "2026-11-22T14:30:00+00:00"
    assert whole["provenance"]["statements"][0]["sql"].startswith("SELECT")
    assert whole["definitions"]
    assert "can't be read" in said.err  # of the other sources, on the other stream


def test_files_are_written(plainlogs: Callable[..., Said], tmp_path: Path) -> None:
    """The full result is written for Excel and as CSV, and the chart as a picture."""
    xlsx, comma, png = (tmp_path / f"out.{suffix}" for suffix in ("xlsx", "csv", "png"))
    said = plainlogs(BY_REGION, "--xlsx", str(xlsx), "--csv", str(comma), "--png", str(png))
    assert said.code == 0
    book = openpyxl.load_workbook(xlsx)
    assert book.sheetnames[1] == "By region"
    assert book.sheetnames[0] == "About"
    rows = list(csv.reader(comma.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[1][0] == "emea"
    assert len(rows) == 5
    assert png.read_bytes().startswith(b"\x89PNG")


def test_an_answer_without_a_chart_says_so(plainlogs: Callable[..., Said], tmp_path: Path) -> None:
    """A picture of what can't be drawn is not written, and that is said."""
    said = plainlogs("find lending limit 3", "--png", str(tmp_path / "out.png"))
    assert said.code == 0
    assert "no chart" in said.err
    assert not (tmp_path / "out.png").exists()


def test_records_are_asked_in_a_terminal_too(plainlogs: Callable[..., Said]) -> None:
    """A terminal is its user's own: records are shown there, and what is hidden is not."""
    said = plainlogs("find lending where failed = yes limit 3", "--json")
    assert said.code == 0
    assert len(json.loads(said.out)["tables"][0]["rows"]) == 3
    assert SECRET not in said.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("eror lending", "There is no question “eror”. Did you mean “errors”?\n  errors lending"),
        ("errors lendig", "I don't know “lendig”. Did you mean “lending”?\n  errors lending"),
        ("lorem ipsum", "such as `errors lending last 24 hours`.\n`plainlogs ask help` lists"),
        ("errors lending by regon", "can't be split by “regon”"),
        ("errors lending where regon = x", "\n  errors lending where region = x"),
        ("errors", "Which model? (lending, damaged or gone)"),
        ("trace lending", "Request or entity id?\n`plainlogs ask help trace` explains this"),
        ("errors lending limit", "don't understand “limit” there. Try `errors lending last 24"),
        ("errors lending tomorrow", "“tomorrow” lies in the future."),
        ("errors lending status=abc", "“status” holds numbers; “abc” is none."),
        ("find lending limit 1000", "“1000” is no whole number from 1 to 100."),
        ("", "What would you like to know?"),
        ("digests", "Digests live in Slack"),
        ("errors lending \x1b[31m", "don't understand “\ufffd[31m” there"),
        ("errors lending [red]", "don't understand “[red]” there"),
    ],
)
def test_bad_input_is_two_and_the_same_words(
    plainlogs: Callable[..., Said], text: str, said: str
) -> None:
    """What can't be asked ends with 2, and on the other stream the words that help."""
    found = plainlogs(text)
    assert found.code == 2
    assert found.out == ""
    assert said in found.err


def test_what_no_role_tells_is_two_with_the_role(
    plainlogs: Callable[..., Said], tmp_path: Path
) -> None:
    """A log that lacks what the question needs ends with 2 and names what to declare."""
    write(tmp_path / "lending" / "requests.parquet", requests(start=NOW.replace(hour=1)))
    file = tmp_path / "plainlogs.toml"
    file.write_text(declared(roles={"status": None, "error": None}), encoding="utf-8")
    found = plainlogs("errors lending", file=file)
    assert found.code == 2
    assert "neither status nor error" in found.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("errors damaged", "half.parquet"),
        ("errors damaged by region", "half.parquet"),
        ("find damaged where channel = web", "half.parquet"),
        ("errors gone", "No file matches"),
    ],
)
def test_a_log_that_cannot_be_read_is_one(
    plainlogs: Callable[..., Said], text: str, said: str
) -> None:
    """A log that can't be read ends with 1 and names the file."""
    found = plainlogs(text)
    assert found.code == 1
    assert found.out == ""
    assert said in found.err.splitlines()[-1]


def test_help_is_printed(plainlogs: Callable[..., Said]) -> None:
    """Help is no mistake, and shows what can be typed here."""
    found = plainlogs("help errors")
    assert found.code == 0
    assert "plainlogs ask errors lending last 24 hours" in found.out + found.err


def test_another_time_is_another_answer(plainlogs: Callable[..., Said]) -> None:
    """The clock can be set: a day before the failure all was as usual."""
    found = plainlogs("errors lending last 24 hours", at="2026-11-22T15:30+01:00")
    assert found.code == 0
    assert "failures are as usual" in found.out


def test_a_zone_can_be_named(plainlogs: Callable[..., Said]) -> None:
    """Times are read and said in the zone that was named, by its city too."""
    found = plainlogs(BY_REGION, "--zone", "new york")
    assert "since about 03:50" in found.out
    wrong = plainlogs(BY_REGION, "--zone", "Berln")
    assert wrong.code == 2
    assert "Europe/Berlin" in wrong.err


def test_a_file_that_cannot_be_written_is_said_first(
    plainlogs: Callable[..., Said], tmp_path: Path
) -> None:
    """A place where nothing can be written is named before anything is computed."""
    for option in ("--xlsx", "--csv", "--png"):
        found = plainlogs(BY_REGION, option, str(tmp_path / "nowhere" / "out"))
        assert (found.code, found.out) == (2, "")
        assert f"{tmp_path / 'nowhere'} is no folder" in found.err
        assert plainlogs(BY_REGION, option, str(tmp_path)).code == 2


def test_settings_with_mistakes_are_two(plainlogs: Callable[..., Said], tmp_path: Path) -> None:
    """A configuration with mistakes ends with 2 and lists each of them."""
    file = tmp_path / "plainlogs.toml"
    file.write_text('slak = 1\n[engine]\nthreads = 0\n[sources.x]\nfiles = "x"', encoding="utf-8")
    found = plainlogs("errors x", file=file)
    assert found.code == 2
    for said in ("slak: is not known here; nearest: slack", "engine.threads", "sources.x.roles"):
        assert said in found.err
    missing = plainlogs("errors x", file=tmp_path / "none.toml")
    assert missing.code == 2
    assert "`plainlogs sample DIR` writes one" in missing.err
    with pytest.raises(SystemExit) as stopped:
        plainlogs("errors x", at="yesterday")
    assert stopped.value.code == 2


def test_what_a_log_says_does_nothing_to_a_terminal(
    plainlogs: Callable[..., Said], tmp_path: Path
) -> None:
    """Markup, emoji codes and control sequences in a log are printed as the text they are."""
    hostile = "[red]x[/red] :warning: \x1b[2J\u202e"
    query = f"SELECT * REPLACE ('{hostile}' AS error) FROM ({requests(start=NOW.replace(hour=1))})"
    write(tmp_path / "lending" / "requests.parquet", query)
    file = tmp_path / "plainlogs.toml"
    file.write_text(declared(), encoding="utf-8")
    found = plainlogs("errors lending last 24 hours", file=file)
    assert found.code == 0
    assert "[red]x[/red] :warning: \ufffd[2J\ufffd" in found.out
    assert "\x1b" not in found.out
