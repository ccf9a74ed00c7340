"""Bands of a score, in words."""

from __future__ import annotations

from queries.measures.cases.counts import Ranked


def band_name(score: Ranked | None, at: int) -> str:
    """“0.80 to 0.85”, as the score is logged."""
    edges = score.edges if score else ()
    if not edges:
        return "all scores"
    # Bands are cut on a score whose sign may be changed; people know the logged one.
    turn = -1 if score and score.turned else 1
    low = turn * edges[at - 1] if at else None
    high = turn * edges[at] if at < len(edges) else None
    if turn < 0:
        low, high = high, low
    if low is None:
        return f"up to {_edge(high)}"
    return f"from {_edge(low)}" if high is None else f"{_edge(low)} to {_edge(high)}"


def _edge(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
