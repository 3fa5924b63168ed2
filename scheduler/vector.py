"""Which variable of a statement is the vector: the one whose vector accesses cost least.

Costs are in accesses of one vector. A sum counts its multiply-add too, and the loads that its
register tile shares only in part.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, log2, prod

from polyc.frontend.program import Program, Statement
from polyc.scheduler.facts import Access, accesses, loads_of, stride
from polyc.scheduler.transposed import cost, partner, turns

FEW_TERMS = 24  # a sum of fewer spends more on a scattered result than on loads that none shares


def element_bytes(program: Program, s: Statement) -> int:
    """Bytes of the widest element the statement computes with (at least 4)."""
    dtypes = [program.tensor(s.tensor).dtype, *(x.dtype for x in loads_of(s.value))]
    return max(4, *(d.bytes // (2 if d.is_complex else 1) for d in dtypes))


def choose_vector(
    program: Program,
    s: Statement,
    free: list[str],
    ranges: dict[str, int],
    lanes: int,
    packable: Callable[[Access], bool] | None = None,
) -> tuple[str | None, str]:
    """The variable with the cheapest vector accesses, and why; None where scalars are cheaper.

    A load that is `packable` counts as contiguous, and a little more for its copy.
    """
    costs = {}
    for v in free:
        vectors = ceil(ranges[v] / lanes)
        padded = lanes * vectors / ranges[v]
        terms = prod(ranges[r] for r in s.reduced if r != v)
        if s.op is not None:  # the multiply-add, and what becomes of the sum at the end
            step = stride(accesses(s)[0], v, program)
            ends = _ends(step, lanes, vectors, terms, _turned(program, s, v, free, terms))
            loads = (
                _cost(program, a, v, lanes, packable) / _users(program, s, a, v, ranges, vectors)
                for a in accesses(s)[1:]
            )
            costs[v] = padded * (1 + ends + sum(loads))
        else:
            along = partner(program, s, v, free)
            costs[v] = padded * sum(
                cost(ranges[along], lanes)
                if along and turns(program, a, v, along)
                else _cost(program, a, v, lanes, packable)
                for a in accesses(s)
            )
    scalar = float(lanes * len(accesses(s)))
    best = min(reversed(s.vars), key=lambda v: costs.get(v, scalar), default=None)
    if best is None or costs.get(best, scalar) >= scalar:
        return None, "no variable is contiguous and free of dependences"
    others = "".join(f", {costs[v]:.1f} along {v}" for v in free if v != best)
    found = (
        f"{costs[best]:.1f} vector accesses per {lanes} elements{others}, {scalar:.0f} as scalars"
    )
    return best, found


def _ends(step: int | None, lanes: int, vectors: int, terms: int, turned: bool) -> float:
    """Cost of reading and writing a vector of sums, spread over its terms: in one piece, folded to
    one element (two operations per halving), transposed with others, or an element at a time."""
    if step == 0:
        return 0.5 + 2 * log2(lanes) / (vectors * terms)
    if step == 1:
        return 0.5
    return 0.6 + (2 * log2(lanes) if turned else 6 * lanes) / terms


def _turned(program: Program, s: Statement, v: str, free: list[str], terms: int) -> bool:
    """A register tile of `v` and the variable along which the result is contiguous is worth it: it
    is transposed at its end. Where terms are many it must save vector loads as well."""
    write, *loads = accesses(s)
    along = next((u for u in free if u != v and stride(write, u, program) == 1), None)
    if along is None:
        return False
    saves = (stride(a, v, program) != 0 and stride(a, along, program) == 0 for a in loads)
    return terms < FEW_TERMS or any(saves)


def _cost(
    program: Program,
    a: Access,
    v: str,
    lanes: int,
    packable: Callable[[Access], bool] | None,
) -> float:
    """Vector accesses that one vector of `v` costs an access."""
    step = stride(a, v, program)
    if step == 0:
        return 0.5  # a broadcast
    if step == 1:
        return 1
    if a.write:
        return 1.5 * lanes
    if packable is not None and packable(a):
        return 1.25
    # A small step is as many loads as it is long, and a shuffle less.
    return min(lanes, 2 * step) if step is not None and 2 <= step <= 4 else lanes


def _users(
    program: Program, s: Statement, a: Access, v: str, ranges: dict[str, int], vectors: int
) -> int:
    """Multiply-adds of a register tile that share a load, up to four: the vectors side by side
    where it is a broadcast, else the rows of a kept variable that leaves it alone."""
    if stride(a, v, program) == 0:
        return min(4, vectors)
    kept = (
        ranges[u] for u in s.vars if u != v and u not in s.reduced and not stride(a, u, program)
    )
    return max((min(4, n) for n in kept), default=1)
