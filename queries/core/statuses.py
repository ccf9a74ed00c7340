"""What a status says by itself: HTTP's numbers and common words do; 0 and 1 may mean either."""

from __future__ import annotations

import re

OK_BELOW = 400
"""As HTTP has it (RFC 9110, section 15); where others are logged, `ok_status` names the good."""

FIRST, LAST = 100, 599
"""HTTP's statuses. Of any other number nobody knows whether it is good: 0 is no failure to a
program that gives its exit code, and is one to a client that had no answer."""

GOOD_WORDS = (
    *("ok", "okay", "success", "succeeded", "successful", "complete", "completed", "done"),
    *("finished", "passed", "true"),
)
BAD_WORDS = (
    *("error", "errored", "fail", "failed", "failure", "fault", "timeout", "timed out", "false"),
    *("exception", "crashed", "aborted", "ko", "unavailable", "internal error", "not ok"),
)
NONE = ("", "-", "none", "null", "nil", "nan", "n/a", "na")
"""What many programs write where there is no status."""

_HTTP = re.compile(r"([1-5])..( .*)?", re.DOTALL)
NUMERIC = tuple("0123456789+-.")
"""What a status begins with that is a number."""


def good(status: str) -> bool | None:
    """Tell whether a status is a good one; None where it doesn't say so by itself.

    The status is text as plainlogs writes it: “200”, “200 OK”, “true”, “Done”.
    """
    word = status.strip().lower()
    if found := _HTTP.fullmatch(word):
        return found[1] < str(OK_BELOW)[0]
    return True if word in GOOD_WORDS else False if word in BAD_WORDS else None
