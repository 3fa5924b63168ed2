"""How long the arithmetic of loops takes: vector operations over those a cycle starts."""

from __future__ import annotations

from collections.abc import Mapping

from polyc.codegen.loops import (
    Bin,
    For,
    FromInt,
    Get,
    If,
    Libm,
    Lit,
    Load,
    LoopNest,
    Splat,
    Stmt,
    Un,
    Value,
)
from polyc.codegen.walk import all_values, values_of

# Rough on purpose: what is decided by them differs by factors, not by percents.
_A_CYCLE = 2  # operations that start in a cycle
_SLOW = {"/": 16, "%": 32, "sqrt": 24}  # of a whole vector, in places of other operations
_CALL = 200  # a function that is called lane by lane
_TYPICAL = 1024  # an open size


def typical(nest: LoopNest) -> dict[str, int]:
    """Values for the open sizes of a nest."""
    return dict.fromkeys(nest.ints, _TYPICAL)


def cycles(body: tuple[Stmt, ...], sizes: Mapping[str, int]) -> float:
    """Of one thread, with every operand in the nearest cache; a loop whose length depends on
    another's variable has its length at that one's start."""
    return _operations(body, dict(sizes)) / _A_CYCLE


def _operations(body: tuple[Stmt, ...], at: dict[str, int]) -> float:
    total = 0.0
    for s in body:
        match s:
            case For(var, lower, upper, step):
                start = lower.eval(at)
                trips = max(0, -((start - upper.eval(at)) // step))
                total += trips * _operations(s.body, {**at, var: start}) if trips else 0
            case If(_, then, orelse):
                total += max(_operations(then, at), _operations(orelse, at))
            case _:
                total += sum(map(_weight, {v for x in values_of(s) for v in all_values(x)}))
    return total


def _weight(v: Value) -> float:
    match v:
        case Lit() | Get() | FromInt() | Splat():  # stand in registers
            return 0
        case Load():  # most are an operand of another instruction
            return 0.5
        case Bin(op) | Un(op):
            return _SLOW.get(op, 1)
        case Libm():
            return _CALL
        case _:
            return 1
