"""Products of neighbours added to one place joined, where the target adds them in one instruction.

    C[m, 0:16] += splat(int32(A[m, 4*k])) * int32(B[k, 0:64:4])
    C[m, 0:16] += splat(int32(A[m, 4*k + 1])) * int32(B[k, 1:65:4])      …, and two more
becomes
    C[m, 0:16] += dot(splat<64>(A[m, 4*k:4*k + 4]), B[k, 0:64], 0)

Integers wrap in any order alike; for floats the target has no such instruction under strict
mathematics.
"""

from __future__ import annotations

from dataclasses import replace

from polyc.codegen.loops import (
    Bin,
    Convert,
    Dot,
    For,
    If,
    Lit,
    Load,
    Splat,
    Stmt,
    Store,
    Value,
    dtype_of,
    lanes_of,
)
from polyc.codegen.passes.places import Place, stored
from polyc.codegen.walk import loads_of
from polyc.frontend.integers import Int
from polyc.scheduler.dots import Rule, rule_for
from polyc.target import Target

Factors = tuple[Load, Load]


def dots(body: tuple[Stmt, ...], target: Target) -> tuple[Stmt, ...]:
    """The same sums with groups of terms joined."""
    return _block(body, target) if target.dots else body


def _block(body: tuple[Stmt, ...], target: Target) -> tuple[Stmt, ...]:
    out: list[Stmt] = []
    run: list[Store] = []
    for s in body:
        if isinstance(s, Store) and s.op == "+" and _factors(s.value) is not None:
            run.append(s)
            continue
        out += _joined(run, target)
        run = []
        match s:
            case For():
                out.append(replace(s, body=_block(s.body, target)))
            case If(cond, then, orelse):
                out.append(If(cond, _block(then, target), _block(orelse, target)))
            case _:
                out.append(s)
    return (*out, *_joined(run, target))


def _joined(run: list[Store], target: Target) -> list[Stmt]:
    """Consecutive additions, those to one place together where they make whole groups."""
    if {s.buffer for s in run} & {x.buffer for x in loads_of(tuple(run))}:
        return list(run)
    places: dict[Place, list[Store]] = {}
    for s in run:
        places.setdefault(stored(s), []).append(s)
    out = [s for group in places.values() for s in _terms(group, target)]
    return list(out if len(out) < len(run) else run)


def _terms(group: list[Store], target: Target) -> list[Store]:
    """Additions to one place with every whole group of neighbours as one."""
    first = _factors(group[0].value)
    assert first is not None
    rule = rule_for(first[0].dtype, first[1].dtype, dtype_of(group[0].value), target)
    lanes = lanes_of(group[0].value)
    if rule is None or lanes < 4 or not any(group[0].step):
        return group
    out: list[Store] = []
    while group:
        head, group = group[: rule.terms], group[rule.terms :]
        value = _dot([f for s in head if (f := _factors(s.value))], lanes, rule)
        out += head if value is None else [replace(head[0], value=value)]
    return out


def _factors(v: Value) -> Factors | None:
    """The two loads whose product, converted first, is the value."""
    if not isinstance(v, Bin) or v.op != "*":
        return None
    found = []
    for x in (v.x, v.y):
        match x:
            case Convert(Load() as load) | Splat(Convert(Load() as load)):
                found.append(load)
            case Convert(Splat(Load() as load)):
                found.append(load)
            case _:
                return None
    return found[0], found[1]


def _dot(terms: list[Factors], lanes: int, rule: Rule) -> Value | None:
    """Terms 0, 1, … of every lane as one sum; None where they are not neighbours."""
    if len(terms) < rule.terms:
        return None
    a, b = (_side([t[k] for t in terms], lanes, rule.terms) for k in (0, 1))
    return None if a is None or b is None else Dot(a, b, Lit(0, rule.sum, lanes))


def _side(loads: list[Load], lanes: int, count: int) -> Value | None:
    """One operand: elements of all lanes side by side, or a group of them for every lane."""
    first = loads[0]
    last = first.index[-1] if first.index else None
    if not isinstance(last, Int):
        return None
    for p, x in enumerate(loads):
        if x != replace(first, index=(*first.index[:-1], last + p)):
            return None
    side_by_side = (*(0 for _ in first.index[1:]), 1)
    if first.lanes == 1:
        return Splat(replace(first, lanes=count, step=side_by_side), lanes * count)
    if first.step != tuple(n * count for n in side_by_side):
        return None
    active = None if first.active is None else first.active * count
    return replace(first, lanes=lanes * count, step=side_by_side, active=active)
