"""Which arm won: the split first, then effects, guardrails and who is left out."""

from __future__ import annotations

from queries.core.answer import Answer
from queries.core.errors import BadQuestion, NotAnswerable, Problem
from queries.core.experiments import Experiment as Declared
from queries.core.filters import Filter
from queries.core.kinds.experiment_names import ExperimentName, MetricName
from queries.core.logs import Logs
from queries.core.params import Conditions, Time
from queries.core.question import Question, param
from queries.core.source import Source
from queries.core.takes import which_model
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.core.topics import Topic
from queries.core.words import listed
from queries.experiment.answer import answer_words
from queries.experiment.report import decided_by, experiment_report
from queries.experiment.told import Told
from queries.measures.columns.declared import check_arms
from queries.wording.asked import Asked


class Experiment(Question):
    """Which arm of an experiment won, if its split held."""

    name, title = "experiment", "Which arm won?"
    about = (
        "Whether an arm of an experiment did better than the control, by how much and how surely, "
        "and what it harmed."
    )
    asked_as = ("experiments", "test", "tests", "ab", "arm", "arms", "variant", "won", "winner")
    topic = Topic.CLOSER
    rank = 62
    needs = ("variant",)
    terms = (
        "control",
        "won",
        "no difference shown",
        "guardrail",
        "split",
        "p of an experiment",
        "found in 80 of 100",
        "read at any time",
        "compared users",
    )
    examples = ("experiment {model}", "experiment {model} last 30 days")

    model: str = which_model()
    experiment: str | None = param(
        ExperimentName(), "Which experiment", default=None, hint="Otherwise the only one."
    )
    window: Window = param(Time(), "First exposed when", default="all")
    metric: str | None = param(
        MetricName(), "Judged by", default=None, hint="Otherwise the metric declared as main."
    )
    where: tuple[Filter, ...] = param(Conditions(), "Only rows where", default="")

    def answer(self, logs: Logs) -> Answer:
        """Hold the split against what was configured, then each arm against the control."""
        log = logs.of(self.model)
        # For its refusal, which says what to declare, before anything is read.
        log.column("variant")
        declared = decided_by(chosen(log.source, self.experiment), self.metric)
        check_arms(log, declared)
        reading = read(log, self.window, logs)
        if empty := nothing(log, reading):
            return empty
        logs.progress("Comparing the arms", None)
        found = experiment_report(log, declared, reading, log.matches(self.where))
        return answer_words(Told(Asked(log.source, reading, self.where), found))


def chosen(source: Source, name: str | None) -> Declared:
    """Give the experiment that was asked for, or the only one."""
    known = source.experiments
    if not known:
        raise NotAnswerable(
            f"{source.title} declares no experiments. Declare one in [sources.{source.name}."
            "experiments.NAME] of plainlogs.toml, with its arms and metrics."
        )
    if name is None and len(known) == 1:
        return next(iter(known.values()))
    if name is None or name not in known:
        names = listed([f"“{each}”" for each in known], last="or")
        asked = tuple(f"experiment {source.name} {each}" for each in known)
        raise BadQuestion(Problem("experiment", f"Which experiment? {names}.", tuple(known), asked))
    return known[name]
