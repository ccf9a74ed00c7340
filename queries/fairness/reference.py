"""Which group the others are compared with, and how groups are called."""

from __future__ import annotations

from collections.abc import Mapping

from queries.core.crowds.refusals import OTHERS
from queries.core.errors import NotAnswerable
from queries.core.nearest import nearest
from queries.core.words import EMPTY, echoed, listed
from queries.fairness.groups import Tally, largest
from queries.measures.counting.expressions import Key, class_name


def reference_group(
    groups: Mapping[Key, Tally], sizes: Mapping[Key, int], named: str | None
) -> Key | None:
    """The group that was named, else the largest that may be shown. Raises NotAnswerable."""
    if named is None:
        return largest({(group, None): tally for group, tally in groups.items()})
    by_name = {group_name(group): group for group in groups}
    if named in by_name:
        return by_name[named]
    known = list(by_name)
    if named in {group_name(group) for group in sizes}:
        raise NotAnswerable(
            f"The group {echoed(named)} is too small to be shown, so nothing can be compared with "
            "it. Choose another reference group."
        )
    # Those that are counted together have no name here: to say which they are would tell of them.
    unnamed = any(OTHERS in group for group in sizes)
    none = "not there, or too small to be shown" if unnamed else ""
    near = nearest(named, known) or known[:8]
    names = listed([echoed(each) for each in near], last="or")
    said = (
        f"The group {echoed(named)} is {none}." if none else f"No group is called {echoed(named)}."
    )
    raise NotAnswerable(
        f"{said} Choose as reference {names}."
        if names
        else f"{said} Ask without a reference group."
    )


def group_name(group: Key) -> str:
    """A group's values as people type them: “male, 25-45”."""
    return ", ".join(EMPTY if value in (None, "") else class_name(value) for value in group)
