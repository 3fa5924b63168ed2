"""The stages inside a tile that computes its halos: statements that share more than the tile.

    P(t,i,j) = 0;  P(t,i,j) += X(...) * w(s);  Y(4*t+i,j) = 0;  Y(4*t+i,j) += P(t,i+r,j) * w(r)

All four have the tile in common, the first two its rows as well, and so have the last two. Each
such stage may have a register tile of its own, as a group of its own would.
"""

from __future__ import annotations

from dataclasses import replace

from polyc.scheduler.affine import Row
from polyc.scheduler.bands import outer_rows
from polyc.scheduler.common import Group
from polyc.scheduler.dependences import Edge
from polyc.scheduler.inside import figures_of
from polyc.scheduler.part import Context
from polyc.scheduler.tiling import Tiling


def stages(context: Context, g: Group, edges: tuple[Edge, ...]) -> list[Group]:
    """The statements of a group in order, neighbours together where they lose no row by it."""
    out: list[Group] = []
    for n in g.names:
        rows = _rows(context, (n,), edges)
        names = (*out[-1].names, n) if out else (n,)
        both = _rows(context, names, edges) if out and len(rows) == len(out[-1].rows) else ()
        if len(both) == len(rows) > len(g.rows):
            out[-1] = Group(names, both)
        else:
            out.append(Group((n,), rows))
    return out


def within(context: Context, stage: Group, g: Group, tiling: Tiling) -> Tiling:
    """The tile of a group as one of its stages sees it: what the group has no row for is whole."""
    figures = figures_of(context, stage.names)
    known = dict(around(stage, tuple(zip(g.rows, tiling.sizes, strict=True))))
    sizes = (known.get(r) or figures.span(r, stage.names) for r in stage.rows)
    return replace(tiling, sizes=tuple(sizes))


def around(stage: Group, tiled: tuple[tuple[Row, int], ...]) -> tuple[tuple[Row, int], ...]:
    """The loops around a stage in terms of its own statements."""
    return tuple((Row.of({n: r[n] for n in stage.names}), size) for r, size in tiled)


def _rows(context: Context, names: tuple[str, ...], edges: tuple[Edge, ...]) -> tuple[Row, ...]:
    return tuple(outer_rows(context.program, names, edges, context.options.budget))
