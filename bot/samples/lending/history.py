"""The history of the lending sample: sixty days of its log, the outcomes and a validation set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.samples.lending.files import PLAN, blocks, put_log, put_outcomes
from bot.samples.lending.plan import MINUTES_A_DAY, Plan
from bot.samples.lending.simulate import simulate
from bot.samples.lending.table import connect, reference_rows
from bot.samples.parquet import put_parquet

_VALIDATION_BEGAN = 120
_VALIDATION_DAYS = 30
_VALIDATION_THINNED = 15

Progress = Callable[[str, float | None], None]


def write_lending(folder: Path, plan: Plan, progress: Progress) -> None:
    """Write ``log``, ``outcomes``, ``reference`` and the plan into ``folder``.

    The validation set is simulated like the log, at a fifteenth of its traffic, for 30 days from
    120 days before the end: before the drift, the new version and the experiment began.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # First, as ``write_samples`` knows an earlier sample by it, also one that was broken off.
    plan.save(folder / PLAN)
    pieces = list(blocks(plan.first, plan.end, whole_days_from=plan.first))
    with connect() as engine:
        for done, block in enumerate(pieces):
            progress(f"Writing the lending log (simulated): {block.name}", done / len(pieces))
            put_log(engine, plan, folder, block)
        progress("Writing the outcomes of the loans (simulated)", None)
        put_outcomes(engine, plan, folder, plan.first // MINUTES_A_DAY, plan.end // MINUTES_A_DAY)
        thinned = replace(plan, rows_per_day=max(plan.rows_per_day // _VALIDATION_THINNED, 1))
        began = plan.end - _VALIDATION_BEGAN * MINUTES_A_DAY
        lot = simulate(thinned, began, began + _VALIDATION_DAYS * MINUTES_A_DAY)
        put_parquet(reference_rows(engine, lot), folder / "reference" / "validation.parquet")
