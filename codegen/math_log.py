"""log and its family on vectors.

x = 2^e (1 + f) with 3/4 <= 1 + f < 3/2, by AVX-512's instructions, with which special values come
out right by themselves, or with sqrt(1/2) <= 1 + f < sqrt(2) from the bits of x. In float32
log(1 + f) = f - f^2/2 + f^3 q(f); in float64, with s = f / (2 + f), it is
f - (f^2/2 - s (f^2/2 + R(s^2))), which keeps the large terms exact. q and R are minimax fits (Remez
exchange in 50 digits, weighted by the factor they stand beside).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from polyc.codegen.math_exact import both, product, total
from polyc.codegen.math_exp import exp
from polyc.codegen.math_values import X
from polyc.frontend.dtypes import FLOAT32, FLOAT64

_Q_ROOT = (  # 2^-30.3 for sqrt(1/2) to sqrt(2)
    *(0.3333331048488617, -0.24999986588954926, 0.20002217590808868, -0.16669248044490814),
    *(0.14218802750110626, -0.12384458631277084, 0.11872129887342453, -0.11788929253816605),
    0.06916097551584244,
)
_Q = (  # 2^-27.3 for 3/4 to 3/2
    *(0.3333345055580139, -0.2500009536743164, 0.1999085247516632, -0.16647307574748993),
    *(0.14478391408920288, -0.1316119283437729, 0.10463014990091324, -0.04507486894726753),
)
_R_ROOT = (  # 2^-65.7
    *(0.6666666666666666, 0.4000000000000597, 0.28571428569152924, 0.22222222638835035),
    *(0.18181776183827233, 0.15387071917867254, 0.13250476735590264, 0.13248545581483542),
)
_R = (  # 2^-61.3
    *(0.666666666666666, 0.4000000000005594, 0.28571428556007344, 0.22222224276185015),
    *(0.18181667089515371, 0.15391072395947367, 0.13174262397137063, 0.1383856315141683),
)


_THIRD = (0.6666666666666666, 3.700743415417188e-17)  # 2/3
_BEYOND = (  # 2^-68.9 of the logarithm, from s^5 on
    *(0.3999999999999971, 0.2857142857158356, 0.22222222190326796, 0.18181821596612474),
    *(0.15384403574341113, 0.13341221388404212, 0.11591329241424284, 0.12577146123173283),
)
_LOG2_SINGLE = (  # 2^-35.5, of log2 by s
    *(2.8853900818359284, 0.9617966217017025, 0.5770923673855622, 0.4112047260406963),
    0.3484214839597578,
)


class _Base(NamedTuple):
    """A base: log(2) in it, and 1 / ln of it, each in a short high part and the rest."""

    two: tuple[float, float]
    scale: tuple[float, float]


_BASES = {
    "e": {
        FLOAT32: _Base((0.693145751953125, 1.428606765330187e-06), (1.0, 0.0)),
        FLOAT64: _Base((0.6931471805592082, 7.371002565167799e-13), (1.0, 0.0)),
    },
    "2": {
        FLOAT32: _Base((1.0, 0.0), (1.4426950216293335, 1.925963033500011e-08)),
        FLOAT64: _Base((1.0, 0.0), (1.4426950408889634, 2.0355273740931033e-17)),
    },
    "10": {
        FLOAT32: _Base(
            (0.301025390625, 4.605039066518657e-06), (0.4342944622039795, 1.9699271547324315e-08)
        ),
        FLOAT64: _Base(
            (0.30102999566361177, 3.694239077158931e-13),
            (0.4342944819032518, 1.098319650216765e-17),
        ),
    },
}


def split(x: X) -> tuple[X, X]:
    """e and f; without AVX-512, x is positive and finite, or the result is thrown away."""
    if x.parted:
        return x.exponent().named(), (x.mantissa() - 1.0).named()
    least, up, mantissa = (2.0**-126, 23, 23) if x.single else (2.0**-1022, 52, 52)
    tiny = (x < least).named()
    big = tiny.choose(x * 2.0**up, x)
    root = X(x.lit(math.sqrt(0.5)).v, x.lets).bits()  # a constant
    i = (big.bits() - root).named()
    e = (i >> mantissa).to(x.dtype) + tiny.choose(x.lit(-float(up)), x.lit(0.0))
    rest = (i & ((1 << mantissa) - 1)) + root
    return e.named(), (rest.bits(x.dtype) - 1.0).named()


def _tail(f: X) -> X:
    """log(1 + f) - f."""
    if f.single:
        z = (f * f).named()
        return z.fma(-0.5, (z * f) * f.polynomial(_Q if f.parted else _Q_ROOT))
    s = (f / (f + 2.0)).named()
    z, half = (s * s).named(), (f * f * 0.5).named()
    return s.fma(z.fma(z.polynomial(_R if f.parted else _R_ROOT), half), -half)


def _log(x: X, base: str, correction: X | None = None) -> X:
    """The logarithm of x (1 + correction), without the care for special x."""
    facts = _BASES[base][x.dtype]
    e, f = split(x)
    tail = _tail(f)
    if correction is not None:
        tail = tail + correction
    high, low = facts.scale
    if facts.two == (1.0, 0.0):
        return _sum(e, f, high, f.fma(low, tail * high))
    if facts.scale == (1.0, 0.0):
        y = e.fma(facts.two[1], tail) + f
    else:
        y = f.fma(high, f.fma(low, e.fma(facts.two[1], tail * high)))
    return e.fma(facts.two[0], y)


def _sum(e: X, f: X, high: float, rest: X) -> X:
    """e + f high + rest, where the first two may nearly cancel."""
    t, below = product(f, high)
    s, lost = total(e, t)
    if f.parted:  # e may be infinite
        lost = lost.limit(1.0)
    return s + (lost + (below + rest))


def _special(x: X, y: X) -> X:
    """-inf at 0, NaN below, and infinity and NaN as they are."""
    if x.parted:
        return y
    pole = x.equals(0.0).choose(x.lit(-math.inf), x.lit(math.nan))
    return (x.equals(math.inf)).choose(x, (x > 0.0).choose(y, pole))


def log2_for_single(x: X) -> X:
    """log2 in float64 with 16 digits after the point, which float32's powers need; x > 0."""
    e, f = split(x.named())
    s = (f / (f + 2.0)).named()
    z = (s * s).named()
    return (s * z.polynomial(_LOG2_SINGLE)) + e


def log_in_two(x: X) -> tuple[X, X]:
    """log in float64 as a sum of two, to 2^-65 of it; x > 0.

    2 s + 2/3 s^3 are sums of two, and the powers from s^5 on are so small that one number does.
    """
    e, f = split(x.named())
    below, off = total(f.lit(2.0), f)
    s = (f / below).named()
    p, rest = product(s, below)
    least = (((f - p) - rest - s * off) / below).named()
    z, more = product(s, s)
    more = (s * least).fma(2.0, more).named()
    cube, rest = product(z, s)
    rest = (z.fma(least, rest + more * s)).named()
    third, last = product(cube, _THIRD[0])
    last = last + cube * _THIRD[1] + rest * _THIRD[0]
    tail = (z * z * s).named() * z.polynomial(_BEYOND)
    high, low = _BASES["e"][FLOAT64].two
    h, a = both(e * high, s + s)
    h, b = both(h, third)
    return total(h, (a + b + (last + tail + (least + least) + e * low)).named())


def log(x: X) -> X:
    x = x.named()
    return _special(x, _log(x, "e"))


def log2(x: X) -> X:
    x = x.named()
    return _special(x, _log(x, "2"))


def log10(x: X) -> X:
    x = x.named()
    return _special(x, _log(x, "10"))


def log1p(x: X) -> X:
    """log(u) of u = 1 + x rounded, and what the rounding lost, relative to u."""
    x = x.named()
    u = (x + 1.0).named()
    # The larger operand's part of the sum is exact, so that this finds the whole error.
    lost = (x > 1.0).choose(1.0 - (u - x), x - (u - 1.0))
    lost = lost / u
    if x.parted:  # infinity and -1 lose nothing that can be told
        lost = lost.limit(2.0 ** (-23 if x.single else -52))
    y = _special(u, _log(u, "e", lost))
    return (x.abs() < (2.0**-26 if x.single else 2.0**-55)).choose(x, y)


def softplus(x: X) -> X:
    """log(1 + exp(x)) as max(x, 0) + log1p(exp(-|x|))."""
    x = x.named()
    return log1p(exp(-x.abs())) + (x < 0.0).choose(x.lit(0.0), x)
