"""Google's own description of its interfaces, as a judge of every request.

The discovery documents ship with google-api-python-client. They name every operation, its query
parameters and the schema of its body; what they don't say (limits of cells, who may share) is not
checked here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator

DOCUMENTS = ("sheets.v4", "drive.v3")


@dataclass(frozen=True)
class Operation:
    """One method of an interface: its id, what its path looks like, and what it takes."""

    id: str
    http_method: str
    path: re.Pattern[str]
    parameters: Mapping[str, Any]
    body: Draft202012Validator | None

    def problems(self, query: Mapping[str, list[str]], body: Any) -> list[str]:
        """Everything in a request that the description doesn't allow."""
        return [*self._query_problems(query), *self._body_problems(body)]

    def _query_problems(self, query: Mapping[str, list[str]]) -> Iterator[str]:
        for name, values in query.items():
            spec = self.parameters.get(name)
            if spec is None or spec["location"] != "query":
                yield f'Invalid query parameter "{name}"'
            elif not all(_fits(value, spec) for value in values):
                yield f'Invalid value at "{name}": {values}'
            elif len(values) > 1 and not spec.get("repeated"):
                yield f'Parameter "{name}" may be given once'
        for name, spec in self.parameters.items():
            if spec.get("required") and spec["location"] == "query" and name not in query:
                yield f'Missing query parameter "{name}"'

    def _body_problems(self, body: Any) -> Iterator[str]:
        if self.body is None:
            if body is not None:
                yield f"{self.id} takes no body"
            return
        for error in self.body.iter_errors({} if body is None else body):
            yield f"Invalid JSON payload at {error.json_path}: {error.message[:300]}"


def operation(http_method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """The operation that a request means, with the parts of its path; None if there is none."""
    for candidate in operations():
        match = candidate.path.fullmatch(path)
        if match and candidate.http_method == http_method:
            return candidate, {name: unquote(part) for name, part in match.groupdict().items()}
    return None


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of the two interfaces."""
    return tuple(found for name in DOCUMENTS for found in _read(name))


def _read(name: str) -> Iterator[Operation]:
    folder = files("googleapiclient") / "discovery_cache" / "documents"
    document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    definitions = {key: _schema(schema) for key, schema in document["schemas"].items()}
    for method in _methods(document):
        request = method.get("request")
        yield Operation(
            id=method["id"],
            http_method=method["httpMethod"],
            path=_pattern("/" + document["servicePath"] + method["path"]),
            parameters={**document["parameters"], **method.get("parameters", {})},
            body=Draft202012Validator({"$ref": f"#/$defs/{request['$ref']}", "$defs": definitions})
            if request
            else None,
        )


def _methods(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from node.get("methods", {}).values()
    for child in node.get("resources", {}).values():
        yield from _methods(child)


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    return re.compile(
        "".join(
            # No colon, as operations follow one: “…/values:batchUpdate”.
            f"(?P<{part}>[^/:]+)" if number % 2 else re.escape(part)
            for number, part in enumerate(parts)
        )
    )


def _schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A discovery schema as JSON Schema; what an object doesn't name is refused."""
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    kind = schema.get("type", "any")
    if kind == "any":
        return {}
    found: dict[str, Any] = {"type": kind}
    if "enum" in schema:
        found["enum"] = schema["enum"]
    if kind == "array":
        found["items"] = _schema(schema["items"])
    if kind == "object":
        properties = schema.get("properties", {})
        found["properties"] = {name: _schema(value) for name, value in properties.items()}
        extra = schema.get("additionalProperties")
        found["additionalProperties"] = _schema(extra) if extra else False
    return found


def _fits(value: str, spec: Mapping[str, Any]) -> bool:
    patterns = {"boolean": "true|false", "integer": r"-?\d+", "number": r"-?\d+(\.\d+)?"}
    if not re.fullmatch(patterns.get(spec["type"], r"(?s:.*)"), value):
        return False
    return "enum" not in spec or value in spec["enum"]
