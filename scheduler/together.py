"""Statements of a tile that share their inner loops, so that values pass in registers.

    for i { C[i] = 0 };  for i { for k { C[i] += … } };  for i { C[i] = max(C[i], 0) }
becomes
    for i { C[i] = 0;  for k { C[i] += … };  C[i] = max(C[i], 0) }

What stands around a sum takes over the loops of the sum that it has, register tile included; what
has the very loops of its neighbour runs inside them (two sums over one row read it once). Both only
where every dependence between them stays in one iteration of the loops that become common.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod

from polyc.frontend.integers import Int
from polyc.scheduler.affine import Row, equal_on, plain_variable
from polyc.scheduler.cluster import Cluster, Member, Step
from polyc.scheduler.common import Group
from polyc.scheduler.dependences import Edge
from polyc.scheduler.facts import accesses, operations_of
from polyc.scheduler.part import Context
from polyc.scheduler.tree import Decision

MOST_COPIES = 128  # operations that the copies of a register tile may add around a sum
MOST_TENSORS = 16  # streams of one loop
LOOK_BACK = 4  # neighbours that are tried


def clusters(
    context: Context, members: list[Member], g: Group, edges: tuple[Edge, ...]
) -> tuple[list[Cluster], list[Decision]]:
    """Neighbours joined as far as they can be, in the same order otherwise."""
    out: list[Cluster] = []
    decisions: list[Decision] = []
    for m in members:
        new = Cluster((), (m,), (), len(m.steps))
        while True:
            found = _partner(context, out, new, g, edges)
            if found is None:
                break
            k, joined = found
            subject = f"{'+'.join(out[k].names)} with {'+'.join(new.names)}"
            loops = ", ".join(x.variable for x in joined.core[0].steps[: joined.common])
            reason = f"values of one iteration of {loops} stay in registers or the nearest cache"
            decisions.append(Decision("join", subject, "yes", reason))
            del out[k]
            new = joined
        out.append(new)
    return out, decisions


def _partner(
    context: Context, out: list[Cluster], new: Cluster, g: Group, edges: tuple[Edge, ...]
) -> tuple[int, Cluster] | None:
    """The nearest cluster that can be joined with the new one, and the result. It moves past those
    between, which must not depend on it."""
    for k in reversed(range(max(0, len(out) - LOOK_BACK), len(out))):
        if any(_between(out[k], c, edges) for c in out[k + 1 :]):
            continue
        found = _joined(context, out[k], new, g, edges)
        if found is not None:
            return k, found
    return None


def _between(a: Cluster, b: Cluster, edges: tuple[Edge, ...]) -> list[Edge]:
    """Dependences that join the two."""
    x, y = set(a.names), set(b.names)
    return [e for e in edges if (e.source in x and e.sink in y) or (e.source in y and e.sink in x)]


def _joined(
    context: Context, a: Cluster, b: Cluster, g: Group, edges: tuple[Edge, ...]
) -> Cluster | None:
    """Two neighbours as one; None where they have nothing to share or it is not legal."""
    between = _between(a, b, edges)
    if any(e.source in b.names for e in between):
        return None
    found = _as_one(a, b, g, between)
    if found is None and between:
        found = _around(a.members, b, g, before=True) or _around(b.members, a, g, before=False)
    if found is None or not _stays(context, found, between):
        return None
    return found


def _stays(context: Context, c: Cluster, between: list[Edge]) -> bool:
    """Every dependence joins instances in one iteration of the loops that are common."""
    steps = {m.s.name: m.steps for m in c.members}
    core = {m.s.name for m in c.core}
    for e in between:
        depth = len(c.core[0].steps) if {e.source, e.sink} <= core else c.common
        rows = [
            Row.of({n: Int.of(steps[n][k].variable) for n in {e.source, e.sink}})
            for k in range(depth)
        ]
        if not e.relation.is_subset(equal_on(e.relation, rows, context.program)):
            return False
    return True


def _as_one(a: Cluster, b: Cluster, g: Group, between: list[Edge]) -> Cluster | None:
    """Both cores in the same loops; what is around them stands around both."""
    first, last = ({m.s.name for m in x} for x in ((*a.core, *a.after), a.after))
    if any(
        (e.source in first and e.sink in {m.s.name for m in b.before})
        or (e.source in last and e.sink in {m.s.name for m in b.core})
        for e in between
    ):
        return None
    members = (*a.core, *b.core)
    if any(m.nest.square for m in members):  # blocks of two vectors hold one statement
        return None
    lead = replace(a, core=members).lead
    core: list[Member] = []
    for m in members:
        names = _names(lead, m, g)
        if set(names) != set(lead.s.vars):
            return None
        if m is lead or _same_loops(lead, m, names):
            core.append(m)
        elif _adopts(lead, m, names):
            core.append(replace(m, steps=_renamed_steps(lead.steps, names)))
        else:
            return None
    tensors = {x.tensor for m in core for x in accesses(m.s)}
    if len(tensors) > MOST_TENSORS:
        return None
    alone = [x.common for x in (a, b) if x.before or x.after]
    common = min(alone, default=len(lead.steps))
    return Cluster((*a.before, *b.before), tuple(core), (*a.after, *b.after), common)


def _same_loops(a: Member, b: Member, names: dict[str, str]) -> bool:
    return len(a.steps) == len(b.steps) and all(
        (names[x.variable], x.tile, x.mark) == (y.variable, y.tile, y.mark)
        and _renamed(x.place, names) == y.place
        for x, y in zip(a.steps, b.steps, strict=True)
    )


def _adopts(lead: Member, m: Member, names: dict[str, str]) -> bool:
    """A value per term of a sum, made where the sum takes it: any loops are legal for it."""
    if m.s.op is not None or not m.free or m.nest.square or lead.nest.vector is None:
        return False
    copies = prod(lead.nest.tiles.values()) // max(1, lead.lanes)
    small = copies * operations_of(m.s.value) <= MOST_COPIES
    return small and m.nest.vector == names[lead.nest.vector]


def _around(group: tuple[Member, ...], c: Cluster, g: Group, *, before: bool) -> Cluster | None:
    """Statements put before or after the core of a cluster, with its loops as far as they go."""
    lead = c.lead
    if lead.s.op is None:
        return None
    known = [x.variable not in lead.s.reduced for x in lead.steps]
    common = known.index(False) if False in known else len(known)
    while common and lead.steps[common - 1].mark:
        common -= 1
    inner = [x for x, k in zip(lead.steps[common:], known[common:], strict=True) if k]
    if not common or any(not x.mark for x in inner):
        return None
    if (c.before or c.after) and common != c.common:
        return None
    moved: list[Member] = []
    for m in group:
        names = _names(lead, m, g)
        if set(names) != set(lead.s.vars) - set(lead.s.reduced) or not _worth(lead, m):
            return None
        steps = (*lead.steps[:common], *inner)
        moved.append(replace(m, steps=_renamed_steps(steps, names)))
    if before:
        return Cluster((*moved, *c.before), c.core, c.after, common)
    return Cluster(c.before, c.core, (*c.after, *moved), common)


def _worth(lead: Member, m: Member) -> bool:
    """The copies of a register tile stay small, and scalars at the end of a sum over lanes are few
    beside it."""
    if m.s.op is not None or not m.free or m.nest.square:
        return False
    copies = prod(n for v, n in lead.nest.tiles.items() if v != lead.nest.vector)
    if lead.nest.vector in lead.s.reduced:
        terms = prod(lead.ranges[v] for v in lead.s.reduced)
        return terms >= MOST_COPIES * (1 + operations_of(m.s.value))
    return copies * operations_of(m.s.value) <= MOST_COPIES


def _names(lead: Member, m: Member, g: Group) -> dict[str, str]:
    """Variables of the lead and the other's that mean the same: one row of the group, or one
    subscript of a tensor that both touch. {} where the other has one more."""
    found: dict[str, str] = {}
    for r in g.rows:
        x, y = (plain_variable(r[k.s.name], k.s) for k in (lead, m))
        if x and y and r[lead.s.name] - x == r[m.s.name] - y:
            found.setdefault(x, y)
    for a in accesses(lead.s):
        for b in accesses(m.s):
            if a.tensor == b.tensor:
                for p, q in zip(a.subs, b.subs, strict=True):
                    if str(p) in lead.s.vars and str(q) in m.s.vars:
                        found.setdefault(str(p), str(q))
    same = {x: y for x, y in found.items() if lead.ranges[x] == m.ranges[y]}
    whole = len(set(same.values())) == len(same) and set(same.values()) == set(m.s.vars)
    return same if whole else {}


def _renamed_steps(steps: tuple[Step, ...], names: dict[str, str]) -> tuple[Step, ...]:
    return tuple(
        replace(x, variable=names[x.variable], place=_renamed(x.place, names)) for x in steps
    )


def _renamed(e: Int, names: dict[str, str]) -> Int:
    return e.subs({x: Int.of(y) for x, y in names.items()})
