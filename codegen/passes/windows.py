"""Loads of every 2nd, 3rd or 4th element that interleave read the same vectors.

    X[0:32:2] + X[1:33:2]        both are lanes of X[0:16] and X[16:32]

Each such load gets the place of its lane 0 in the run that all of them cover together, so that a
backend may load the run once and shuffle. Only where every element of the run is read anyway.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from polyc.codegen.loops import Check, Declare, For, If, Let, Load, Set, Stmt, Store, Value
from polyc.codegen.rewrite import map_value
from polyc.codegen.walk import all_values, values_of
from polyc.frontend.integers import Int

MOST = 4  # steps that backends load as vectors
Run = tuple[
    str, tuple[Int, ...], tuple[int, ...], int
]  # buffer, index without constant, step, lanes


def windows(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """The block with interleaving loads marked: `Load.window`."""
    places: dict[Run, set[int]] = defaultdict(set)
    for s in body:
        for v in values_of(s):
            for x in all_values(v):
                if isinstance(x, Load) and (found := _run(x)) is not None:
                    places[found[0]].add(found[1])
    return tuple(_statement(s, places) for s in body)


def _statement(s: Stmt, places: dict[Run, set[int]]) -> Stmt:
    match s:
        case For():
            return replace(s, body=windows(s.body))
        case If(cond, then, orelse):
            return If(cond, windows(then), windows(orelse))
        case Store() | Let() | Declare() | Set() | Check():
            return replace(s, value=map_value(s.value, lambda v: _marked(v, places)))
        case _:
            return s


def _marked(v: Value, places: dict[Run, set[int]]) -> Value:
    if not isinstance(v, Load) or (found := _run(v)) is None:
        return v
    run, at = found
    step = v.step[-1]
    for lead in range(step):
        if all(at - lead + k in places[run] for k in range(step)):
            return replace(v, window=lead)
    return v


def _run(v: Load) -> tuple[Run, int] | None:
    """What interleaving loads have in common, and the constant in which they differ."""
    if not v.step or v.active is not None or any(v.step[:-1]) or not 2 <= v.step[-1] <= MOST:
        return None
    index = tuple(i for i in v.index if isinstance(i, Int))
    if len(index) < len(v.index):
        return None
    at = index[-1].constant
    return (v.buffer, (*index[:-1], index[-1] - at), v.step, v.lanes), at
