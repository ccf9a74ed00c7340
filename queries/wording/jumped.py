"""Since when a share is higher, and how high it is since then."""

from __future__ import annotations

from queries.core import words
from queries.measures.counting.jumps import Jump
from queries.wording.asked import Asked


def since_then(jump: Jump, asked: Asked) -> str:
    """“100 % since about 08:30”, or “100 % from about 08:30 to 09:10”."""
    share = words.share(jump.during.value, jump.during.low, jump.during.high)
    since = asked.moment(jump.since)
    if jump.until is None:
        return f"{share} since about {since}"
    return f"{share} from about {since} to {asked.moment(jump.until)}"
