"""The proof that a schedule computes what the text means, by code that did not make the schedule.

It reads the final tree (tiles, sequences and marks included), the exact dependences and the
storage map, and checks with isl that

edges    every dependence runs forward in time (reduction-tagged ones only where order matters)
races    no dependence crosses iterations of a parallel, vector or unrolled loop, no array that is
         contracted to a tile is overwritten while a value in it is still needed, and no value
         leaves the iteration of the parallel loop that owns its array
bounds   every access stays in its tensor's box, every index of a contracted array in its window,
         exactly the program's instances are scheduled, every output is completely written, and
         what was cut in pieces has the instances of the text, with partial results combined once
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import islpy as isl

from polyc.frontend.integers import Int, to_isl
from polyc.frontend.program import Program, Statement, box, reads
from polyc.scheduler.affine import kind
from polyc.scheduler.combining import Origin, combinations, pieces
from polyc.scheduler.dependences import Dependences, domain
from polyc.scheduler.facts import Access, accesses
from polyc.scheduler.order import orders
from polyc.scheduler.proof import Proof, nodes, prefix
from polyc.scheduler.races import contractions, marks, owners
from polyc.scheduler.tree import Schedule, Storage, Window

MARKS = ("parallel", "vector", "unroll")


@dataclass(frozen=True, slots=True)
class Certificate:
    """All obligations of a schedule. `ok` says that every one of them holds."""

    edges: tuple[Proof, ...]
    races: tuple[Proof, ...]
    bounds: tuple[Proof, ...]

    @property
    def ok(self) -> bool:
        return all(p.ok for p in (*self.edges, *self.races, *self.bounds))

    @property
    def failures(self) -> tuple[Proof, ...]:
        return tuple(p for p in (*self.edges, *self.races, *self.bounds) if not p.ok)

    def __str__(self) -> str:
        parts = (("edges", self.edges), ("races", self.races), ("bounds", self.bounds))
        lines = [f"certificate: {'legal' if self.ok else 'NOT LEGAL'}"]
        for title, proofs in parts:
            lines += [f"{title}:", *(f"  {p}" for p in proofs)]
        return "\n".join(lines) + "\n"


def verify(
    program: Program, deps: Dependences, schedule: Schedule, origin: Origin | None = None
) -> Certificate:
    """Every obligation of the schedule, proved or refuted; with an `origin` also that the program
    computes what that one does."""
    strange = tuple(_strange_nodes(schedule.tree))
    if strange:  # nothing is known about what code they would make
        return Certificate((), (), strange)
    # isl's map of a tree is defined outside of its domain too.
    points = schedule.tree.get_domain().intersect(domain(program))
    time = schedule.tree.get_map().intersect_domain(points)
    return Certificate(
        orders(program, deps, schedule, time),
        (
            *marks(deps, schedule),
            *contractions(program, deps, schedule, time),
            *owners(program, deps, schedule),
        ),
        (
            *_instances(program, schedule.tree, time),
            *_boxes(program),
            *_windows(program, schedule),
            *_outputs(program),
            *combinations(program, schedule.reassociates),
            *(pieces(program, origin) if origin else ()),
        ),
    )


def homes(program: Program, deps: Dependences, schedule: Schedule) -> tuple[Proof, ...]:
    """What of the proof is about where temporaries live; for a tree in the form that
    `verify` demands."""
    time = schedule.tree.get_map().intersect_domain(domain(program))
    return (
        *contractions(program, deps, schedule, time),
        *owners(program, deps, schedule),
        *_windows(program, schedule),
    )


# ---- form
def _strange_nodes(tree: isl.Schedule) -> Iterator[Proof]:
    """Nodes outside of the tree's language: bands, sequences, filters, and marks above one row."""
    plain = ("domain", "band", "sequence", "filter", "leaf")
    for node in nodes(tree):
        form = kind(node.get_type())
        if form == "mark":
            mark, child = node.mark_get_id().get_name(), node.child(0)
            if mark not in MARKS:
                yield Proof(f"mark {mark!r}", False, f"known marks: {', '.join(MARKS)}")
            elif kind(child.get_type()) != "band" or child.band_n_member() != 1:
                yield Proof(f"mark {mark!r}", False, "stands above something else than one row")
        elif form not in plain:
            yield Proof("schedule tree", False, f"a node of a kind that is not supported: {form}")


# ---- places
def _instances(program: Program, tree: isl.Schedule, time: isl.UnionMap) -> Iterator[Proof]:
    wanted = domain(program)
    missing = wanted.subtract(time.domain())
    extra = tree.get_domain().intersect_params(program.context).subtract(wanted)
    if not missing.is_empty():
        yield Proof("instances", False, f"not scheduled: {missing.sample_point()}")
    elif not extra.is_empty():
        yield Proof("instances", False, f"not in the program: {extra.sample_point()}")
    elif not time.is_single_valued():
        yield Proof("instances", False, "some have several places in time")
    else:
        yield Proof("instances", True, "every one has its place in time")


def _boxes(program: Program) -> Iterator[Proof]:
    sizes = tuple(z.name for z in program.sizes)
    for s in program.statements:
        touched = [(s.tensor, s.write), *((r.load.tensor, r.map) for r in reads(s, program))]
        for tensor, m in touched:
            here = m.intersect_params(program.context)
            outside = here.range().subtract(box(program.tensor(tensor), sizes))
            subject = f"{s.name} at {tensor}"
            if outside.is_empty():
                yield Proof(subject, True, "inside its box")
            else:
                yield Proof(subject, False, f"leaves its box: {outside.sample_point()}")


def _windows(program: Program, schedule: Schedule) -> Iterator[Proof]:
    for home in schedule.storage:
        for s in program.statements:
            for a in accesses(s):
                if a.tensor == home.tensor:
                    yield from _window(program, s, a, home)


def _window(program: Program, s: Statement, a: Access, home: Storage) -> Iterator[Proof]:
    for d, w in enumerate(home.windows):
        if w is None:
            continue
        subject = f"{s.name} at {home.tensor}, window of dimension {d}"
        place = _place(s, a, d, w)
        if place is None:
            yield Proof(subject, False, "the subscript depends on data or the row is not defined")
            continue
        text = f"{s.name}[{', '.join(s.vars)}] : 0 <= {to_isl(place)} < {w.extent}"
        inside = isl.Set(f"{prefix(program)}{{ {text} }}")
        outside = s.domain.intersect_params(program.context).subtract(inside)
        if outside.is_empty():
            yield Proof(subject, True, f"within its {w.extent} elements")
        else:
            yield Proof(subject, False, f"outside at {outside.sample_point()}")


def _place(s: Statement, a: Access, d: int, w: Window) -> Int | None:
    sub = a.subs[d]
    if not isinstance(sub, Int) or s.name not in dict(w.row.exprs):
        return None
    return sub - (w.row[s.name] // w.tile) * w.tile - w.offset


def _outputs(program: Program) -> Iterator[Proof]:
    sizes = tuple(z.name for z in program.sizes)
    for t in program.outputs:
        left = box(t, sizes).intersect_params(program.context)
        for s in program.statements:
            if s.tensor == t.name:
                left = left.subtract(s.write.range())
        if left.is_empty():
            yield Proof(f"output {t.name}", True, "completely written")
        else:
            yield Proof(f"output {t.name}", False, f"never written: {left.sample_point()}")
