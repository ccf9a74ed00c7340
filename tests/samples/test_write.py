"""Writing the samples and the file that declares them, beside whatever is there already."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from bot.samples.write import write_samples
from queries.core.errors import PlainError
from queries.sources.declaration.declare import Source, declare
from tests.samples.conftest import AT


def write(folder: Path, at: datetime = AT, seed: int = 3) -> list[tuple[str, float | None]]:
    """Write small samples, 400 requests a day for 4 days; give the progress that was told."""
    told: list[tuple[str, float | None]] = []
    write_samples(folder, at, seed, lambda *step: told.append(step), rows_per_day=400, days=4)
    return told


def contents(folder: Path) -> dict[str, bytes]:
    """Give every file of a sample, byte by byte."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with small samples in it."""
    folder = tmp_path_factory.mktemp("sample")
    write(folder)
    return folder


@pytest.fixture(scope="module")
def declared(sample: Path) -> dict[str, Source]:
    """Give the sources that the sample's plainlogs.toml declares."""
    raw = tomllib.loads((sample / "plainlogs.toml").read_text(encoding="utf-8"))
    return {source.name: source for source in declare(raw["sources"], sample)}


def test_the_same_seed_and_time_give_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    """Every file is equal to the byte, in whichever zone and second the minute was told.

    On the way each step is named, shares only grow, and the last is the whole.
    """
    told = write(tmp_path, AT.astimezone(ZoneInfo("Asia/Kolkata")) + timedelta(seconds=59))
    assert contents(tmp_path) == contents(sample)
    shares = [share for _, share in told if share is not None]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert all(said for said, _ in told)


def test_another_seed_gives_another_log_of_the_same_people(sample: Path, tmp_path: Path) -> None:
    """The files have the same names; all that is simulated differs, the census does not."""
    write(tmp_path, seed=4)
    ours, others = contents(sample), contents(tmp_path)
    assert ours.keys() == others.keys()
    same = {name for name in ours if ours[name] == others[name]}
    assert {name for name in same if name.startswith(("lending/log", "llm"))} == set()
    assert {name for name in ours if not name.startswith(("lending", "llm"))} <= same


def test_the_declaration_names_what_is_there(sample: Path, declared: dict[str, Source]) -> None:
    """Each declared column is in the log's files, each file pattern finds files."""
    assert list(declared) == ["employment", "lending", "llm"]
    for source in declared.values():
        log = duckdb.read_parquet([*source.place.files])
        assert set(source.columns.values()) | set(source.visibility) <= set(log.columns)
        if source.task == "none":
            continue
        assert source.outcomes is not None
        assert (
            source.outcomes.outcome in duckdb.read_parquet([*source.outcomes.place.files]).columns
        )
        assert source.reference is not None
        reference = duckdb.read_parquet([*source.reference.place.files])
        assert {*source.features, *source.transformed, source.roles["score"]} <= set(
            reference.columns
        )


def test_every_column_of_the_log_is_declared(declared: dict[str, Source]) -> None:
    """Nothing is logged that the declaration does not tell the meaning or the visibility of."""
    for source in declared.values():
        log = duckdb.read_parquet([*source.place.files])
        assert set(log.columns) == set(source.columns.values()) | set(source.visibility)


def test_transformations_are_declared_as_they_are_logged(declared: dict[str, Source]) -> None:
    """Each declared expression, computed from the log, is the logged column.

    What version 2.3 logs in LATAM is left aside: there one was planted to be wrong for some hours.
    """
    log = duckdb.read_parquet([*declared["lending"].place.files])
    log = log.filter("NOT (region = 'LATAM' AND model_version = '2.3')")
    assert declared["lending"].transformed
    for name, expression in declared["lending"].transformed.items():
        off = log.aggregate(f"max(abs({name} - ({expression})))").fetchall()[0][0]
        assert off < 1e-12


def test_what_is_simulated_says_so_and_what_is_real_does_not(
    declared: dict[str, Source],
) -> None:
    """Title, description and flag of two say simulated; employment's say real people."""
    employment = declared["employment"]
    for simulated in (declared["lending"], declared["llm"]):
        assert simulated.simulated
        assert "simulated" in simulated.title.lower()
        assert "simulated" in simulated.about.lower()
    assert not employment.simulated
    assert "real people" in employment.about.lower()


def test_positive_and_favourable_values_occur(declared: dict[str, Source]) -> None:
    """The declared positive class and favourable decision are values of their columns."""
    for source in (declared["employment"], declared["lending"]):
        log = duckdb.read_parquet([*source.place.files])
        predicted = log.project(source.roles["prediction"]).distinct().fetchall()
        assert (source.positive,) in predicted
    decisions = duckdb.read_parquet([*declared["lending"].place.files]).project("decision")
    assert (declared["lending"].favourable,) in decisions.distinct().fetchall()


def test_logs_end_at_the_given_time(declared: dict[str, Source]) -> None:
    """The last request lies before the end, and not long before it."""
    end = AT.replace(tzinfo=None)
    for source in declared.values():
        log = duckdb.read_parquet([*source.place.files])
        last = log.max(source.roles["time"]).fetchall()[0][0]
        assert end - timedelta(minutes=20) < last < end


def test_an_earlier_sample_is_replaced_and_a_changed_declaration_is_kept(
    sample: Path, tmp_path: Path
) -> None:
    """Writing again leaves what an empty folder would have got, and an edited text beside it."""
    write(tmp_path, AT - timedelta(days=40))
    write(tmp_path)
    assert contents(tmp_path) == contents(sample)
    (tmp_path / "plainlogs.toml").write_text("# mine\n", encoding="utf-8")
    write(tmp_path)
    assert contents(tmp_path) == contents(sample) | {"plainlogs.toml.before": b"# mine\n"}


@pytest.mark.parametrize("name", ["plainlogs.toml", "lending/log/theirs.parquet"])
def test_what_is_not_a_sample_is_not_touched(name: str, tmp_path: Path) -> None:
    """A folder in which somebody's own logs or settings lie is refused, and stays as it is."""
    theirs = tmp_path / name
    theirs.parent.mkdir(parents=True, exist_ok=True)
    theirs.write_text("theirs", encoding="utf-8")
    with pytest.raises(PlainError, match="another folder"):
        write(tmp_path)
    assert theirs.read_text(encoding="utf-8") == "theirs"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [theirs]
