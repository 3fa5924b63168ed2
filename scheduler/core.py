"""Loads and stores of the core: what registers do not keep."""

from __future__ import annotations

from polyc.scheduler.flow import Flow
from polyc.scheduler.uses import Use, points_of
from polyc.scheduler.visits import Visit


def of_the_core(found: tuple[Use, ...], v: Visit) -> Flow:
    """Loads and stores. The innermost loops that are vectors or unrolled keep in registers what
    they do not move; so do the plain loops right around them, until one moves it. What one
    statement leaves in registers for the next is not seen."""
    loops = dict(_loops(v, ()))
    loads: dict[str, float] = {}
    stores: dict[str, float] = {}
    for use in found:
        saved, marked = 1.0, True
        for loop in reversed(loops.get(use.statement, ())):
            marked = marked and loop.mark in ("vector", "unroll")
            if use in loop.still:
                saved *= loop.children[0].runs / loop.runs
            elif not marked:
                break
        side = stores if use.write else loads
        side[use.tensor] = side.get(use.tensor, 0.0) + points_of(use) / saved
    return Flow(loads, stores)


def _loops(v: Visit, around: tuple[Visit, ...]) -> list[tuple[str, tuple[Visit, ...]]]:
    """The loops that only one statement is in, outermost first, by statement."""
    if v.form == "loop":
        around = (*around, v)
    if v.form == "leaf":
        return [(s, around) for s in v.statements]
    inner = () if v.form == "sequence" else around
    return [x for c in v.children for x in _loops(c, inner)]
