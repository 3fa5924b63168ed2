"""The accesses of a program, in the arrays that a schedule keeps: contracted ones in windows."""

from __future__ import annotations

from dataclasses import dataclass

import islpy as isl

from polyc.frontend.integers import Int
from polyc.frontend.program import Program, Statement, Subscript, access_map, reads
from polyc.scheduler.counting import estimate
from polyc.scheduler.tree import Schedule, Window


@dataclass(frozen=True, slots=True)
class Use:
    """One access of a statement, in the array that is really there: contracted to its window."""

    statement: str
    tensor: str
    where: isl.Map  # { S[vars] -> tensor[subs] }
    write: bool
    exact: bool  # False: the element depends on data


def uses(program: Program, schedule: Schedule | None) -> tuple[Use, ...]:
    """Every access to an array, each once; those of contracted arrays in their windows."""
    homes = {x.tensor: x.windows for x in schedule.storage} if schedule else {}
    out: dict[tuple[object, ...], Use] = {}

    def add(s: Statement, tensor: str, subs: tuple[Subscript, ...], m: isl.Map, use: Use) -> None:
        if program.tensor(tensor).scalar:
            return
        if tensor in homes:
            subs = tuple(_within(s, x, w) for x, w in zip(subs, homes[tensor], strict=True))
            m = access_map(s, tensor, subs).intersect_domain(m.domain())
            use = Use(use.statement, tensor, m, use.write, use.exact)
        out.setdefault((s.name, tensor, subs, use.write, str(m.domain())), use)

    for s in program.statements:
        for r in reads(s, program):
            use = Use(s.name, r.load.tensor, r.map, False, r.exact)
            add(s, r.load.tensor, r.load.subs, r.map, use)
        if s.op is not None:
            add(s, s.tensor, s.subs, s.write, Use(s.name, s.tensor, s.write, False, True))
        add(s, s.tensor, s.subs, s.write, Use(s.name, s.tensor, s.write, True, True))
    return tuple(out.values())


def _within(s: Statement, sub: Subscript, w: Window | None) -> Subscript:
    if w is None or not isinstance(sub, Int):
        return sub
    return sub - (w.row[s.name] // w.tile) * w.tile - w.offset


def points_of(use: Use) -> int:
    """How often the access happens."""
    return estimate(use.where.domain())
