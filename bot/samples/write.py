"""Writing the sample logs and the ``plainlogs.toml`` that declares them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from bot.samples.census import write_employment
from bot.samples.lending.files import PLAN
from bot.samples.lending.history import Progress, write_lending
from bot.samples.lending.plan import Plan
from bot.samples.llm.simulate import write_llm
from queries.core.errors import PlainError

DECLARATION = "plainlogs.toml"

_DECLARATION_TEXT = Path(__file__).parent / DECLARATION
_LOGS = ("employment", "lending", "llm")


def write_samples(
    folder: Path,
    at: datetime,
    seed: int,
    progress: Progress,
    *,
    rows_per_day: int = 25_000,
    days: int = 60,
) -> None:
    """Write the sample logs, ending at ``at`` (timezone-aware, cut to the minute), and their file.

    Earlier samples in ``folder`` are replaced; a ``plainlogs.toml`` that was changed is kept beside
    the new one as ``plainlogs.toml.before``. The declaration is written last: where it is, the
    samples are whole. Raises PlainError where replacing would destroy something else.
    """
    # The simulation goes on by whole minutes.
    at = at.astimezone(UTC).replace(second=0, microsecond=0)
    _make_room(folder)
    write_lending(folder / "lending", Plan(seed, at, rows_per_day, days), progress)
    progress("Writing the employment log (US Census)", None)
    write_employment(folder / "employment", at)
    progress("Writing the log of a language-model service (simulated)", None)
    write_llm(folder / "llm", at, seed)
    shutil.copyfile(_DECLARATION_TEXT, folder / DECLARATION)
    progress("The samples are written", 1.0)


def _make_room(folder: Path) -> None:
    ours = (folder / "lending" / PLAN).is_file()
    taken = [name for name in (*_LOGS, DECLARATION) if (folder / name).exists()]
    if taken and not ours:
        raise PlainError(
            f"{folder} already has {' and '.join(taken)}, and not from an earlier sample. "
            "Name another folder, or an empty one."
        )
    declared = folder / DECLARATION
    if declared.exists():
        if declared.read_bytes() == _DECLARATION_TEXT.read_bytes():
            declared.unlink()
        else:
            declared.replace(folder / f"{DECLARATION}.before")
    for name in _LOGS:
        shutil.rmtree(folder / name, ignore_errors=True)
