"""The technical words of all answers, each explained in plain words: the one place for them.

A question lists the words that its answers use as ``terms``; the ask attaches what they mean, and
its docs page shows them.
"""

from __future__ import annotations

from collections.abc import Mapping

GLOSSARY: Mapping[str, str] = {
    "failed": "The request's status says that it failed, or it carries an error.",
    "usual": "The same clock time in each of the last 4 weeks (for longer times: the periods of "
    "equal length before).",
    "unusual": "Outside the range in which 95 of 100 unchanged periods would lie, judged by how "
    "much those past periods vary among themselves. With fewer than 4 of them nothing is called "
    "unusual.",
    "since about": "Where a jump between two rates fits the counts best (largest likelihood "
    "ratio), tested against shuffled blocks of the same counts.",
    "extra failures": "Failures beyond what the usual rate of the same part makes expected.",
    "rate": "Failed requests out of all requests. Its range (low to high) is Wilson's 95 % "
    "interval: were this measured again and again, 95 of 100 such ranges would hold the true rate.",
    "shift": "How far the values lie from those compared with: the Jensen-Shannon distance (base "
    "2), 0 when they are spread alike, 1 when they have nothing in common. Numbers are compared on "
    "bins of what is compared with (Doane's rule); categories seen fewer than 5 times there are "
    "taken together with new ones. Missing values don't belong to it.",
    "shifted": "The shift, less what chance makes of it on average, is at least what this model's "
    "settings call worth acting on, and larger than chance makes it (simulated, beyond 1 in 500 by "
    "the chi-square test; corrected for the number of inputs by Benjamini and Hochberg).",
    "missing": "The share of requests in which the input is empty. A change is said when it is "
    "beyond chance (two-proportion z test, corrected for the number of inputs), matters by the "
    "model's settings, and lies outside of how the share varied in four comparable times, where "
    "there are as many.",
    "new values": "Categories that never occur in what is compared with, in more requests than the "
    "number of its values that occur but once makes expected (Good).",
    "slice": "The requests that share the value of one column, or the values of two columns. "
    "Slices overlap: the same request lies in several.",
    "stands out": "The slice's share is worse than that of all other requests, beyond chance "
    "(Fisher's exact test, corrected by Benjamini and Yekutieli for all slices looked at) and by "
    "at least what this model's settings call worth acting on. It must also stand out from the "
    "rest of every larger slice it lies in, and without the requests of slices that are worse.",
    "changed within": "How much of a change of the whole comes from slices that themselves got "
    "better or worse, each weighed by its mean share of the requests (Kitagawa's rate effect).",
    "moved between": "How much of a change of the whole comes from more or fewer requests in "
    "slices that are better or worse than the whole (Kitagawa's mix effect). Slices that are there "
    "only now or only before count here.",
    "Simpson's paradox": "The whole moves one way although nearly every slice moves the other way, "
    "because requests moved between slices.",
    "outcome": "What really happened, as logged later for the same request; of several, the "
    "latest.",
    "mature day": "A day of which at least 95 % of the outcomes to be expected are in, judged by "
    "how long older days' outcomes took. Only such days count in the totals, since early outcomes "
    "are not typical.",
    "worse": "Lower (for errors: higher) than before beyond chance, by at least what this model's "
    "settings call worth acting on; and than the weeks before, also outside of how they varied "
    "among themselves.",
    "confusion matrix": "How many cases of each kind were predicted as which kind.",
    "range by chance": "Where the true value lies in 95 of 100 such measurements; the fewer "
    "outcomes, the wider.",
    "always the same answer": "A model that always gives the commonest answer (for numbers: the "
    "mean) needs no inputs; a useful model beats it.",
}


def defined(terms: tuple[str, ...]) -> Mapping[str, str]:
    """Explain some words, in their order. Raises KeyError for one that has no explanation."""
    return {term: GLOSSARY[term] for term in terms}
