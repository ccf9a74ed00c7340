"""Numbers, shares, times and lists as people read them. The one place for units and rounding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

EMPTY = "(empty)"
"""What stands for a value that is not there."""


def listed(items: Sequence[str], last: str = "and") -> str:
    """“a”, “a and b”, “a, b and c”."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def count(n: float) -> str:
    """A whole number with separators: 12,310."""
    return f"{n:,.0f}"


def counted(n: int, one: str, many: str = "") -> str:
    """“1 request”, “12,310 requests”."""
    return f"{count(n)} {one if n == 1 else many or one + 's'}"


def about(n: float) -> str:
    """A whole number to two digits, where more would promise too much: 5,000."""
    if not math.isfinite(n) or abs(n) < 100:
        return count(n)
    return count(round(n, 1 - math.floor(math.log10(abs(n)))))


def share(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """A fraction as percent with the digits that its interval supports: 4.8 %."""
    if value is None or not math.isfinite(value):
        return "unknown"
    if value in (0, 1):
        return f"{100 * value:.0f} %"
    digits = _digits(100 * value, None if low is None or high is None else 100 * (high - low))
    text = f"{100 * value:.{digits}f}"
    # Rare is not never, and nearly all is not all.
    if float(text) == 0 and value > 0:
        return f"under {10**-digits:.{digits}f} %"
    if float(text) == 100 and value < 1:
        return f"over {100 - 10**-digits:.{digits}f} %"
    return f"{text} %"


def share_range(low: float, high: float) -> str:
    """“1.0 to 1.9 %”."""
    digits = max(_digits(100 * low, 100 * (high - low)), _digits(100 * high, 100 * (high - low)))
    return f"{100 * low:.{digits}f} to {100 * high:.{digits}f} %"


def points(value: float) -> str:
    """A difference of two shares, in percentage points."""
    size = abs(100 * value)
    digits = _digits(size, None)
    amount = f"{size:.{digits}f}"
    return f"{amount} percentage point" + ("" if amount == "1" else "s")


def gained(points: float) -> str:
    """A change in percentage points with its sign, as it stands in a table: −0.28 points."""
    size = f"{abs(points):.{_digits(points, None)}f}"
    sign = "" if not float(size) else "+" if points > 0 else "−"
    return f"{sign}{size} points"


def times(ratio: float) -> str:
    """“3.4 times”; ratios that round to one or less are said as a share."""
    if ratio >= 10:
        return f"{ratio:.0f} times"
    if ratio >= 1.05:
        return f"{ratio:.1f} times"
    return share(ratio)


def number(value: float | None, width: float | None = None) -> str:
    """A plain number with about three digits, or as many as an interval's width supports."""
    if value is None or not math.isfinite(value):
        return "unknown"
    if value == int(value) and (width is None or abs(value) >= 100):
        return f"{value:,.0f}"
    return f"{value:,.{_digits(value, width)}f}"


def p_value(p: float) -> str:
    """How often chance alone makes as much: “p = 0.023”, “p under 0.0001”."""
    if p < 0.0001:
        return "p under 0.0001"
    if p >= 0.995:
        return "p = 1"
    return f"p = {p:.2f}" if p >= 0.1 else f"p = {number(p)}"


def duration_ms(value: float | None) -> str:
    """Milliseconds as people say them: 240 ms, 1.8 s, 2 min."""
    if value is None or not math.isfinite(value):
        return "unknown"
    if value < 10:
        return f"{number(value)} ms"
    if value < 1000:
        return f"{value:.0f} ms"
    if value < 120_000:
        return f"{value / 1000:.1f} s"
    return f"{value / 60_000:.0f} min"


def within(q: float) -> str:
    """How a quantile of latencies heads a column: “half within”, “95 of 100 within”."""
    return "half within" if q == 0.5 else f"{round(100 * q)} of 100 within"


def duration_range(low: float, high: float) -> str:
    """“181 to 200 ms”; each with its unit where they differ."""
    first, last = duration_ms(low), duration_ms(high)
    same = first.split()[-1] == last.split()[-1]
    return f"{first.split()[0] if same else first} to {last}"


def every(seconds: float) -> str:
    """How often buckets of a table begin: “Every minute”, “Every 5 minutes”."""
    minutes = int(seconds // 60)
    return "Every minute" if minutes == 1 else f"Every {minutes} minutes"


def lasting(span: timedelta) -> str:
    """A length of time in its largest sensible unit: “5 hours”, “2 days”."""
    minutes = span.total_seconds() / 60
    for size, name in ((1440, "day"), (60, "hour")):
        if minutes >= 1.5 * size or (name == "hour" and minutes >= 90):
            return counted(round(minutes / size), name)
    return counted(max(1, round(minutes)), "minute")


def moment(at: datetime, zone: ZoneInfo, now: datetime, *, dated: bool = False) -> str:
    """A time in the asker's zone: 09:50 today, else with its day; the year when it differs.

    ``dated`` names the day of what was today too.
    """
    local, today = at.astimezone(zone), now.astimezone(zone)
    clock = f"{local:%H:%M}"
    if local.date() == today.date() and not dated:
        return clock
    day = f"{local.day} {local:%b}" + ("" if local.year == today.year else f" {local.year}")
    return f"{clock} on {day}"


def time_range(start: datetime, end: datetime, zone: ZoneInfo, now: datetime | None = None) -> str:
    """“22 Nov 15:30 to 23 Nov 15:30 Europe/Berlin”; whole days without clock times.

    The year stands there where it is not that of ``now``; always, for what is kept.
    """
    first, last = start.astimezone(zone), end.astimezone(zone)
    if whole := first.time() == last.time() == time() and first < last:
        last -= timedelta(days=1)
    year = now is None or not first.year == last.year == now.astimezone(zone).year
    begin = _day(first, year=first.year != last.year or (year and first.date() == last.date()))
    until = _day(last, year=year or whole)
    if whole:
        said = until if first.date() == last.date() else f"{begin} to {until}"
    elif first.date() == last.date():
        said = f"{begin} {first:%H:%M} to {last:%H:%M}"
    else:
        said = f"{begin} {first:%H:%M} to {until} {last:%H:%M}"
    return f"{said} {zone.key}"


def unbroken(text: str) -> str:
    """The text, whose lines never break between a number and its percent sign."""
    return text.replace(" %", "\u00a0%")


def echoed(text: str) -> str:
    """What somebody typed, in quotes; a long one is cut."""
    return f"“{shortened(text, 60)}”"


def value(logged: object, most: int = 60) -> str:
    """A value from a log, such as a slice's, as it stands in a sentence."""
    return shortened(whole_value(logged), most)


def whole_value(logged: object) -> str:
    """The same as it stands in a table, where long ones have room; “(empty)” for none."""
    if logged is None or logged == "":
        return EMPTY
    if isinstance(logged, bool):
        return "yes" if logged else "no"
    return str(logged)


def shortened(text: str, most: int) -> str:
    """The text on one line, or its beginning and an ellipsis within ``most`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: max(0, most - 1)].rstrip() + "…"


def _day(at: datetime, *, year: bool) -> str:
    return f"{at.day} {at:%b}" + (f" {at.year}" if year else "")


def _digits(value: float, width: float | None) -> int:
    size = abs(value)
    if width and math.isfinite(width) and width > 0:
        # A little less, so that a half width of exactly 0.1 doesn't get a second digit.
        return min(4, max(0, math.ceil(-math.log10(width / 2) - 1e-9)))
    if size == 0 or size >= 100:
        return 0
    # From here one digit would be rounded to 10.0, which has one more than was meant.
    if size >= 9.95:
        return 0 if math.isclose(size, round(size)) else 1
    return 1 if size >= 0.95 else min(4, 1 - math.floor(math.log10(size)))
