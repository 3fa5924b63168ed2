"""sin, cos and tan on vectors.

n = rint(x 2/pi) quarter turns are subtracted in parts (Cody and Waite 1980); what is beyond their
reach, or not finite, is the C library's business, lane by lane and behind a branch. On |r| <= pi/4:
sin(r) = r + r^3 S(r^2), cos(r) = 1 - r^2/2 + r^4 C(r^2), minimax (Remez, 50 digits). float32
computes in float64, where the remainder needs no second number and sin and cos subtract half turns:
sin(r) is r + r^3 H(r^2) up to pi/2, fitted by least squares at Chebyshev's nodes.
"""

from __future__ import annotations

import math

from polyc.codegen.math_exact import both, product, total
from polyc.codegen.math_exp import facts
from polyc.codegen.math_values import X
from polyc.frontend.dtypes import FLOAT64

_HALF = (  # 2^-27.2 on |r| <= pi/2
    *(-0.16666659349129545, 0.008333062120936744, -0.00019809345795593632),
    2.6052793281326892e-06,
)
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


def _reduced(n: X, x: X, turn: float = 1.0) -> X:
    """x - n turns, with the digits that float32 needs; a turn is so many quarters."""
    exact, second, *_ = _FUSED if x.lets.target.fma else _SHORT
    for part in (*exact, second):
        x = n.fma(-part * turn, x).named()
    return x


def _half_turns(x: X, fn: str) -> X:
    """sin or cos in float64 with the digits that float32 needs.

    n half turns are subtracted, for cos n + 1/2, so that one polynomial does.
    """
    magic, ahead = facts(x).magic, 0.5 if fn == "cos" else 0.0
    turns = x.fma(1 / math.pi, -ahead) + magic if ahead else x.fma(1 / math.pi, magic)
    turns = turns.named()
    r = _reduced((turns - magic + ahead if ahead else turns - magic).named(), x, 2.0)
    sign = (turns.bits() + 1 if ahead else turns.bits()) << 63
    return ((r * (r * r).named().polynomial((1.0, *_HALF))).bits() ^ sign).bits(x.dtype)


def _quarter_turns(x: X) -> tuple[X, X]:
    """n and its bits."""
    magic = facts(x).magic
    shifted = x.fma(2 / math.pi, magic).named()
    return (shifted - magic).named(), shifted.bits().named()


def _tan_for_single(x: X) -> X:
    n, bits = _quarter_turns(x)
    r = _reduced(n, x)
    z = (r * r).named()
    s, c = _SINGLE
    sine, cosine = (r * z.polynomial((1.0, *s))).named(), z.polynomial((1.0, -0.5, *c)).named()
    odd = (bits & 1).equals(1).named()
    return odd.choose(-cosine, sine) / odd.choose(sine, cosine)


def _remainder(n: X, x: X) -> Sum:
    """x - n quarter turns."""
    exact, second, third, _ = _FUSED if x.lets.target.fma else _SHORT
    for part in exact:
        x = n.fma(-part, x).named()
    turned, below = product(n, -second) if x.lets.target.fma else (n * -second, None)
    r, rest = both(x, turned.named())
    return r, n.fma(-third, rest if below is None else rest + below).named()


def _both(r: X, rest: X) -> tuple[Sum, Sum]:
    """sin and cos of r + rest."""
    s, c = _DOUBLE
    z = (r * r).named()
    # The rounding error of 1 - z/2 is small, known and added back.
    half = z * 0.5
    most = (1.0 - half).named()
    sine = total(r, (z * r).fma(z.polynomial(s), rest * most).named())
    more = (z * z).fma(z.polynomial(c), (1.0 - most) - half - r * rest).named()
    return sine, total(most, more)


def _near(x: X, fn: str) -> X:
    """The function where the parts reach."""
    n, bits = _quarter_turns(x)
    (sine, below_sine), (cosine, below_cosine) = _both(*_remainder(n, x))
    bits = (bits + 1).named() if fn == "cos" else bits
    odd = (bits & 1).equals(1).named()
    if fn != "tan":
        sign = (bits & 2) << 62
        return (odd.choose(cosine, sine).bits() ^ sign).bits(x.dtype)
    over, under = odd.choose(-cosine, sine), odd.choose(sine, cosine)
    rests = odd.choose(-below_cosine, below_sine), odd.choose(below_sine, below_cosine)
    return _quotient((over, rests[0]), (under, rests[1]))


def _quotient(over: Sum, under: Sum) -> X:
    """What the division and its operands have rounded off is put right."""
    a, b = over[0].named(), under[0].named()
    inverse = (1.0 / b).named()
    q = (a * inverse).named()
    p, below = product(q, b)
    return q + ((a - p) - below + (over[1] - q * under[1])) * inverse


def _everywhere(x: X, fn: str) -> X:
    x = x.named()
    if x.single:
        wide = x.to(FLOAT64).named()
        near = (_tan_for_single(wide) if fn == "tan" else _half_turns(wide, fn)).to(x.dtype)
    else:
        near = _near(x, fn)
        if fn != "cos":
            # -0, and the smallest numbers, whose product with 2/pi would be rounded away.
            near = (x.abs() < facts(x).tiny).choose(x, near)
    outside = (x.abs() < (_FUSED if x.lets.target.fma else _SHORT)[-1]).invert().named()
    return outside.choose(x.libm(fn, where=outside), near)


def sin(x: X) -> X:
    return _everywhere(x, "sin")


def cos(x: X) -> X:
    return _everywhere(x, "cos")


def tan(x: X) -> X:
    return _everywhere(x, "tan")
