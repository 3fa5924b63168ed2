"""sin, cos and tan on vectors, and powers.

n = rint(x 2/pi) quarter turns are subtracted in three parts (Cody and Waite 1980); what is beyond
their reach, or not finite, is the C library's business, lane by lane and behind a branch. On
|r| <= pi/4: sin(r) = r + r^3 S(r^2), cos(r) = 1 - r^2/2 + r^4 C(r^2), minimax (Remez, 50 digits).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from polyc.codegen.loops import Lit
from polyc.codegen.math_exp import exp2, facts
from polyc.codegen.math_log import log2
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
# pi/2 in parts: full ones where a multiply-add is exact, else short ones.
_PARTS = {
    (True, True): ((1.570796251296997, 7.549789415861596e-08, 5.390302953474238e-15), 2.0**15),
    (True, False): (
        (1.5703125, 0.0004837512969970703, 7.549533620476723e-08, 2.5633440682570896e-12),
        2.0**11,
    ),
    (False, True): (
        (1.5707963267948966, 6.123233995736765e-17, 1.082856673921914e-32),
        2.0**30,
    ),
    (False, False): (
        (1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32),
        2.0**19,
    ),
}


def _quarter_turns(x: X) -> tuple[X, X, X]:
    """n's low bits as an integer, r, and where the parts reach."""
    parts, reach = _PARTS[x.single, x.lets.target.fma]
    inside = (x.abs() < reach).named()
    x = inside.choose(x, x.lit(0.0)).named()
    magic = facts(x).magic
    shifted = x.fma(2 / math.pi, magic).named()
    n = (shifted - magic).named()
    r = x
    for part in parts:
        r = n.fma(-part, r).named()
    return shifted.bits().named(), r, inside


def _both(r: X) -> tuple[X, X]:
    """sin(r) and cos(r)."""
    s, c = _SINGLE if r.single else _DOUBLE
    z = (r * r).named()
    sine = (z * r).fma(z.polynomial(s), r)
    # The rounding error of 1 - z/2 is small, known and added back.
    half = z * 0.5
    most = (1.0 - half).named()
    cosine = most + (z * z).fma(z.polynomial(c), (1.0 - most) - half)
    return sine.named(), cosine.named()


def _signed(x: X, turned: X) -> X:
    """x with its sign flipped where bit 1 of `turned` is set."""
    sign = (turned & 2) << (30 if x.single else 62)
    return (x.bits() ^ sign).bits(x.dtype)


def _turned(x: X, fn: str, ahead: int) -> X:
    x = x.named()
    n, r, inside = _quarter_turns(x)
    sine, cosine = _both(r)
    n = (n + ahead).named() if ahead else n
    odd = (n & 1).equals(1)
    near = _signed(odd.choose(cosine, sine), n)
    if not ahead:
        # -0, and the smallest numbers, whose product with 2/pi would be rounded away.
        near = (x.abs() < facts(x).tiny).choose(x, near)
    outside = inside.invert().named()
    return inside.choose(near, x.libm(fn, where=outside))


def sin(x: X) -> X:
    return _turned(x, "sin", 0)


def cos(x: X) -> X:
    return _turned(x, "cos", 1)


def tan(x: X) -> X:
    """sin / cos; float32 goes through float64, where the quotient's errors do not show."""
    if x.single:
        return tan(x.to(FLOAT64)).to(x.dtype)
    x = x.named()
    n, r, inside = _quarter_turns(x)
    sine, cosine = _both(r)
    odd = (n & 1).equals(1).named()
    near = odd.choose(-cosine, sine) / odd.choose(sine, cosine)
    near = (x.abs() < facts(x).tiny).choose(x, near)
    outside = inside.invert().named()
    return inside.choose(near, x.libm("tan", where=outside))


def power(x: X, y: X) -> X:
    """Small whole powers by products; in float32 exp2(y log2(x)), computed in float64."""
    if isinstance(y.v, Lit) and y.v.value in _PRODUCTS:
        return _PRODUCTS[y.v.value](x.named())
    if not x.single:
        return x.libm("pow", y)
    x, y = x.named(), y.named()
    usual = (x > 0.0) & (x < math.inf) & (y.abs() < math.inf)
    usual = usual.named()
    safe = usual.choose(x, x.lit(1.0)).to(FLOAT64)
    main = exp2(log2(safe) * y.to(FLOAT64)).to(x.dtype)
    rare = usual.invert().named()
    return usual.choose(main, x.libm("pow", y, where=rare))


def _fourth(x: X) -> X:
    z = (x * x).named()
    return z * z


_PRODUCTS: dict[float, Callable[[X], X]] = {
    0.0: lambda x: x.lit(1.0),
    1.0: lambda x: x,
    2.0: lambda x: x * x,
    3.0: lambda x: x * x * x,
    4.0: _fourth,
    -1.0: lambda x: 1.0 / x,
    -2.0: lambda x: 1.0 / (x * x),
}
