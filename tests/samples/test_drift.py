"""The slow drift that docs/samples.md plants, as questions answer it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest

from bot.samples.write import write_samples
from queries.core.answer import Severity
from queries.core.charts import ShapeChart
from tests.asking import Asking, asking
from tests.samples.conftest import AT, silent


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Give both samples, small, over the forty days in which the drift goes on."""
    folder = tmp_path_factory.mktemp("drift")
    write_samples(folder, AT, 3, silent, rows_per_day=1_500, days=40)
    raw = tomllib.loads((folder / "plainlogs.toml").read_text(encoding="utf-8"))
    with asking(raw["sources"], folder, now=AT) as opened:
        yield opened


def test_debt_ratio_shifted(house: Asking) -> None:
    """Beside the emptied input, debt_ratio alone has shifted, by 0.08 or so on average."""
    answer = house.answer("inputs lending last 7 days")
    shifted = [each for each in answer.findings if each.kind == "shifted"]
    assert [each.text.split("”")[0] for each in shifted] == ["“debt_ratio"]
    where = "where region != EMEA"
    elsewhere = house.answer(f"inputs lending last 7 days {where}")
    assert elsewhere.headline.startswith(f"lending {where}: “debt_ratio” shifted: 0.4")
    assert isinstance(elsewhere.chart, ShapeChart)


def test_score_and_approvals_went_down_with_it(house: Asking) -> None:
    """Against the reference set, fewer approvals and a lower score are enough to act."""
    answer = house.answer("outputs lending last 7 days against reference")
    assert answer.severity is Severity.WARNING
    assert "changed enough to act: “approve” in 6" in answer.headline
    changes = {each.kind: each.numbers.get("change") for each in answer.findings}
    for kind in ("output decision", "output score"):
        change = changes[kind]
        assert change is not None
        assert change.high is not None
        assert change.high < 0


def test_only_the_failure_breaks_data(house: Asking) -> None:
    """The empty input is the one thing broken; the drift leaves nothing broken."""
    answer = house.answer("quality lending last 24 hours")
    assert "“income_band” is missing in" in answer.headline
    assert [each.kind for each in answer.findings] == ["missing"]
    employment = house.answer("quality employment last 7 days")
    assert employment.headline == "employment: no sign of broken data in 16 columns"
