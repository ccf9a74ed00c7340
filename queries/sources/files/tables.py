"""Folders that look like files of Parquet and are tables of Delta, Iceberg or Hudi.

Such a folder also keeps the files of rows that were deleted or replaced; which ones count is
written beside them. Read as plain files, these rows would count again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from queries.core.errors import LogUnreadable
from queries.sources.files.listing import FileAt

_ICEBERG = re.compile(r"(\d+-.+|v\d+)(\.gz)?\.metadata\.json")


def refuse_tables(files: Iterable[FileAt]) -> None:
    """Raise LogUnreadable where any of the files is part of such a table."""
    for folder in sorted(_above(files)):
        if kind := _kind(folder):
            raise LogUnreadable(
                f"{folder} is {kind} table. Its files also hold rows that were deleted or replaced "
                "since, and these would count again. Have its current rows exported into a folder "
                "of their own and name that in `files`, or name the table in a database that "
                "reads it, with `url` and `table`."
            )


def _above(files: Iterable[FileAt]) -> set[str]:
    """Give every folder that some file lies in, at any depth."""
    found: set[str] = set()
    for folder in {os.path.dirname(file.path) for file in files}:  # noqa: PTH120 - for many files
        above = folder
        while above and above not in found:
            found.add(above)
            above, last = os.path.split(above)
            if not last:
                break
    # A folder of a partition is never the table's own.
    return {folder for folder in found if "=" not in os.path.basename(folder)}  # noqa: PTH119


def _kind(folder: str) -> str:
    if os.path.isdir(f"{folder}/_delta_log"):  # noqa: PTH112 - for many folders
        return "a Delta"
    if os.path.isdir(f"{folder}/.hoodie"):  # noqa: PTH112
        return "a Hudi"
    try:
        names = os.listdir(f"{folder}/metadata")  # noqa: PTH208
    except OSError:
        return ""
    return "an Iceberg" if any(map(_ICEBERG.fullmatch, names)) else ""
