"""The words that the log has for the simulator's codes, in the order of the codes."""

from __future__ import annotations

from collections.abc import Mapping

from bot.samples.lending.plan import REGIONS

WORDS: Mapping[str, tuple[str | int, ...]] = {
    "regions": REGIONS,
    "channels": ("web", "app", "partner", "branch"),
    "products": ("personal", "car", "home improvement"),
    "sexes": ("female", "male", "not stated"),
    "bands": ("under 20k", "20k-35k", "35k-55k", "55k-90k", "over 90k"),
    "errors": ("timeout", "upstream_5xx", "bad_request", "feature_missing: income_band"),
    "statuses": (200, 504, 502, 400, 422),
    "approve_reasons": ("income verified by hand", "long-standing customer", "manager exception"),
    "decline_reasons": ("document missing", "suspected fraud", "employer not confirmed"),
    "women": (
        *("Amara", "Ana", "Chloe", "Elif", "Emma", "Fatima", "Grace", "Hana", "Ines", "Julia"),
        *("Leila", "Lucia", "Mei", "Nadia", "Olga", "Priya", "Rosa", "Sara", "Sofia", "Yuki"),
    ),
    "men": (
        *("Ahmed", "Ben", "Carlos", "Daniel", "Emil", "Felix", "Hugo", "Ivan", "Jonas", "Kofi"),
        *("Liam", "Mateo", "Nikhil", "Omar", "Paul", "Rafael", "Samuel", "Tomas", "Victor", "Wei"),
    ),
    "families": (
        *("Abebe", "Bauer", "Chen", "Diaz", "Eriksen", "Fischer", "Garcia", "Haddad", "Ito"),
        *("Jensen", "Kim", "Lopez", "Mbeki", "Novak", "Okafor", "Petrov", "Quinn", "Rossi"),
        *("Sato", "Tanaka", "Usman", "Varga", "Weber", "Xu", "Yilmaz", "Zhang"),
    ),
}
