"""What several processes of one run need is written once, by the first of them."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def written_once(
    factory: pytest.TempPathFactory, name: str, write: Callable[[Path], object]
) -> Path:
    """Give a folder of a run, written by whichever process asks for it first; the others wait.

    It is for reading: whoever changes it copies it.
    """
    base = factory.getbasetemp()
    # With several workers each has a folder of its own, below the one of the run.
    run = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, done = run / name, run / f"{name}.done"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir(exist_ok=True)
            write(folder)
            done.touch()
    return folder
