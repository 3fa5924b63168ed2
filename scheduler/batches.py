"""Copies of operands made item by item of a batch, right before the loops that use them.

    for b { P[b] = copy of B[b] };  for b, i { C[b,i] += A[b,i] * P[b] }
becomes
    for b { P = copy of B[b];  for i { C[b,i] += A[b,i] * P } }

A row that moves everything a product reads and writes cuts it into items that share nothing. The
copy of one item takes a fraction of the memory and lives in a nearer cache than the copy of all.
What no item moves (a bias of all heads) is read once for each of them, which must cost less than
the copies save.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

from polyc.frontend.program import Program
from polyc.scheduler.affine import Row
from polyc.scheduler.common import Group, common_rows, edge_link
from polyc.scheduler.dependences import Edge
from polyc.scheduler.facts import accesses, stride
from polyc.scheduler.inside import figures_of
from polyc.scheduler.part import Context, Part, in_sequence
from polyc.scheduler.storage import place
from polyc.scheduler.tiling import ENOUGH_TILES
from polyc.scheduler.traffic import tensor_bytes, weight
from polyc.scheduler.tree import Band, Decision
from polyc.target import WORTH_THREADS

# Times the work that pays for threads: an item starts them for its copies and for its loops.
STARTS = 10


@dataclass(frozen=True, slots=True)
class Batch:
    """A group and the groups that copy its operands, with the rows of the items, the one with most
    first. `threads` run the items, or start "inside" each of them, or there are none ("no")."""

    groups: tuple[Group, ...]  # in order, that of the products last
    rows: tuple[Row, ...]
    threads: str
    why: Decision

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(n for g in self.groups for n in g.names)

    def inside(self, context: Context) -> Context:
        """What scheduling one item reads."""
        return replace(context, around=(*context.around, *self.rows))


def batches(
    context: Context, groups: list[Group], edges: tuple[Edge, ...], parallel: bool
) -> tuple[list[Batch], list[Decision]]:
    """The groups whose operands are copied item by item, and why others with copies are not."""
    out: list[Batch] = []
    refused: list[Decision] = []
    program = context.program
    copies = [g for g in groups if all(_is_copy(program, n) for n in g.names)]
    for g in (g for g in groups if g not in copies):
        found, rows = _with_copies(context, g, copies, edges)
        if len(found) == 1 or any(program.statement(n).tiles for n in g.names):
            continue
        made = _batch(context, found, rows, parallel)
        if isinstance(made, Batch):
            out.append(made)
        else:
            refused.append(made)
    return out, refused


def around_items(context: Context, batch: Batch, parts: list[Part]) -> Part:
    """The loops over the items around the schedules of the batch's groups."""
    inner = in_sequence([(g.names, p) for g, p in zip(batch.groups, parts, strict=True)])
    have = {x.tensor for x in inner.storage}
    storage, placed = place(context.program, batch.names, tuple((r, 1) for r in batch.rows))
    scope = "memory" if batch.threads == "inside" else "tile"
    own = tuple(replace(x, scope=scope) for x in storage if x.tensor not in have)
    mine = {x.tensor for x in own}
    kept = (d for d in inner.decisions if d.kind != "storage" or d.subject not in mine)
    tree = inner.tree
    for k, r in reversed(list(enumerate(batch.rows))):
        mark = "parallel" if batch.threads == "items" and k == 0 else ""
        tree = Band(r, 1, mark, True, tree)
    return Part(
        tree, (*inner.storage, *own), (batch.why, *kept, *(d for d in placed if d.subject in mine))
    )


def _is_copy(program: Program, name: str) -> bool:
    return program.tensor(program.statement(name).tensor).packs is not None


def _with_copies(
    context: Context, g: Group, copies: list[Group], edges: tuple[Edge, ...]
) -> tuple[tuple[Group, ...], tuple[Row, ...]]:
    """The group behind the copies that only it reads, and the rows of items that all have."""
    program, found, joined = context.program, [g], Group(g.names, g.rows)
    for c in reversed(copies):
        made = {program.statement(n).tensor for n in c.names}
        readers = {
            s.name
            for s in program.statements
            for a in accesses(s)
            if not a.write
            if a.tensor in made
        }
        if not readers <= {*joined.names, *c.names}:
            continue
        ends = ({*joined.names}, {*c.names})
        links = [
            edge_link(e)
            for e in edges
            if (e.source in ends[0] and e.sink in ends[1])
            or (e.source in ends[1] and e.sink in ends[0])
        ]
        names = (*c.names, *joined.names)
        rows = common_rows(program, joined, c, links) or []
        items = tuple(r for r in rows if _counts_items(context, r, names))
        if items:
            found, joined = [c, *found], Group(names, items)
    return tuple(found), joined.rows


def _counts_items(context: Context, row: Row, names: tuple[str, ...]) -> bool:
    """The row is a variable of each statement; it moves everything that copies and their readers
    touch, so far that no line of memory holds elements of two items."""
    program = context.program
    statements = [program.statement(n) for n in names]
    copied = {s.tensor for s in statements if _is_copy(program, s.name)}
    for s in statements:
        v = str(row[s.name])
        if v not in s.vars or v in context.still(s.name):
            return False
        like = context.typical.statement(s.name)
        found = [a for a in accesses(like) if a.subs]
        for a in found if any(a.tensor in copied for a in found) else ():
            step = stride(a, v, context.typical)
            size = program.tensor(a.tensor).dtype.bytes
            if step is None or abs(step) * size < context.target.line_bytes:
                return False
    return True


def _batch(
    context: Context, groups: tuple[Group, ...], rows: tuple[Row, ...], parallel: bool
) -> Batch | Decision:
    """The batch, or why its copies are made at once."""
    names = tuple(n for g in groups for n in g.names)
    figures = figures_of(context, names)
    rows = tuple(sorted(rows, key=lambda r: -figures.span(r, names)))
    counts = {r: figures.span(r, names) for r in rows}
    items, subject = prod(counts.values()), "+".join(names)
    saved, again = _moved(context, names, counts)
    operations = sum(figures.work[n] for n in names)
    each = operations // max(1, items)
    if saved <= again:
        why = f"{saved} bytes saved, {again} read again, weighed by level"
        return Decision("batch", subject, "no", why)
    threads = "no"
    if parallel and (context.program.sizes or counts[rows[0]] >= ENOUGH_TILES):
        threads = "items"
    elif parallel and each >= STARTS * WORTH_THREADS:
        threads = "inside"
    elif parallel and operations >= WORTH_THREADS:
        why = f"{items} items of {each} operations: too few to share, too small to share each"
        return Decision("batch", subject, "no", why)
    why = f"{saved} bytes saved by copies of one item, {again} read again, weighed by level"
    return Batch(groups, rows, threads, Decision("batch", subject, f"{items} items", why))


def _moved(context: Context, names: tuple[str, ...], counts: dict[Row, int]) -> tuple[int, int]:
    """Bytes that copies of one item save, written and read nearer to the core; bytes of what the
    items share, which each reads again. Weighed by level."""
    program, typical, target = context.program, context.typical, context.target
    statements = [program.statement(n) for n in names]
    copied = {s.tensor for s in statements if _is_copy(program, s.name)}
    items = prod(counts.values())
    saved = 0.0
    for t in copied:
        size = tensor_bytes(typical, t)
        saved += 2 * size * (weight(size, target) - weight(size // items, target))
    turns: dict[str, int] = {}
    for s in statements:
        for a in (a for a in accesses(s) if a.subs):
            still = prod(n for r, n in counts.items() if not a.moves_with(str(r[s.name])))
            turns[a.tensor] = max(turns.get(a.tensor, 1), still)
    again = sum(
        (n - 1) * (size := tensor_bytes(typical, t)) * weight(size, target)
        for t, n in turns.items()
    )
    return round(saved), round(again)
