"""The time zone of this machine, by its IANA name."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import available_timezones

_LINK = Path("/etc/localtime")


def local_zone() -> str:
    """Give the IANA name that the system is set to, or UTC where it doesn't say."""
    # A colon may stand before the name.
    named, known = os.environ.get("TZ", "").lstrip(":"), available_timezones()
    if named in known:
        return named
    target = str(_LINK.resolve()) if _LINK.is_symlink() else ""
    name = target.partition("zoneinfo/")[2]
    return name if name in known else "UTC"
