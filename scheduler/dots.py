"""Products of narrow types that the target adds up several at a time.

A row of the table is an instruction: it adds `terms` products of neighbours to each lane of a sum.

    C(m,n) += A(m,k) * B(k,n)      adds 4 terms at once where k, k+1, k+2, k+3 lie side by side
                                   in A and, for each n, in B
"""

from __future__ import annotations

from dataclasses import dataclass

from polyc.frontend.dtypes import BFLOAT16, FLOAT32, INT8, INT16, INT32, UINT8, Dtype
from polyc.frontend.integers import Int
from polyc.frontend.program import Binary, Cast, Expr, Load, Program, Statement
from polyc.scheduler.facts import Access, accesses, slope, stride
from polyc.target import Target


@dataclass(frozen=True, slots=True)
class Rule:
    """An instruction: the types of its operands and of its sum, products a lane, and the name by
    which `Target.dots` has it."""

    a: Dtype
    b: Dtype
    sum: Dtype
    terms: int
    fact: str


RULES = (
    Rule(UINT8, INT8, INT32, 4, "vnni"),
    Rule(INT16, INT16, INT32, 2, "vnni"),
    Rule(BFLOAT16, BFLOAT16, FLOAT32, 2, "bf16"),
)


@dataclass(frozen=True, slots=True)
class Group:
    """Terms that one instruction adds: neighbours in the reduced `variable`, for lanes along
    `vector`."""

    variable: str
    vector: str
    terms: int


def rule_for(a: Dtype, b: Dtype, total: Dtype, target: Target) -> Rule | None:
    """The instruction for a sum of products of these types, in either order."""
    for r in RULES:
        if r.fact in target.dots and r.sum == total and (a, b) in ((r.a, r.b), (r.b, r.a)):
            return r
    return None


def factors(s: Statement, program: Program) -> tuple[Load, Load] | None:
    """The two loads whose product, in the type of the sum, is all that a statement adds."""
    total = program.tensor(s.tensor).dtype
    if s.op != "+" or not isinstance(s.value, Binary) or s.value.op != "*":
        return None
    x, y = _narrow(s.value.x, total), _narrow(s.value.y, total)
    return (x, y) if x is not None and y is not None and s.value.dtype == total else None


def _narrow(e: Expr, total: Dtype) -> Load | None:
    return e.x if isinstance(e, Cast) and e.dtype == total and isinstance(e.x, Load) else None


def group_of(program: Program, s: Statement, target: Target) -> Group | None:
    """How a statement's terms lie in groups already, None where they do not. Sizes are fixed."""
    found = factors(s, program)
    if found is None:
        return None
    dtypes = [x.dtype for x in found]
    rule = rule_for(dtypes[0], dtypes[1], program.tensor(s.tensor).dtype, target)
    if rule is None:
        return None
    both = [Access(x.tensor, x.subs, False) for x in found]
    ends = [x.subs[-1] for x in found if x.subs and isinstance(x.subs[-1], Int)]
    kept = [v for v in s.vars if v not in s.reduced]
    # Two packed operands leave a choice of the vector: the result should be contiguous in it.
    kept.sort(key=lambda v: stride(accesses(s)[0], v, program) != 1)
    for k in s.reduced:
        if any(stride(a, k, program) != 1 for a in both) or [slope(x, k) for x in ends] != [1, 1]:
            continue
        for v in kept:
            steps = [stride(a, v, program) for a in both]
            one_dimension = steps == [slope(x, v) for x in ends]  # which a vector load runs along
            if one_dimension and sorted(n or 0 for n in steps) == [0, rule.terms]:
                return Group(k, v, rule.terms)
    return None
