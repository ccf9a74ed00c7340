"""Submit a question's form: a question to ask, or each problem on the field where it was typed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from commands.form import AUDIENCE, ONLY_ME
from commands.replies import Refused
from commands.understand import Ask
from queries.core.catalog import Catalog
from queries.core.errors import BadQuestion
from queries.core.question import Raw, bind, question


def submit(name: str, raw: Raw, catalog: Catalog, zone: ZoneInfo) -> Ask | Refused:
    """Bind what was entered. Pure, so that errors travel inside the acknowledgement."""
    private = raw.get(AUDIENCE, ())[:1] == (ONLY_ME,)
    values = {key: value for key, value in raw.items() if key != AUDIENCE}
    try:
        return Ask(bind(question(name), values, catalog, zone), private)
    except BadQuestion as bad:
        fields = {each.parameter: each.message for each in bad.problems if each.parameter}
        general = " ".join(each.message for each in bad.problems if not each.parameter)
        return Refused(general or "Please look at the marked fields.", problems=fields)
