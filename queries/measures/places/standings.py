"""Where it is worst: which slices stand out for the worse, of all single ones and pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from queries.core.number import Number
from queries.core.value import Cell
from queries.measures.places.subgroups import Subgroup, Subgroups
from queries.statistics.estimates import ENOUGH, LEVEL
from queries.statistics.multiplicity import benjamini_yekutieli, picked_level
from queries.statistics.rates import Count, difference, exact_proportions, wilson
from queries.statistics.usual import Usual, usual_rate

_Part = tuple[str, Cell]
"""A dimension and its value."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One slice beside all other requests.

    ``here`` is its rate against its own usual, ``elsewhere`` the rate of all other requests and
    ``apart`` the difference. ``p`` is that of the test, ``q`` corrected for the number of slices.
    ``worst`` says that it stands out for the worse: beyond chance and by what matters. ``new`` is
    one that wasn't there in a past that others have, ``through`` a worse slice without whose
    requests this one would not stand out.
    """

    group: Subgroup
    here: Usual
    elsewhere: Number
    apart: Number
    p: float
    q: float
    worst: bool
    new: bool
    through: Subgroup | None = None


def standings(
    counted: Subgroups, worse: Literal["higher", "lower"], matters: float, alpha: float = 0.05
) -> tuple[Standing, ...]:
    """Rank slices with at least ``ENOUGH`` requests: those that stand out first, worst first.

    Each is tested against all other requests by Fisher's exact test, and against the rest of every
    larger slice that it lies in (of the single slices of a pair, of the region of a city); the
    largest p counts, so that it is named only for what none of them explains. Corrected by
    Benjamini-Yekutieli, since slices overlap; intervals of those picked are at the false-coverage
    level, those of the others at 95 %. Those picked are ranked by the end of that interval that is
    nearest to no difference; new ones come after those with a past, since they stand apart for
    being where the others were not.
    """
    groups = [each for each in _telling(counted) if each.now[1] >= ENOUGH]
    total, sign = counted.total.now, 1 if worse == "higher" else -1
    around = _Around(counted)
    # Fisher's exact test, not the z test: of hundreds of slices many have hardly a hit, and among
    # so many the z test's false alarms on them would lead the list.
    tested = _tested([(each.now, around.of(each)) for each in groups])
    adjusted = [q or 0.0 for q in benjamini_yekutieli(tested)]
    gaps = [sign * _gap(each.now, total) for each in groups]
    picked = [
        q <= alpha and gap > 0 and gap >= matters for q, gap in zip(adjusted, gaps, strict=True)
    ]
    level = picked_level(sum(picked), len(groups), alpha, overlapping=True)
    dated = counted.total.before[1] > 0
    found = []
    for each, p, q, pick in zip(groups, tested, adjusted, picked, strict=True):
        here, elsewhere, apart = _estimates(each, total, level if pick else LEVEL)
        new = dated and not each.before[1]
        found.append(
            Standing(
                group=each,
                here=here,
                elsewhere=elsewhere,
                apart=apart,
                p=p,
                q=q,
                worst=pick,
                new=new,
            )
        )

    def rank(each: Standing) -> tuple[bool, bool, float]:
        if each.worst:
            nearest = (each.apart.low if sign > 0 else each.apart.high) or 0.0
            # By what is certain of it at least: by the difference itself the
            # smallest slices would lead.
            return False, each.new, -sign * nearest
        return True, sign * (each.apart.value or 0.0) <= 0, each.p

    clear = _Clear(sign, matters, alpha)
    return tuple(_explained(sorted(found, key=rank), around, clear))


@dataclass(frozen=True, slots=True)
class _Clear:
    """Which way is worse, by how much it must be, and how rarely by chance."""

    sign: int
    matters: float
    alpha: float


def _explained(ranked: Sequence[Standing], around: _Around, clear: _Clear) -> Iterator[Standing]:
    """Say of those picked which ones stand out only through one that ranks before them.

    Tested without the requests of that one, as far as it was counted how many they share.
    """
    leading: list[Subgroup] = []
    for each in ranked:
        through = None
        if each.worst:
            through = next(
                (one for one in leading if around.explains(one, each.group, clear)), None
            )
            if through is None:
                leading.append(each.group)
        yield replace(each, through=through)


def too_small(counted: Subgroups) -> int:
    """How many slices have requests, but fewer than ``ENOUGH`` of them."""
    return sum(each.now[1] < ENOUGH for each in _telling(counted))


def _telling(counted: Subgroups) -> list[Subgroup]:
    """Slices that aren't all requests, and pairs that aren't just one of their single slices."""
    sizes = {_parts(each): each.now[1] for each in counted.single}
    pairs = [
        each for each in counted.pairs if all(sizes[(part,)] > each.now[1] for part in _parts(each))
    ]
    single = [each for each in counted.single if each.now[1] < counted.total.now[1]]
    return [each for each in (*single, *pairs) if each.now[1]]


def _parts(group: Subgroup) -> tuple[_Part, ...]:
    return tuple(zip(group.dimensions, group.values, strict=True))


class _Around:
    """Which counted slices contain another: by its parts, and by what a part lies in itself."""

    def __init__(self, counted: Subgroups) -> None:
        self._total = counted.total.now
        self._sizes = {
            frozenset(_parts(each)): each.now for each in (*counted.single, *counted.pairs)
        }
        self._within: dict[_Part, set[_Part]] = {}
        for each in counted.pairs:
            one, other = _parts(each)
            for inner, outer in ((one, other), (other, one)):
                if each.now[1] and self._sizes[frozenset((inner,))][1] == each.now[1]:
                    self._within.setdefault(inner, set()).add(outer)

    def of(self, group: Subgroup) -> list[Count]:
        """Give the counts of all requests and of every slice that contains this one."""
        parts = _parts(group)
        implied = [{part, *self._within.get(part, ())} for part in parts]
        outer = {frozenset((part,)) for each in implied for part in each}
        if len(parts) == 2:
            outer |= {frozenset((one, other)) for one in implied[0] for other in implied[1]}
        found = [self._sizes[key] for key in outer if key in self._sizes]
        return [self._total, *(each for each in found if each[1] > group.now[1])]

    def explains(self, one: Subgroup, other: Subgroup, clear: _Clear) -> bool:
        """Say whether a slice stands out only through another's requests."""
        shared = self._shared(one, other)
        if shared is None or not 0 < shared[1] < other.now[1]:
            return False
        left, whole = _rest(shared, other.now), _rest(one.now, self._total)
        if not 0 < left[1] < whole[1]:
            return False
        if clear.sign * _gap(left, whole) < clear.matters:
            return True
        # Held against the requests that neither has: with those of the other
        # in it, it would seem better.
        (p,) = exact_proportions([left], [_rest(left, whole)])
        return p > clear.alpha

    def _shared(self, one: Subgroup, other: Subgroup) -> Count | None:
        """Give the counts that two slices share; None where these weren't counted."""
        parts = {*_parts(one), *_parts(other)}
        # Two values of one dimension have no request in common.
        if len(parts) > len(dict(parts)):
            return 0, 0
        return self._sizes.get(frozenset(parts))


def _tested(parts: Sequence[tuple[Count, Sequence[Count]]]) -> list[float]:
    """Give each part's largest p against the rests of all that is around it, in one go."""
    pairs = [(part, _rest(part, whole)) for part, around in parts for whole in around]
    values = iter(exact_proportions(*zip(*pairs, strict=True))) if pairs else iter(())
    found = []
    for part, around in parts:
        gaps = [_gap(part, whole) for whole in around]
        p = max(next(values) for _ in around)
        # Apart from one for the better and from another for the worse, it is worst of neither.
        found.append(1.0 if min(gaps) < 0 < max(gaps) else p)
    return found


def _rest(part: Count, whole: Count) -> Count:
    return whole[0] - part[0], whole[1] - part[1]


def _gap(part: Count, whole: Count) -> float:
    k, n = _rest(part, whole)
    return part[0] / part[1] - k / n if n else 0.0


def _estimates(group: Subgroup, total: Count, level: float) -> tuple[Usual, Number, Number]:
    """Give the slice beside its own usual, all other requests, and the difference."""
    rest = _rest(group.now, total)
    here = replace(usual_rate(group.past, group.now), now=wilson(*group.now, level=level))
    return here, wilson(*rest), difference(*group.now, *rest, level=level)
