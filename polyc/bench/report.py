"""The page of `polyc bench --html`: one file, nothing to load, no script needed to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

from polyc.bench import charts
from polyc.bench.contenders import CONTENDERS
from polyc.bench.model import Accuracy, accuracy
from polyc.bench.results import Result, Run
from polyc.bench.table import rate, roofs_text, seconds
from polyc.roofs import LEVELS

WORST = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """A contender on an operator: `width` is its speed in percent of the fastest one's."""

    name: str
    width: float
    time: str
    spread: str
    speed: str
    fraction: str
    compile: str
    size: str
    lines: str
    own: bool


@dataclass(frozen=True, slots=True)
class Operator:
    """A section of the page."""

    name: str
    text: str
    sizes: str
    compared: str
    bars: Sequence[Bar]
    absent: Sequence[tuple[str, str, bool]]
    explanations: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Cell:
    """How much longer a contender takes than polyc; `hue` from -1, faster, to 1, slower."""

    text: str
    hue: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """What was measured with one number of threads."""

    threads: int
    roofs: str
    operators: Sequence[Operator]
    contenders: Sequence[str]
    heat: Sequence[tuple[str, Sequence[Cell]]]
    base: str
    rooflines: Sequence[tuple[str, str, Sequence[str]]]
    accuracy: Accuracy | None
    prediction: str
    worst: Sequence[tuple[str, str, str, str, str]]


def page(run: Run) -> str:
    """The page as HTML text."""
    import jinja2

    loader = jinja2.PackageLoader("polyc.bench", "")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    parts = [_part(run, n) for n in sorted(run.roofs)]
    template = environment.get_template("report.html.j2")
    return template.render(run=run, parts=parts, machine=_machine(run.machine))


def _machine(facts: Mapping[str, Any]) -> str:
    caches = ", ".join(f"{k} {n >> 10} KiB" for k, n in facts.get("caches", {}).items())
    return (
        f"{facts.get('processor')}, {facts.get('cpus')} CPUs, {caches}; {facts.get('system')}; "
        f"Python {facts.get('python')}, polyc {facts.get('polyc')}; load {facts.get('load')}"
    )


def _part(run: Run, threads: int) -> Part:
    names = list(dict.fromkeys(r.contender for r in run.results if r.threads == threads))
    base = next((n for n in names if n == "polyc-llvm"), names[0] if names else "")
    found = accuracy(run, threads)
    drawn = [
        (level, svg, charts.legend(run, threads, level))
        for level in LEVELS
        if (svg := charts.roofline(run, threads, level))
    ]
    return Part(
        threads,
        roofs_text(run, threads),
        [_operator(run, op, threads) for op in run.ops],
        [n for n in names if n != base],
        [(op, _cells(run, op, threads, base, names)) for op in run.ops if run.of(op, threads)],
        base,
        drawn,
        found,
        charts.prediction(found) if found else "",
        [_worst(r) for r in found.rows[:WORST]] if found else [],
    )


def _worst(r: Any) -> tuple[str, str, str, str, str]:
    name = f"{r.op} ({r.contender})"
    return name, f"{r.ratio:.1f}", r.limit, seconds(r.predicted_s), seconds(r.measured_s)


def _operator(run: Run, op: str, threads: int) -> Operator:
    found, known = run.of(op, threads), run.ops[op]
    fastest = found[0].median_s if found else 1.0
    return Operator(
        op,
        known["text"],
        ", ".join(f"{k} = {n}" for k, n in known["sizes"].items()),
        known["reference"],
        [_bar(run, r, fastest) for r in found],
        [(a.contender, a.why, a.wrong) for a in run.absent if (a.op, a.threads) == (op, threads)],
        [(r.contender, r.about["explanation"]) for r in found if r.about],
    )


def _bar(run: Run, r: Result, fastest: float) -> Bar:
    low, high = r.quartiles_s
    speed = [f"{rate(r.flops, r)} GFLOP/s"] if r.flops else []
    return Bar(
        r.contender,
        100 * fastest / r.median_s,
        seconds(r.median_s),
        f"{seconds(low)} to {seconds(high)}",
        ", ".join([*speed, f"{rate(r.bytes, r)} GB/s"]),
        _fraction(run, r),
        seconds(r.compile_s),
        "" if r.code_bytes is None else f"{r.code_bytes / 1024:.1f} KiB",
        "" if r.lines is None else f"{r.lines} line{'s' * (r.lines > 1)}",
        CONTENDERS[r.contender].module == "with_polyc" if r.contender in CONTENDERS else False,
    )


def _fraction(run: Run, r: Result) -> str:
    """Of the roof it is nearest to: the peak, or the cache that holds inputs and outputs."""
    roofs = run.roofs[r.threads]
    level = home(r.bytes, run.machine.get("caches", {}))
    arithmetic = (r.flops or 0) / r.median_s / roofs.flops["float32"]
    memory = r.bytes / r.median_s / roofs.bytes[level]
    if arithmetic >= memory:
        return f"{arithmetic:.0%} of the peak"
    return f"{memory:.0%} of {level}'s speed"


def home(size: int, caches: Mapping[str, int]) -> str:
    """The first level that holds so many bytes."""
    return next((level for level, room in caches.items() if size <= room), "DRAM")


def _cells(run: Run, op: str, threads: int, base: str, names: Sequence[str]) -> Sequence[Cell]:
    by_name = {r.contender: r.median_s for r in run.of(op, threads)}
    own = by_name.get(base)
    out = []
    for name in names:
        if name == base:
            continue
        other = by_name.get(name)
        if own is None or other is None:
            out.append(Cell("", None))
            continue
        ratio = other / own
        out.append(Cell(f"{ratio:.2f}", max(-1.0, min(1.0, log2(ratio) / 3))))
    return out
