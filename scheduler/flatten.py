"""Dimensions that always stand together become one.

    Y(n,h,w) = X(n,h,w) * a(n)      over whole rows w      becomes      Y(n,i) = X(n,i) * a(n)

Rows of 28 or 7 elements fill vectors badly, and every loop costs time to compile and to run. Where
all accesses of a program use two neighbouring dimensions of a tensor by the same two variables,
one after the other, and the second runs over the whole extent, they are one dimension of the
product of their extents. Memory is the same, so the caller's arrays are too.

This is a rewriting of the program like those in `padding` and `packing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import islpy as isl

from polyc.frontend.integers import ONE, ZERO, Int
from polyc.frontend.program import (
    Expr,
    Index,
    Load,
    Program,
    Statement,
    Subscript,
    children,
    map_children,
    parameters,
)
from polyc.scheduler.facts import accesses

T = TypeVar("T")
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Merge:
    """Variables that become one in each statement, and the first of two dimensions of tensors."""

    pairs: dict[str, Pair]
    dims: dict[str, int]
    extent: int  # of the second


def flatten(program: Program, contiguous: frozenset[str] | None = None) -> Program:
    """The program with every such pair of dimensions merged. Inputs that are not in `contiguous`
    (None: all are) keep their dimensions, because they come with strides of their own."""
    fixed = {t.name for t in program.inputs if contiguous is not None and t.name not in contiguous}
    program = _squeezed(program, fixed)
    tried: set[tuple[str, Pair]] = set()
    while True:
        for s, pair in _pairs(program):
            if (s.name, pair) in tried:
                continue
            tried.add((s.name, pair))
            found = _grow(program, fixed, s, pair)
            merged = _merged(program, found) if found is not None else None
            if merged is not None:
                program = merged
                break
        else:
            return program


def _squeezed(program: Program, fixed: set[str]) -> Program:
    """Dimensions of one element dropped, but for a tensor's last one."""
    single = {
        t.name: {d for d, n in enumerate(t.shape) if n == ONE and _all_zero(program, t.name, d)}
        for t in program.tensors
        if t.name not in fixed and len(t.shape) > 1
    }
    for t in program.tensors:
        if t.name in single and len(single[t.name]) == len(t.shape):
            single[t.name].discard(0)
    dropped = {name: dims for name, dims in single.items() if dims}
    if not dropped:
        return program

    def kept(tensor: str, subs: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(x for d, x in enumerate(subs) if d not in dropped.get(tensor, ()))

    def value(e: Expr) -> Expr:
        e = map_children(e, value)
        return replace(e, subs=kept(e.tensor, e.subs)) if isinstance(e, Load) else e

    return replace(
        program,
        tensors=tuple(replace(t, shape=kept(t.name, t.shape)) for t in program.tensors),
        statements=tuple(
            replace(s, subs=kept(s.tensor, s.subs), value=value(s.value))
            for s in program.statements
        ),
    )


def _all_zero(program: Program, tensor: str, d: int) -> bool:
    return all(subs[d] == ZERO for s in program.statements for subs in _accesses(s, tensor))


def _pairs(program: Program) -> Iterator[tuple[Statement, Pair]]:
    """Neighbouring variables, the innermost first."""
    for s in program.statements:
        for pair in reversed(list(zip(s.vars, s.vars[1:], strict=False))):
            yield s, pair


def _grow(program: Program, fixed: set[str], first: Statement, pair: Pair) -> Merge | None:
    """The merge that contains this pair, with all that shares its tensors; None where one of them
    cannot follow."""
    pairs, dims, extents = {first.name: pair}, dict[str, int](), set[int]()
    waiting = [first.name]
    while waiting:
        s = program.statement(waiting.pop())
        places = _places(s, pairs[s.name])
        if not places or not _alike(s, pairs[s.name]):
            return None
        for tensor, d in places:
            known = dims.setdefault(tensor, d)
            second = program.tensor(tensor).shape[d + 1]
            if known != d or tensor in fixed or not second.is_const:
                return None
            extents.add(second.value)
            for other in program.statements:
                for subs in _accesses(other, tensor):
                    theirs = _at(subs, d)
                    if theirs is None or pairs.get(other.name, theirs) != theirs:
                        return None
                    if other.name not in pairs:
                        pairs[other.name] = theirs
                        waiting.append(other.name)
    return Merge(pairs, dims, extents.pop()) if len(extents) == 1 else None


def _alike(s: Statement, pair: Pair) -> bool:
    """The two variables are neighbours, no loop of the text, and both kept or both reduced."""
    if pair not in zip(s.vars, s.vars[1:], strict=False) or not set(pair).isdisjoint(s.order):
        return False
    reduced = sum(v in s.reduced for v in pair)
    return reduced == 0 or (reduced == 2 and s.op not in ("argmin", "argmax"))


def _places(s: Statement, pair: Pair) -> list[tuple[str, int]] | None:
    """Where the pair stands: tensors and the first of its dimensions; None where one of the two
    also stands elsewhere."""
    out: list[tuple[str, int]] = []

    def subscripts(tensor: str, subs: tuple[Subscript, ...]) -> bool:
        moved = [
            k for k, x in enumerate(subs) if isinstance(x, Int) and not x.names.isdisjoint(pair)
        ]
        if moved and (len(moved) != 2 or _at(subs, moved[0]) != pair):
            return False
        if moved:
            out.append((tensor, moved[0]))
        return all(isinstance(x, Int) or value(x) for x in subs)

    def value(e: Expr) -> bool:
        match e:
            case Index(expr):
                return expr.names.isdisjoint(pair)
            case Load(tensor, subs):
                return subscripts(tensor, subs)
            case _:
                return all(map(value, children(e)))

    return out if subscripts(s.tensor, s.subs) and value(s.value) else None


def _at(subs: tuple[Subscript, ...], d: int) -> Pair | None:
    """The plain variables of two neighbouring subscripts."""
    if d + 1 >= len(subs):
        return None
    names = [str(x) if isinstance(x, Int) else "" for x in subs[d : d + 2]]
    plain = all(n.isidentifier() for n in names) and names[0] != names[1]
    return (names[0], names[1]) if plain else None


def _accesses(s: Statement, tensor: str) -> Iterator[tuple[Subscript, ...]]:
    return (a.subs for a in accesses(s) if a.tensor == tensor)


def _merged(program: Program, merge: Merge) -> Program | None:
    """The program after a merge; None where the points of a statement do not fill whole rows."""
    statements: list[Statement] = []
    for s in program.statements:
        new = _statement(s, merge) if s.name in merge.pairs else s
        if new is None:
            return None
        statements.append(new)
    tensors = []
    for t in program.tensors:
        d = merge.dims.get(t.name)
        if d is not None:
            one = t.shape[d] * t.shape[d + 1]
            t = replace(t, shape=(*t.shape[:d], one, *t.shape[d + 2 :]))
        tensors.append(t)
    return replace(program, tensors=tuple(tensors), statements=tuple(statements))


def _statement(s: Statement, merge: Merge) -> Statement | None:
    a, b = merge.pairs[s.name]
    name = f"{a}{b}"
    while name in s.vars or name in parameters(s.domain):
        name += "_"
    at = s.vars.index(a)
    variables = (*s.vars[:at], name, *s.vars[at + 2 :])
    domain = _domain(s, merge, variables)
    if domain is None:
        return None

    def subscripts(tensor: str, subs: tuple[Subscript, ...]) -> tuple[Subscript, ...]:
        d = merge.dims.get(tensor)
        subs = tuple(x if isinstance(x, Int) else value(x) for x in subs)
        return subs if d is None else (*subs[:d], Int.of(name), *subs[d + 2 :])

    def value(e: Expr) -> Expr:
        if isinstance(e, Load):
            return replace(e, subs=subscripts(e.tensor, e.subs))
        return map_children(e, value)

    subs = tuple(x for x in subscripts(s.tensor, s.subs) if isinstance(x, Int))
    return replace(s, vars=variables, domain=domain, subs=subs, value=value(s.value))


def _domain(s: Statement, merge: Merge, variables: tuple[str, ...]) -> isl.Set | None:
    """The points a * extent + b; None unless these are as many and leave no gap in a row."""
    a, b = merge.pairs[s.name]
    sizes = ", ".join(parameters(s.domain))
    moved = ", ".join(f"{a} * {merge.extent} + {b}" if v == a else v for v in s.vars if v != b)
    there = isl.Map(f"[{sizes}] -> {{ {s.name}[{', '.join(s.vars)}] -> {s.name}[{moved}] }}")
    inside = isl.Set(
        f"[{sizes}] -> {{ {s.name}[{', '.join(s.vars)}] : 0 <= {b} < {merge.extent} }}"
    )
    if not s.domain.is_subset(inside):
        return None
    image = s.domain.apply(there)
    whole = image.simple_hull()
    if not isl.Set.from_basic_set(whole).is_equal(image):
        return None
    out = isl.Set.from_basic_set(whole.remove_redundancies())
    for i, v in enumerate(variables):
        out = out.set_dim_name(isl.dim_type.set, i, v)
    return out
