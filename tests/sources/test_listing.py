"""Which files a pattern means."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.core.errors import LogUnreadable
from queries.core.source import Format, Place
from queries.sources.files.listing import listed, root_of

FILES = (
    "log/a.parquet",
    "log/deep/er/b.parquet",
    "log/day=2026-11-21/c.parquet",
    "log/_temporary/0/d.parquet",
    "log/.hidden/e.parquet",
    "log/.f.parquet",
    "log/tmp_g.parquet",
    "log/h.parquet.tmp",
    "log/_SUCCESS",
    "log/i.csv",
    "log/j.csv.gz",
    "other/k.parquet",
)


@pytest.mark.parametrize(
    ("pattern", "form", "expected"),
    [
        ("log/*.parquet", "parquet", ["a"]),
        ("log/**/*.parquet", "parquet", ["a", "c", "b"]),
        ("log", "parquet", ["a", "c", "b"]),
        ("log", "csv", ["i", "j"]),
        ("log/day=*/*.parquet", "parquet", ["c"]),
        ("log/*/*/b.parquet", "parquet", ["b"]),
        ("*/[ak].parquet", "parquet", ["a", "k"]),
        ("log/tmp_g.parquet", "parquet", ["tmp_g"]),
        ("log/.hidden/e.parquet", "parquet", ["e"]),
        ("nowhere/*.parquet", "parquet", []),
        ("log/nothing.parquet", "parquet", []),
    ],
)
def test_patterns(pattern: str, form: Format, expected: list[str], tmp_path: Path) -> None:
    """A pattern takes what it matches and leaves alone what is not finished."""
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    found = listed(Place(files=(str(tmp_path / pattern),), format=form))
    assert [Path(file.path).name.split(".")[0] for file in found] == expected


def test_two_patterns_take_a_file_once(tmp_path: Path) -> None:
    """A file that two patterns match is read once."""
    (tmp_path / "a.parquet").write_text("x")
    patterns = (str(tmp_path / "*.parquet"), str(tmp_path / "a.*"))
    assert len(listed(Place(files=patterns))) == 1


def test_a_new_version_is_another_file(tmp_path: Path) -> None:
    """Size and time of writing tell versions of a file apart."""
    place = Place(files=(str(tmp_path / "*"),))
    (tmp_path / "a").write_text("x")
    before = listed(place)
    assert listed(place) == before
    (tmp_path / "a").write_text("xy")
    assert listed(place) != before


def test_a_forbidden_folder_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that may not be read is said, not taken for an empty one."""

    def refuse(_folder: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(LogUnreadable, match="may not be read"):
        listed(Place(files=(str(tmp_path / "*.parquet"),)))


@pytest.mark.parametrize(
    ("pattern", "root"),
    [("/a/b/*.parquet", "/a/b"), ("/a/**/x.csv", "/a"), ("/a/b/x.csv", "/a/b")],
)
def test_the_root_is_the_fixed_part(pattern: str, root: str) -> None:
    """What may be read is the folder before the first wildcard."""
    assert root_of(pattern) == root
