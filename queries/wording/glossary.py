"""The technical words of all answers, each explained in plain words: the one place for them.

A question lists the words that its answers use as ``terms``; the ask attaches what they mean, and
its docs page shows them.
"""

from __future__ import annotations

from collections.abc import Mapping

GLOSSARY: Mapping[str, str] = {
    "favourable": "What is good for the person: the decision that the model's settings declare as "
    "such, else the model's positive answer. Its rate has Wilson's 95 % interval.",
    "reference group": "The group that all others are compared with: the one you chose, else the "
    "largest.",
    "four-fifths rule": "A group's favourable rate is held against the highest rate of any group; "
    "below 80 % of it, US rules (29 CFR 1607.4(D)) ask for a closer look. It says nothing of "
    "chance or of reasons.",
    "disparate impact": "A group's favourable rate divided by that of the reference group (the "
    "ratio, with Katz's interval).",
    "mean difference": "A group's favourable rate less that of the reference group, in percentage "
    "points (Newcombe's interval).",
    "metrics of a group": "As Aequitas has them. TPR and FNR: of those it happened to, the share "
    "that the model said so or not. FPR and TNR: the same of those it did not happen to. Precision "
    "and FDR: of those said to, how it turned out. NPV and FOR: of those said not to. PPREV: the "
    "share said to. PPR: the group's part of all said to. PREV: the share it happened to.",
    "withheld group": "Of fewer people than the model's settings let show (`smallest_group`), "
    "or so placed that such a group could be worked out from it. It is counted together with "
    "others, as “other groups”, or not shown.",
    "gap opened": "The first version, by when it was first seen, in which the gap matters and its "
    "interval leaves zero out, after one in which it did not, with more between the two than "
    "chance makes and by at least what matters.",
    "place": "The share of requests with a lower value, those with the same value counted by half, "
    "among all requests of the 7 days that end with the one asked about. It says how common a "
    "value is, not that it decided anything.",
    "matches the log": "The declared expression, computed again from the logged values, differs "
    "from the logged result by at most a millionth (of 1, or of the larger of the two). What is "
    "made of another transformation is computed from that one's logged value.",
    "margin": "How far the score lies from the threshold. “Closer” counts the requests whose score "
    "lay nearer to their own threshold.",
    "similar": "Decided otherwise, by the same version and not by a person, in the same 7 days: "
    "nearest by the average difference of the inputs, numbers in widths of the usual middle half, "
    "categories by whether they differ. Ids, times and what is not shown of single people are "
    "left out.",
    "attribution": "How much an input moved the score up or down, as the model's explainer logged "
    "it. It says how the model weighed inputs, not why the world is so.",
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
    "broken": "More of it than before, beyond chance (two-proportion z test; corrected for all "
    "columns and faults by Benjamini and Hochberg), by at least what this model's settings call "
    "worth acting on, and for missing values, outside of how they varied in four comparable times.",
    "missing values": "Requests in which the column is empty: no value, an empty text, or a number "
    "that is none (NaN); the latter are also counted apart.",
    "out of range": "Below the smallest or above the largest value that is compared with, judged "
    "by how rarely chance puts as many new values beyond all old ones (Rosenbaum's test).",
    "never seen": "A category that no request compared with has; rare ones are expected, and only "
    "what is beyond their number counts (Good).",
    "constant": "All values are the same, although so many in a row would not come by chance.",
    "enough to act": "The change is beyond chance (against the past: outside of the range in which "
    "unchanged periods lie; against a reference set: two-sample tests corrected by Benjamini and "
    "Hochberg) and at least what this model's settings call worth acting on.",
    "no change shown": "A change, if there is one, is smaller than the size said beside it: a "
    "larger one would lie outside of the 95 % range of what was seen.",
    "stands out": "A part that changed by more or less than the rest, beyond chance and beyond how "
    "the parts usually move against each other, corrected for how many parts were looked at.",
    "slice": "The requests that share the value of one column, or the values of two columns. "
    "Slices overlap: the same request lies in several.",
    "slice that stands out": "Its share is worse than that of all other requests, beyond chance "
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
    "weighed alike": "Both sides are compared within each part and hour in which both have "
    "requests, and these differences are averaged (Mantel and Haenszel's weights; Sato's "
    "interval). So it makes no difference that one side got other requests, or at another time. "
    "p values are corrected for how many things are compared (Benjamini and Hochberg), ranges also "
    "for people who come back and, of two times, for how their days vary.",
    "traffic isn't comparable": "At least 5 % of one side's requests would have to lie in another "
    "part for both to be spread alike, beyond chance (chi-square test, beyond 1 in 1,000).",
    "guardrail of a rollout": "What must not get worse: failures, slow requests, right answers, "
    "the favourable decision, and how groups are treated beside the largest. It is worse where "
    "that is beyond chance and at least what the model's settings call worth acting on.",
    "may be": "The range in which the true difference lies in 95 of 100 rollouts, for all "
    "guardrails together (Bonferroni) and whenever it is read (confidence sequence of Waudby-Smith "
    "and others).",
    "gap between groups": "How much more often one group gets the favourable answer than the "
    "largest group of the same attribute. It opened where one side made that larger by at least "
    "what this model's settings call worth acting on, beyond chance.",
    "outcome": "What really happened, as logged later for the same request; of several, the "
    "latest.",
    "mature day": "A day of which at least 95 % of the outcomes to be expected are in, judged by "
    "how long older days' outcomes took. Only such days count in the totals, since early outcomes "
    "are not typical.",
    "worse": "Lower (for errors: higher) than before beyond chance, by at least what this model's "
    "settings call worth acting on; and than the weeks before, also outside of how they varied "
    "among themselves.",
    "calibration error": "How far what came true typically lies from what was said: the root of "
    "the mean squared gap over up to 15 bins with equally many cases, less what chance adds to it "
    "(the debiased estimator of Kumar, Liang and Ma).",
    "chance": "What the same error would be if every probability were exactly right, simulated for "
    "as many cases: never zero, and larger the fewer there are.",
    "Brier score": "Mean squared gap between the stated probability and what happened (1 or 0); 0 "
    "is perfect.",
    "estimated": "What is to be expected if cases turn out as often as those with such a score did "
    "in the reference set (isotonic regression; confidence-based performance estimation).",
    "band": "Where 95 of 100 realised values lie if scores still mean what they meant in the "
    "reference set: chance, and how small that set is, are allowed for.",
    "reference set": "The training or validation set that the model's log is compared with.",
    "laboratory": "The reference set: training or validation data on which the model was measured "
    "before it was released.",
    "gap": "Production less reference set. Its range (low to high) adds the two ranges' distances "
    "in square (Newcombe; Zou and Donner).",
    "first seen": "The version's first row anywhere in the log; weeks are counted from there.",
    "confusion matrix": "How many cases of each kind were predicted as which kind.",
    "range by chance": "Where the true value lies in 95 of 100 such measurements; the fewer "
    "outcomes, the wider.",
    "always the same answer": "A model that always gives the commonest answer (for numbers: the "
    "mean) needs no inputs; a useful model beats it.",
    "gap in requests": "At least 5 minutes without any request, at a time that had some in each "
    "of the last 4 weeks: so many that, given how unevenly they come, chance makes one in fewer "
    "than 1 of 100 such times.",
    "half within, 95 of 100 within": "Half of the requests, or 95 or 99 of 100, take at most so "
    "long (the quantiles p50, p95 and p99). The range (low to high) holds the true one in 95 of "
    "100 cases; both its ends are values of the log.",
    "slower": "What half or 95 of 100 requests stay within is longer than usual, beyond how it "
    "varied in 4 comparable times, by at least what this model's settings call worth acting on.",
    "needs a look": "Its log can't be read or brings nothing, more of its requests fail than "
    "usual, clearly fewer or more of them come, they take longer, an input emptied or its average "
    "moved, it was less often right, or it says other things than usual: beyond how that varied in "
    "4 comparable times, and by what its settings call worth acting on (requests: a tenth).",
    "right answers": "The share of predictions that turned out true, of the latest requests whose "
    "outcomes are usually in by now; for numbers, by how much they were off on average.",
    "times usual": "How many requests came, as a multiple of the usual number.",
    "changed": "A rate that stands out twice: among the minutes of its own time (against shuffled "
    "blocks, corrected by Benjamini and Hochberg for how many were looked at), and outside of how "
    "the same minutes of comparable times varied; and that by as much as matters by the model's "
    "settings, or for traffic by three tenths, for slow requests by 5 percentage points. Without a "
    "time before, the rate must clearly double instead. It must show among all requests that were "
    "asked about: narrow the question to look within a small part.",
    "likely first cause": "A new version, an input that emptied, moved or took new values, or a "
    "rise in traffic that began at most 6 hours before the failures (slowness, other outputs) "
    "or together with them, in the same part. Those that failures name, or without which requests "
    "don't fail, come first, then the earliest. Where several began together and nothing but time "
    "speaks for any, none is named. It may still be something that is not in the log.",
    "emptied": "The input is missing in more requests than usual.",
    "control": "The arm that the others are compared with, usually that in which all stays as it "
    "was.",
    "won": "Better than the control beyond chance, corrected for the number of arms (Holm), by at "
    "least what the metric's settings call worth acting on. Shares: pooled z test and Newcombe's "
    "range; averages: Welch's test; ratios: the same by the delta method.",
    "no difference shown": "A difference, if there is one, is smaller than the size said beside "
    "it: a larger one would lie outside of the 95 % range of what was seen.",
    "guardrail": "A metric that does not decide who wins, but must not get worse.",
    "split": "Which share of the users each arm got, against the configured shares. Below p = "
    "0.001 it counts as broken: then something chooses who is in which arm, and no winner is named "
    "(chi-square test; while the experiment runs, a sequential multinomial test).",
    "p of an experiment": "How often chance alone makes at least such a difference between arms "
    "that are alike: p = 0.02 is at most 2 of 100 experiments.",
    "found in 80 of 100": "The smallest true difference that so many users find in 80 of 100 such "
    "experiments.",
    "read at any time": "While an experiment runs its ranges are wider (confidence sequences), so "
    "that even who looks every day is misled in at most 5 of 100 experiments.",
    "compared users": "Each user once, in the arm of the first exposure, with what came within the "
    "same time after it; users seen in several arms are left out.",
    "score band": "Cases whose scores lie next to each other: as many cases with an outcome in "
    "each of ten bands, fewer bands where many scores are the same.",
    "lift": "The part of what is looked for that lies in a band of scores, over the band's part of "
    "all cases: 3 times is three times as many as without the score. Its range is Wilson's.",
    "gain": "Which part of all that is looked for is found when cases are taken by their score, as "
    "far as they were taken. Looked for is the outcome that is rarer.",
    "says the opposite": "The difference in a slice, or within all slices of a column weighed "
    "alike, has the other sign than that of all cases together, both beyond chance (slices are "
    "corrected by Benjamini and Yekutieli for how many were compared).",
    "overruled": "A person turned the model's decision round, as the log marks it. Only requests "
    "with a decision count; those without a mark count as followed.",
    "right by the score": "How often whoever overruled would have been right if these cases had "
    "turned out as others did on which the model said the same with nearly the same score (20 "
    "bands of the score, weighed by Mantel and Haenszel; Sato's range).",
    "right more often": "People who overruled were right more often than by the score (or less "
    "often), beyond chance (corrected by Benjamini and Yekutieli for how many slices were looked "
    "at) and by what this model's settings call worth acting on.",
    "slow": "Takes longer than 95 of 100 requests usually do, by more than what the model's "
    "settings call worth acting on.",
}


def defined(terms: tuple[str, ...]) -> Mapping[str, str]:
    """Explain some words, in their order. Raises KeyError for one that has no explanation."""
    return {term: GLOSSARY[term] for term in terms}
