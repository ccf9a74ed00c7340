"""Judge one room in under a minute: its tests, lint and types, as ``make test ONLY=fairness``.

A room is a folder of that name, wherever it lies: a question, a subject of measures, statistics,
sources, slack … Of a question also what holds of every question is tested, for it alone.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from queries.core.nearest import nearest
from queries.core.question import names

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "commands", "queries", "tests", "bench", "docs")
OF_EVERY_QUESTION = ("test_contract.py", "test_postgres.py", "test_small_groups.py")
LAYOUT = "tests/test_layout.py"


@dataclass(frozen=True, slots=True)
class Room:
    """What one name stands for: the folders of its code, and the tests to run."""

    name: str
    code: tuple[Path, ...]
    tests: tuple[Path, ...]

    @property
    def question(self) -> bool:
        """Whether it is a question's."""
        return self.name in names()


def rooms(root: Path = ROOT) -> dict[str, list[Path]]:
    """Give every folder that holds code, from the root, by its name."""
    found: dict[str, list[Path]] = {}
    for package in PACKAGES:
        for init in sorted((root / package).rglob("__init__.py")):
            found.setdefault(init.parent.name, []).append(init.parent.relative_to(root))
    return found


def room(name: str, root: Path = ROOT) -> Room:
    """Find a room by its name. Raises KeyError, naming the nearest, where there is none."""
    found = rooms(root)
    if name not in found:
        near = nearest(name, sorted(found))
        said = f" Did you mean {' or '.join(near)}?" if near else ""
        raise KeyError(f"There is no folder “{name}” in {', '.join(PACKAGES)}.{said}")
    code = tuple(path for path in found[name] if path.parts[0] != "tests")
    tests = tuple(path for path in found[name] if path.parts[0] == "tests")
    return Room(name, code, tests)


def steps(one: Room) -> tuple[tuple[str, ...], ...]:
    """Give the commands that judge a room, the quickest first."""
    folders = [path.as_posix() for path in (*one.code, *one.tests)]
    python = [sys.executable, "-m"]
    packages = [part for path in folders for part in ("-p", path.replace("/", "."))]
    tests = [*(path.as_posix() for path in one.tests), LAYOUT]
    found: list[tuple[str, ...]] = [
        (*python, "ruff", "check", *folders),
        (*python, "ruff", "format", "--check", *folders),
        (*python, "mypy", *packages),
        (*python, "pytest", "-n", "2", *tests),
    ]
    if one.question:
        every = [f"tests/questions/{file}" for file in OF_EVERY_QUESTION]
        found.append((*python, "pytest", "-n", "2", "-k", one.name, *every))
    return tuple(found)


def main(arguments: Sequence[str]) -> int:
    """Judge the room that is named; stop at the first step that fails."""
    try:
        one = room(arguments[0] if arguments else "")
    except KeyError as unknown:
        print(unknown.args[0], file=sys.stderr)
        return 2
    for step in steps(one):
        print(" ".join(step[2:]), flush=True)
        done = subprocess.run(step, cwd=ROOT, check=False)  # noqa: S603 - its words are ours
        if done.returncode not in (0, 5):  # 5: pytest found no test, as some rooms have none
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
