"""Time zones as people name them: “Europe/Berlin”, “Berlin”, “new york”, and never “EST”."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from queries.core.kinds.kind import BadValue, Option
from queries.core.nearest import nearest
from queries.core.words import listed

COMMON = (
    "Pacific/Auckland",
    "Australia/Sydney",
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Kolkata",
    "Asia/Karachi",
    "Asia/Dubai",
    "Europe/Istanbul",
    "Africa/Nairobi",
    "Asia/Jerusalem",
    "Europe/Helsinki",
    "Europe/Kyiv",
    "Africa/Johannesburg",
    "Africa/Cairo",
    "Europe/Berlin",
    "Europe/Paris",
    "Africa/Lagos",
    "Europe/London",
    "Europe/Lisbon",
    "UTC",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "America/Halifax",
    "America/New_York",
    "America/Toronto",
    "America/Bogota",
    "America/Chicago",
    "America/Mexico_City",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
)
"""Offered in a form, from east to west. Every other zone may be typed."""

_MEANT = {
    **dict.fromkeys(("ET", "EST", "EDT"), "America/New_York"),
    **dict.fromkeys(("CT", "CST", "CDT"), "America/Chicago"),
    **dict.fromkeys(("MT", "MST", "MDT"), "America/Denver"),
    **dict.fromkeys(("PT", "PST", "PDT"), "America/Los_Angeles"),
    **dict.fromkeys(("CET", "CEST", "MEZ", "MESZ"), "Europe/Berlin"),
    **dict.fromkeys(("BST", "WET", "WEST"), "Europe/London"),
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
}


def read_zone(text: str) -> str:
    """Find the IANA name of a zone by its whole name or its city, whatever its case.

    Abbreviations such as EST are refused with the place that is probably meant: an
    abbreviation stands for a fixed offset, which is wrong for half of the year.

    Raises:
        BadValue: there is no such zone; the nearest ones are told.
    """
    words = " ".join(text.replace("_", " ").split()).lower()
    known = _by_words()
    if words in known:
        return known[words]
    meant = _MEANT.get(words.upper())
    found = (meant,) if meant else tuple(known[each] for each in nearest(words, [*known]))
    close = tuple(dict.fromkeys(found))
    what = f"“{text}” is no time zone that I know." if words else "In which time zone?"
    hint = f"Did you mean {listed(close, last='or')}?" if close else "Try one like Europe/Berlin."
    raise BadValue(f"{what} {hint}", close)


def zone_options(first: str) -> tuple[Option, ...]:
    """Give the zones that a form offers, a person's own before the common ones."""
    return tuple(Option(name, name.replace("_", " ")) for name in dict.fromkeys((first, *COMMON)))


@cache
def _by_words() -> dict[str, str]:
    # A name without a slash is an abbreviation or a country, such as EST or GB. In reverse, so that
    # of two zones that end alike the first one by the alphabet stays.
    places = sorted((name for name in available_timezones() if "/" in name), reverse=True)
    # Etc/GMT+5 lies west of Greenwich: who types “GMT+5” means the opposite.
    cities = {
        _spoken(name.rpartition("/")[2]): name for name in places if not name.startswith("Etc/")
    }
    return cities | {_spoken(name): name for name in (*places, "UTC")}


def _spoken(name: str) -> str:
    return name.replace("_", " ").lower()
