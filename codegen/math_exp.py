"""exp and its family on vectors.

exp(x) = 2^n * exp(r) with n = rint(x / ln 2) and |r| <= ln(2)/2; ln 2 is subtracted in two parts
(Cody and Waite 1980), the first with so few bits that n times it is exact. The polynomials are
minimax fits (Remez exchange in 50 digits, coefficients then rounded): of (exp(r) - 1 - r) / r^2
and of (2^r - 1 - r ln 2) / r^2, weighted by r^2, so that their error is that of the result;
for expm1 weighted by r. The error is beside each.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from polyc.codegen.math_values import X


class _Facts(NamedTuple):
    """What the reduction needs to know about a float type."""

    magic: float  # x + magic - magic is rint(x)
    ln2: tuple[float, float]
    low: float  # exp is 0 below
    high: float  # exp is infinite above
    minus_one: float  # expm1 is -1 below
    tiny: float  # expm1(x), erf and their like are linear below
    exp: tuple[float, ...]
    exp2: tuple[float, ...]
    expm1: tuple[float, ...]


_SINGLE = _Facts(
    magic=1.5 * 2.0**23,
    ln2=(0.693145751953125, 1.428606765330187e-06),
    low=-104.0,
    high=89.0,
    minus_one=-18.0,
    tiny=2.0**-30,
    exp=(  # 2^-28.2
        *(0.5, 0.166665181517601, 0.04166620597243309, 0.008368917740881443),
        0.0013950547436252236,
    ),
    exp2=(  # 2^-28.2
        *(0.24022650718688965, 0.055503617972135544, 0.009618022479116917),
        *(0.0013390431413426995, 0.00015471836377400905),
    ),
    expm1=(  # 2^-32.0
        *(0.5, 0.1666666716337204, 0.04166635498404503, 0.008333273231983185),
        *(0.0013941045617684722, 0.00019914224685635418),
    ),
)
_DOUBLE = _Facts(
    magic=1.5 * 2.0**52,
    ln2=(0.6931471805592082, 7.371002565167799e-13),
    low=-746.0,
    high=710.0,
    minus_one=-38.0,
    tiny=2.0**-60,
    exp=(  # 2^-58.0
        *(0.5000000000000013, 0.166666666666667, 0.041666666666514925, 0.008333333333307134),
        *(0.0013888888947157052, 0.00019841269917541586, 2.480148978489015e-05),
        *(2.7557216154527966e-06, 2.7631340024277273e-07, 2.5117909045348216e-08),
    ),
    exp2=(  # 2^-58.0
        *(0.24022650695910133, 0.05550410866482169, 0.009618129107593661, 0.0013333558146386767),
        *(0.0001540353045773444, 1.5252733862448626e-05, 1.3215434965725934e-06),
        *(1.0178048043295526e-07, 7.073837486408275e-09, 4.4571995094296793e-10),
    ),
    expm1=(  # 2^-61.7
        *(0.5, 0.16666666666666677, 0.0416666666666667, 0.008333333333321582),
        *(0.001388888888886672, 0.0001984126988625927, 2.480158736077828e-05),
        *(2.7557244068083108e-06, 2.755724257460234e-07, 2.5109088469094832e-08),
        2.0924499866905806e-09,
    ),
)


def facts(x: X) -> _Facts:
    return _SINGLE if x.single else _DOUBLE


def whole(x: X, factor: float = 1.0) -> X:
    """rint(x * factor) for results far below the type's precision."""
    magic = facts(x).magic
    return (x.fma(factor, magic) - magic).named()


def reduced(x: X, rest: X | None = None) -> tuple[X, X]:
    """n and r with x + rest = n ln 2 + r."""
    n = whole(x, 1 / math.log(2))
    high, low = facts(x).ln2
    r = n.fma(-high, x).named()
    if rest is not None:
        r = r + rest
    return n, n.fma(-low, r).named()


def split_exp(x: X, rest: X | None = None) -> tuple[X, X]:
    """m and n with exp(x + rest) = m 2^n and m near 1; the caller has bounded x."""
    n, r = reduced(x, rest)
    return r.polynomial(facts(x).exp).fma(r, 1.0).fma(r, 1.0), n


def exp(x: X) -> X:
    f = facts(x)
    m, n = split_exp(x.at_least(f.low).at_most(f.high).named())
    return m.scale(n)


def exp2(x: X) -> X:
    low, high = (-152.0, 129.0) if x.single else (-1077.0, 1025.0)
    x = x.at_least(low).at_most(high).named()
    n = whole(x)
    r = (x - n).named()
    return r.polynomial((math.log(2), *facts(x).exp2)).fma(r, 1.0).scale(n)


def expm1(x: X) -> X:
    f = facts(x)
    tiny = x.abs() < f.tiny
    x = x.named()
    n, r = reduced(x.at_least(f.minus_one).at_most(f.high).named())
    p = (r.polynomial(f.expm1) * r).fma(r, r)
    # 2 (2^(n-1) p + (2^(n-1) - 1/2)): 2^n alone would overflow before expm1 does.
    s = x.lit(1.0).scale(n - 1.0).named()
    half = s.fma(p, s - 0.5).named()
    return tiny.choose(x, half + half)


def tanh(x: X) -> X:
    x = x.named()
    t = expm1((x.abs() * 2.0).at_most(20.0 if x.single else 44.0)).named()
    return (t / (t + 2.0)).copysign(x)


def _half_squared(x: X) -> tuple[X, X]:
    """h = exp(x / 2), and h/2, so that h/2 * h is exp(x)/2 also where exp(x) overflows."""
    h = exp(x * 0.5).named()
    return h, h * 0.5


def sinh(x: X) -> X:
    x = x.named()
    a = x.abs().named()
    e = expm1(a).named()
    h, half = _half_squared(a)
    near = (e + e / (e + 1.0)) * 0.5
    return (a > (80.0 if x.single else 700.0)).choose(half * h, near).copysign(x)


def cosh(x: X) -> X:
    a = x.abs().named()
    e = exp(a).named()
    h, half = _half_squared(a)
    near = e.fma(0.5, 0.5 / e)
    return (a > (80.0 if x.single else 700.0)).choose(half * h, near)


def sigmoid(x: X) -> X:
    """1 / (1 + e) or e / (1 + e) with e = exp(-|x|), which never overflows."""
    x = x.named()
    e = exp(-x.abs()).named()
    return (x >= 0.0).choose(x.lit(1.0), e) / (e + 1.0)


def silu(x: X) -> X:
    x = x.named()
    return x * sigmoid(x)


def gelu_tanh(x: X) -> X:
    """x/2 (1 + tanh(u)) is x sigmoid(2u): no cancellation for negative x."""
    x = x.named()
    c = 2 * math.sqrt(2 / math.pi)
    return x * sigmoid((x * x).fma(c * 0.044715, c) * x)
