"""sin, cos and tan on vectors.

n = rint(x 2/pi) quarter turns are subtracted in parts (Cody and Waite 1980); what is beyond their
reach, or not finite, is the C library's business, lane by lane and behind a branch. On |r| <= pi/4:
sin(r) = r + r^3 S(r^2), cos(r) = 1 - r^2/2 + r^4 C(r^2), minimax (Remez, 50 digits). float32
computes in float64: a remainder in float32 would need a second number for what it rounds off, which
takes as many operations and reaches less far.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from polyc.codegen.math_exact import both, product, total
from polyc.codegen.math_exp import facts
from polyc.codegen.math_values import X
from polyc.frontend.dtypes import FLOAT64

_SINGLE = (
    (-0.16666655242443085, 0.008332173340022564, -0.0001951668382389471),  # 2^-28.0
    (0.04166664555668831, -0.0013887363020330667, 2.443784433125984e-05),  # 2^-33.3
)
_DOUBLE = (
    (  # 2^-58.0
        *(-0.16666666666666632, 0.00833333333332233, -0.00019841269829734578),
        *(2.7557313664830817e-06, -2.5050753645687066e-08, 1.589652473108366e-10),
    ),
    (  # 2^-64.2
        *(0.0416666666666666, -0.001388888888887411, 2.48015872894596e-05),
        *(-2.7557314342607567e-07, 2.087572159313596e-09, -1.1359545041767266e-11),
    ),
)
# pi/2 in parts, and where they reach: the first are subtracted without rounding.
_FUSED = ((1.5707963267948966,), 6.123233995736765e-17, 1.082856673921914e-32, 2.0**30)
_SHORT = (
    (1.5707963267341256, 6.077100506303966e-11),
    *(2.0222662487111665e-21, 8.4784276603689e-32, 2.0**19),
)


Sum = tuple[X, X]  # a number and what it rounds off


class _Turns(NamedTuple):
    """x is n quarter turns and r + rest; `bits` end with n."""

    bits: X
    r: X
    rest: X | None
    inside: X  # x is within reach


def _quarter_turns(x: X, single: bool) -> _Turns:
    exact, second, third, reach = _FUSED if x.lets.target.fma else _SHORT
    inside = (x.abs() < reach).named()
    x = inside.choose(x, x.lit(0.0)).named()
    magic = facts(x).magic
    shifted = x.fma(2 / math.pi, magic).named()
    n = (shifted - magic).named()
    r = x
    for part in exact:
        r = n.fma(-part, r).named()
    if single:
        return _Turns(shifted.bits().named(), n.fma(-second, r).named(), None, inside)
    turned, below = product(n, -second) if x.lets.target.fma else (n * -second, None)
    r, rest = both(r, turned.named())
    rest = n.fma(-third, rest if below is None else rest + below).named()
    return _Turns(shifted.bits().named(), r, rest, inside)


def _both(r: X, rest: X | None) -> tuple[Sum, Sum]:
    """sin and cos of r + rest, and what they round off where there is a rest."""
    s, c = _DOUBLE if rest is not None else _SINGLE
    z = (r * r).named()
    if rest is None:
        none = z.lit(0.0)
        return ((z * r).fma(z.polynomial(s), r), none), (z.polynomial((1.0, -0.5, *c)), none)
    # The rounding error of 1 - z/2 is small, known and added back.
    half = z * 0.5
    most = (1.0 - half).named()
    sine = total(r, (z * r).fma(z.polynomial(s), rest * most).named())
    more = (z * z).fma(z.polynomial(c), (1.0 - most) - half - r * rest).named()
    return sine, total(most, more)


def _signed(x: X, turned: X) -> X:
    """x with its sign flipped where bit 1 of `turned` is set."""
    return (x.bits() ^ ((turned & 2) << 62)).bits(x.dtype)


def _turned(x: X, fn: str, ahead: int, single: bool) -> tuple[X, X]:
    """The function where the parts reach, and where that is."""
    t = _quarter_turns(x, single)
    (sine, below_sine), (cosine, below_cosine) = _both(t.r, t.rest)
    n = (t.bits + ahead).named() if ahead else t.bits
    odd = (n & 1).equals(1).named()
    if fn != "tan":
        return _signed(odd.choose(cosine, sine), n), t.inside
    over, under = odd.choose(-cosine, sine), odd.choose(sine, cosine)
    if single:
        return over / under, t.inside
    rests = odd.choose(-below_cosine, below_sine), odd.choose(below_sine, below_cosine)
    return _quotient((over, rests[0]), (under, rests[1])), t.inside


def _quotient(over: Sum, under: Sum) -> X:
    """What the division and its operands have rounded off is put right."""
    a, b = over[0].named(), under[0].named()
    inverse = (1.0 / b).named()
    q = (a * inverse).named()
    p, below = product(q, b)
    return q + ((a - p) - below + (over[1] - q * under[1])) * inverse


def _everywhere(x: X, fn: str, ahead: int = 0) -> X:
    x = x.named()
    near, inside = _turned(x.to(FLOAT64).named(), fn, ahead, x.single)
    near = near.to(x.dtype)
    if fn != "cos":
        # -0, and the smallest numbers, whose product with 2/pi would be rounded away.
        near = (x.abs() < facts(x).tiny).choose(x, near)
    return inside.choose(near, x.libm(fn, where=inside.invert().named()))


def sin(x: X) -> X:
    return _everywhere(x, "sin")


def cos(x: X) -> X:
    return _everywhere(x, "cos", 1)


def tan(x: X) -> X:
    return _everywhere(x, "tan")
