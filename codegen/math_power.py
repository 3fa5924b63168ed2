"""Powers and roots on vectors."""

from __future__ import annotations

import math
from collections.abc import Callable

from polyc.codegen.loops import Lit
from polyc.codegen.math_exact import product
from polyc.codegen.math_exp import exp2
from polyc.codegen.math_log import log2
from polyc.codegen.math_values import X
from polyc.frontend.dtypes import FLOAT64


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


def rsqrt(x: X) -> X:
    """1 / sqrt(x) = y (1 + lost / 2), where lost = 1 - x y^2."""
    x = x.named()
    y = (1.0 / x.sqrt()).named()
    root, more = product(x, y)
    one, below = product(root, y)
    lost = ((1.0 - one) - below - more * y).named()
    return lost.equals(lost).choose(y + y * (lost * 0.5), y)  # 0 and infinity lose nothing
