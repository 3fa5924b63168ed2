"""Two runs, and whether the difference is one.

What is compared is the fastest call of each turn, so that a process that came in between counts
little; a turn is one observation, because calls of one turn are disturbed together. A change is
called one if it is larger than the threshold and a Mann-Whitney test over all rows (Holm's
correction) leaves less than 1 % for chance.

Machines drift between two runs, by temperature and by neighbours. Contenders that are not polyc and
have the same version in both runs cannot have changed: they are controls. A change must show in the
times, and in the times over those of the controls on the same operator, turn by turn; where it has
none, with the middle ratio of all controls taken off, or that of the roofs where those are few.

Where a process's arrays lie in memory changes its times by more than a threshold, so a run begins
its processes anew some times, and a change must be clearly larger than what their sittings are
apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import exp, log, sqrt
from statistics import geometric_mean, median

from polyc.bench.contenders import CONTENDERS
from polyc.bench.results import Result, Run
from polyc.errors import ArgumentError

CHANCE = 0.01
CLEARLY = 1.25  # a change is this many times what sittings of one run are apart


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row of a comparison.

    ratio    of the times, after to before, with the machine's drift taken off; the one of the two
             ways of taking it off that shows less of a change
    verdict  "slower", "faster", "same", or "unclear": apart, but not surely; "control" of a row
             that shows the machine's drift
    """

    op: str
    contender: str
    threads: int
    before_s: float
    after_s: float
    ratio: float
    verdict: str
    why: str


@dataclass(frozen=True, slots=True)
class Drift:
    """How much slower the machine was in the second run, how far its own rows are apart, how many
    there are, and the contenders among them: they cannot have a regression."""

    factor: float
    spread: float
    controls: int
    steady: frozenset[str] = frozenset()


def compare(before: Run, after: Run, threshold: float = 0.03) -> tuple[list[Verdict], Drift]:
    """Verdicts on the rows that both runs have. Raises ArgumentError where there is none."""
    old = {r.key: r for r in before.results}
    pairs = [(old[r.key], r) for r in after.results if r.key in old]
    if not pairs:
        raise ArgumentError(
            "--compare: the two files have no operator, contender and threads alike"
        )
    steady = unchanged(before.versions, after.versions)
    drift = _drift(before, after, [p for p in pairs if p[0].contender in steady])
    changes = [_changes(before, after, a, b, drift) for a, b in pairs]
    sure = holm([max(c.chance for c in both) for both in changes])
    found = [
        _verdict(a, b, drift, threshold, min(both, key=lambda c: abs(log(c.ratio))), both, p)
        for (a, b), both, p in zip(pairs, changes, sure, strict=True)
    ]
    return found, drift


@dataclass(frozen=True, slots=True)
class _Change:
    """Of one quantity: the ratio of its medians, the chance that it is none, and how many times as
    long the slowest sitting of a run took as its fastest."""

    ratio: float
    chance: float
    apart: float


def _changes(before: Run, after: Run, a: Result, b: Result, drift: Drift) -> list[_Change]:
    """Of the times; and of the times over those of controls in the same turns, which saw the same
    neighbours, or, where the operator has no controls, with the machine's drift taken off."""
    times = _change(a.turn_bests_s, b.turn_bests_s, a, b)
    was, now = (_beside(run, r, drift.steady) for run, r in ((before, a), (after, b)))
    if was and now:
        return [times, _change(was, now, a, b)]
    return [times, _change([x * drift.factor for x in a.turn_bests_s], b.turn_bests_s, a, b)]


def _beside(run: Run, r: Result, steady: frozenset[str]) -> list[float]:
    """Times by turn, over the geometric mean of the controls' times in that turn."""
    controls = [
        c.turn_bests_s for c in run.of(r.op, r.threads) if c.contender in steady and c is not r
    ]
    if not controls or r.contender in steady:
        return []
    return [own / geometric_mean(others) for own, *others in zip(r.turn_bests_s, *controls)]  # noqa: B905, slow ones have fewer turns


def _change(was: Sequence[float], now: Sequence[float], a: Result, b: Result) -> _Change:
    try:
        from scipy.stats import mannwhitneyu
    except ImportError:
        raise ArgumentError("--compare needs scipy: pip install 'polyc[bench]'") from None
    apart = max(_sittings_apart(was, a.sittings), _sittings_apart(now, b.sittings))
    return _Change(median(now) / median(was), float(mannwhitneyu(was, now).pvalue), apart)


def _sittings_apart(turns: Sequence[float], sittings: Sequence[int]) -> float:
    """The best turn of the slowest sitting over that of the fastest; 1 where there is one."""
    ends = list(accumulate(sittings, initial=0))
    parts = [turns[i:j] for i, j in pairwise(ends) if len(turns) >= j > i]
    bests = [min(p) for p in parts] or [1.0]  # neighbours spoil some turns, a bad place all of them
    return max(bests) / min(bests)


def unchanged(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    """Contenders that are not polyc and have the same versions of everything."""
    own = {n for n, e in CONTENDERS.items() if e.module in ("with_polyc", "with_naive_c")}
    return {n for n in before if n not in own and before[n] == after.get(n)}


def _drift(before: Run, after: Run, controls: Sequence[tuple[Result, Result]]) -> Drift:
    ratios = [median(b.turn_bests_s) / median(a.turn_bests_s) for a, b in controls]
    if len(ratios) < 3:
        ratios += _roof_ratios(before, after)
    if not ratios:
        return Drift(1.0, 0.0, 0)
    logs = [log(r) for r in ratios]
    middle = median(logs)
    # 1.48 times the median distance is what a standard deviation would be.
    spread = 1.48 * median(abs(x - middle) for x in logs)
    if abs(middle) <= 2 * spread / sqrt(len(logs)):
        middle = 0.0  # no more than chance would make of it
    steady = frozenset(a.contender for a, _ in controls)
    return Drift(exp(middle), spread, len(logs), steady)


def _roof_ratios(before: Run, after: Run) -> list[float]:
    """How many times as slow each roof became."""
    return [
        x[k] / y[k]
        for n in before.roofs.keys() & after.roofs.keys()
        for x, y in (
            (before.roofs[n].flops, after.roofs[n].flops),
            (before.roofs[n].bytes, after.roofs[n].bytes),
        )
        for k in x.keys() & y.keys()
    ]


def holm(chances: Sequence[float]) -> list[float]:
    """Holm's step-down correction of p-values that are asked together."""
    order = sorted(range(len(chances)), key=lambda k: chances[k])
    out, worst = [0.0] * len(chances), 0.0
    for place, k in enumerate(order):
        worst = max(worst, min(1.0, chances[k] * (len(chances) - place)))
        out[k] = worst
    return out


def _verdict(
    a: Result,
    b: Result,
    drift: Drift,
    threshold: float,
    least: _Change,
    both: Sequence[_Change],
    chance: float,
) -> Verdict:
    """`least` is the smaller one of the changes: what both ways of looking agree on."""
    size = max(least.ratio, 1 / least.ratio) - 1
    agreed = len({c.ratio > 1 for c in both}) == 1
    # What neighbours did is in one of the two only; how its arrays lay is in both.
    apart = min(c.apart for c in both) - 1
    if b.contender in drift.steady:
        verdict, why = "control", "it cannot have changed"
    elif size <= threshold or not agreed:
        verdict, why = "same", f"within {threshold:.1%}"
    elif size <= CLEARLY * apart:
        verdict, why = "unclear", f"sittings of one run are {apart:.1%} apart"
    elif chance > CHANCE:
        verdict, why = "unclear", f"chance {chance:.2g} over all rows"
    else:
        verdict = "slower" if least.ratio > 1 else "faster"
        why = f"chance {chance:.1g} over all rows"
    before, after = median(a.turn_bests_s), median(b.turn_bests_s)
    return Verdict(*b.key, before, after, least.ratio, verdict, why)
