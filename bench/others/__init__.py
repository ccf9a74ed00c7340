"""``inputs`` and ``performance`` on a million requests, beside Evidently and NannyML.

Each tool runs as a process of its own, in an environment of its own with the versions that stand
in ``<tool>.txt``: it reads the same files and computes what it computes of itself when asked for
drift and for performance. A process tells in JSON how long it took from opening the files until
it had the result; imports, the whole process and its memory are measured from outside.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

QUESTIONS = ("inputs", "performance")
ROWS = 1_000_000
TOOLS = ("plainlogs", "evidently", "nannyml")
_HERE = Path(__file__).parent
_QUIET = MappingProxyType({"NML_DISABLE_USAGE_LOGGING": "1", "DO_NOT_TRACK": "1"})


@dataclass(frozen=True)
class Once:
    """One process: seconds from files to result, seconds of the whole process, bytes at its peak.

    ``computed`` says how much there is of the result.
    """

    result: float
    whole: float
    memory: int
    computed: str


@dataclass(frozen=True)
class Other:
    """What a tool took for a question, over some runs."""

    question: str
    tool: str
    runs: Sequence[Once]

    def median(self, of: Callable[[Once], float]) -> float:
        """Give the median of something over the runs."""
        return statistics.median(map(of, self.runs))


def measure(log: Path, environments: Path, runs: int, tell: Callable[[str], None]) -> list[Other]:
    """Ask each tool both questions of a log, in turns, ``runs`` times after one to warm up.

    ``log`` is the folder that ``make_log`` wrote, ``environments`` where those of the others are,
    or are installed. Raises CalledProcessError where a tool fails.
    """
    pythons = {"plainlogs": sys.executable}
    for tool in TOOLS[1:]:
        tell(f"installing {tool}")
        pythons[tool] = str(_installed(environments / tool, _HERE / f"{tool}.txt"))
    found: dict[tuple[str, str], list[Once]] = {}
    for run in range(runs + 1):
        for question in QUESTIONS:
            for tool in TOOLS:
                tell(f"{question} by {tool}, run {run}")
                once = _once(pythons[tool], tool, question, log)
                if run:
                    found.setdefault((question, tool), []).append(once)
    return [Other(question, tool, once) for (question, tool), once in found.items()]


def _installed(folder: Path, pinned: Path) -> Path:
    """Give the Python of an environment that holds what is pinned, made where it is not there."""
    python = folder / "bin" / "python"
    done = folder / pinned.name
    # Written when all is installed, so that an environment that was broken off is made anew.
    if not done.exists() or done.read_text() != pinned.read_text():
        venv.create(folder, clear=True, with_pip=True)
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run(  # noqa: S603 - our own list of packages
            [python, "-m", "pip", "install", *quiet, "-r", pinned], check=True
        )
        done.write_text(pinned.read_text())
    return python


def _once(python: str, tool: str, question: str, log: Path) -> Once:
    command = [python, str(_HERE / f"by_{tool}.py"), question, str(log)]
    begun = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own module
        command, stdout=subprocess.PIPE, env=_surroundings()
    )
    assert process.stdout is not None
    told = process.stdout.read()
    # Of this process alone: ``getrusage`` would tell the largest of all so far.
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    # The last line, as tools print of their own.
    said: Mapping[str, object] = json.loads(told.splitlines()[-1])
    whole = time.monotonic() - begun
    return Once(float(str(said["seconds"])), whole, used.ru_maxrss * 1024, str(said["computed"]))


def _surroundings() -> dict[str, str]:
    """Give the environment without what would lead another Python to our packages, but ours."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    return kept | _QUIET | {"PYTHONPATH": str(_HERE.parent.parent)}
