"""Random contractions and convolutions, the same for the same seed.

A contraction has letters of four kinds: in both operands and the result (batch), in one operand
and the result, and in both operands only (summed). Their order in each tensor is random.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import exp, log, prod

FASTEST, SLOWEST = 5e-5, 3e-2  # seconds that a case should take at the speeds below
FLOPS, BYTES = 1e11, 2e10  # a second: a core's arithmetic, and memory
MOST_EXTENT, MOST_RANK = 600, 7


@dataclass(frozen=True, slots=True)
class Window:
    """A convolution: what frameworks take besides the two arrays."""

    stride: int
    dilation: int
    padding: int
    groups: int


@dataclass(frozen=True, slots=True)
class Case:
    """A text, the shapes of its two operands, and the window of a convolution."""

    text: str
    shapes: tuple[tuple[int, ...], ...]
    flops: int
    window: Window | None = None

    @property
    def name(self) -> str:
        """The text and the extents, or the shapes and the window, on a line."""
        shapes = " ".join("x".join(map(str, s)) for s in self.shapes)
        if self.window is None:
            return f"{self.text} {shapes}"
        w = self.window
        return f"conv {shapes} s{w.stride} d{w.dilation} p{w.padding} g{w.groups}"


def contractions(count: int, seed: int) -> list[Case]:
    """So many einsum strings of two operands."""
    rng = random.Random(seed)
    out: list[Case] = []
    while len(out) < count:
        case = _contraction(rng)
        if case is not None:
            out.append(case)
    return out


def convolutions(count: int, seed: int) -> list[Case]:
    """So many convolutions of one to three dimensions."""
    rng = random.Random(seed)
    out: list[Case] = []
    while len(out) < count:
        case = _convolution(rng)
        if case is not None:
            out.append(case)
    return out


def _contraction(rng: random.Random) -> Case | None:
    batch, left, right, summed = (rng.randint(0, n) for n in (2, 3, 3, 3))
    ranks = (batch + left + summed, batch + right + summed, batch + left + right)
    if min(ranks[:2]) < 2 or max(ranks) > MOST_RANK or not ranks[2]:
        return None
    letters = "abcdefghijklmnop"[: batch + left + right + summed]
    b, m, n, k = (
        letters[:batch],
        letters[batch : batch + left],
        letters[batch + left : batch + left + right],
        letters[batch + left + right :],
    )
    size = {x: _extent(rng, MOST_EXTENT) for x in letters}
    terms = [_shuffled(rng, x) for x in (b + m + k, b + n + k, b + m + n)]
    shapes = [tuple(size[x] for x in t) for t in terms]
    flops = 2 * prod(size.values())
    if not _suits(flops, shapes):
        return None
    return Case(f"{terms[0]},{terms[1]}->{terms[2]}", tuple(shapes[:2]), flops)


def _convolution(rng: random.Random) -> Case | None:
    rank = rng.randint(1, 3)
    groups = rng.choice((1, 1, 1, 2, 3, 8, 32))
    images, inputs, outputs = (_extent(rng, n) for n in (16, 256 // groups, 256 // groups))
    sides = [rng.choice((1, 2, 3, 3, 3, 5, 7))] * rank
    w = Window(rng.choice((1, 1, 2, 3)), rng.choice((1, 1, 2)), rng.choice((0, 1, 2)), groups)
    most = MOST_EXTENT if rank == 1 else 128 if rank == 2 else 40
    image = [rng.randint(5, most) for _ in range(rank)]
    reach = [w.dilation * (s - 1) + 1 for s in sides]
    result = [(i + 2 * w.padding - r) // w.stride + 1 for i, r in zip(image, reach, strict=True)]
    if (w.padding and w.padding >= min(reach)) or min(result) < 1:
        return None
    shapes = [
        (images, groups * inputs, *image),
        (groups * outputs, inputs, *sides),
        (images, groups * outputs, *result),
    ]
    flops = 2 * prod(shapes[2]) * inputs * prod(sides)
    if not _suits(flops, shapes):
        return None
    text = _text(w, images, inputs, outputs, image, sides, result)
    return Case(text, tuple(shapes[:2]), flops, w)


def _text(
    w: Window,
    images: int,
    inputs: int,
    outputs: int,
    image: list[int],
    sides: list[int],
    result: list[int],
) -> str:
    """The convolution with numbers for all sizes; groups are a dimension of their own."""
    d = range(len(image))
    g, many = ("", "") if w.groups == 1 else ("g,", f"{w.groups},")
    at = ", ".join(f"{w.stride}*o{i} + {w.dilation}*r{i} - {w.padding}" for i in d)
    read = f"x(n,{g}c,{at})"
    o, r = (",".join(f"{v}{i}" for i in d) for v in "or")
    x, f, y = (",".join(map(str, v)) for v in (image, sides, result))
    return (
        f"def conv(float({images},{many}{inputs},{x}) x, float({many}{outputs},{inputs},{f}) f)"
        f" -> (float({images},{many}{outputs},{y}) y) {{\n"
        f"  y(n,{g}k,{o}) += {f'pad({read}, 0)' if w.padding else read} * f({g}k,c,{r})\n}}"
    )


def _extent(rng: random.Random, most: int) -> int:
    """Small numbers as often as large ones."""
    return round(exp(rng.uniform(0, log(most))))


def _shuffled(rng: random.Random, letters: str) -> str:
    return "".join(rng.sample(letters, len(letters)))


def _suits(flops: int, shapes: list[tuple[int, ...]]) -> bool:
    """Long enough to measure, short enough to wait for."""
    moved = 4 * sum(map(prod, shapes))
    return FASTEST < max(flops / FLOPS, moved / BYTES) < SLOWEST
