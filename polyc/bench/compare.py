"""Two runs, and whether the difference is one.

What is compared is the fastest call of each turn, so that a process that came in between counts
little; a turn is one observation, because calls of one turn are disturbed together. A change is
called one if it is larger than the threshold and a Mann-Whitney test over all rows (Holm's
correction) leaves less than 1 % for chance.

Machines drift between two runs, by temperature and by neighbours. Rows that cannot have changed
show by how much: contenders that are not polyc and have the same version in both runs, and the
roofs where there are few of them. Their middle ratio is taken off all others, and what is within
twice their spread is not called a change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import median

from polyc.bench.contenders import CONTENDERS
from polyc.bench.results import Result, Run
from polyc.errors import ArgumentError

CHANCE = 0.01


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row of a comparison.

    ratio    of the times, after to before, with the machine's drift taken off
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
    try:
        from scipy.stats import mannwhitneyu
    except ImportError:
        raise ArgumentError("--compare needs scipy: pip install 'polyc[bench]'") from None
    old = {r.key: r for r in before.results}
    pairs = [(old[r.key], r) for r in after.results if r.key in old]
    if not pairs:
        raise ArgumentError(
            "--compare: the two files have no operator, contender and threads alike"
        )
    steady = unchanged(before.versions, after.versions)
    drift = _drift(before, after, [p for p in pairs if p[0].contender in steady])
    chances = [
        float(mannwhitneyu([x * drift.factor for x in a.turn_bests_s], b.turn_bests_s).pvalue)
        for a, b in pairs
    ]
    sure = holm(chances)
    found = [_verdict(a, b, drift, threshold, p) for (a, b), p in zip(pairs, sure, strict=True)]
    return found, drift


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


def _verdict(a: Result, b: Result, drift: Drift, threshold: float, chance: float) -> Verdict:
    before, after = median(a.turn_bests_s), median(b.turn_bests_s)
    ratio = after / before / drift.factor
    size = max(ratio, 1 / ratio) - 1
    if b.contender in drift.steady:
        verdict, why = "control", "it cannot have changed"
    elif size <= threshold:
        verdict, why = "same", f"within {threshold:.1%}"
    elif size <= 2 * drift.spread:
        verdict, why = "unclear", f"rows that cannot have changed are {drift.spread:.0%} apart"
    elif chance > CHANCE:
        verdict, why = "unclear", f"chance {chance:.2g} over all rows"
    else:
        verdict, why = ("slower" if ratio > 1 else "faster"), f"chance {chance:.1g} over all rows"
    return Verdict(*b.key, before, after, ratio, verdict, why)
