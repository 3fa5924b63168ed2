"""One reduction as partial results and their combination, by rewriting the program.

    S() += A(i)                                   0 <= i < N
becomes, with chunks of L terms,
    P(c) = 0                                      0 <= c < ceil(N / L)
    P(c) += A(L*c + i)                            0 <= i < L, L*c + i < N
    S() += P(c)

and a statement that only makes values for the terms follows in the same pieces,

    E(i) = exp(X(i))    becomes    E(L*c + i) = exp(X(L*c + i))

so that both share the loop over c. Every instance of the text is one of the rewritten program.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import islpy as isl

from polyc.frontend.integers import Int, ceil_div, to_isl
from polyc.frontend.program import (
    Load,
    Program,
    Statement,
    Tensor,
    map_expr,
    parameters,
    tuple_text,
)
from polyc.frontend.statements import identity
from polyc.scheduler.affine import both_ends
from polyc.scheduler.rewriting import fresh, replace_statement


@dataclass(frozen=True, slots=True)
class Split:
    """A range of one variable, low to high, cut into chunks of `length`, a multiple of `unit`."""

    variable: str
    low: Int
    high: Int
    length: int
    unit: int = 1

    @property
    def count(self) -> Int:
        """Chunks: a number of the sizes alone."""
        return ceil_div(self.high - self.low + 1, self.length)


def ends(program: Program, s: Statement, variable: str) -> tuple[Int, Int] | None:
    """Least and greatest value of a variable, where each is one affine expression of sizes."""
    return both_ends(s.domain.intersect_params(program.context), s.vars.index(variable))


def in_parts(program: Program, name: str, split: Split) -> tuple[Program, dict[str, Int]]:
    """The program with one reduction in parts that are combined afterwards, and what the variable
    that was split is in terms of the new ones."""
    s = program.statement(name)
    result = program.tensor(s.tensor)
    shape = (split.count, *result.shape)
    taken = {t.name for t in program.tensors} | {z.name for z in program.sizes}
    parts = Tensor(
        *(fresh(f"{s.tensor}_parts", taken), result.dtype, shape, "temporary"), parts=s.tensor
    )
    piece, meaning = in_pieces(program, s, split)
    piece = replace(piece, tensor=parts.name, subs=(Int.of(piece.vars[0]), *s.subs))
    start = _over(program, parts, piece, f"{name}_start")
    start = replace(start, value=identity(s.op or "+", parts.dtype))
    combine = _over(program, parts, piece, f"{name}_combine")
    load = Load(parts.name, combine.subs, parts.dtype)
    combine = replace(
        combine, tensor=s.tensor, subs=combine.subs[1:], op=s.op, value=load, span=s.span
    )
    return replace_statement(program, name, (start, piece, combine), (parts,)), meaning


def in_pieces(program: Program, s: Statement, split: Split) -> tuple[Statement, dict[str, Int]]:
    """The statement with a first variable that counts chunks; the split one counts inside."""
    v, sizes = split.variable, parameters(s.domain)
    chunk = fresh(f"{v}_chunk", {*s.vars, *sizes, *(t.name for t in program.tensors)})
    whole = split.low + Int.of(chunk) * split.length + v
    moved = replace(s, vars=(chunk, *s.vars))
    old = ", ".join(to_isl(whole) if x == v else x for x in s.vars)
    places = isl.Map(
        f"{tuple_text(sizes, moved)} -> {s.name}[{old}] : 0 <= {v} < {split.length} }}"
    )
    piece = replace(
        moved,
        domain=places.intersect_range(s.domain).domain().coalesce(),
        subs=tuple(x.subs({v: whole}) for x in s.subs),
        value=map_expr(s.value, {v: whole}),
    )
    return piece, {v: whole}


def _over(program: Program, parts: Tensor, piece: Statement, name: str) -> Statement:
    """A statement over the elements of the parts that have terms, each once."""
    sizes = {z.name for z in program.sizes}
    at = tuple(fresh(f"d{k}", sizes) for k in range(len(parts.shape)))
    touched = piece.write.range().coalesce()
    for k, variable in enumerate(at):
        touched = touched.set_dim_name(isl.dim_type.set, k, variable)
    domain = touched.set_tuple_name(name)
    subs = tuple(map(Int.of, at))
    return Statement(name, at, domain, parts.name, subs, None, piece.value, (0,))
