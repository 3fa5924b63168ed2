"""Operands of sums of narrow products copied so that an instruction adds several terms at once.

    C(m,n) += int32(A(m,k)) * int32(B(k,n))                  A, B of int8
becomes, for an instruction that multiplies signed by unsigned bytes,
    B1(i,l,4*j+p) = uint8(B(4*l+p, 64*i+j)) + 128
    A1(m) += int32(A(m,k))
    C(m,n) += int32(A(m,k)) * int32(B1(n/64, k/4, 4*(n%64) + k%4))
    C(m,n) += -128 * A1(m)

The copies are those of `packing`, with the terms of a group innermost. Where the instruction wants
one operand of the other sign, its copy is shifted by 128; what that adds to every sum is 128 times
a sum of the other operand alone, which is formed once and taken off. All of it wraps, so it is
exact. Everything here is a rewriting of the program, which the certificate covers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from polyc.frontend.integers import Int
from polyc.frontend.program import Load, Program, Statement
from polyc.scheduler.dots import Group, Rule, factors, rule_for
from polyc.scheduler.facts import Access, extents, stride
from polyc.scheduler.layout import OTHER_SIGN, Layout, layout_of
from polyc.scheduler.operands import ENOUGH_USES, pain, plain, split_by, uses
from polyc.scheduler.registers import register_tile
from polyc.scheduler.shifting import with_flip
from polyc.scheduler.vector import choose_vector, element_bytes
from polyc.target import Target


def rule_of(s: Statement, program: Program, target: Target) -> tuple[Rule, bool] | None:
    """The instruction for a statement's products, and whether one operand's sign must change."""
    found = factors(s, program)
    if found is None:
        return None
    a, b, total = (*(x.dtype for x in found), program.tensor(s.tensor).dtype)
    rule = rule_for(a, b, total, target)
    if rule is not None:
        return rule, False
    rule = rule_for(OTHER_SIGN.get(a, a), b, total, target)
    return None if rule is None else (rule, True)


@dataclass(frozen=True, slots=True)
class _Shape:
    """The loops around a group: extents, the register tile (vector last), the grouped variable."""

    ranges: dict[str, int]
    tile: dict[str, int]
    variable: str
    terms: int

    @property
    def vector(self) -> str:
        return list(self.tile)[-1]


# ---- which copies
def in_groups(
    program: Program,
    typical: Program,
    s: Statement,
    target: Target,
    contiguous: frozenset[str] | None,
) -> tuple[list[tuple[Load, Layout]], Group] | None:
    """The copies that bring a statement's terms into groups, and these; None where that is not
    possible."""
    like = typical.statement(s.name)
    found, loads, likes = (
        rule_of(like, typical, target),
        factors(s, program),
        factors(like, typical),
    )
    if found is None or loads is None or likes is None or loads[0] == loads[1]:
        return None
    rule, flip = found
    for shape in _shapes(typical, like, rule, likes, target):
        wanted: list[tuple[Load, Layout]] = []
        for real, load in zip(loads, likes, strict=True):
            strided = contiguous is not None and real.tensor not in contiguous
            kept = not program.sizes and not strided and _lies(typical, like, load, shape, target)
            layout = None if kept else _layout(typical, like, load, shape)
            if not kept and layout is None:
                break
            wanted += [(real, layout)] if layout else []
        else:
            wanted = with_flip(s, loads, wanted, shape.ranges) if flip else wanted
            return (wanted, Group(shape.variable, shape.vector, shape.terms)) if wanted else None
    return None


def _shapes(
    program: Program, s: Statement, rule: Rule, loads: tuple[Load, Load], target: Target
) -> list[_Shape]:
    """Possible groups, those without a rest first."""
    ranges = extents(s)
    free = [v for v in s.vars if ranges[v] > 1 and v not in s.reduced]

    def packable(a: Access) -> bool:
        return any(x.subs == a.subs and _copied(program, s, x, ranges) for x in loads)

    lanes = target.lanes(element_bytes(program, s))
    few = {v: ceil(n / rule.terms) if v in s.reduced else n for v, n in ranges.items()}
    vector, _ = choose_vector(program, s, free, few, lanes, packable)
    tile = register_tile(program, s, vector, free, ranges, target)
    if len(tile) != 2:
        return []
    able = [k for k in s.reduced if ranges[k] >= rule.terms and all(_alone(x, k) for x in loads)]
    able.sort(key=lambda k: (ranges[k] % rule.terms != 0, -ranges[k]))
    return [_Shape(ranges, tile, k, rule.terms) for k in able]


def _alone(load: Load, k: str) -> bool:
    """The variable is one subscript and in no other."""
    subs = [x for x in load.subs if isinstance(x, Int)]
    return len(subs) == len(load.subs) and [x for x in subs if k in x.names] == [Int.of(k)]


def _copied(program: Program, s: Statement, load: Load, ranges: dict[str, int]) -> bool:
    """An input, or the padded copy of one, that is read often."""
    t = program.tensor(load.tensor)
    given = t.kind == "input" or t.packs is not None
    return given and uses(program, s, load, ranges) >= ENOUGH_USES


def _lies(program: Program, s: Statement, load: Load, shape: _Shape, target: Target) -> bool:
    """A group of terms lies side by side already, for all lanes alike, and reading it is fast."""
    a = Access(load.tensor, load.subs, False)
    if stride(a, shape.variable, program) != 1 or stride(a, shape.vector, program) != 0:
        return False
    moved = any(stride(a, v, program) for v in shape.tile)
    return not moved or not pain(program, s, load, shape.ranges, shape.tile, False, target)


def _layout(program: Program, s: Statement, load: Load, shape: _Shape) -> Layout | None:
    """Kept dimensions, the tile, the reduced ones in the order of the loops, and the group; where
    subscripts are sums, the order of the tensor, what the vector moves last."""
    if not _copied(program, s, load, shape.ranges):
        return None
    subs = [x for x in load.subs if isinstance(x, Int)]
    group = (subs.index(Int.of(shape.variable)), shape.terms)
    split = split_by(load, shape.tile)
    if split is not None and plain(load, s):
        return layout_of(load, s, split[0], shape.tile[split[0]], group)
    last = [d for d, x in enumerate(subs) if shape.vector in x.names]
    order = [d for d in range(len(subs)) if d not in last]
    if len(last) > 1 or (not last and len(order) < 2):
        return None
    if not last:
        last = [next(d for d in reversed(order) if d != group[0])]
        order.remove(last[0])
    return Layout(load.tensor, (*order, *last), (group,), beside=True)
