"""erf and the normal distribution on vectors.

Near 0, erf(x) = x + x P(x^2). For the rest erfc(z) = exp(-z^2) Q(t) / (1 + 2z), where Q is nearly
flat, with t = (z - c) / (z + c), which takes z from 0 to infinity into -1..1; z^2 is kept in two
parts, since its rounding error would be the relative error of the result. P and Q are minimax in
relative error (Remez, 50 digits).
"""

from __future__ import annotations

import math

from polyc.codegen.math_exp import split_exp, split_expm1
from polyc.codegen.math_log import log
from polyc.codegen.math_values import X
from polyc.frontend.dtypes import FLOAT64

_P_SINGLE = (  # 2^-34.8 on |x| <= 1
    *(0.12837916709551256, -0.37612637877464294, 0.11283782124519348, -0.0268654003739357),
    *(0.005220945458859205, -0.0008482829434797168, 0.0001125695271184668),
    -9.641528777137864e-06,
)
_P_DOUBLE = (  # 2^-62.7
    *(0.12837916709551256, -0.3761263890318375, 0.11283791670954857, -0.026866170645072896),
    *(0.005223977624780888, -0.0008548326978743337, 0.00012055331036939302),
    *(-1.4925593507826263e-05, 1.6460972831955911e-06, -1.6350025381238048e-07),
    *(1.4657880914823138e-08, -1.1365670135343863e-09, 5.945268851218e-11),
)
_C_SINGLE, _Q_SINGLE = (
    2.0,
    (  # 2^-30.0 up to 10.2
        *(1.2769783735275269, -0.09276381880044937, -0.16603052616119385, 0.16405104100704193),
        *(-0.05421781539916992, -0.008030875585973263, 0.00870902743190527),
        *(0.0012527165235951543, -0.0014206321211531758, -0.0004007189127150923),
        *(0.0001692528312560171, 7.93514191173017e-05),
    ),
)
_C_DOUBLE, _Q_DOUBLE = (
    3.0,
    (  # 2^-55.4 up to 28
        *(1.2530080582697296, -0.13562110612458053, -0.04756229435344914, 0.12964515870269053),
        *(-0.11927366341539405, 0.06830802734628835, -0.02377051491673234, 0.0025293917810087696),
        *(0.0018886903351797671, -0.0007798319773547762, -0.00010515961066839904),
        *(0.0001250978451568898, 4.948511190686083e-06, -2.009565327392146e-05),
        *(-7.282015551571153e-07, 3.462022296987783e-06, 3.49443090868823e-07),
        *(-6.025531801143395e-07, -1.3095737000899995e-07, 9.015785807584412e-08),
        *(3.243183498323548e-08, -7.992150627495222e-09, -3.981097257377828e-09),
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


def _tail(a: X, width: float, factor: X | float) -> X:
    """factor * erfc(a / width) for a >= 0; what each step rounds off is carried along."""
    c, q, end = (_C_SINGLE, _Q_SINGLE, 10.2) if a.single else (_C_DOUBLE, _Q_DOUBLE, 28.0)
    a = a.at_most(end * width).named()
    square, rest = _square(a)
    # exp(-a^2 / width^2): width^2 is 1 or 2.
    inverse = -1.0 / round(width * width)
    p, n = split_expm1((square * inverse).named(), rest * inverse)
    t = ((a - c * width) / (a + c * width)).named()
    slope = t.polynomial(q[1:]).named()
    top = slope.fma(t, q[0]).named()
    twice = (a * (2.0 / width)).named()
    below = (twice + 1.0).named()
    flat = (top / below).named()
    lost = slope.fma(t, q[0] - top) - flat * (twice - (below - 1.0))
    more = (flat.fma(-below, top) + lost) / below
    # Scaled last, so that a denormal result rounds once.
    return ((flat + p.named().fma(flat, more)) * factor).scale(n)


def _near_zero(x: X) -> X:
    x = x.named()
    return x.fma((x * x).named().polynomial(_P_SINGLE if x.single else _P_DOUBLE), x)


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
    a = x.abs().named()
    tail = _tail(a, math.sqrt(2), 0.5).named()
    near = _near_zero(x * math.sqrt(0.5)).fma(0.5, 0.5)
    return (a < 1.0).choose(near, (x > 0.0).choose(1.0 - tail, tail))


def gelu(x: X) -> X:
    """x normcdf(x); for negative x the factor goes into the tail before it is scaled."""
    x = x.named()
    a = x.abs().named()
    half = (x * 0.5).named()
    # The tail is 0 long before this bound, which keeps the product finite.
    tail = _tail(a, math.sqrt(2), half.at_least(-24.0).at_most(24.0)).named()
    near = _near_zero(x * math.sqrt(0.5)).fma(half, half)
    return (a < 1.0).choose(near, (x > 0.0).choose(x - tail, tail)).copysign(x)


def erfinv(y: X) -> X:
    """Newton's iteration in float64 from Winitzki's formula (2008)."""
    original, y = y, y.to(FLOAT64).named()
    a = y.abs().named()
    w = log((1.0 - a) * (1.0 + a)).named()
    t = (w.fma(0.5, 2 / (math.pi * 0.147))).named()
    x = ((t * t - w / 0.147).sqrt() - t).sqrt().named()
    for _ in range(3 if original.single else 4):
        # erfc keeps the digits that erf loses near 1, and erf those of small numbers.
        m, n = split_exp((x * x).at_most(700.0).named())
        gap = (a < 0.5).choose(a - _near_zero(x), erfc(x) - (1.0 - a))
        x = gap.fma(m.scale(n) * (math.sqrt(math.pi) / 2), x).named()
    x = (a < 1e-9).choose(a * (math.sqrt(math.pi) / 2), x)
    x = a.equals(1.0).choose(a.lit(math.inf), x)
    return x.copysign(y).to(original.dtype)
