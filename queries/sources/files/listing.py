"""Which files a pattern means right now, without those that are still being written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from queries.core.errors import LogUnreadable
from queries.core.source import Format, Place

SUFFIXES: dict[Format, tuple[str, ...]] = {
    "parquet": (".parquet", ".pq"),
    "csv": (".csv", ".csv.gz", ".tsv", ".tsv.gz"),
    "jsonl": (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json", ".json.gz"),
}
_UNFINISHED_STARTS = (".", "_", "tmp_")
_UNFINISHED_ENDS = (".tmp", ".crc", ".part", ".partial", ".inprogress", "~")


@dataclass(frozen=True, slots=True)
class FileAt:
    """One version of a file: a change of size or time of writing makes it another one."""

    path: str
    size: int
    written: int


def is_wild(part: str) -> bool:
    """Tell whether a pattern, or a part of one, stands for many names."""
    return any(sign in part for sign in "*?[")


def root_of(pattern: str) -> str:
    """Give the folder below which a pattern's files lie."""
    parts = Path(pattern).parts
    fixed = next((i for i, part in enumerate(parts) if is_wild(part)), len(parts))
    root = Path(*parts[:fixed])
    return str(root if fixed < len(parts) or _is_folder(root) else root.parent)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    # One that may not even be looked at is told when it is read.
    except OSError:
        return False


def listed(place: Place) -> list[FileAt]:
    """List the files of a place, ordered by path.

    Dotfiles, ``_temporary`` and ``tmp_*`` are left alone, as writers use them for what is
    not finished; a file that is named without a wildcard is always taken.
    Raises LogUnreadable where a folder may not be read.
    """
    found: dict[str, FileAt] = {}
    for pattern in place.files:
        path = Path(pattern)
        if _is_folder(path):
            entries: Iterator[os.DirEntry[str]] = (
                e for e in _walk(path, ("**", "*")) if e.name.endswith(SUFFIXES[place.format])
            )
        else:
            root = Path(root_of(pattern))
            entries = _walk(root, path.parts[len(root.parts) :])
        for entry in entries:
            stat = _stat(entry)
            if stat is not None:
                found[entry.path] = FileAt(entry.path, stat.st_size, stat.st_mtime_ns)
    return [found[path] for path in sorted(found)]


def _walk(folder: Path | str, parts: Sequence[str]) -> Iterator[os.DirEntry[str]]:
    head, rest = parts[0], parts[1:]
    if head == "**":
        yield from _walk(folder, rest or ("*",))
    for entry in _entries(folder):
        # Not DuckDB's own globs: these match what writers have not finished.
        if is_wild(head) and _is_unfinished(entry.name):
            continue
        if head == "**":
            if entry.is_dir():
                yield from _walk(entry.path, parts)
        elif fnmatchcase(entry.name, head):
            if rest and entry.is_dir():
                yield from _walk(entry.path, rest)
            elif not rest and entry.is_file():
                yield entry


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    # Folders come and go as jobs tidy up; what isn't there now has no files.
    except (FileNotFoundError, NotADirectoryError):
        return []
    except PermissionError as error:
        message = f"The folder {folder} may not be read; give the program the right to read it."
        raise LogUnreadable(message) from error
    except OSError as error:
        message = f"The folder {folder} can't be read: {error.strerror}."
        raise LogUnreadable(message) from error


def _stat(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        # It may have been renamed since it was listed.
        return entry.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        message = f"{entry.path} can't be looked at: {error.strerror}."
        raise LogUnreadable(message) from error


def _is_unfinished(name: str) -> bool:
    return name.startswith(_UNFINISHED_STARTS) or name.endswith(_UNFINISHED_ENDS)
