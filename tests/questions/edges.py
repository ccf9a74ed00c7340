"""Tiny logs with something odd about each, in files and as tables: what any company may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.asking import NOW

Columns = Mapping[str, str]
SPRING = datetime(2026, 3, 29, 12, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 25, 12, tzinfo=UTC)
"""Sundays on which Berlin's clocks changed in the night before."""

_CLASSES = "['a', 'b', 'c'][1 + CAST(floor(3 * {}) AS INTEGER)]"

LOG: Columns = {
    "ts": "stamp",
    "id": "'r' || i",
    "n": "i",
    "region": "['emea', 'amer', 'apac'][1 + i % 3]",
    "version": "CASE WHEN i % 120 > 60 THEN '2.3' ELSE '2.2' END",
    "status": "CASE WHEN u < 0.1 THEN 500 ELSE 200 END",
    "error": "CASE WHEN u < 0.1 THEN 'timeout' END",
    "took": "100 + 400 * v",
    "score": "u",
    "said": "(u > 0.5)::INTEGER",
    "decision": "CASE WHEN u > 0.5 THEN 'approve' ELSE 'decline' END",
    "person": "'p' || i % 50",
    "income": "1000 + round(4000 * v)",
    "channel": "CASE WHEN w < 0.6 THEN 'web' ELSE 'branch' END",
    "sex": "['f', 'm'][1 + i % 2]",
    "arm": "['old', 'new'][1 + i % 2]",
    "worth": "100 * w",
    "no_number": "NULL::DOUBLE",
    "no_whole": "NULL::INTEGER",
    "no_text": "NULL::VARCHAR",
    "no_time": "NULL::TIMESTAMP",
    "class": _CLASSES.format("u"),
    "p_a": "1 - u",
    "p_b": "0.5::DOUBLE",
    "p_c": "u",
    "guess": "1000 * u",
}
OUTCOMES: Columns = {
    "id": "'r' || i",
    "happened": "(0.8 * u + 0.2 * v > 0.5)::INTEGER",
    "was": _CLASSES.format("(0.9 * u + 0.1 * v)"),
    "cost": "1000 * u + 100 * (v - 0.5)",
    "came": "stamp + INTERVAL 2 HOURS",
}

ROLES: Mapping[str, Any] = {
    "time": "ts",
    "request_id": "id",
    "entity_id": "person",
    "version": "version",
    "status": "status",
    "error": "error",
    "latency_ms": "took",
    "score": "score",
    "prediction": "said",
    "decision": "decision",
    "value": "worth",
    "variant": "arm",
    "dimensions": ["region"],
    "features": ["income", "channel"],
    "protected": ["sex"],
}


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a data set: columns changed from the usual ones, how many, and when.

    ``times`` is the SQL of ``stamp`` over ``i``; usually five weeks' same day, a request every
    twelve minutes before ``until``. ``again`` is the SQL of rows over ``drawn`` that are there too.
    """

    columns: Columns = field(default_factory=dict)
    count: int = 600
    times: str = ""
    until: datetime = NOW
    again: str = ""
    salt: str = ""

    def query(self, usual: Columns) -> str:
        """Give the SQL of the rows."""
        until = f"TIMESTAMP '{self.until:%Y-%m-%d %H:%M:%S}'"
        weeks = "(4 - i // 120) * INTERVAL 7 DAYS + (120 - i % 120) * INTERVAL 12 MINUTES"
        stamp = self.times or f"{until} - ({weeks})"
        hashed = (
            f"('0x' || substr(md5('{{0}}{self.salt}' || i), 1, 8))::BIGINT / 4294967296.0 AS {{0}}"
        )
        draws = ", ".join(map(hashed.format, "uvw"))
        listed = ", ".join(f"{sql} AS {name}" for name, sql in {**usual, **self.columns}.items())
        drawn = f"SELECT i, {stamp} AS stamp, {draws} FROM range({self.count}) AS numbers(i)"
        rows = f"SELECT * FROM drawn UNION ALL {self.again}" if self.again else "FROM drawn"
        return f"WITH drawn AS ({drawn}) SELECT {listed} FROM ({rows})"


USUAL = Rows()
BEFORE = Rows(count=300, salt="before")


@dataclass(frozen=True)
class Edge:
    """What is odd about one source: its rows, its outcomes, its reference, its declaration.

    ``roles`` are those changed, None for one that the source lacks; ``outcomes`` and
    ``reference`` are None where it has none. ``window`` and ``by`` are asked for where a question
    takes them; else what its first example says. ``only`` is the column that is all that differs
    from the usual, so that nothing changes for a question that never reads it. ``experiment``
    changes the usual experiment.
    """

    log: Rows = USUAL
    outcomes: Rows | None = USUAL
    reference: Rows | None = BEFORE
    roles: Mapping[str, Any] = field(default_factory=dict)
    declared: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = "happened"
    now: datetime = NOW
    window: str = ""
    by: str = ""
    only: str = ""
    experiment: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[str, ...]:
        """The id of its last request but one; where it is split, also that of somebody."""
        request = f"r{max(0, self.log.count - 2)}"
        return (request, "p0") if self.by or "request_id" in self.roles else (request,)

    def queries(self) -> dict[str, str]:
        """Give the SQL of each of its data sets: log, outcomes, reference."""
        sets = {"log": self.log.query(LOG)}
        if self.outcomes is not None:
            sets["outcomes"] = self.outcomes.query(OUTCOMES)
        if self.reference is not None:
            sets["reference"] = self.reference.query({**LOG, **OUTCOMES})
        return sets

    def source(self, places: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        """Give its declaration; ``places`` says by SQL where each data set lies."""
        lies = {name: dict(places[query]) for name, query in self.queries().items()}
        roles = {role: each for role, each in {**ROLES, **self.roles}.items() if each}
        source = {"task": "binary", "outcome_delay": "2 hours", **self.declared, **lies.pop("log")}
        if "variant" in roles and (metrics := self._metrics(roles)):
            source["experiments"] = {"prices": self._experiment(roles) | {"metrics": metrics}}
        if "outcomes" in lies:
            columns = {"request_id": "id", "outcome": self.outcome, "outcome_time": "came"}
            source["outcomes"] = lies["outcomes"] | columns
        if "reference" in lies:
            source["reference"] = lies["reference"] | {"outcome": self.outcome}
        return source | {"roles": roles}

    def _experiment(self, roles: Mapping[str, Any]) -> dict[str, Any]:
        usual: dict[str, Any] = {"split": {"old": 1, "new": 1}}
        if "request_id" in roles:
            usual["unit"] = "request_id"
        if "time" in roles:
            usual["window"] = "1 day"
        return usual | dict(self.experiment)

    def _metrics(self, roles: Mapping[str, Any]) -> dict[str, Any]:
        """Those whose columns there are: a share, a mean, a ratio, and one of outcomes."""
        metrics: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
            "approved": (("decision",), {"share": "decision", "value": "approve"}),
            "worth": (("value",), {"mean": "value", "guardrail": True}),
            "pace": (("value", "latency_ms"), {"ratio": "value", "per": "latency_ms"}),
        }
        seen = self.declared.get("visibility", {})
        shown = {role for role, each in roles.items() if seen.get(str(each)) != "hidden"}
        found = {name: each for name, (needs, each) in metrics.items() if shown >= {*needs}}
        counted = {"happened": 1, "was": "a"}.get(self.outcome)
        if counted is not None and self.outcomes is not None:
            found["happened"] = {"share": "outcome", "value": counted}
        return found


EMPTY: Mapping[str, str] = {
    "time": "no_time",
    "request_id": "no_text",
    "version": "no_text",
    "status": "no_whole",
    "error": "no_text",
    "latency_ms": "no_number",
    "score": "no_number",
    "prediction": "no_whole",
    "decision": "no_text",
}
"""A column with nothing in it for each role."""
OTHERS = {
    "entity_id": "no_text",
    "value": "no_number",
    "threshold": "no_number",
    "override": "no_text",
    "override_reason": "no_text",
    "experiment": "no_text",
    "variant": "no_text",
    "exposed_at": "no_time",
    "weight": "no_number",
}
HOSTILE = (
    "['<!channel>', '=cmd()', '*b* `c` <a|b> & ''q'' \"d\"', repeat('long ', 500), "
    "chr(10) || 'two' || chr(10) || 'lines'][1 + i % 5]"
)
TODAY = "(i >= 480 AND i % 5 IN (3, 4)) OR u < 0.1"
"""Failures that some hostile values carry."""
INFINITE = "CASE WHEN i % 7 = 0 THEN 'inf'::DOUBLE WHEN i % 7 = 1 THEN '-inf'::DOUBLE "
INFINITE += "WHEN i % 7 = 2 THEN 'nan'::DOUBLE ELSE {} END"

ARMS = "CASE WHEN i % 17 = 0 THEN NULL WHEN i % 13 = 0 THEN 'odd' "
ARMS += "WHEN i % 2 = 0 OR u < 0.1 THEN 'old' ELSE 'new' END"

SEVERAL = {"score": None, "prediction": "class", "scores": {"a": "p_a", "b": "p_b", "c": "p_c"}}
SIZES = {"score": None, "prediction": "guess"}
ONE_INPUT = {"income": "5.0", "channel": "'web'", "score": "0.5::DOUBLE", "took": "100.0"}
LOCAL = "timezone('Europe/Berlin', timezone('UTC', stamp))"


def _several(**changed: Any) -> Edge:
    several: dict[str, Any] = {"roles": SEVERAL, "declared": {"task": "multiclass"}}
    return Edge(**several | {"outcome": "was"} | changed)


def _sizes(**changed: Any) -> Edge:
    sizes: dict[str, Any] = {"roles": SIZES, "declared": {"task": "regression"}}
    return Edge(**sizes | {"outcome": "cost"} | changed)


EDGES: Mapping[str, Edge] = {
    "usual": Edge(by="region"),
    "no_rows": Edge(Rows(count=0), by="region"),
    "one_row": Edge(Rows(count=1, times="TIMESTAMP '2026-11-23 11:00'"), by="region"),
    "none_lately": Edge(Rows(until=NOW - timedelta(days=3))),
    "begins_today": Edge(
        Rows(count=50, times="TIMESTAMP '2026-11-23 11:00' - i * INTERVAL 1 MINUTE")
    ),
    "one_class": Edge(Rows({"said": "1"}), Rows({"happened": "1"})),
    "one_slice": Edge(Rows({"region": "'emea'", "version": "'2.2'"}), by="region"),
    "constant": Edge(Rows(ONE_INPUT), reference=Rows(ONE_INPUT, 300)),
    "infinite": Edge(
        Rows({name: INFINITE.format(LOG[name]) for name in ("income", "took", "score", "worth")})
    ),
    "all_new": Edge(Rows({"income": "1e9 + i", "channel": "'new' || i % 7"})),
    "a_year": Edge(
        Rows(count=300, times="TIMESTAMP '2026-11-23 11:00' - i * INTERVAL 29 HOURS"),
        window="last 365 days",
    ),
    "spring": Edge(Rows(until=SPRING), Rows(until=SPRING), now=SPRING),
    "autumn": Edge(Rows(until=AUTUMN), Rows(until=AUTUMN), now=AUTUMN),
    "autumn_local": Edge(
        Rows({"ts": LOCAL}, until=AUTUMN),
        Rows(until=AUTUMN),
        declared={"zone": "Europe/Berlin"},
        now=AUTUMN,
        window="today",
    ),
    "outcomes_of_none": Edge(outcomes=Rows({"id": "'x' || i"})),
    "outcomes_empty": Edge(outcomes=Rows(count=0)),
    "reference_empty": Edge(reference=Rows(count=0)),
    "twice": Edge(
        Rows(again="SELECT * FROM drawn WHERE i % 2 = 0"),
        Rows(again="SELECT i, stamp + INTERVAL 1 HOUR, v, u, w FROM drawn WHERE i % 3 = 0"),
    ),
    **{f"empty_{role}": Edge(roles={role: no}, only=ROLES[role]) for role, no in EMPTY.items()},
    "empty_outcome": Edge(outcomes=Rows({"happened": "NULL::INTEGER"}), only="happened"),
    "empty_outcome_time": Edge(outcomes=Rows({"came": "NULL::TIMESTAMP"}), only="came"),
    "empty_number_input": Edge(Rows({"income": "NULL::DOUBLE"})),
    "empty_word_input": Edge(Rows({"channel": "NULL::VARCHAR"})),
    "empty_dimension": Edge(Rows({"region": "NULL::VARCHAR"}), by="region"),
    "empty_others": Edge(roles=OTHERS),
    "empty_all": Edge(
        Rows({"region": "NULL::VARCHAR", "income": "NULL::DOUBLE", "channel": "NULL::VARCHAR"}),
        roles={role: column for role, column in EMPTY.items() if role != "time"},
        outcomes=None,
    ),
    **{
        f"lacks_{role}": Edge(roles={role: None}, only=ROLES[role])
        for role in EMPTY
        if role not in ("time", "request_id")
    },
    "transformed": Edge(
        Rows(
            {
                "income_log": "CASE WHEN i < 570 THEN ln(1001 + round(4000 * v)) ELSE 7 END",
                "log_squared": "CASE WHEN i < 570 THEN ln(1001 + round(4000 * v)) ** 2 ELSE 49 END",
                "beyond": "NULL::DOUBLE",
                "from_web": "(w < 0.6)",
                "w_income": "v - 0.5",
                "cut": "0.5::DOUBLE",
                "turned": "CASE WHEN i % 3 = 0 THEN 'yes' ELSE 'no' END",
                "why": "CASE WHEN i % 3 = 0 THEN 'manager' END",
            }
        ),
        roles={
            "transformed": {
                "log_squared": "income_log ** 2",
                "income_log": "ln(income + 1)",
                "beyond": "1 / (income - income) + worth",
                "from_web": "if(channel = 'web', 1, 0)",
            },
            "metrics": ["worth"],
            "value": None,
            "attributions": ["w_income"],
            "threshold": "cut",
            "override": "turned",
            "override_reason": "why",
        },
    ),
    "lacks_entity_id": Edge(roles={"entity_id": None}, only="person"),
    "lacks_value": Edge(roles={"value": None}, only="worth"),
    "lacks_protected": Edge(roles={"protected": None}, only="sex"),
    "lacks_dimensions": Edge(roles={"dimensions": None}),
    "lacks_features": Edge(roles={"features": None}),
    "lacks_request_id": Edge(roles={"request_id": None}, outcomes=None),
    "lacks_outcomes": Edge(outcomes=None),
    "lacks_reference": Edge(reference=None),
    "lacks_all": Edge(
        roles={role: None for role in ROLES if role != "time"},
        declared={"task": "none"},
        outcomes=None,
        reference=None,
    ),
    "undated": Edge(roles={"time": None}, declared={"undated": True}, by="region"),
    "undated_chunks": Edge(
        roles={"time": None},
        declared={"undated": True, "chunks": {"rows": 100, "order": "n"}},
    ),
    "chunks": Edge(declared={"chunks": {"rows": 50, "order": "n"}}),
    "grouped": Edge(
        declared={
            "visibility": dict.fromkeys(
                ("region", "version", "error", "channel", "income", "id", "person"), "grouped"
            )
        },
        by="region",
    ),
    "hidden": Edge(
        declared={
            "visibility": dict.fromkeys(("version", "error", "channel", "took", "person"), "hidden")
        },
        by="region",
    ),
    "hostile": Edge(
        Rows(
            dict.fromkeys(("region", "version", "channel", "decision", "person"), HOSTILE)
            | {"error": f"CASE WHEN {TODAY} THEN {HOSTILE} END"}
        ),
        by="region",
    ),
    "classes": _several(by="region"),
    "classes_one": _several(log=Rows({"class": "'a'"}), outcomes=Rows({"was": "'a'"})),
    "classes_empty": _several(log=Rows({"class": "NULL::VARCHAR", "p_a": "NULL::DOUBLE"})),
    "classes_new": _several(log=Rows({"class": "'d'"}), outcomes=Rows({"was": "'e'"})),
    "sizes": _sizes(by="region"),
    "sizes_constant": _sizes(log=Rows({"guess": "5.0"}), outcomes=Rows({"cost": "5.0"})),
    "sizes_infinite": _sizes(
        log=Rows({"guess": INFINITE.format(LOG["guess"])}),
        outcomes=Rows({"cost": INFINITE.format(OUTCOMES["cost"])}),
    ),
    "sizes_empty": _sizes(log=Rows({"guess": "NULL::DOUBLE"})),
    "arms_several": Edge(
        Rows({"arm": ARMS, "person": "'p' || i % 300"}),
        experiment={"unit": "entity_id", "ends": "2026-11-20"},
        only="arm",
    ),
    "arms_at_once": Edge(
        Rows(
            {"arm": "CASE WHEN u < 0.5 THEN 'old' ELSE 'new' END"},
            again="SELECT i, stamp, v, u, w FROM drawn WHERE i % 3 = 0",
        ),
        only="arm",
    ),
    "arms_one": Edge(Rows({"arm": "'new'"}), only="arm"),
    "arms_three": Edge(
        Rows({"arm": "i % 3"}),
        declared={"undated": True},
        roles={"time": None, "entity_id": None, "request_id": None},
        outcomes=None,
        experiment={"split": {"0": 1, "1": 1, "2": 1}, "control": "1"},
        only="arm",
    ),
    "no_task": Edge(
        roles={"score": None, "prediction": None, "metrics": ["worth"], "value": None},
        declared={"task": "none"},
        outcomes=None,
        reference=None,
    ),
}
"""Every edge by its name, which is also that of its source."""
