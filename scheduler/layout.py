"""`Layout`: the order of the elements of a packed operand, and the statement that makes the copy.

    order (0, 1), splits ((0, 6),)              A1(i, k, j) = A(6*i + j, k)
    order (1, 0), splits ((1, 64), (0, 4))      B1(i, l, 4*j + p) = B(4*l + p, 64*i + j)
    order (0, 1, 2), splits ((0, 4),), beside   X1(c, h, 4*w + p) = X(4*c + p, h, w)

The remainders stand last, innermost the last of them, all in one dimension.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import islpy as isl

from polyc.frontend.dtypes import INT8, UINT8, Dtype
from polyc.frontend.integers import Int, ceil_div, to_isl
from polyc.frontend.program import Binary, Cast, Const, Expr, Load, Program, Statement, Tensor
from polyc.scheduler.rewriting import insert_copy, replace_in

OTHER_SIGN = {INT8: UINT8, UINT8: INT8}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a tensor is packed: its dimensions in the new order, some of them split by a number.

    The quotient of a split dimension stands at its place in `order`.
    """

    tensor: str
    order: tuple[int, ...]
    splits: tuple[tuple[int, int], ...]  # dimension, divisor
    beside: bool = False  # the last dimension of `order` joins the remainders
    flip: bool = False  # 128 is added (signed bytes to unsigned) or subtracted

    def digits(self, subs: Sequence[Int]) -> tuple[Int, ...]:
        """An element's place, one number for each quotient and remainder."""
        by = dict(self.splits)
        outer = (subs[d] // by[d] if d in by else subs[d] for d in self.order)
        return (*outer, *(subs[d] % n for d, n in self.splits))

    def extents(self, shape: Sequence[Int]) -> tuple[Int, ...]:
        """How many values each digit has."""
        by = dict(self.splits)
        outer = (ceil_div(shape[d], by[d]) if d in by else shape[d] for d in self.order)
        return (*outer, *(Int.of(n) for _, n in self.splits))

    def subs(self, digits: Sequence[Int]) -> tuple[Int, ...]:
        """Subscripts of the tensor at a place: what `digits` took apart."""
        outer, inner = digits[: len(self.order)], digits[len(self.order) :]
        rest = {d: (n, x) for (d, n), x in zip(self.splits, inner, strict=True)}
        at = dict(zip(self.order, outer, strict=True))
        return tuple(at[d] * rest[d][0] + rest[d][1] if d in rest else at[d] for d in sorted(at))

    def joined(self, digits: Sequence[Int]) -> tuple[Int, ...]:
        """Subscripts of the copy at a place, or its shape by the extents."""
        first = len(self.order) - self.beside
        last = digits[first]
        for (_, n), x in zip(self.splits[not self.beside :], digits[first + 1 :], strict=True):
            last = last * n + x
        return (*digits[:first], last)

    def shape(self, shape: Sequence[Int]) -> tuple[Int, ...]:
        """Of the copy of a tensor of this shape."""
        all_ = self.extents(shape)
        first = len(self.order) - self.beside
        last = all_[first]
        for n in all_[first + 1 :]:
            last = last * n
        return (*all_[:first], last)

    def dtype(self, dtype: Dtype) -> Dtype:
        return OTHER_SIGN[dtype] if self.flip else dtype


def layout_of(load: Load, s: Statement, variable: str, tile: int, *more: tuple[int, int]) -> Layout:
    """Kept dimensions, then the tile, then the reduced ones in the order of the loops; `more` are
    further splits, innermost."""
    place = {str(x): d for d, x in enumerate(load.subs)}
    kept = [d for v, d in place.items() if v not in s.reduced and v != variable]
    reduced = [place[v] for v in s.reduced if v in place]
    split = place[variable]
    return Layout(load.tensor, (*kept, split, *reduced), ((split, tile), *more))


def is_unchanged(program: Program, layout: Layout) -> bool:
    """One tile is as wide as the tensor: the copy would have its elements in the same order."""
    (split, tile), *others = layout.splits
    order = (*(d for d in layout.order if d != split), split)
    extent = program.tensor(layout.tensor).shape[split]
    return not others and extent == Int.of(tile) and order == tuple(range(len(order)))


def add_copy(program: Program, name: str, layout: Layout, before: str) -> Program:
    """The packed tensor and the statement that fills it, placed before its first user."""
    source = program.tensor(layout.tensor)
    dtype, shape = layout.dtype(source.dtype), layout.shape(source.shape)
    tensor = Tensor(name, dtype, shape, "temporary", packs=source.packs or source.name)
    return insert_copy(program, tensor, _copy(program, tensor, source, layout), before)


def _copy(program: Program, tensor: Tensor, source: Tensor, layout: Layout) -> Statement:
    extents = layout.extents(source.shape)
    variables = tuple(f"d{k}" for k in range(len(extents)))
    digits = tuple(map(Int.of, variables))
    subs = layout.subs(digits)
    bounds = [f"0 <= {to_isl(x)} < {to_isl(n)}" for x, n in zip(subs, source.shape, strict=True)]
    bounds += [f"0 <= {v} < {to_isl(n)}" for v, n in zip(variables, extents, strict=True)]
    sizes = ", ".join(z.name for z in program.sizes)
    name = f"Pack{sum(t.packs is not None for t in program.tensors)}"
    points = f"[{sizes}] -> {{ {name}[{', '.join(variables)}] : {' and '.join(bounds)} }}"
    value: Expr = Load(source.name, subs, source.dtype)
    return Statement(
        name,
        variables,
        isl.Set(points).intersect_params(program.context),
        tensor.name,
        layout.joined(digits),
        None,
        _flipped(value) if layout.flip else value,
        (0,),
    )


def _flipped(e: Expr) -> Expr:
    """A byte with its sign bit inverted: unsigned x + 128, or signed x - 128."""
    raw = e if e.dtype == UINT8 else Cast(e, UINT8)
    moved = Binary("+", raw, Const(128, UINT8), UINT8)
    return moved if e.dtype == INT8 else Cast(moved, INT8)


def use_packed(program: Program, statement: str, load: Load, name: str, layout: Layout) -> Program:
    """The statement with the load replaced by one from the packed tensor."""
    subs = [x for x in load.subs if isinstance(x, Int)]
    index = layout.joined(layout.digits(subs))
    return replace_in(program, statement, load, Load(name, index, layout.dtype(load.dtype)))
