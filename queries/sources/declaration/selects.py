"""Checks a declared SELECT: one, over the source's own files or tables and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb

_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})
_PLACE = "plainlogs_files"


def bad_select(select: str) -> str:
    """Say what is wrong with a SELECT over ``{files}``; nothing where it is right."""
    if "{files}" not in select:
        return "reads no {files}: write it like SELECT … FROM {files}"
    with duckdb.connect() as duck:
        text = select.replace("{files}", _PLACE)
        try:
            if len(duck.extract_statements(text)) > 1:
                return "holds several statements; give a single SELECT"
        except duckdb.Error as error:
            return f"can't be read: {str(error).strip().splitlines()[0]}"
        ((found,),) = duck.execute("SELECT json_serialize_sql(?)", [text]).fetchall()
    tree = json.loads(found)
    if tree.get("error"):
        return f"can't be read: {tree.get('error_message', 'it is no SELECT')}"
    known = {_PLACE, *(entry["key"] for entry in _found(tree, "cte"))}
    for node in _found(tree, "node"):
        if node.get("type") == "BASE_TABLE" and node["table_name"] not in known:
            return f"reads “{node['table_name']}”; it may read {{files}} alone"
        if node.get("type") == "TABLE_FUNCTION":
            name = node.get("function", {}).get("function_name", "")
            if name not in _FUNCTIONS:
                return f"reads “{name}(…)”; it may read {{files}} alone"
    return ""


def bad_tables(select: str) -> str:
    """Say what is wrong with a SELECT over a database's tables, which its own rights bound."""
    words = select.split(maxsplit=1)
    if not words or words[0].lower() not in ("select", "with"):
        return "is no SELECT"
    return "holds several statements; give a single SELECT" if ";" in select else ""


def _found(tree: Any, what: str) -> Iterator[dict[str, Any]]:
    """Give all nodes of a parsed statement, or all names that it gives to selects of its own."""
    if isinstance(tree, dict):
        if what == "cte":
            yield from tree.get("cte_map", {}).get("map", [])
        else:
            yield tree
        for value in tree.values():
            yield from _found(value, what)
    elif isinstance(tree, list):
        for value in tree:
            yield from _found(value, what)
