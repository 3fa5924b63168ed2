"""erf and the normal distribution on vectors.

Near 0, erf(x) = x P(x^2). For the rest erfc(z) = exp(-z^2) Q(t) with t = (z - c) / (z + c), which
takes z from 0 to infinity into -1..1; z^2 is kept in two parts, since its rounding error would be
the relative error of the result. P and Q are minimax in relative error (Remez, 50 digits).
"""

from __future__ import annotations

import math

from polyc.codegen.math_exp import split_exp
from polyc.codegen.math_log import log
from polyc.codegen.math_values import X
from polyc.frontend.dtypes import FLOAT64

_P_SINGLE = (  # 2^-34.8 on |x| <= 1
    *(1.128379225730896, -0.37612637877464294, 0.11283782124519348, -0.0268654003739357),
    *(0.005220945458859205, -0.0008482829434797168, 0.0001125695271184668),
    -9.641528777137864e-06,
)
_P_DOUBLE = (  # 2^-62.7
    *(1.1283791670955126, -0.3761263890318375, 0.11283791670954857, -0.026866170645072896),
    *(0.005223977624780888, -0.0008548326978743337, 0.00012055331036939302),
    *(-1.4925593507826263e-05, 1.6460972831955911e-06, -1.6350025381238048e-07),
    *(1.4657880914823138e-08, -1.1365670135343863e-09, 5.945268851218e-11),
)
_C_SINGLE, _Q_SINGLE = (
    2.0,
    (  # 2^-29.1 up to 10.2
        *(0.25539568066596985, -0.42718586325645447, 0.24165818095207214, -0.07897835969924927),
        *(0.0037331623025238514, 0.006995142437517643, -0.0008488441817462444),
        *(-0.0009719388908706605, 5.006841820431873e-05, 0.0001546022540424019),
        *(1.3368721738515887e-05, -1.1987334801233374e-05),
    ),
)
_C_DOUBLE, _Q_DOUBLE = (
    3.0,
    (  # 2^-59.1 up to 28
        *(0.17900115118138996, -0.3262335600430372, 0.2456038017123308, -0.15011593650077787),
        *(0.07166583719798438, -0.024392499318649053, 0.004269136332667252, 0.0007077464385426103),
        *(-0.0005970619460778825, 4.525530210854249e-05, 6.405653512520939e-05),
        *(-1.2860517956125388e-05, -7.978028801081952e-06, 2.12007981246444e-06),
        *(1.2521640695253506e-06, -2.940591574651492e-07, -2.3394965678505737e-07),
        *(2.8531857792079472e-08, 4.591369474487755e-08, 1.2184270277819962e-09),
        *(-8.008970142184229e-09, -1.3881941395419746e-09, 9.160102940336331e-10),
        *(2.5726860010408315e-10, -1.9521079355704272e-11),
    ),
)


def _square(a: X) -> tuple[X, X]:
    """a^2 as a sum of two: exactly by a multiply-add, or from a short upper half of a."""
    if a.lets.target.fma:
        s = (a * a).named()
        return s, a.fma(a, -s)
    keep = -(1 << 12) if a.single else -(1 << 27)
    short = (a.bits() & keep).bits(a.dtype).named()
    return short * short, (a - short) * (a + short)


def _tail(a: X, width: float, factor: float) -> X:
    """factor * erfc(a / width) for a >= 0."""
    c, q, end = (_C_SINGLE, _Q_SINGLE, 10.2) if a.single else (_C_DOUBLE, _Q_DOUBLE, 28.0)
    a = a.at_most(end * width).named()
    square, rest = _square(a)
    # exp(-a^2 / width^2): width^2 is 1 or 2.
    inverse = -1.0 / round(width * width)
    m, n = split_exp((square * inverse).named(), rest * inverse)
    t = ((a - c * width) / (a + c * width)).named()
    # Scaled last, so that a denormal result rounds once.
    return (m * t.polynomial([k * factor for k in q])).scale(n)


def _near_zero(x: X) -> X:
    return x * (x * x).named().polynomial(_P_SINGLE if x.single else _P_DOUBLE)


def erf(x: X) -> X:
    x = x.named()
    a = x.abs().named()
    far = (1.0 - _tail(a, 1.0, 1.0)).copysign(x)
    return (a < 1.0).choose(_near_zero(x), far)


def erfc(x: X) -> X:
    x = x.named()
    tail = _tail(x.abs(), 1.0, 1.0).named()
    far = (x < 0.0).choose(2.0 - tail, tail)
    return (x.abs() < 0.5).choose(1.0 - _near_zero(x), far)


def normcdf(x: X) -> X:
    """erfc(-x / sqrt(2)) / 2, accurate relative to itself in the lower tail."""
    x = x.named()
    tail = _tail(x.abs(), math.sqrt(2), 0.5).named()
    return (x > 0.0).choose(1.0 - tail, tail)


def gelu(x: X) -> X:
    x = x.named()
    return x * normcdf(x)


def erfinv(y: X) -> X:
    """Newton's iteration in float64 from Winitzki's formula (2008)."""
    original, y = y, y.to(FLOAT64).named()
    a = y.abs().named()
    w = log((1.0 - a) * (1.0 + a)).named()
    t = (w.fma(0.5, 2 / (math.pi * 0.147))).named()
    x = ((t * t - w / 0.147).sqrt() - t).sqrt().named()
    for _ in range(3 if original.single else 4):
        # erfc keeps the digits that erf loses near 1.
        m, n = split_exp((x * x).at_most(700.0).named())
        gap = erfc(x) - (1.0 - a)
        x = gap.fma(m.scale(n) * (math.sqrt(math.pi) / 2), x).named()
    x = (a < 1e-9).choose(a * (math.sqrt(math.pi) / 2), x)
    x = a.equals(1.0).choose(a.lit(math.inf), x)
    return x.copysign(y).to(original.dtype)
