"""A report as tables for a terminal, from the core dependencies alone."""

from __future__ import annotations

from collections.abc import Iterator

from polyc.report.data import Report
from polyc.report.words import glance, loop_words, proof_words, roof_rows, short
from polyc.scheduler.explain import TITLES
from polyc.scheduler.table import table

_MOST_LOOPS = 8  # of the machine code


def report_text(r: Report) -> str:
    """The parts one below the other, each under its title."""
    parts = {
        "Program": str(r.lowered.program).strip(),
        "At a glance": table(glance(r)),
        "Decisions": _decisions(r),
        "Groups": _groups(r),
        "Storage": _storage(r),
        "Footprints": _levels(r),
        "Hot loops": _loops(r),
        "Cost": _cost(r),
        "Certificate": _proof(r),
    }
    return "\n\n".join(f"{title}\n{'-' * len(title)}\n{text}" for title, text in parts.items())


def _open(r: Report) -> str:
    return f"needs a number for {', '.join(z.display for z in r.lowered.program.sizes)}"


def _decisions(r: Report) -> str:
    """Those of `schedule.explain()`; of many statements only the first and the last are named."""
    rows = [(kind, short(of), *rest) for kind, of, *rest in r.lowered.schedule.explain().rows]
    return table([TITLES, *rows])


def _groups(r: Report) -> str:
    rows = [("group", "loops that all its statements share")]
    rows += [(short("+".join(g.statements)), " > ".join(g.loops) or "none") for g in r.groups]
    return table(rows)


def _storage(r: Report) -> str:
    rows = [("array", "type", "lives in", "bytes", "at", "because")]
    for h in r.homes:
        at = "" if h.offset is None else f"{h.offset}"
        kind = f"{h.dtype}{h.shape}" if h.kind != "scalar" else h.dtype
        rows.append((h.tensor, kind, f"{h.scope}: {h.place}", f"{h.bytes}", at, h.why))
    return table(rows, right=(3, 4))


def _levels(r: Report) -> str:
    if r.cost is None:
        return _open(r)
    rows = [("loop", "trips", "bytes", "fits", "largest")]
    for x in r.levels:
        largest = ", ".join(f"{t} {n:,}" for t, n in x.tensors[:3])
        name = "  " * x.depth + f"{x.mark} {x.loop}".strip()
        rows.append((name, f"{x.trips:,.4g}", f"{x.bytes:,}", x.fits, largest))
    return table(rows, right=(1, 2))


def _loops(r: Report) -> str:
    titles = ["loop", "runs", "instructions", "fma", "loads", "stores", "spills"]
    rows = [titles, *map(loop_words, r.loops[:_MOST_LOOPS])]
    return table([[*x, ""] for x in rows], right=range(1, 7))


def _cost(r: Report) -> str:
    if r.cost is None:
        return _open(r)
    lines = [str(r.cost), "", table(roof_rows(r), right=(1, 2, 3))]
    if r.timing is not None:
        lines += ["", f"measured: {r.timing}"]
    return "\n".join(lines)


def _proof(r: Report) -> str:
    return "\n".join(_proof_lines(r))


def _proof_lines(r: Report) -> Iterator[str]:
    """One line where everything holds, else every obligation that does not."""
    yield proof_words(r.certificate)
    yield from map(str, r.certificate.failures)
