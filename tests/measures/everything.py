"""Every measure that reads a log, computed on one log: for comparing engines and edge cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.estimate.unfamiliar import unfamiliar_inputs
from queries.inputs.summaries import summaries
from queries.measures.columns.categories import known_of_each
from queries.measures.columns.category_drift import category_drift
from queries.measures.columns.missing import missing_shares
from queries.measures.columns.numbers import numeric_drift, reference_bins
from queries.measures.columns.profiles import numeric_profiles
from queries.measures.counting.entities import hits_by_entity
from queries.measures.counting.entity_effect import entity_effect, entity_effect_on_mean
from queries.measures.counting.expressions import Expression, Sample
from queries.measures.outcomes.arrivals import arrivals
from queries.measures.outcomes.counts import binary_outcomes, class_outcomes
from queries.measures.outcomes.delays import mature_days
from queries.measures.performance.residuals import mean_outcome, residuals
from queries.measures.predictions.cbpe import estimator
from queries.measures.predictions.ranks import class_ranks, score_ranks
from queries.measures.predictions.reliability import reliability, stated
from queries.measures.predictions.scores import binary_score
from queries.measures.predictions.steps import reference_steps, step_counts
from queries.statistics.calibration import calibration
from queries.statistics.classification import against_commonest, binary_metrics, macro_metrics
from queries.statistics.ranking import auc, average_precision, macro_auc
from queries.statistics.regression import against_constant, regression_metrics
from tests.measures.conftest import NOW

REFERENCE, NOWADAYS = Sample(Dataset.REFERENCE), Sample()
By = Mapping[str, Expression]


def inputs(log: Log, by: By) -> dict[str, Any]:
    """Profile, drift and missing values of every feature."""
    numbers = [name for name in log.source.features if log.kind(name) == "number"]
    others = [name for name in log.source.features if name not in numbers]
    bins = reference_bins(log, numbers, REFERENCE)
    known = known_of_each(log, others, REFERENCE)
    return {
        "profiles": numeric_profiles(log, numbers, by=by),
        "bins": bins,
        "numbers": numeric_drift(log, bins, REFERENCE, NOWADAYS, by),
        "known": known,
        "categories": {
            name: category_drift(log, name, known[name], REFERENCE, NOWADAYS, by) for name in others
        },
        "missing": missing_shares(log, log.source.features, by=by),
        "summaries": summaries(log, numbers, NOWADAYS, by),
    }


def binary(log: Log, by: By) -> dict[str, Any]:
    """Every number about a binary model."""
    counted, ranked = binary_outcomes(log, NOW, by=by), score_ranks(log, NOW, by=by)
    rng = np.random.default_rng(0)
    return {
        "counted": counted,
        "metrics": {
            key: binary_metrics(each.confusion, each.positive, rng) for key, each in counted.items()
        },
        "probability": {key: each.probability_scores() for key, each in counted.items()},
        "commonest": {key: against_commonest(each.confusion) for key, each in counted.items()},
        "ranks": {key: (auc(each), average_precision(each)) for key, each in ranked.items()},
        "arrivals": arrivals(log, NOW, by=by),
        "entities": entity_effect(log, log.column("outcome").is_(None)),
        "entities' scores": entity_effect_on_mean(log, log.column("score")),
        "days": days(log),
    }


def scored(log: Log, by: By) -> dict[str, Any]:
    """Every number about what a binary model's score means."""
    score = binary_score(log)
    cut = stated(log, NOW, score, NOWADAYS)
    steps = reference_steps(log, NOW, score, REFERENCE)
    counts = step_counts(log, steps, score, NOWADAYS, by) if steps else {}
    bins = reliability(log, NOW, score, NOWADAYS, cut.edges, by)
    return {
        "cut": cut,
        "calibration": {
            key: calibration(each, np.random.default_rng(0)) for key, each in bins.items()
        },
        "steps": steps,
        "counts": {key: (each.by_step.tolist(), each.unscored) for key, each in counts.items()},
        "estimated": {
            key: estimator(steps, np.random.default_rng(0), 100).metrics(each)
            for key, each in counts.items()
        },
        "unfamiliar": unfamiliar_inputs(log, REFERENCE, NOWADAYS),
    }


def multiclass(log: Log, by: By) -> dict[str, Any]:
    """Every number about a model of several classes."""
    ranked = class_ranks(log, NOW, by=by)
    rng = np.random.default_rng(0)
    return {
        "metrics": {
            key: macro_metrics(each, rng) for key, each in class_outcomes(log, NOW, by=by).items()
        },
        "ranks": ranked,
        "auc": {
            key: macro_auc([auc(each[key]) for each in ranked.values() if key in each])
            for key in next(iter(ranked.values()), {})
        },
    }


def regression(log: Log, by: By) -> dict[str, Any]:
    """Every number about a model that predicts one."""
    base = mean_outcome(log, NOW, NOWADAYS)
    summed = residuals(log, NOW, by=by, constant=base.value or 0.0)
    return {
        "base": base,
        "metrics": {key: regression_metrics(each.model) for key, each in summed.items()},
        "constant": {
            key: against_constant(
                each.model, base.value or 0.0, each.constant_absolute, each.constant_squared
            )
            for key, each in summed.items()
            if each.constant_absolute and each.constant_squared
        },
    }


def days(log: Log) -> Any:
    """The verdict on each of the last ten days, and who carries what has no outcome."""
    if log.source.undated:
        return None
    span = Span(NOW - timedelta(days=10), NOW)
    spans = span, Span(span.start - timedelta(days=10), span.start)
    return {
        "mature": mature_days(log, span, NOW, ZoneInfo("Europe/Berlin")),
        "entities": hits_by_entity(log, log.column("outcome").is_(None), spans, ()),
    }


def assert_same(first: Any, second: Any, where: str = "") -> None:
    """Two results are of the same shape and their numbers equal to 1e-9."""
    # An integer of one engine and a float of the other would be equal, and printed differently.
    assert type(first) is type(second), where
    if is_dataclass(first):
        for each in fields(first):
            one, other = getattr(first, each.name), getattr(second, each.name)
            assert_same(one, other, f"{where}.{each.name}")
    elif isinstance(first, Mapping):
        assert set(first) == set(second), where
        for key in first:
            assert_same(first[key], second[key], f"{where}[{key}]")
    elif isinstance(first, list | tuple):
        assert len(first) == len(second), where
        for i, (one, other) in enumerate(zip(first, second, strict=True)):
            assert_same(one, other, f"{where}[{i}]")
    elif isinstance(first, float):
        assert first == pytest.approx(second, rel=1e-9, abs=1e-9, nan_ok=True), where
    else:
        assert first == second, where
