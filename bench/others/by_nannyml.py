"""NannyML's univariate drift and realised performance by day, in an environment of its own."""

from __future__ import annotations

import json
import sys
import time
import tomllib
from pathlib import Path

import nannyml as nml  # type: ignore[import-not-found,import-untyped,unused-ignore]  # not ours
import pandas as pd  # type: ignore[import-not-found,import-untyped,unused-ignore]  # not ours

METRICS = ["roc_auc", "f1", "precision", "recall", "specificity", "accuracy", "average_precision"]


def main(question: str, log: Path) -> None:
    """Calculate, and tell how long it took and how many values there are."""
    declared = tomllib.loads((log / "plainlogs.toml").read_text())["sources"]["bench"]
    begun = time.perf_counter()
    found = _drift(log, declared["roles"]["features"]) if question == "inputs" else _good(log)
    computed = f"{found.to_df().size:,} cells"
    seconds = time.perf_counter() - begun
    sys.stdout.write(json.dumps({"seconds": seconds, "computed": computed}) + "\n")


def _drift(log: Path, features: list[str]) -> nml.base.AbstractResult:
    """By NannyML's own choice of methods and of chunks, which are ten."""
    now, before = (pd.read_parquet(log / part, columns=features) for part in ("log", "reference"))
    calculator = nml.UnivariateDriftCalculator(column_names=features)
    return calculator.fit(before).calculate(now)


def _good(log: Path) -> nml.base.AbstractResult:
    """All its metrics of a binary model, by day."""
    asked = pd.read_parquet(log / "log", columns=["ts", "request_id", "prediction", "score"])
    told = pd.read_parquet(log / "outcomes", columns=["request_id", "outcome"])
    now = asked.merge(told, on="request_id").sort_values("ts")
    before = pd.read_parquet(log / "reference", columns=["outcome", "prediction", "score"])
    # The reference has no times: it is taken as one day, as NannyML wants some.
    before["ts"] = now["ts"].min() - pd.Timedelta(days=1)
    for frame in (now, before):
        for name in ("outcome", "prediction"):
            frame[name] = (frame[name] == "repaid").astype(int)
    calculator = nml.PerformanceCalculator(
        y_true="outcome",
        y_pred="prediction",
        y_pred_proba="score",
        timestamp_column_name="ts",
        problem_type="classification_binary",
        metrics=METRICS,
        chunk_period="D",
    )
    return calculator.fit(before).calculate(now)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
