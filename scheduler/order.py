"""Proofs that dependences run forward in time, and at which loop and distance they do.

Time has one dimension for each row of a band and for each sequence on the way from the root of the
tree to a statement. A dependence is satisfied by the first dimension in which its two ends differ;
that difference, over all its pairs, is its distance there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import islpy as isl

from polyc.frontend.program import Program
from polyc.scheduler.affine import IN, OUT, PARAM, kind
from polyc.scheduler.dependences import Dependences, Edge
from polyc.scheduler.proof import Proof, example, statements_of
from polyc.scheduler.tree import Schedule

SET = isl.dim_type.set


@dataclass(frozen=True, slots=True)
class Level:
    """One dimension of time at one place of the tree.

    places  per statement the text of its row, or its place in a sequence from 1 on
    """

    depth: int  # from 1 on
    loop: bool  # a row of a band, not a sequence
    mark: str
    places: tuple[tuple[str, str], ...]

    def text(self, *statements: str) -> str:
        """How a person finds it in the printed schedule."""
        table = dict(self.places)
        found = list(dict.fromkeys(table[s] for s in statements))
        mark = f"{self.mark} " if self.mark else ""
        if not self.loop:
            pairs = ", ".join(f"{s} in place {table[s]}" for s in dict.fromkeys(statements))
            return f"sequence at depth {self.depth} ({pairs})"
        rows = found[0] if len(found) == 1 else ", ".join(f"{s}: {table[s]}" for s in statements)
        return f"{mark}loop at depth {self.depth} [{rows}]"


def levels(tree: isl.Schedule) -> list[Level]:
    """The dimensions of time everywhere in the tree, parents first."""
    out: list[Level] = []

    def visit(node: isl.ScheduleNode, depth: int, mark: str) -> None:
        form = kind(node.get_type())
        if form == "band":
            rows = node.band_get_partial_schedule()
            for k in range(node.band_n_member()):
                depth += 1
                row = rows.get_at(k).intersect_domain(node.get_domain())
                out.append(Level(depth, True, mark, tuple(_row_texts(row))))
        elif form == "sequence":
            depth += 1
            children = [
                statements_of(node.child(n).child(0).get_domain()) for n in range(node.n_children())
            ]
            pairs = [(s, str(n)) for n, names in enumerate(children, 1) for s in names]
            out.append(Level(depth, False, "", tuple(pairs)))
        inner = node.mark_get_id().get_name() if form == "mark" else ""
        for n in range(node.n_children()):
            visit(node.child(n), depth, inner)

    visit(tree.get_root(), 0, "")
    return out


def _row_texts(row: isl.UnionPwAff) -> Iterator[tuple[str, str]]:
    pieces = row.get_pw_aff_list()
    for n in range(pieces.n_pw_aff()):
        piece = pieces.get_at(n)
        texts = [str(aff).split("-> [(")[-1].rsplit(")]", 1)[0] for _, aff in piece.get_pieces()]
        yield piece.domain().get_tuple_name() or "", " or ".join(dict.fromkeys(texts))


def orders(
    program: Program, deps: Dependences, schedule: Schedule, time: isl.UnionMap
) -> tuple[Proof, ...]:
    """One proof for each edge."""
    found = levels(schedule.tree)
    return tuple(_edge(program, e, found, schedule.reassociates, time) for e in deps.edges)


def _edge(
    program: Program, e: Edge, found: list[Level], reassociates: bool, time: isl.UnionMap
) -> Proof:
    subject = f"{e.kind} {e.source} -> {e.sink} on {e.tensor}"
    relation = isl.UnionMap.from_map(e.relation)
    moments = relation.apply_domain(time).apply_range(time)  # { [time of source] -> [of sink] }
    if moments.is_empty():
        return Proof(subject, True, "no pair is scheduled")
    here = [x for x in found if {e.source, e.sink} <= dict(x.places).keys()]
    pairs = isl.Map.from_union_map(moments)
    if e.reduction and reassociates:
        return Proof(subject, True, _free(program, e, here, pairs))
    steps: list[str] = []
    for depth in range(pairs.dim(IN)):
        late = pairs.order_gt(IN, depth, OUT, depth)
        where = _where(e, here, depth)
        if not late.is_empty():
            pair = example(_instances(relation, late, time))
            text = f"runs backward at {where}, {_distance(late, depth)}: {pair}"
            return Proof(subject, False, text)
        same = pairs.equate(IN, depth, OUT, depth)
        if not pairs.is_subset(same):
            steps.append(_step(e, here, pairs, depth))
        pairs = same
        if pairs.is_empty():
            return Proof(subject, True, f"satisfied at {', then '.join(steps)}")
    pair = example(_instances(relation, pairs, time))
    return Proof(subject, False, f"both ends at one time in every loop: {pair}")


def _instances(relation: isl.UnionMap, moments: isl.Map, time: isl.UnionMap) -> isl.UnionMap:
    """The pairs of a relation that happen at these pairs of moments."""
    back = isl.UnionMap.from_map(moments)
    back = back.apply_domain(time.reverse()).apply_range(time.reverse())
    return relation.intersect(back)


def _level(here: list[Level], depth: int) -> Level | None:
    return next((x for x in here if x.depth == depth + 1), None)


def _where(e: Edge, here: list[Level], depth: int) -> str:
    level = _level(here, depth)
    return level.text(e.source, e.sink) if level else f"depth {depth + 1}"


def _step(e: Edge, here: list[Level], pairs: isl.Map, depth: int) -> str:
    level = _level(here, depth)
    if level is None or level.loop:
        return f"{_where(e, here, depth)}, {_distance(pairs, depth)}"
    return f"{level.text(e.source, e.sink)}, textual order inside one iteration"


def _distance(pairs: isl.Map, depth: int) -> str:
    """The least and greatest difference of one dimension of time, for all sizes together."""
    moved = pairs.deltas()
    moved = moved.project_out(SET, depth + 1, moved.dim(SET) - depth - 1).project_out(SET, 0, depth)
    moved = moved.project_out(PARAM, 0, moved.dim(PARAM))
    low, high = moved.dim_min_val(0), moved.dim_max_val(0)
    if low.is_int() and low.eq(high):
        return f"distance {low}"
    left = f"{low} <= " if low.is_int() else ""
    return f"distance {left}d{f' <= {high}' if high.is_int() else ''}"


def _free(program: Program, e: Edge, here: list[Level], pairs: isl.Map) -> str:
    """Why the terms of a reduction may come in any order, and which loops use it."""
    op = program.statement(e.source).op
    reason = f"terms of one reduction ({op}), free to be reordered"
    private = []
    for x in here:
        k = x.depth - 1
        if x.mark in ("vector", "unroll") and not pairs.is_subset(pairs.equate(IN, k, OUT, k)):
            private.append(f"partial results of {x.text(e.source)}")
    return f"{reason}; {' and of '.join(private)} are combined after it" if private else reason
