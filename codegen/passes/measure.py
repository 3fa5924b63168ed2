"""How much work a parallel loop does, where that depends on sizes known at the call only.

parallel for i in 0:M { for j in 0:N { … 3 operations … } }    gets    work = 3*M*N
"""

from __future__ import annotations

from dataclasses import replace

from polyc.codegen.loops import Bin, Fma, For, If, Libm, Sel, Stmt, Un, lanes_of
from polyc.codegen.walk import all_values, values_of
from polyc.frontend.integers import Extreme, Int

CALL = 10  # operations a function counts as


def measure(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """The outermost parallel loops with their `work`, except where it is a constant (the
    scheduler has decided those)."""
    out: list[Stmt] = []
    for s in body:
        match s:
            case For(kind="parallel"):
                work = _heaviest((s,))
                out.append(s if work.is_const else replace(s, work=work))
            case For():
                out.append(replace(s, body=measure(s.body)))
            case If(cond, then, orelse):
                out.append(If(cond, measure(then), measure(orelse)))
            case _:
                out.append(s)
    return tuple(out)


def _heaviest(body: tuple[Stmt, ...]) -> Int:
    """Operations of the statement that runs most often, by the loops around it."""
    best = Int.of(0)
    for s in body:
        match s:
            case For():
                trips = _plain(s.upper - s.lower)
                found = _heaviest(s.body).subs({s.var: 0}) * trips
            case If(_, then, orelse):
                found = max(_heaviest(then), _heaviest(orelse), key=_degree)
            case _:
                found = Int.of(_operations(s))
        best = max(best, found, key=_degree)
    return best


def _degree(e: Int) -> tuple[int, int]:
    """Sizes multiplied in the largest term, then its factor."""
    return max(((len(m), abs(c)) for m, c in e.terms), default=(0, 0))


def _plain(e: Int) -> Int:
    """A trip count without extremes: the constant operand, else the first one."""
    total = Int.of(0)
    for m, c in e.terms:
        p = Int.of(c)
        for a in m:
            if isinstance(a, Extreme):
                p = p * _plain(a.b if a.b.is_const and a.op == "min" else a.a)
            else:
                p = p * Int.atom(a)
        total = total + p
    return total


def _operations(s: Stmt) -> int:
    total = 1
    for v in values_of(s):
        for x in all_values(v):
            match x:
                case Libm():
                    total += CALL * lanes_of(x)
                case Fma():
                    total += 2 * lanes_of(x)
                case Un() | Bin() | Sel():
                    total += lanes_of(x)
                case _:
                    pass
    return total
