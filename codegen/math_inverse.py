"""Inverse trigonometric functions on vectors.

asin(x) = x + x^3 P(x^2) up to 1/2, and pi/2 - 2 asin(sqrt((1 - x) / 2)) from there to 1.
atan(t) = t + t^3 Q(t^2) up to 1, and pi/2 - atan(1 / t) beyond; atan2 has the quotient of the
smaller by the larger for t. Fits in relative error by least squares at Chebyshev's nodes in 70
digits, the coefficients rounded one after another.
"""

from __future__ import annotations

import math

from polyc.codegen.math_values import X
from polyc.frontend.dtypes import FLOAT32, FLOAT64

_ASIN = {
    FLOAT32: (  # 2^-31.7
        *(0.16666659712791443, 0.07500514388084412, 0.04451563581824303, 0.031815528869628906),
        *(0.014416951686143875, 0.0375392846763134),
    ),
    FLOAT64: (  # 2^-59.8
        *(0.1666666666666676, 0.07499999999971174, 0.044642857174112135, 0.03038194273578786),
        *(0.02237221412861531, 0.017351628227432116, 0.013980620480784398),
        *(0.011400575398670357, 0.01077086315672477, 0.003741919380549942),
        *(0.021621309496905414, -0.020877916868953638, 0.03255350820524457),
    ),
}
_ATAN = {
    FLOAT32: (  # 2^-30.8
        *(-0.33333325386047363, 0.1999961882829666, -0.142791748046875, 0.11054043471813202),
        *(-0.0879582092165947, 0.0670754536986351, -0.044218774884939194),
        *(0.022145025432109833, -0.007134431507438421, 0.0010774789843708277),
    ),
    FLOAT64: (  # 2^-62.6
        *(-0.33333333333333326, 0.19999999999998228, -0.14285714285571527, 0.11111111105322422),
        *(-0.09090908949940678, 0.07692305414754538, -0.06666640648753519),
        *(0.058821333674478594, -0.052617448054926866, 0.04754803048754006),
        *(-0.043194386555906, 0.03908419543848751, -0.034623324570469, 0.029228142995771037),
        *(-0.02270376075972987, 0.015603650045810203, -0.009107354568806542),
        *(0.004321476793194115, -0.0015832680202342846, 0.0004169968343168994),
        *(-6.989238870399785e-05, 5.579021865074068e-06),
    ),
}
# pi/2 as a number of the type and the rest.
_QUARTER = {
    FLOAT32: (1.5707963705062866, -4.371139000186241e-08),
    FLOAT64: (1.5707963267948966, 6.123233995736766e-17),
}


def _more(x: X, z: X, coefficients: tuple[float, ...]) -> X:
    """z x P(z): what the function is above x, where z is x^2."""
    return z * x * z.polynomial(coefficients)


def _halves(x: X) -> tuple[X, X, X, X]:
    """Whether |x| is small; then x itself and what asin is above it, else those of the root."""
    a = x.abs().named()
    small = (a < 0.5).named()
    z = small.choose(x * x, (1.0 - a) * 0.5).named()
    r = small.choose(a, z.sqrt()).named()
    return small, a, r, _more(r, z, _ASIN[x.dtype]).named()


def asin(x: X) -> X:
    x = x.named()
    high, low = _QUARTER[x.dtype]
    small, _, r, more = _halves(x)
    far = high - (r + r - (low - (more + more)))
    return small.choose(r + more, far).copysign(x)


def acos(x: X) -> X:
    x = x.named()
    high, low = _QUARTER[x.dtype]
    small, _, r, more = _halves(x)
    negative = (x < 0.0).named()
    signed, above = r.copysign(x).named(), more.copysign(x)
    near = high - (signed - (low - above))
    twice = (r + more).named()
    left = 2 * high - (twice + twice - 2 * low)
    return small.choose(near, negative.choose(left, twice + twice))


def _atan(t: X) -> X:
    t = t.named()
    return t + _more(t, (t * t).named(), _ATAN[t.dtype])


def atan(x: X) -> X:
    x = x.named()
    a = x.abs().named()
    steep = (a > 1.0).named()
    high, low = _QUARTER[x.dtype]
    y = _atan(steep.choose(-1.0 / a, a)).named()
    return steep.choose(high + (y + low), y).copysign(x)


def atan2(y: X, x: X) -> X:
    """The angle of (x, y), from that of the smaller over the larger."""
    y, x = y.named(), x.named()
    a, b = y.abs().named(), x.abs().named()
    steep = (a > b).named()
    larger, smaller = steep.choose(a, b).named(), steep.choose(b, a).named()
    # 0 / 0 is 0, and of two infinities the quotient is 1.
    none, both = larger.equals(0.0), smaller.equals(math.inf)
    t = both.choose(x.lit(1.0), none.choose(x.lit(0.0), smaller / larger))
    high, low = _QUARTER[x.dtype]
    angle = _atan(t).copysign(x).named()
    back = 2 * high + (angle + 2 * low)
    # By the sign's bit, which -0 has too.
    angle = steep.choose(high - (angle - low), (x.bits() < 0).choose(back, angle))
    return (x.equals(x) & y.equals(y)).choose(angle, x + y).copysign(y)
