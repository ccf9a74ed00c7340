"""How are our models: every one on a line, against its usual, the worst first."""

from __future__ import annotations

from queries.core.answer import Answer
from queries.core.logs import Logs
from queries.core.params import Models
from queries.core.question import Question, param
from queries.core.takes import which_time
from queries.core.times.when import Window
from queries.core.topics import Topic
from queries.health.answer import answer_words
from queries.health.fleet import look


class Health(Question):
    """What is unusual about any model."""

    name, title = "health", "How are our models?"
    about = (
        "Every model on a line, the worst first: requests, failures, latency, inputs, outputs and "
        "right answers against usual, and how fresh its data is."
    )
    asked_as = ("healthy", "models", "fine", "ok", "okay", "status", "everything")
    topic = Topic.WRONG
    rank = 5
    terms = (
        "usual",
        "unusual",
        "needs a look",
        "failed",
        "half within, 95 of 100 within",
        "right answers",
    )
    examples = ("health", "health yesterday", "health {model} last 7 days")

    models: tuple[str, ...] | None = param(Models(), "Which models", default=None)
    window: Window = which_time("last 24 hours")

    def answer(self, logs: Logs) -> Answer:
        """Look at each model, and say which ask to be looked at and why."""
        lines = look(logs, self.models or logs.models, self.window)
        return answer_words(lines)
