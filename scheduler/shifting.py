"""One operand of a sum with the other sign, and what that adds to the sums taken off again.

    sum of A(m,k) * B(k,n)  =  sum of A(m,k) * (B(k,n) + 128)  -  128 * sum of A(m,k)

The sums of the other operand are formed once. They must be over the same terms for all results.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod

import islpy as isl

from polyc.frontend.dtypes import INT8, INT32
from polyc.frontend.integers import Int
from polyc.frontend.program import Binary, Cast, Const, Load, Program, Statement, Tensor
from polyc.scheduler.dots import factors
from polyc.scheduler.layout import Layout
from polyc.scheduler.rewriting import replace_statement

SET = isl.dim_type.set


def with_flip(
    s: Statement,
    loads: tuple[Load, Load],
    wanted: list[tuple[Load, Layout]],
    ranges: dict[str, int],
) -> list[tuple[Load, Layout]]:
    """One of the copies is made with the other sign: that whose shift takes fewest terms to find;
    [] where no copy can be."""
    able = []
    for load, layout in wanted:
        other = loads[1] if load == loads[0] else loads[0]
        kept = _kept(s, other)
        if kept is not None and _separate(s, other):
            able.append((prod(ranges[v] for v in kept), load, layout))
    if not able:
        return []
    _, chosen, _ = min(able, key=lambda x: x[0])
    return [(x, replace(y, flip=True) if x == chosen else y) for x, y in wanted]


def _kept(s: Statement, load: Load) -> list[str] | None:
    """The kept variables that move a load; None where one is no subscript of the result."""
    names = {n for x in load.subs if isinstance(x, Int) for n in x.names}
    kept = [v for v in s.vars if v in names and v not in s.reduced]
    return kept if all(Int.of(v) in s.subs for v in kept) else None


def _others(s: Statement, load: Load) -> list[int]:
    """Dimensions of the domain that do not move the load and are kept."""
    names = {n for x in load.subs if isinstance(x, Int) for n in x.names}
    return [i for i, v in enumerate(s.vars) if v not in names and v not in s.reduced]


def _separate(s: Statement, load: Load) -> bool:
    """The terms are the same for all values of the kept variables that do not move the load."""
    outside, every, rest = _others(s, load), s.domain, s.domain
    for i in range(len(s.vars)):
        if i in outside:
            every = every.eliminate(SET, i, 1)
        else:
            rest = rest.eliminate(SET, i, 1)
    return bool(every.intersect(rest).is_equal(s.domain))


def shift_taken_off(program: Program, s: Statement, load: Load) -> Program:
    """The program with what the other sign of `load` adds to each of the statement's sums taken
    off again."""
    found = factors(s, program)
    assert found is not None
    other = found[1] if load == found[0] else found[0]
    kept = _kept(s, other)
    assert kept is not None
    number = sum("_sums" in t.name for t in program.tensors)
    extents_ = (program.tensor(s.tensor).shape[s.subs.index(Int.of(v))] for v in kept)
    sums = Tensor(
        f"{other.tensor}_sums{number}", INT32, tuple(extents_), "temporary", packs=other.tensor
    )
    inside = _without(s, _others(s, other))
    at = tuple(map(Int.of, kept))
    zero = _part(inside, f"Zero{number}", sums.name, at, inside.reduced)
    zero = replace(zero, op=None, value=Const(0, INT32))
    total = _part(inside, f"Sum{number}", sums.name, at, ())
    total = replace(total, value=Cast(other, INT32))
    factor = Const(-128 if load.dtype == INT8 else 128, INT32)
    off = _part(s, f"Shift{number}", s.tensor, s.subs, s.reduced)
    off = replace(off, value=Binary("*", factor, Load(sums.name, at, INT32), INT32))
    return replace_statement(
        program, s.name, (zero, total, program.statement(s.name), off), (sums,)
    )


def _without(s: Statement, dims: list[int]) -> Statement:
    """The statement over the other dimensions of its domain."""
    domain = s.domain
    for i in reversed(dims):
        domain = domain.project_out(SET, i, 1)
    return replace(s, vars=tuple(v for i, v in enumerate(s.vars) if i not in dims), domain=domain)


def _part(
    s: Statement, name: str, tensor: str, subs: tuple[Int, ...], dropped: tuple[str, ...]
) -> Statement:
    """A statement of another name that writes elsewhere, once for all values of some variables."""
    inner = _without(s, [i for i, v in enumerate(s.vars) if v in dropped])
    domain = inner.domain.set_tuple_name(name)
    return replace(inner, name=name, domain=domain, tensor=tensor, subs=subs)
