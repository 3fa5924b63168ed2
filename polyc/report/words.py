"""Sentences and rows that the terminal and the page have in common."""

from __future__ import annotations

from polyc.report.assembly import Loop
from polyc.report.data import Report
from polyc.scheduler.cost import LEVELS
from polyc.scheduler.legality import Certificate

_KINDS = {  # decisions by what a reader asks
    "packed": ("pack", "pad", "privatise"),
    "tiled": ("tile", "overlap", "time", "fallback"),
    "parallel": ("parallel",),
    "vectorised": ("vector", "block"),
    "unrolled": ("unroll",),
}
_MOST = 6  # of one kind in the summary


def refused(verdict: str) -> bool:
    return verdict == "no" or verdict.startswith("not ")


def glance(r: Report) -> list[tuple[str, str]]:
    """The first thing to read: what was done, and what limits the speed."""
    rows = [("fused", _few([short("+".join(g.statements)) for g in r.groups if g.fused]))]
    for title, kinds in _KINDS.items():
        found = [d for d in r.lowered.schedule.decisions if d.kind in kinds]
        done = [d for d in found if not refused(d.verdict)]
        words = [short(d.subject) + ("" if d.verdict == "yes" else f": {d.verdict}") for d in done]
        why = {d.reason for d in found}
        rows.append((title, _few(words, f" ({why.pop()})" if len(why) == 1 else "")))
    rows.append(("limited by", limit_words(r)))
    return rows


def _few(words: list[str], why: str = "") -> str:
    if not words:
        return f"nothing{why}"
    found = list(dict.fromkeys(words))
    more = [f"and {len(found) - _MOST} more"] if len(found) > _MOST else []
    return "; ".join([*found[:_MOST], *more])


def short(subject: str) -> str:
    """Statements joined by "+", of many only the first and the last; a subject may be two such."""
    return " with ".join(map(_ends, subject.split(" with ")))


def _ends(joined: str) -> str:
    names = joined.split("+")
    return joined if len(names) < 5 else f"{names[0]}+...+{names[-1]} ({len(names)} statements)"


def limit_words(r: Report) -> str:
    """What takes longest of what a core has to do."""
    if r.roofline is None:
        return "sizes decide"
    limit = r.roofline.limit
    if not limit.amount:
        return "nothing: it computes and moves nothing"
    others = sorted((x for x in r.roofline.roofs if x is not limit), key=lambda x: -x.cycles)
    what = (
        "arithmetic"
        if limit.name == "arithmetic"
        else f"bytes, {limit.name} ({LEVELS[limit.name]})"
    )
    return (
        f"{what}: {limit.cycles:,.0f} cycles of one core at {limit.rate:g} a cycle; "
        f"then {others[0].name}, {others[0].cycles:,.0f}"
    )


def roof_rows(r: Report) -> list[tuple[str, str, str, str, str]]:
    """The roofline as a table, with a title row."""
    rows = [("limit", "amount", "a cycle", "cycles", "")]
    if r.roofline is None:
        return rows
    for x in r.roofline.roofs:
        note = "operations of the text" if x.name == "arithmetic" else f"bytes, {LEVELS[x.name]}"
        mark = "<- the limit" if x is r.roofline.limit and x.amount else ""
        rows.append(
            (x.name, f"{x.amount:,}", f"{x.rate:g}", f"{x.cycles:,.0f}", f"{note} {mark}".strip())
        )
    return rows


def loop_words(x: Loop) -> list[str]:
    """Cells of a loop of the assembly: place, runs, instructions, fma, loads, stores, spills."""
    runs = "sizes decide" if x.runs is None else f"{x.runs:,}"
    counts = (x.instructions, x.fused, x.loads, x.stores, x.spills)
    return [f"{x.function} {x.label}", runs, *map(str, counts)]


def proof_words(proof: Certificate) -> str:
    """How many obligations of each kind hold."""
    parts = {"dependences": proof.edges, "races": proof.races, "bounds": proof.bounds}
    held = ", ".join(f"{sum(p.ok for p in x)} of {len(x)} {name}" for name, x in parts.items())
    return f"{'legal' if proof.ok else 'NOT LEGAL'}: {held} hold"
