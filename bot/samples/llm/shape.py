"""What a language-model service's traffic looks like: summary numbers of a published trace.

Azure LLM Inference Dataset 2023, CC-BY-4.0 (Splitwise, ISCA 2024); see NOTICE in this folder.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.samples.chance import Floats, Integers

LEVELS = (0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1)


@dataclass(frozen=True, slots=True)
class Service:
    """One service: requests in the trace's hour, and tokens at ``LEVELS``.

    ``bursts`` says whether requests come in bursts, minutes being almost idle or very busy, or
    swell and ebb by a third over the hour.
    """

    name: str
    requests: int
    bursts: bool
    prompt_tokens: tuple[int, ...]
    output_tokens: tuple[int, ...]


SERVICES = (
    Service(
        "conversation",
        19_366,
        False,
        (2, 29, 181, 207, 387, 403, 703, 1020, 1071, 1130, 1315, 2735, 4083, 4142, 14_050),
        (7, 16, 41, 54, 77, 91, 103, 129, 177, 384, 400, 424, 451, 601, 1000),
    ),
    Service(
        "code",
        8_819,
        True,
        (3, 17, 75, 147, 385, 770, 1075, 1469, 1909, 2433, 3193, 5194, 7315, 7436, 7437),
        (6, 6, 6, 7, 8, 9, 11, 13, 16, 20, 29, 55, 90, 252, 1899),
    ),
)


def tokens(quantiles: tuple[int, ...], level: Floats) -> Integers:
    """Give whole tokens at levels from 0 to 1, between two quantiles on the log scale."""
    drawn = np.exp(np.interp(level, LEVELS, np.log(quantiles)))
    return np.rint(drawn).astype(np.int64)
