"""Score how plainlogs understands what people really type.

    plainlogs sample LOGS --seed 1 --at 2026-11-26T14:10:00Z
    python score.py corpus.jsonl LOGS [--failures 15] [--each FILE.jsonl] [--check]

Run it with the Python that plainlogs is installed in. No log is asked anything: only what
`commands.understand.understand` makes of each text is compared with what was meant.

A line of the corpus is one text that somebody typed:

    id, person, utterance, language, tags   who typed what, and what it is an example of
    previous    the question that the thread was about, where there was one
    kind        ask | follow-up | export | schedule | watch | act | help | can't
    ambiguous   true where a good colleague would ask back; any of the readings will do then
    accept      the acceptable readings, the likeliest first. Each names question, model, time,
                by, where, and what else the question takes. A list is: any of these will do.
                None is: not said; so the question's own default, or a model to be asked back for.
    condition, recurrence, act, why, near   what else was meant, in words; not scored

Times mean what they mean at NOW, in UTC.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.settings import load
from bot.wiring import house
from commands.replies import Choice, Form, Note, Refused, Verb
from commands.understand import Ask, ListDigests, understand
from queries.core.catalog import Catalog
from queries.core.errors import BadQuestion
from queries.core.filters import Filter
from queries.core.grammar import parse
from queries.core.question import Question, bind, parameters, question
from queries.core.times.when import Window

NOW = datetime(2026, 11, 26, 14, 10, tzinfo=UTC)
ZONE = ZoneInfo("UTC")
OFFERED = 3
"""So many of the questions offered are looked at."""

PRESSES = 3
"""So many presses in a row are tried to put a misspelt question right."""

Row = Mapping[str, Any]
Meaning = Mapping[str, Any]
"""A parameter's name to its value, in a form in which equal values are equal."""


# ---------------------------------------------------------------- what was meant, and understood


def plain(value: Any) -> Any:
    """Give a bound value so that two ways to write one thing are equal."""
    if isinstance(value, Window):
        try:
            span = value.resolve(NOW, ZONE).span
        except BadQuestion:  # offered, but refused when it is asked
            return ("no time", value.text)
        return "all" if span is None else (minute(span.start), minute(span.end))
    if isinstance(value, Filter):
        several = sorted(each.lower() for each in value.values)
        sign = {"in": "=", "not in": "!="}.get(value.op, value.op)
        return (value.column, sign, *several)
    if isinstance(value, tuple):
        return frozenset(map(plain, value))
    return value.lower() if isinstance(value, str) else value


def minute(at: datetime) -> str:
    """A moment to the minute, which is as exactly as people speak."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


@dataclass(frozen=True)
class Understood:
    """One question as the product understood it. ``model`` is None where it asks back for it."""

    text: str
    name: str
    model: Any
    meaning: Meaning


def understood(asked: Question) -> Understood:
    """Give what a bound question means."""
    known = [each.name for each in parameters(type(asked))]
    meaning = {name: plain(getattr(asked, name)) for name in known}
    model = meaning.pop("model", None) or meaning.pop("models", None)
    return Understood(str(asked), asked.name, model or None, meaning)


@dataclass(frozen=True)
class Reading:
    """One acceptable reading: for each parameter the values that will do."""

    row: Row
    catalog: Catalog

    @property
    def name(self) -> str:
        """The question's name."""
        return str(self.row["question"])

    @cached_property
    def models(self) -> set[Any]:
        """The models that will do; None where it was not said."""
        found = several(self.row["model"])
        if self.name != "health":
            return set(found)
        return {None if each is None else frozenset(each.split(", ")) for each in found}

    def values(self, parameter: str, model: str) -> set[Any]:
        """The values of a parameter that will do. Raises BadQuestion where none can be bound."""
        key = "time" if parameter == "window" else parameter
        found, problem = set(), None
        for each in several(self.row.get(key)):
            try:
                bound = bind(
                    question(self.name), self._raw(parameter, each, model), self.catalog, ZONE
                )
                found.add(plain(getattr(bound, parameter)))
            except BadQuestion as bad:
                problem = bad
        if problem and not found:
            raise problem
        return found

    def _raw(self, parameter: str, value: str | None, model: str) -> dict[str, tuple[str, ...]]:
        declared = {each.name for each in parameters(question(self.name))}
        raw: dict[str, tuple[str, ...]] = {"model": (model,)} if "model" in declared else {}
        if self.name == "trace" and parameter != "id":
            raw["id"] = ("x",)
        if value is not None:
            many = parameter in ("where", "by")
            raw[parameter] = tuple(value.split(" and ")) if many else (value,)
        return raw

    def is_asked(self, got: Understood) -> bool:
        """Say whether the question and the model are the ones meant."""
        if got.name != self.name:
            return False
        anybody = None in self.models and self.name != "health"
        return got.model in self.models or anybody

    def fits(self, got: Understood, *names: str) -> bool:
        """Say whether these parameters (all, where none is named) are as meant."""
        model = self._model(got)
        for name in names or tuple(got.meaning):
            try:
                good = self.values(name, model) if self._has(name) else {None, frozenset()}
            except BadQuestion:
                return False
            if got.meaning.get(name, frozenset() if name == "where" else None) not in good:
                return False
        return True

    def _has(self, name: str) -> bool:
        return name in {each.name for each in parameters(question(self.name))}

    def _model(self, got: Understood) -> str:
        named = [each for each in (*self.models, got.model) if isinstance(each, str)]
        return named[0] if named else next(iter(self.catalog.sources))

    def says(self, *keys: str) -> bool:
        """Say whether one of these was said."""
        return any(None not in several(self.row.get(key)) for key in keys)


def several(value: Any) -> list[Any]:
    """One value, or each that will do."""
    return value if isinstance(value, list) else [value]


# ---------------------------------------------------------------- what the product replied


@dataclass(frozen=True)
class Heard:
    """What the product made of a text: a sort of reply, and the questions that it holds."""

    sort: str  # asked | offered | form | menu | help | digests | schedule | export | refused
    words: str
    questions: tuple[Understood, ...] = ()


def hear(row: Row, catalog: Catalog) -> Heard:
    """Give a text to the product. The one place that knows how it replies."""
    more = {}
    thread = {"previous", "before", "context"} & set(inspect.signature(understand).parameters)
    if thread and row["previous"]:
        more[thread.pop()] = parse(row["previous"], catalog, ZONE)
    reply = understand(row["utterance"], catalog, ZONE, **more)
    match reply:
        case Ask():
            return Heard("asked", "", (understood(reply.question),))
        case ListDigests():
            return Heard("digests", "")
        case Form(verb=Verb.SCHEDULE):
            return Heard("schedule", reply.intro)
        case Form():
            return Heard("form", reply.intro, tuple(from_form(reply, catalog)))
        case Choice():
            offered = [b.action.value for b in reply.buttons if b.action.verb is Verb.ASK]
            questions = [got for each in offered for got in pressed(each, catalog)]
            return Heard("offered" if offered else "menu", reply.text, tuple(questions))
        case Note():
            return Heard("help", reply.text)
        case Refused():
            return Heard("refused", reply.text)
    return Heard(type(reply).__name__.lower(), str(reply))


def pressed(text: str, catalog: Catalog, presses: int = 1) -> Iterator[Understood]:
    """Give what a press on an offered question asks: it, or the form that it opens.

    A misspelling is put right a word a press; so the first button of the next offer is pressed.
    """
    reply = understand(text, catalog, ZONE)
    note = f"[after {presses} presses] " if presses > 1 else ""
    if isinstance(reply, Ask):
        got = understood(reply.question)
        yield replace(got, text=note + got.text)
    elif isinstance(reply, Form):
        yield from from_form(reply, catalog)
    elif isinstance(reply, Choice) and presses < PRESSES and reply.buttons[0].action.value:
        yield from pressed(reply.buttons[0].action.value, catalog, presses + 1)
    else:
        yield Understood(f"[{presses} press(es) lead nowhere] {text}", "", None, {})


def from_form(form: Form, catalog: Catalog) -> Iterator[Understood]:
    """Give what a form is filled with, as far as it can be bound; nothing where it can't."""
    asked = question(form.subject)
    known = {each.name for each in parameters(asked)}
    raw = {each.name: each.values for each in form.fields if each.name in known and each.values}
    for name in form.lacking:
        raw.setdefault(name, ("x",))
    wrong = {each.name for each in form.fields if each.problem}
    try:
        got = understood(
            bind(asked, {k: v for k, v in raw.items() if k not in wrong}, catalog, ZONE)
        )
    except BadQuestion:
        got = Understood(form.subject, form.subject, raw.get("model", (None,))[0], {})
    model = None if "model" in form.lacking else got.model
    meaning = {**got.meaning, **dict.fromkeys(wrong | {*form.lacking} - {"model"}, "?")}
    yield Understood(f"[form] {got.text}", got.name, model, meaning)


# ---------------------------------------------------------------- the judgement


@dataclass
class Judged:
    """One text, what became of it, and what is true of that."""

    row: Row
    heard: Heard
    true: set[str] = field(default_factory=set)
    parts: dict[str, str] = field(default_factory=dict)
    """Of model, time and slice those that were said: right | left out | another | no offer."""


def judge(row: Row, catalog: Catalog) -> Judged:
    """Compare what was understood with what was meant."""
    heard = hear(row, catalog)
    readings = [Reading(each, catalog) for each in row["accept"]]
    shown = heard.questions[:OFFERED]
    asked = [any(each.is_asked(got) for each in readings) for got in shown]
    exact = [any(is_exact(each, got, heard) for each in readings) for got in shown]
    facts = {
        "exact": heard.sort in ("asked", "form") and any(exact),
        "first": any(exact[:1]),
        "exact3": any(exact),
        "question": any(asked[:1]),
        "question3": any(asked),
        "off": bool(shown) and heard.sort != "asked" and not any(asked),
        "wrong": heard.sort == "asked" and not any(exact),
        "dead": not any(got.name for got in shown),
        "right": row["kind"] in RIGHT and RIGHT[row["kind"]](row, heard),
    }
    facts["off"] = facts["off"] and not facts["dead"]
    true = {name for name, holds in facts.items() if holds}
    judged = Judged(row, heard, true, dict(parts(readings, shown[0] if shown else None)))
    judged.true |= {name for name, how in judged.parts.items() if how == "right"}
    return judged


def parts(readings: Sequence[Reading], first: Understood | None) -> Iterator[tuple[str, str]]:
    """What became, in the first question shown, of the model, the time and the slice said."""
    alike = [each for each in readings if first and each.is_asked(first)] or readings
    for part, keys in PARTS.items():
        if not any(each.says(*keys) for each in readings):
            continue
        if first is None or not first.meaning:
            yield part, "no offer"
        elif part == "model":
            good = any(first.model in each.models for each in readings)
            yield part, "right" if good else "left out" if first.model is None else "another"
        else:
            names = tuple("window" if key == "time" else key for key in keys)
            good = any(each.fits(first, *names) for each in alike)
            bare = Reading({"question": first.name, "model": first.model}, alike[0].catalog)
            silent = bare.fits(first, *names)
            yield part, "right" if good else "left out" if silent else "another"


PARTS = {"model": ("model",), "time": ("time",), "slice": ("by", "where")}


def is_exact(reading: Reading, got: Understood, heard: Heard) -> bool:
    """Say whether everything is as meant. A model that was not said is asked back for, or shown."""
    if not reading.is_asked(got) or not got.meaning:
        return False
    guessed = None in reading.models and got.model is not None and reading.name != "health"
    if guessed and heard.sort == "asked" and got.model not in reading.models:
        return False
    return reading.fits(got)


CAN = {"explain": {"explain", "help"}, "list digests": {"digests"}, "stop digest": {"digests"}}
"""What plainlogs can do of itself; any other act is to be refused."""

RIGHT: Mapping[str, Callable[[Row, Heard], bool]] = {
    "export": lambda _, heard: heard.sort == "export",
    "schedule": lambda _, heard: heard.sort == "schedule",
    "watch": lambda _, heard: heard.sort in ("watch", "schedule"),
    "act": lambda row, heard: heard.sort in CAN.get(row["act"], {"refused"}),
    "help": lambda _, heard: heard.sort in ("help", "menu"),
    "can't": lambda _, heard: heard.sort == "refused",
}
"""Of each kind that is no question: whether the reply is one that a good colleague would give."""


# ---------------------------------------------------------------- the tables

QUESTIONS = ("ask", "follow-up")
TAGS = (
    *("terse", "chatty", "time", "slice", "comparison", "multi-intent", "protected", "typo"),
    *("non-native", "no-model", "not-english"),
)
COLUMNS = (
    ("exact", "understood at once"),
    ("first", "top-1 exactly right"),
    ("exact3", "exactly right in 3"),
    ("question", "question right, top-1"),
    ("question3", "question right in 3"),
    ("time", "time right"),
    ("slice", "slice right"),
    ("wrong", "confidently wrong"),
    ("off", "offers, all beside it"),
    ("dead", "dead end"),
)


def table(judged: Sequence[Judged]) -> Iterator[str]:
    """The table of questions, by kind and by what the texts are examples of."""
    asks = [each for each in judged if each.row["kind"] in QUESTIONS]
    yield "| texts | n | " + " | ".join(title for _, title in COLUMNS) + " |"
    yield "|---" * (len(COLUMNS) + 2) + "|"
    for title, chosen in groups(asks):
        if chosen:
            yield f"| {title} | {len(chosen)} | " + " | ".join(cells(chosen)) + " |"


def groups(asks: Sequence[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    """Every row's title and texts."""

    new = [each for each in asks if each.row["kind"] == "ask"]
    yield "**ask**", new
    yield "… not ambiguous", [each for each in new if not each.row["ambiguous"]]
    yield "… ambiguous", [each for each in new if each.row["ambiguous"]]
    for tag in TAGS:
        yield f"… {tag}", [each for each in new if tag in each.row["tags"]]
    for person in sorted({each.row["person"] for each in asks}):
        yield f"… by {person}", [each for each in new if each.row["person"] == person]
    yield "**follow-up**", [each for each in asks if each.row["kind"] == "follow-up"]


def cells(chosen: Sequence[Judged]) -> Iterator[str]:
    """Counts; time and slice are of those who said one."""
    for name, _ in COLUMNS:
        of = [each for each in chosen if name not in PARTS or name in each.parts]
        n = sum(name in each.true for each in of)
        yield f"{n}" if len(of) == len(chosen) else f"{n} of {len(of)}"


def table_of_others(judged: Sequence[Judged]) -> Iterator[str]:
    """The table of what is no question."""
    yield (
        "| kind | n | right | asks what was not asked for | offers questions | … the meant one "
        "among 3 | refused, with the menu |"
    )
    yield "|---" * 7 + "|"
    for kind in RIGHT:
        of = [each for each in judged if each.row["kind"] == kind]
        counts = (
            len(of),
            sum("right" in each.true for each in of),
            sum(each.heard.sort == "asked" for each in of),
            sum(each.heard.sort in ("offered", "form") for each in of),
            sum("question3" in each.true for each in of),
            sum(each.heard.sort == "refused" for each in of),
        )
        yield f"| {kind} | " + " | ".join(map(str, counts)) + " |"


def table_of_parts(judged: Sequence[Judged]) -> Iterator[str]:
    """What became of what was said, in the first question shown."""
    yield "| said in an ask | n | right | left out | another | nothing offered |"
    yield "|---" * 6 + "|"
    for part in PARTS:
        how = [
            each.parts[part] for each in judged if part in each.parts and each.row["kind"] == "ask"
        ]
        counts = [
            len(how),
            *(how.count(each) for each in ("right", "left out", "another", "no offer")),
        ]
        yield f"| {part} | " + " | ".join(map(str, counts)) + " |"


def failures(judged: Sequence[Judged], most: int) -> Iterator[str]:
    """The worst first: confidently wrong, then beside it, then dead ends."""

    def badness(each: Judged) -> int:
        order = ("wrong", "off", "dead")
        return next((n for n, name in enumerate(order) if name in each.true), len(order))

    asks = [each for each in judged if each.row["kind"] in QUESTIONS and "first" not in each.true]
    for each in sorted(asks, key=badness)[:most]:
        yield told(each)


def told(each: Judged) -> str:
    """One text, what was meant, and what came of it."""
    got = "; ".join(got.text for got in each.heard.questions[:OFFERED]) or each.heard.words[:160]
    wanted = each.row["accept"][0] if each.row["accept"] else {"kind": each.row["kind"]}
    said = {key: several(value)[0] for key, value in wanted.items()}
    meant = ", ".join(f"{key} {value}" for key, value in said.items() if value is not None)
    return (
        f"{each.row['id']} ({each.row['person']}) “{each.row['utterance']}”\n"
        f"    meant: {meant}\n    got:   {each.heard.sort}: {got}"
    )


def record(each: Judged) -> str:
    """One text as a line of JSON, to compare two runs by."""
    return json.dumps(
        {
            "id": each.row["id"],
            "kind": each.row["kind"],
            "utterance": each.row["utterance"],
            "sort": each.heard.sort,
            "got": [got.text for got in each.heard.questions],
            "words": each.heard.words,
            "true": sorted(each.true),
            "parts": each.parts,
        },
        ensure_ascii=False,
    )


def check(rows: Iterable[Row], catalog: Catalog) -> Iterator[str]:
    """Whatever in the corpus the product itself could not be asked, or would not count."""
    for row in rows:
        wrong = [each for one in row["accept"] for each in problems(Reading(one, catalog))]
        if row["previous"]:
            try:
                parse(row["previous"], catalog, ZONE)
            except BadQuestion as bad:
                wrong.append(f"previous: {bad}")
        yield from (f"{row['id']} “{row['utterance']}”: {each}" for each in wrong)


def problems(reading: Reading) -> Iterator[str]:
    """Values of a reading that its question doesn't take."""
    model = next((each for each in reading.models if isinstance(each, str)), "lending")
    known = {each.name for each in parameters(question(reading.name))}
    for key in reading.row.keys() - {"question", "model"}:
        name = "window" if key == "time" else key
        values = several(reading.row[key]) if name in known else []
        if name not in known and reading.row[key] is not None:
            yield f"{reading.name} takes no {name}"
        for value in values:
            try:
                Reading({**reading.row, key: value}, reading.catalog).values(name, model)
            except BadQuestion as bad:
                yield f"{key} {value!r}: {bad}"
    if not as_meant(reading, model):
        yield f"{reading.name}, asked as it is meant, does not score"


def as_meant(reading: Reading, model: str) -> bool:
    """Say whether a reading, asked as it stands, is judged to be exactly right."""
    declared = {each.name for each in parameters(question(reading.name))}
    raw: dict[str, tuple[str, ...]] = {}
    for key, value in reading.row.items():
        name = {"time": "window", "model": "models"}.get(key, key)
        name = "model" if key == "model" and "model" in declared else name
        first = model if name == "model" else several(value)[0]
        if key != "question" and first is not None:
            raw[name] = tuple(first.split(" and ")) if key in ("by", "where") else (first,)
    got = understood(bind(question(reading.name), raw, reading.catalog, ZONE))
    return is_exact(reading, got, Heard("offered", ""))


# ---------------------------------------------------------------- the program


def main() -> int:
    """Score a corpus and print the tables."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("corpus", type=Path, help="lines of JSON")
    options.add_argument("sample", type=Path, help="the folder that `plainlogs sample` wrote")
    options.add_argument("--failures", type=int, default=15, metavar="N", help="so many are shown")
    options.add_argument("--each", type=Path, metavar="FILE", help="write every judgement here")
    options.add_argument("--check", action="store_true", help="only check the corpus itself")
    given = options.parse_args()
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
    rows = [json.loads(line) for line in given.corpus.read_text("utf-8").splitlines()]
    settings = load(given.sample / "plainlogs.toml", os.environ)
    with house(settings, lambda: NOW, state_url="sqlite://") as rooms:
        rooms.known.refresh()
        ends = [card.data_through for card in rooms.services.catalog().sources.values()]
        if not any(each and abs(each - NOW) < timedelta(hours=1) for each in ends):
            print(f"The sample does not end at {NOW}: make it with --at.", file=sys.stderr)
        catalog = rooms.services.catalog()
        if given.check:
            problems = list(check(rows, catalog))
            print(*problems, f"{len(rows)} texts, {len(problems)} problems", sep="\n")
            return bool(problems)
        judged = [judge(row, catalog) for row in rows]
    print(*table(judged), "", *table_of_parts(judged), "", *table_of_others(judged), sep="\n")
    print("", *failures(judged, given.failures), sep="\n")
    if given.each:
        given.each.write_text("".join(f"{record(each)}\n" for each in judged), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
