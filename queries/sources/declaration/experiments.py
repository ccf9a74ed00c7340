"""The experiments of a source's declaration: arms, how long a user is watched, and metrics."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import cast, get_args
from zoneinfo import ZoneInfo

from queries.core.experiments import Experiment, ExperimentMetric, MetricKind
from queries.core.nearest import nearest
from queries.core.source import Direction, Source, Visibility
from queries.sources.declaration.tables import Table, is_number
from queries.sources.patterns import fits, patterns

EXPECTED = 10_000
_HIDDEN = Visibility.HIDDEN


def read_experiments(table: Table, zone: ZoneInfo) -> dict[str, Experiment]:
    """Read every experiment, by the name that the log calls it by; days begin in a zone."""
    declared = table.sub("experiments")
    if declared is None:
        return {}
    found = {}
    for name in declared.raw:
        read = declared.sub(name)
        if read is not None:
            found[name] = _experiment(name, read, zone)
    return found


def check_experiments(source: Source, table: Table) -> None:
    """Check what only shows when a source is seen whole."""
    if not source.experiments:
        return
    if "variant" not in source.roles:
        table.problem("roles.variant", "is missing; an experiment needs the column with the arm")
    if len(source.experiments) > 1 and "experiment" not in source.roles:
        message = "is missing; it tells several experiments apart"
        table.problem("roles.experiment", message)
    for experiment in source.experiments.values():
        key = f"experiments.{experiment.name}"
        for name, given in (("window", experiment.window), ("ends", experiment.ends)):
            if given is not None and source.undated:
                table.problem(f"{key}.{name}", "can't be told in a log without times")
        if experiment.unit and source.visible(source.columns[experiment.unit]) is _HIDDEN:
            table.problem(f"{key}.unit", f"{experiment.unit!r} is hidden: nobody can ask for it")
        for metric in experiment.metrics.values():
            of = f"{key}.metrics.{metric.name}"
            _check_column(source, metric.column, f"{of}.{metric.kind}", table)
            _check_column(source, metric.per, f"{of}.per", table)
        _check_delay(source, experiment, key, table)


def _check_column(source: Source, name: str, key: str, table: Table) -> None:
    known = {**source.columns, **source.outcome_columns}
    if any(fits(each, name) for each in patterns(source)):
        return
    if name and name not in known:
        table.problem(key, f"no role names the column {name!r}", nearest(name, known))
    elif name and source.visible(known[name]) is _HIDDEN:
        table.problem(key, f"{name!r} is hidden: nobody can ask for it")


def _check_delay(source: Source, experiment: Experiment, key: str, table: Table) -> None:
    """Refuse a window in which outcomes can't come: early ones are not typical."""
    waits = any("outcome" in each.columns for each in experiment.metrics.values())
    if not waits or source.undated or not source.outcome_delay:
        return
    # One mistake a key: a window that can't be read is not also too short.
    if any(each.parameter == f"{table.key}.{key}.window" for each in table.problems):
        return
    if experiment.window is None:
        message = "is missing; a metric reads the outcome, which takes its outcome_delay to come"
        table.problem(f"{key}.window", message)
    elif experiment.window < source.outcome_delay:
        message = "is shorter than outcome_delay; early outcomes are not typical"
        table.problem(f"{key}.window", message)


def _experiment(name: str, table: Table, zone: ZoneInfo) -> Experiment:
    if not re.fullmatch(r"[\w-]+", name):
        table.problem(None, "an experiment's name has letters, digits, “_” and “-” only")
    split = _split(table)
    control = table.text("control", next(iter(split), ""))
    if split and control not in split:
        near = nearest(control, split)
        table.problem("control", f"{control!r} is no arm of the split", near)
        # Goes on with some arm, so that the other mistakes are found in the same reading.
        control = next(iter(split))
    metrics = _metrics(table)
    main = table.text("main", next((k for k, each in metrics.items() if not each.guardrail), ""))
    if metrics and main not in metrics:
        message = f"{main!r} is no metric of it" if main else "is missing: all are guardrails"
        table.problem("main", message, nearest(main, metrics))
    users = table.number("users", EXPECTED)
    if users < 1 or users != int(users):
        table.problem("users", "must be a whole number of at least 1")
    experiment = Experiment(
        name=name,
        title=table.text("title", name.replace("_", " ")),
        split=split,
        control=control,
        metrics=metrics,
        main=main,
        window=_window(table),
        ends=_ends(table, zone),
        users=max(1, int(users)),
        unit=table.text("unit"),
    )
    table.close()
    return experiment


def _split(table: Table) -> dict[str, float]:
    none: dict[str, float] = {}
    split = table.take("split", _is_split, "a table of arms, like { old = 1, new = 1 }", none)
    if "split" not in table.raw:
        table.problem("split", "is missing: name each arm with its share, { old = 1, new = 1 }")
    elif split and len(split) < 2:
        table.problem("split", "needs at least two arms")
    return {arm: float(share) for arm, share in split.items()}


def _is_split(value: object) -> bool:
    return isinstance(value, dict) and all(is_number(each) and each > 0 for each in value.values())


def _window(table: Table) -> timedelta | None:
    if "window" not in table.raw:
        # Known all the same, so that close() names it among the nearest keys.
        table.taken.add("window")
        return None
    return table.span("window") or None


def _ends(table: Table, zone: ZoneInfo) -> datetime | None:
    """Read the day from which on nobody enters any more."""
    text = table.text("ends")
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), zone)
    except ValueError:
        table.problem("ends", f'{text!r} is no day; write it like "2026-12-01"')
        return None


def _metrics(table: Table) -> Mapping[str, ExperimentMetric]:
    declared = table.sub("metrics")
    if declared is None or not declared.raw:
        table.problem("metrics", "is missing: say what is measured, one section a metric")
        return {}
    found = {}
    for name in declared.raw:
        read = declared.sub(name)
        if read is not None:
            found[name] = _metric(name, read)
    return found


def _check_pairs(table: Table, kind: MetricKind, has_value: bool, has_per: bool) -> None:
    """Check that a share has its value and a ratio its divisor, and nothing else has."""
    if kind == "share" and not has_value:
        table.problem("value", "is missing: which value of the column is counted")
    if kind == "ratio" and not has_per:
        table.problem("per", "is missing: the column whose sum is divided by")
    if kind != "share" and has_value:
        table.problem(None, "has a value, which goes with share")
    if kind != "ratio" and has_per:
        table.problem(None, "has per, which goes with ratio")


def _metric(name: str, table: Table) -> ExperimentMetric:
    if not re.fullmatch(r"[\w-]+", name):
        table.problem(None, "a metric's name has letters, digits, “_” and “-” only")
    columns = {kind: table.text(kind) for kind in get_args(MetricKind)}
    kinds = [kind for kind, column in columns.items() if column]
    if len(kinds) != 1:
        table.problem(None, "needs one of share, mean and ratio, each naming a column")
    kind = cast("MetricKind", kinds[0] if kinds else "mean")
    value, per = table.scalar("value", None), table.text("per")
    _check_pairs(table, kind, value is not None, bool(per))
    metric = ExperimentMetric(
        name=name,
        title=table.text("title", name.replace("_", " ")),
        kind=kind,
        column=columns[kind],
        value=value,
        per=per,
        better=cast("Direction", table.choice("better", get_args(Direction), "higher")),
        guardrail=table.flag("guardrail"),
        matters=table.number("matters", 0.0),
    )
    table.close()
    return metric
