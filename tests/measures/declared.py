"""The published data sets as sources would declare them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

CARDS = ("prepaid_card", "highstreet_card", "upmarket_card")
CAR_NUMBERS = ("car_value", "debt_to_income_ratio", "loan_length", "driver_tenure")
CAR_CATEGORIES = ("salary_range", "repaid_loan_on_prev_car", "size_of_downpayment")
CENSUS = (
    *("AGEP", "SCHL", "MAR", "RELP", "DIS", "ESP", "CIT", "MIG", "MIL", "ANC", "NATIVITY"),
    *("DEAR", "DEYE", "DREM"),
)


def car_loan(folder: Path) -> dict[str, Any]:
    """Declare NannyML's car loans: binary, chunks of 5,000."""
    return {
        "title": "Car loans",
        "files": str(folder / "analysis.parquet"),
        "task": "binary",
        "positive": 1,
        "chunks": {"rows": 5000, "order": "id"},
        "roles": {
            "time": "timestamp",
            "request_id": "id",
            "prediction": "y_pred",
            "score": "y_pred_proba",
            "features": [*CAR_NUMBERS, *CAR_CATEGORIES],
        },
        "outcomes": {
            "files": str(folder / "analysis_targets.parquet"),
            "request_id": "id",
            "outcome": "repaid",
        },
        "reference": {"files": str(folder / "reference.parquet"), "outcome": "repaid"},
    }


def credit_cards(folder: Path) -> dict[str, Any]:
    """Declare NannyML's credit cards: three classes, chunks of 6,000."""
    return {
        "title": "Credit cards",
        "files": str(folder / "analysis.parquet"),
        "task": "multiclass",
        "classes": list(CARDS),
        "chunks": {"rows": 6000, "order": "id"},
        "roles": {
            "time": "timestamp",
            "request_id": "id",
            "prediction": "y_pred",
            "scores": {card: f"y_pred_proba_{card}" for card in CARDS},
        },
        "outcomes": {
            "files": str(folder / "analysis_targets.parquet"),
            "request_id": "id",
            "outcome": "y_true",
        },
    }


def car_price(folder: Path) -> dict[str, Any]:
    """Declare NannyML's car prices: regression, chunks of 6,000."""
    return {
        "title": "Car prices",
        "files": str(folder / "analysis.parquet"),
        "task": "regression",
        "chunks": {"rows": 6000, "order": "id"},
        "roles": {"time": "timestamp", "request_id": "id", "prediction": "y_pred"},
        "outcomes": {
            "files": str(folder / "analysis_targets.parquet"),
            "request_id": "id",
            "outcome": "y_true",
        },
        "reference": {"files": str(folder / "reference.parquet"), "outcome": "y_true"},
    }


def titanic(folder: Path, dataset: str, rows: int) -> dict[str, Any]:
    """Declare one of the Titanic's two lists, with its own chunks; the other is the reference."""
    columns = ("Pclass", "Name", "Sex", "Age", "SibSp", "Parch", "Ticket", "Fare", "Cabin")
    return {
        "title": "Titanic",
        "files": str(folder / f"titanic_{dataset}.csv"),
        "undated": True,
        "chunks": {"rows": rows, "order": "PassengerId"},
        "roles": {"request_id": "PassengerId", "features": [*columns, "Embarked"]},
        "reference": {"files": str(folder / "titanic_reference.csv")},
    }


def census(folder: Path) -> dict[str, Any]:
    """Declare the employment model on the US Census, chunks of 5,000."""
    return {
        "title": "Employment",
        "files": str(folder / "employment_MA_analysis.parquet"),
        "undated": True,
        "task": "binary",
        "chunks": {"rows": 5000, "order": "id"},
        "roles": {
            "request_id": "id",
            "prediction": "prediction",
            "score": "predicted_probability",
            "features": list(CENSUS),
        },
        "reference": {"files": str(folder / "employment_MA_reference.parquet")},
    }
