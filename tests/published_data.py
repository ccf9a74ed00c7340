"""Where the published data sets lie: in ``tests/data``, and the large ones in what ships them."""

from __future__ import annotations

import shutil
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from bot.samples.census import SURVEY
from tests.duck import session

PUBLISHED = Path(__file__).parent / "data" / "published"
EMPLOYMENT = "nannyml_ma_employment"
SHIPPED = {
    "nannyml_car_loan": {
        "analysis": "synthetic_car_loan_analysis.csv",
        "analysis_targets": "synthetic_car_loan_analysis_target.csv",
        "reference": "synthetic_car_loan_reference.csv",
    },
    "nannyml_multiclass_credit_cards": {
        "analysis": "mc_analysis.csv",
        "analysis_targets": "mc_analysis_gt.csv",
        "reference": "mc_reference.csv",
    },
    "nannyml_regression_car_price": {
        "analysis": "regression_synthetic_analysis.csv",
        "analysis_targets": "regression_synthetic_analysis_targets.csv",
        "reference": "regression_synthetic_reference.csv",
    },
}
"""Of each data set that is too large for this repository: its files, and nannyml's of the same."""


def locate(name: str, made: Path) -> Path:
    """Give a data set's folder; where its rows lie elsewhere, both are put together in ``made``.

    Skips, naming what brings them, where the rows are not installed.
    """
    folder = made / name
    if name in SHIPPED:
        files = {file: shipped(csv, name) for file, csv in SHIPPED[name].items()}
        shutil.copytree(PUBLISHED / name, folder)
        with session() as duck:
            for file, csv in files.items():
                duck.read_csv(str(csv)).write_parquet(str(folder / f"{file}.parquet"))
    elif name == EMPLOYMENT:
        shutil.copytree(SURVEY, folder)
        shutil.copytree(PUBLISHED / name, folder, dirs_exist_ok=True)
    else:
        folder = PUBLISHED / name
    return folder


def shipped(file: str, name: str) -> Path:
    """Give a file of the package nannyml, without importing it, or skip what a data set needs."""
    try:
        # Imported, it would bring its dependencies, which are not installed beside ours.
        found = distribution("nannyml").locate_file(f"nannyml/datasets/data/{file}")
    except PackageNotFoundError:
        pytest.skip(f"the published data set {name} is not installed: make published")
    return Path(str(found))
