"""The time zone of this machine, by its IANA name."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import available_timezones

_LINK = Path("/etc/localtime")


def local_zone() -> str:
    """Give the IANA name that the system is set to, or UTC where it doesn't say."""
    named = os.environ.get("TZ", "").lstrip(":")
    if named in available_timezones():
        return named
    target = str(_LINK.resolve()) if _LINK.is_symlink() else ""
    name = target.partition("zoneinfo/")[2]
    return name if name in available_timezones() else "UTC"
