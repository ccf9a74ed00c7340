"""How a slice that is judged beside all others is called."""

from __future__ import annotations

from queries.measures.places.standings import Standing
from queries.wording.parts import parts_name


def standing_name(standing: Standing) -> str:
    """“region emea”, or “region emea with version 2.3”."""
    return parts_name(standing.group.dimensions, standing.group.values)
