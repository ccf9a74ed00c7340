"""Logs in which people overrule a model, with what is planted in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.asking import Asking, asking, rows
from tests.questions.planted import write

EVERY, DAYS = 120, 30
ROWS = DAYS * 86_400 // EVERY
_DRAWN = {
    "ts": "stamp",
    "id": "'r' || i",
    "score": "u",
    "cut": "0.5",
    "region": "['emea', 'amer', 'apac'][1 + i % 3]",
    "said": "(u >= 0.5)::INTEGER",
    "v": "v",
    "w": "w",
    "x": "('0x' || substr(md5('x' || i), 1, 8))::BIGINT / 4294967296.0",
}
TURNED = "w < CASE WHEN region = 'apac' THEN 0.4 ELSE 0.05 END"
"""Where people overrule: mostly in one region."""
PARADOX = "v < CASE WHEN region = 'apac' THEN 0.3 ELSE 0.7 END + 0.1 * turned::INTEGER"
"""Overruled ones turn out better in each region, and worse in all."""
AT_RANDOM = "w < CASE WHEN region = 'apac' THEN 0.2 ELSE 0.1 END"
TWO_WAYS = """v < score + CASE WHEN NOT turned THEN 0 ELSE 0.2 * (1 - 2 * said)
    * CASE region WHEN 'emea' THEN 1 WHEN 'apac' THEN -1 ELSE 0 END END"""
"""The score is the chance; where people overrule it they know better in emea, worse in apac."""

SOURCE: dict[str, Any] = {
    "files": "log.parquet",
    "task": "binary",
    "favourable": "approve",
    "roles": {
        "time": "ts",
        "request_id": "id",
        "score": "score",
        "prediction": "said",
        "threshold": "cut",
        "decision": "decision",
        "override": "turned",
        "override_reason": "reason",
        "outcome": "happened",
        "value": "worth",
        "dimensions": ["region"],
    },
}


def log(turned: str, happened: str, salt: str = "") -> str:
    """Give the SQL of a log; both are conditions over the columns and the draws."""
    base = rows(ROWS, _DRAWN, every=EVERY, salt=salt)
    overruled = f"SELECT *, ({turned}) AS turned FROM ({base})"
    return f"""
        SELECT * EXCLUDE (v, w, x),
            CASE WHEN (said = 1) <> turned THEN 'approve' ELSE 'decline' END AS decision,
            CASE WHEN turned THEN ['manager', 'document'][1 + (x < 0.25)::INTEGER] END AS reason,
            ({happened})::INTEGER AS happened,
            100 + 50 * x - CASE WHEN region = 'apac' THEN 40 ELSE 0 END
                + 10 * turned::INTEGER AS worth
        FROM ({overruled})
    """


@contextmanager
def overruled(folder: Path, turned: str, happened: str, **declared: Any) -> Iterator[Asking]:
    """Write a log and open it as the source “x”, with a reference set in which nobody overruled."""
    write(folder / "log.parquet", log(turned, happened))
    write(folder / "reference.parquet", log("false", happened, "before"))
    with asking({"x": SOURCE | declared}, folder) as house:
        yield house
