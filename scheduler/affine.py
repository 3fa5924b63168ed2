"""isl objects and `Int`s into each other; the only module that knows dimension positions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter

import islpy as isl

from polyc.frontend.integers import Int, to_isl
from polyc.frontend.program import Program, Statement

PARAM, IN, OUT = isl.dim_type.param, isl.dim_type.in_, isl.dim_type.out


@dataclass(frozen=True, slots=True)
class Row:
    """One dimension of a schedule: for each statement the affine value its instances get."""

    exprs: tuple[tuple[str, Int], ...]  # sorted by statement name

    @staticmethod
    def of(exprs: Mapping[str, Int]) -> Row:
        return Row(tuple(sorted(exprs.items())))

    def __getitem__(self, statement: str) -> Int:
        k = bisect_left(self.exprs, statement, key=itemgetter(0))
        if k == len(self.exprs) or self.exprs[k][0] != statement:
            raise KeyError(statement)
        return self.exprs[k][1]


def aff_to_int(aff: isl.Aff, names: tuple[str, ...]) -> Int | None:
    """An isl affine expression with integer coefficients as an `Int`; None for a rational one.

    `names` are the variables of the domain, in order.
    """
    if not aff.get_denominator_val().is_one():
        return None
    total = Int.of(aff.get_constant_val().to_python())
    for i, name in enumerate(names):
        total += Int.of(name) * aff.get_coefficient_val(IN, i).to_python()
    for i in range(aff.dim(PARAM)):
        c = aff.get_coefficient_val(PARAM, i).to_python()
        total += Int.of(aff.get_dim_name(PARAM, i) or "") * c
    for i in range(aff.dim(isl.dim_type.div)):
        c = aff.get_coefficient_val(isl.dim_type.div, i).to_python()
        if c:
            inner = aff.get_div(i)
            den = inner.get_denominator_val().to_python()
            num = aff_to_int(inner.scale_val(isl.Val(den)), names)
            if num is None:
                return None
            total += (num // den) * c
    return total


def row_text(row: Row, program: Program, tile: int = 1) -> str:
    """isl's text of a row: "{ S0[i] -> [(i)]; ... }", divided by the tile size and rounded down."""
    parts = []
    for name, e in row.exprs:
        s = program.statement(name)
        value = to_isl(e // tile if tile > 1 else e)
        parts.append(f"{name}[{', '.join(s.vars)}] -> [({value})]")
    return "{ " + "; ".join(parts) + " }"


def row_map(row: Row, program: Program, tile: int = 1) -> isl.UnionMap:
    """{ S[vars] -> [value / tile] } on the statements of the row."""
    sizes = ", ".join(z.name for z in program.sizes)
    return isl.UnionMap(f"[{sizes}] -> {row_text(row, program, tile)}")


def equal_on(relation: isl.Map, rows: list[Row], program: Program) -> isl.Map:
    """A relation between instances restricted to pairs that agree on every row."""
    for row in rows:
        m = row_map(row, program)
        same = m.apply_range(m.reverse())
        relation = isl.UnionMap.from_map(relation).intersect(same).extract_map(relation.get_space())
    return relation


def both_ends(points: isl.Set, k: int) -> tuple[Int, Int] | None:
    """Least and greatest value of a dimension, where each is one affine expression of sizes."""
    found = []
    for end in (points.dim_min(k), points.dim_max(k)):
        pieces = end.get_pieces()
        value = aff_to_int(pieces[0][1], ()) if len(pieces) == 1 else None
        if value is None:
            return None
        found.append(value)
    return found[0], found[1]


def plain_variable(e: Int, s: Statement) -> str | None:
    """v if the expression is v + constant for one variable of the statement, else None."""
    used = [v for v in s.vars if v in e.names]
    if len(used) == 1 and (e - used[0]).names.isdisjoint(s.vars) and e.coefficient(used[0]) == 1:
        return used[0]
    return None


def kind(value: object) -> str:
    """The name of one of isl's enumerators: "band", "for_", "add"; its stubs say they are ints."""
    return str(value.name)  # type: ignore[attr-defined]


@contextmanager
def operations(limit: int) -> Iterator[None]:
    """isl raises once it has used `limit` operations inside; what it made by then is discarded.

    isl cannot say how many it used: a limit around this one starts afresh behind it.
    """
    context = isl.DEFAULT_CONTEXT
    around = context.get_max_operations()
    try:  # around the setting too: Ctrl-C may come at any time
        context.reset_operations()
        context.set_max_operations(limit)
        yield
    finally:
        context.set_max_operations(around)
        context.reset_operations()


def over_budget(error: isl.Error) -> bool:
    return "maximal number of operations" in str(error)
