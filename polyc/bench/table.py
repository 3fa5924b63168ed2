"""What `polyc bench` prints: a line for every contender of every operator."""

from __future__ import annotations

from collections.abc import Iterator

from polyc.bench.compare import Verdict
from polyc.bench.results import Absent, Result, Run
from polyc.scheduler.table import table

TITLES = ("operator", "contender", "threads", "median", "quartiles", "GFLOP/s", "GB/s", "compile")


def report(run: Run) -> str:
    """The results as columns, then who is missing or wrong."""
    rows = [TITLES, *_rows(run)]
    parts = [table(rows, right=(2, 3, 5, 6, 7))] if len(rows) > 1 else ["nothing was measured"]
    parts += [f"roofs, {threads(n)}: {roofs_text(run, n)}" for n in run.roofs]
    parts += [f"missing: {name} {why}" for name, why in run.missing.items()]
    parts += map(_absent, run.absent)
    return "\n".join(parts)


def _absent(a: Absent) -> str:
    kind = "WRONG" if a.wrong else "not run"
    return f"{kind}: {a.contender} on {a.op}, {threads(a.threads)}: {a.why}"


def _rows(run: Run) -> Iterator[tuple[str, ...]]:
    for n in run.roofs:
        for op in run.ops:
            for r in run.of(op, n):
                low, high = r.quartiles_s
                yield (
                    *(op, r.contender, str(n), seconds(r.median_s)),
                    f"{seconds(low)} .. {seconds(high)}",
                    *(rate(r.flops, r), rate(r.bytes, r), seconds(r.compile_s)),
                )


def threads(n: int) -> str:
    return f"{n} thread{'s' * (n > 1)}"


def rate(count: int | None, r: Result) -> str:
    """1e9 a second, at the median."""
    return "" if not count else f"{count / r.median_s / 1e9:.1f}"


def seconds(x: float) -> str:
    """With a unit that leaves one to three digits before the point."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if x >= scale or unit == "us":
            return f"{x / scale:.3g} {unit}"
    raise AssertionError(x)


def roofs_text(run: Run, count: int) -> str:
    found = run.roofs[count]
    flops = ", ".join(f"{t} {x / 1e9:.0f} GFLOP/s" for t, x in found.flops.items())
    return f"{flops}; {', '.join(f'{k} {x / 1e9:.0f} GB/s' for k, x in found.bytes.items())}"


def verdicts(found: list[Verdict]) -> str:
    """The comparison of two runs as columns."""
    rows = [("operator", "contender", "threads", "before", "after", "ratio", "verdict", "")]
    rows += [
        (
            *(v.op, v.contender, str(v.threads), seconds(v.before_s), seconds(v.after_s)),
            *(f"{v.ratio:.3f}", v.verdict, v.why),
        )
        for v in found
    ]
    return table(rows, right=(2, 3, 4, 5))
