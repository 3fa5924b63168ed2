"""Figures of statements at fixed sizes, each found once: ranges, work, what a tile touches.

Groups grow one statement at a time, and every try asks for the cost of a group: what only depends
on one statement and its place in the rows is remembered here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from polyc.frontend.integers import Int
from polyc.frontend.program import Program, Statement
from polyc.scheduler.affine import Row, plain_variable
from polyc.scheduler.facts import accesses, extents, footprint, work

Slot = tuple[int, tuple[int, ...], int]  # a range: its most, the rows that cut it, which of equals


@dataclass(frozen=True, slots=True)
class Box:
    """One access of a statement inside a tile; variables are named by how a tile cuts them, so
    that accesses of different statements that touch equally much are equal."""

    subs: tuple[Int | None, ...]  # None: data decides
    shape: tuple[Int, ...]
    bytes: int  # of an element
    slots: tuple[tuple[str, Slot], ...]

    def touched(self, sizes: Sequence[int]) -> int:
        """Bytes for the given tile sizes of the rows."""
        ranges = {n: min([most, *(sizes[k] for k in rows)]) for n, (most, rows, _) in self.slots}
        return footprint(self.subs, self.shape, ranges) * self.bytes


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of some statements of a program. The sizes are fixed."""

    program: Program
    ranges: Mapping[str, Mapping[str, int]]  # statement -> extents of its variables
    work: Mapping[str, int]  # statement -> operations
    _spans: dict[tuple[str, Int], int] = field(default_factory=dict)
    _widest: dict[tuple[str, Int], int] = field(default_factory=dict)
    _boxes: dict[tuple[str, tuple[Int, ...]], tuple[tuple[str, Box], ...]] = field(
        default_factory=dict
    )

    @staticmethod
    def of(program: Program, names: Iterable[str]) -> Figures:
        """Of the named statements, over their whole domains."""
        statements = [program.statement(n) for n in names]
        return Figures.within(program, {s.name: extents(s) for s in statements})

    @staticmethod
    def within(program: Program, ranges: Mapping[str, Mapping[str, int]]) -> Figures:
        """Where the variables of each statement have the given ranges."""
        operations = {n: work(program.statement(n), r) for n, r in ranges.items()}
        return Figures(program, ranges, operations)

    def span(self, row: Row, names: Iterable[str]) -> int:
        """Values of a row, from the statement of the named ones that has most."""
        table = dict(row.exprs)
        return max((self._span(n, table[n]) for n in names), default=1)

    def _span(self, name: str, e: Int) -> int:
        found = self._spans.get((name, e))
        if found is None:
            moves = (abs(e.coefficient(v) or 0) * (n - 1) for v, n in self.ranges[name].items())
            found = self._spans[name, e] = max(1, 1 + sum(moves))
        return found

    def widest(self, name: str, e: Int) -> int:
        """The largest range of a variable in the expression, 1 without one."""
        found = self._widest.get((name, e))
        if found is None:
            ranges = self.ranges[name]
            found = max((n for v, n in ranges.items() if v in e.names), default=1)
            self._widest[name, e] = found
        return found

    def boxes(self, names: Iterable[str], rows: tuple[Row, ...]) -> dict[str, dict[Box, None]]:
        """Tensor -> the different boxes of a tile that statements touch of it."""
        tables = [dict(r.exprs) for r in rows]
        out: dict[str, dict[Box, None]] = {}
        for n in names:
            key = n, tuple([t[n] for t in tables])
            found = self._boxes.get(key)
            if found is None:
                found = self._boxes[key] = self._found(self.program.statement(n), key[1])
            for tensor, box in found:
                out.setdefault(tensor, {})[box] = None
        return out

    def _found(self, s: Statement, place: tuple[Int, ...]) -> tuple[tuple[str, Box], ...]:
        """The boxes of a statement whose place in the rows is given."""
        cuts = [plain_variable(e, s) for e in place]
        slots: dict[str, Slot] = {}
        for v in s.vars:
            rows = tuple(k for k, cut in enumerate(cuts) if cut == v)
            most = self.ranges[s.name][v]
            equals = sum(x[:2] == (most, rows) for x in slots.values())
            slots[v] = (most, rows, equals)
        names = {v: f"{slot}" for v, slot in slots.items()}
        out = []
        for a in dict.fromkeys(accesses(s)):
            t = self.program.tensor(a.tensor)
            subs = tuple(x.subs(names) if isinstance(x, Int) else None for x in a.subs)
            used = {n for x in subs if x is not None for n in x.names}
            inside = tuple((names[v], slot) for v, slot in slots.items() if names[v] in used)
            out.append((t.name, Box(subs, t.shape, t.dtype.bytes, inside)))
        return tuple(out)
