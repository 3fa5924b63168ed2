"""A tensor in the order in which a register tile streams it, and the copy that fills it."""

from __future__ import annotations

from dataclasses import dataclass

import islpy as isl

from polyc.frontend.integers import Int, ceil_div, to_isl
from polyc.frontend.program import Load, Program, Statement, Tensor
from polyc.scheduler.rewriting import insert_copy, replace_in


@dataclass(frozen=True, slots=True)
class Layout:
    """How a tensor is packed: its dimensions in the new order, one of them split by `tile`.

    The split dimension's quotient stands at its place in `order`, its remainder last.
    """

    tensor: str
    order: tuple[int, ...]
    split: int
    tile: int


def layout_of(load: Load, s: Statement, variable: str, tile: int) -> Layout:
    """Kept dimensions, then the tile, then the reduced ones in the order of the loops."""
    place = {str(x): d for d, x in enumerate(load.subs)}
    kept = [d for v, d in place.items() if v not in s.reduced and v != variable]
    reduced = [place[v] for v in s.reduced if v in place]
    split = place[variable]
    return Layout(load.tensor, (*kept, split, *reduced), split, tile)


def is_unchanged(program: Program, layout: Layout) -> bool:
    """One tile is as wide as the tensor: the copy would have its elements in the same order."""
    order = (*(d for d in layout.order if d != layout.split), layout.split)
    extent = program.tensor(layout.tensor).shape[layout.split]
    return extent == Int.of(layout.tile) and order == tuple(range(len(order)))


def add_copy(program: Program, name: str, layout: Layout, before: str) -> Program:
    """The packed tensor and the statement that fills it, placed before its first user."""
    source = program.tensor(layout.tensor)
    shape = list(source.shape)
    shape[layout.split] = ceil_div(shape[layout.split], layout.tile)
    shape = [*(shape[d] for d in layout.order), Int.of(layout.tile)]
    tensor = Tensor(name, source.dtype, tuple(shape), "temporary", packs=source.name)
    return insert_copy(program, tensor, _copy(program, tensor, source, layout), before)


def _copy(program: Program, tensor: Tensor, source: Tensor, layout: Layout) -> Statement:
    variables = tuple(f"d{k}" for k in range(len(layout.order) + 1))
    at = dict(zip(layout.order, variables, strict=False))
    subs = [Int.of(at[d]) for d in range(len(source.shape))]
    subs[layout.split] = subs[layout.split] * layout.tile + variables[-1]
    bounds = [f"0 <= {to_isl(x)} < {to_isl(n)}" for x, n in zip(subs, source.shape, strict=True)]
    bounds += [f"0 <= {v} < {to_isl(n)}" for v, n in zip(variables, tensor.shape, strict=True)]
    sizes = ", ".join(z.name for z in program.sizes)
    name = f"Pack{sum(t.packs is not None for t in program.tensors)}"
    points = f"[{sizes}] -> {{ {name}[{', '.join(variables)}] : {' and '.join(bounds)} }}"
    return Statement(
        name,
        variables,
        isl.Set(points).intersect_params(program.context),
        tensor.name,
        tuple(map(Int.of, variables)),
        None,
        Load(source.name, tuple(subs), source.dtype),
        (0,),
    )


def use_packed(program: Program, statement: str, load: Load, name: str, layout: Layout) -> Program:
    """The statement with the load replaced by one from the packed tensor."""
    subs = [x for x in load.subs if isinstance(x, Int)]
    new = [x // layout.tile if d == layout.split else x for d, x in enumerate(subs)]
    index = (*(new[d] for d in layout.order), subs[layout.split] % layout.tile)
    return replace_in(program, statement, load, Load(name, index, load.dtype))
