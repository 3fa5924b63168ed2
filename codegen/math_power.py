"""Powers and roots on vectors."""

from __future__ import annotations

import math
from collections.abc import Callable

from polyc.codegen.loops import Lit
from polyc.codegen.math_exact import product
from polyc.codegen.math_exp import exp2_for_single, split_expm1, whole
from polyc.codegen.math_log import log2_for_single, log_in_two, split
from polyc.codegen.math_values import X
from polyc.frontend.dtypes import FLOAT64


def power(x: X, y: X) -> X:
    """Small whole powers by products, else exp2(y log2(x)) with the digits that takes."""
    if isinstance(y.v, Lit) and y.v.value in _PRODUCTS:
        return _PRODUCTS[y.v.value](x.named())
    x, y = x.named(), y.named()
    # What is negative, 0, infinite or no number has rules of its own, which the C library keeps.
    usual = ((x > 0.0) & (x < math.inf) & (y.abs() < math.inf)).named()
    main = _power_for_single(x, y) if x.single else _power(x, y)
    rare = usual.invert().named()
    return rare.choose(x.libm("pow", y, where=rare), main)


def _power_for_single(x: X, y: X) -> X:
    return exp2_for_single(log2_for_single(x.to(FLOAT64)) * y.to(FLOAT64)).to(x.dtype)


def _power(x: X, y: X) -> X:
    """exp(y log(x)), the logarithm and its product with y as sums of two."""
    (high, low) = log_in_two(x)
    # Beyond, the result is 0 or infinite; the bound keeps the product finite.
    y = y.at_least(-1e300).at_most(1e300).named()
    p, below = product(high, y)
    p, rest = p.at_least(-760.0).at_most(760.0).named(), below + low * y
    rest = (p.abs() < 759.0).choose(rest, rest.lit(0.0))
    m, n = split_expm1(p, rest)
    m = m.named()
    return (m + 1.0).scale(n)


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


def rsqrt(x: X) -> X:
    """1 / sqrt(x) = y (1 + lost / 2), where lost = 1 - x y^2."""
    x = x.named()
    y = (1.0 / x.sqrt()).named()
    root, more = product(x, y)
    one, below = product(root, y)
    lost = ((1.0 - one) - below - more * y).named()
    return lost.equals(lost).choose(y + y * (lost * 0.5), y)  # 0 and infinity lose nothing


_CBRT = (  # 1 / cbrt, 2^-11.1 from 0.7 to 1.5
    *(1.712455925886537, -1.2286757504652488, 0.655702996791076, -0.13968981069036),
)


def cbrt(x: X) -> X:
    """x r^2 with r = 1 / cbrt(x), by Halley's iteration, which triples digits; no division."""
    x = x.named()
    a = x.abs().to(FLOAT64).named()
    e, f = split(a)
    thirds = whole(e, 1 / 3)
    left = thirds.fma(-3.0, e).named()  # -1, 0 or 1
    m = (f + 1.0).named()
    above, below = (left > 0.0), (left < 0.0)
    root = below.choose(m.lit(2 ** (1 / 3)), above.choose(m.lit(0.5 ** (1 / 3)), m.lit(1.0)))
    r = (m.polynomial(_CBRT) * root).named()
    m = m.scale(left).named()
    for _ in range(1 if x.single else 2):
        lost = (r * r * r).fma(-m, 1.0).named()
        r = (r + r * (lost * lost.fma(2 / 9, 1 / 3))).named()
    square = (r * r).named()
    y = (m * square).named()
    if not x.single:  # y^3 - m with all digits, and a step of Newton's iteration
        s, below = product(y, y)
        cube, rest = product(s, y)
        y = y - ((cube - m) + (rest + below * y)) * (square * (1 / 3))
    same = x.equals(0.0) | (x.abs() < math.inf).invert()
    return same.choose(x, y.scale(thirds).to(x.dtype).copysign(x))


def hypot(x: X, y: X) -> X:
    """sqrt(x^2 + y^2), in float64 scaled so that nothing overflows or is lost."""
    x, y = x.abs().named(), y.abs().named()
    infinite = x.equals(math.inf) | y.equals(math.inf)
    if x.single:
        a, b = x.to(FLOAT64).named(), y.to(FLOAT64).named()
        out = a.fma(a, b * b).sqrt().to(x.dtype)
    else:
        larger = (x > y).choose(x, y)
        factor = (larger > 2.0**500).choose(x.lit(2.0**-600), x.lit(1.0))
        factor = (larger < 2.0**-450).choose(x.lit(2.0**600), factor).named()
        a, b = (x * factor).named(), (y * factor).named()
        out = a.fma(a, b * b).sqrt() * (1.0 / factor)
    return infinite.choose(x.lit(math.inf), out)
