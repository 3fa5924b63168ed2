"""What the compiler's model says against what was measured.

The model's time of a kernel is a roofline: its operations over the peak, or the bytes that
`kernel.cost` expects through a level over what that level was measured to deliver, whichever is
longest. It knows nothing of the time of a call, of dependences or of exp.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from polyc.bench.results import Result, Run


@dataclass(frozen=True, slots=True)
class Row:
    """A kernel of polyc's.

    predicted_s  the longest of the model's times, which `limit` names: "arithmetic" or a level
    ratio        measured over predicted: 1 is as fast as the model knows
    """

    op: str
    contender: str
    threads: int
    predicted_s: float
    measured_s: float
    dram_bytes: float
    limit: str

    @property
    def ratio(self) -> float:
        return self.measured_s / self.predicted_s


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Over the kernels of a run, worst first; correlations of ranks are None for fewer than three.

    time_rank   of predicted and measured times
    bytes_rank  of predicted bytes from memory and measured times
    """

    rows: Sequence[Row]
    time_rank: float | None
    bytes_rank: float | None
    middle: float


def accuracy(run: Run, threads: int) -> Accuracy | None:
    """None where no kernel said what it expects."""
    rows = [row for r in run.results if r.threads == threads and (row := _row(run, r))]
    if not rows:
        return None
    rows.sort(key=lambda r: -r.ratio)
    measured = [r.measured_s for r in rows]
    return Accuracy(
        rows,
        rank_correlation([r.predicted_s for r in rows], measured),
        rank_correlation([r.dram_bytes for r in rows], measured),
        median(r.ratio for r in rows),
    )


def _row(run: Run, r: Result) -> Row | None:
    moved = (r.about or {}).get("bytes_moved")
    if not moved:
        return None
    roofs = run.roofs[r.threads]
    times = {k: n / roofs.bytes[k] for k, n in moved.items() if roofs.bytes.get(k)}
    times["arithmetic"] = (r.flops or 0) / roofs.flops["float32"]
    limit = max(times, key=lambda k: times[k])
    if not times[limit]:
        return None
    return Row(
        *(r.op, r.contender, r.threads, times[limit], r.median_s, moved.get("DRAM", 0), limit)
    )


def rank_correlation(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Spearman's; None where it is not defined: fewer than three values, or all alike."""
    if len(x) < 3 or len(set(x)) == 1 or len(set(y)) == 1:
        return None
    a, b = _ranks(x), _ranks(y)
    mean = (len(a) - 1) / 2
    both = sum((p - mean) * (q - mean) for p, q in zip(a, b, strict=True))
    return both / sqrt(sum((p - mean) ** 2 for p in a) * sum((q - mean) ** 2 for q in b))


def _ranks(x: Sequence[float]) -> list[float]:
    """From 0; values that are alike share the middle of theirs."""
    ordered = sorted(x)
    return [ordered.index(v) + (ordered.count(v) - 1) / 2 for v in x]
