"""The register tile of a group: all its statements inside one small tile of the group's rows.

    C(m,n) = 0;  C(m,n) += A(m,k) * B(k,n);  Y(m,n) = max(C(m,n) + b(n), 0)

With loops of their own over the tile of a cache, each of these would write C, read it, and write
it again. The rows of a group carry no dependence, so they may be tiled once more, by the register
tile of the statement that does the work: the sum then starts, grows and ends in registers.
"""

from __future__ import annotations

from dataclasses import replace

from polyc.frontend.program import Statement
from polyc.scheduler.affine import Row, plain_variable
from polyc.scheduler.common import Group
from polyc.scheduler.nest import Nest
from polyc.scheduler.tiling import Tiling
from polyc.scheduler.tree import Band, Decision, Tree


def micro_tiling(g: Group, nests: list[tuple[Statement, Nest]], tiling: Tiling) -> Tiling | None:
    """The size of each row inside a register tile; None where no single statement does the work
    with a register tile made of the group's rows, or where its sum comes in several blocks."""
    if len(g.names) < 2 or len(nests) != 1:
        return None
    s, nest = nests[0]
    variables = [plain_variable(r[s.name], s) for r in g.rows]
    if nest.blocks or len(nest.tiles) < 2 or not set(nest.tiles) <= set(variables):
        return None
    sizes = (
        min(nest.tiles.get(v or "", 1), most)
        for v, most in zip(variables, tiling.sizes, strict=True)
    )
    return replace(tiling, sizes=tuple(sizes))


def in_micro_tiles(tree: Tree, g: Group, tiled: tuple[tuple[Row, int], ...], micro: Tiling) -> Tree:
    """Loops over the register tiles inside a tile, in the order of the group's rows; `tiled` are
    the rows and sizes of the loops around."""
    around = dict(tiled)
    for r, size in reversed(list(zip(g.rows, micro.sizes, strict=True))):
        whole = around.get(r, 0)
        if size == whole:
            continue
        # From the start of the tile around where register tiles would straddle its end.
        row = Row.of({n: e % whole for n, e in r.exprs}) if whole and whole % size else r
        tree = Band(row, size, "", True, tree)
    return tree


def micro_decision(g: Group, micro: Tiling) -> Decision:
    sizes = " x ".join(map(str, micro.sizes))
    return Decision("tile", "+".join(g.names), sizes, "registers hold what the statements share")
