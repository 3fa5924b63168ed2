"""What is said of the loops that a group shares: its tiles, and whether threads run them."""

from __future__ import annotations

from math import prod

from polyc.scheduler.common import Group
from polyc.scheduler.tiling import Tiling
from polyc.scheduler.tree import Band, Decision, Leaf, Sequence, Tree
from polyc.target import WORTH_THREADS


def group_decisions(
    g: Group, tiling: Tiling, threads: bool, inside: bool, free: bool, streams: bool
) -> tuple[Decision, ...]:
    """`threads` run the tiles, or start `inside` them, or around the group, which is not `free`
    to start any then. `streams` are cut from the outermost row."""
    subject = "+".join(g.names)
    sizes = " x ".join(map(str, tiling.sizes)) or "no"
    touched = f"a tile touches {tiling.bytes / 1024:.1f} KiB"
    if streams:
        touched += ", cut from the outermost row: tiles follow each other in memory"
    if not g.rows:
        touched = "no row was found along which no dependence goes"
    verdict = "yes" if threads else "inside" if inside else "no"
    return (
        Decision("tile", subject, sizes, touched),
        Decision("parallel", subject, verdict, _threads(g, tiling, threads, inside, free)),
    )


def _threads(g: Group, tiling: Tiling, threads: bool, inside: bool, free: bool) -> str:
    tiles = f"{' x '.join(map(str, tiling.counts))} tiles" if prod(tiling.counts) > 1 else "1 tile"
    bytes_ = f", {tiling.moved >> 10} KiB" if tiling.moved > tiling.operations else ""
    work = f"{tiling.operations} operations{bytes_} in {tiles}"
    if threads:
        return work
    if inside:
        return f"{work}, in which threads start"
    if not free:
        return f"{work}; threads start around them, or at every step of a loop"
    if not g.rows:
        return f"{work}; no row was found along which no dependence goes"
    if prod(tiling.counts) == 1:
        return f"{work}, which is all there is"
    return f"{work}; {WORTH_THREADS} pay for threads"


def starts_threads(tree: Tree) -> bool:
    """Some loop of the tree runs on threads."""
    match tree:
        case Leaf():
            return False
        case Band():
            return tree.mark == "parallel" or starts_threads(tree.child)
        case Sequence(children):
            return any(starts_threads(child) for _, child in children)
