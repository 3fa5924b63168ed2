"""erf and the normal distribution on vectors.

Near 0, erf(x) = x + x P(x^2); for the rest there are tails. float32 computes in float64, where a
tail needs no care for its rounding errors and serves everywhere, and where erf is x E(x^2) up to
where it is 1. P is minimax in relative error (Remez, 50 digits), E fitted like the tails.
"""

from __future__ import annotations

import math

from polyc.codegen.math_exp import split_exp
from polyc.codegen.math_log import log
from polyc.codegen.math_tails import ERFC, NORMAL, tail, tail_for_single
from polyc.codegen.math_values import X
from polyc.frontend.dtypes import FLOAT64

_P = (  # 2^-62.7
    *(0.12837916709551256, -0.3761263890318375, 0.11283791670954857, -0.026866170645072896),
    *(0.005223977624780888, -0.0008548326978743337, 0.00012055331036939302),
    *(-1.4925593507826263e-05, 1.6460972831955911e-06, -1.6350025381238048e-07),
    *(1.4657880914823138e-08, -1.1365670135343863e-09, 5.945268851218e-11),
)
_ERF_END = 3.925
_E = (  # 2^-29.7 up to there
    *(1.1283791657717097, -0.37612633984442656, 0.11283760258152033, -0.02686535496565419),
    *(0.00522283683344163, -0.0008538436048892319, 0.00011997538103908375),
    *(-1.4685287572488638e-05, 1.5723066980977587e-06, -1.463854124165016e-07),
    *(1.1672011763737579e-08, -7.791511849891909e-10, 4.2316414574736e-11),
    *(-1.8055537429598895e-12, 5.782717145913103e-14, -1.2998293867946532e-15),
    *(1.8209772912739327e-17, -1.1928067439096628e-19),
)


def _near_zero(x: X) -> X:
    x = x.named()
    return x.fma((x * x).named().polynomial(_P), x)


def erf(x: X) -> X:
    x = x.named()
    if x.single:
        wide = x.at_least(-_ERF_END).at_most(_ERF_END).to(FLOAT64).named()
        return (wide * (wide * wide).named().polynomial(_E)).to(x.dtype)
    a = x.abs().named()
    far = (1.0 - tail(a, ERFC)).copysign(x)
    return (a < 1.0).choose(_near_zero(x), far)


def erfc(x: X) -> X:
    x = x.named()
    if x.single:
        wide = x.to(FLOAT64).named()
        least = tail_for_single(wide.abs().named(), ERFC).named()
        return (wide < 0.0).choose(2.0 - least, least).to(x.dtype)
    least = tail(x.abs().named(), ERFC).named()
    far = (x < 0.0).choose(2.0 - least, least)
    return (x.abs() < 0.75).choose(1.0 - _near_zero(x), far)


def normcdf(x: X) -> X:
    """erfc(-x / sqrt(2)) / 2, accurate relative to itself in the lower tail."""
    x = x.named()
    if x.single:
        return _normal(x.to(FLOAT64).named()).to(x.dtype)
    a = x.abs().named()
    least = tail(a, NORMAL).named()
    near = _near_zero(x * math.sqrt(0.5)).fma(0.5, 0.5)
    return (a < 0.6).choose(near, (x > 0.0).choose(1.0 - least, least))


def _normal(x: X) -> X:
    least = tail_for_single(x.abs().named(), NORMAL).named()
    return (x > 0.0).choose(1.0 - least, least)


def gelu(x: X) -> X:
    """x normcdf(x); for negative x the factor goes into the tail before it is scaled."""
    x = x.named()
    # The tail is 0 long before this bound, which keeps the product finite.
    bounded = x.at_least(-48.0)
    if x.single:
        wide = bounded.to(FLOAT64).named()
        return (wide * _normal(wide)).to(x.dtype)
    a = x.abs().named()
    least = tail(a, NORMAL, bounded.at_most(48.0)).named()
    half = (x * 0.5).named()
    near = _near_zero(x * math.sqrt(0.5)).fma(half, half)
    return (a < 0.6).choose(near, (x > 0.0).choose(x - least, least)).copysign(x)


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
