"""Evidently's presets for drift and for classification, run in an environment of its own."""

from __future__ import annotations

import json
import sys
import time
import tomllib
from pathlib import Path

import pandas as pd  # type: ignore[import-not-found,import-untyped,unused-ignore]  # not ours
from evidently import (  # type: ignore[import-not-found]  # of its own environment
    BinaryClassification,
    DataDefinition,
    Dataset,
    Report,
)
from evidently.presets import (  # type: ignore[import-not-found]  # of its own environment
    ClassificationPreset,
    DataDriftPreset,
)


def main(question: str, log: Path) -> None:
    """Report, and tell how long it took and how many metrics there are."""
    declared = tomllib.loads((log / "plainlogs.toml").read_text())["sources"]["bench"]
    features = declared["roles"]["features"]
    begun = time.perf_counter()
    if question == "inputs":
        numbers = [name for name in features if name not in ("income_band", "home", "purpose")]
        words = [name for name in features if name not in numbers]
        meaning = DataDefinition(numerical_columns=numbers, categorical_columns=words)
        frames = [pd.read_parquet(log / part, columns=features) for part in ("log", "reference")]
        report = Report([DataDriftPreset()])
    else:
        meaning = DataDefinition(
            classification=[
                BinaryClassification(
                    target="outcome",
                    prediction_labels="prediction",
                    prediction_probas="score",
                    pos_label="repaid",
                )
            ]
        )
        wanted = ["outcome", "prediction", "score"]
        asked = pd.read_parquet(log / "log", columns=["request_id", "prediction", "score"])
        told = pd.read_parquet(log / "outcomes", columns=["request_id", "outcome"])
        reference = pd.read_parquet(log / "reference", columns=wanted)
        frames = [asked.merge(told, on="request_id")[wanted], reference]
        report = Report([ClassificationPreset()])
    now, before = (Dataset.from_pandas(frame, data_definition=meaning) for frame in frames)
    found = report.run(now, before).dict()
    seconds = time.perf_counter() - begun
    computed = f"{len(found['metrics'])} metrics"
    sys.stdout.write(json.dumps({"seconds": seconds, "computed": computed}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
