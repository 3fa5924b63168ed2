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

from polyc.codegen.math_exact import both, product, total
from polyc.codegen.math_values import X
from polyc.frontend.dtypes import FLOAT64


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
    if not x.lets.target.fma:
        p, n = split_expm1(x, rest)
        return p + 1.0, n
    n, r = reduced(x, rest)
    return r.polynomial((1.0, 1.0, *facts(x).exp)), n


def split_expm1(x: X, rest: X | None = None) -> tuple[X, X]:
    """m - 1 and n: more digits of the same m."""
    if x.lets.target.fma:
        n, r = reduced(x, rest)
        return r.polynomial(facts(x).exp).fma(r * r, r), n
    # The second part of n ln 2 is added last, for r alone has lost some of it.
    n = whole(x, 1 / math.log(2))
    high, low = facts(x).ln2
    first, second = n.fma(-high, x).named(), (n * -low).named()
    if rest is not None:
        second = (second + rest).named()
    r = (first + second).named()
    return first + (r.polynomial(facts(x).exp) * (r * r) + second), n


def exp_for_single(x: X) -> X:
    """exp in float64 with the digits that float32 needs."""
    if not x.parted:
        x = x.at_least(-700.0).at_most(700.0)
    x = x.named()
    n = whole(x, 1 / math.log(2))
    r = n.fma(-math.log(2), x)
    r = (r.limit(0.375) if x.parted else r).named()
    return r.polynomial((1.0, 1.0, *_SINGLE.exp)).scale(n)


def exp2_for_single(x: X) -> X:
    """exp2 in float64 with the digits that float32 needs."""
    if not x.parted:
        x = x.at_least(-1000.0).at_most(1000.0)
    x = x.named()
    n = whole(x)
    r = x - n
    r = (r.limit(0.5) if x.parted else r).named()
    return r.polynomial((1.0, math.log(2), *_SINGLE.exp2)).scale(n)


def exp(x: X) -> X:
    f = facts(x)
    if x.parted:
        # n may be anything, NaN included: scaling makes of it what it should.
        n, r = reduced(x.named())
        r = r.limit(0.375).named()
        return r.polynomial((1.0, 1.0, *f.exp)).scale(n)
    m, n = split_exp(x.at_least(f.low).at_most(f.high).named())
    return m.scale(n)


def exp2(x: X) -> X:
    if not x.parted:
        low, high = (-152.0, 129.0) if x.single else (-1077.0, 1025.0)
        x = x.at_least(low).at_most(high)
    x = x.named()
    n = whole(x)
    r = x - n
    r = (r.limit(0.5) if x.parted else r).named()
    return r.polynomial((math.log(2), *facts(x).exp2)).fma(r, 1.0).scale(n)


def expm1(x: X) -> X:
    f = facts(x)
    tiny = x.abs() < f.tiny
    x = x.named()
    n, r = reduced(x.at_least(f.minus_one).at_most(f.high).named())
    # 2 (2^(n-1) expm1(r) + (2^(n-1) - 1/2)): 2^n alone would overflow before expm1 does.
    s = x.lit(1.0).scale(n - 1.0).named()
    half = (s * (r * r)).fma(r.polynomial(f.expm1), s.fma(r, s - 0.5)).named()
    return tiny.choose(x, half + half)


_TANH_SINGLE = (  # 2^-32.6 on |x| <= 0.625
    *(-0.3333333134651184, 0.13333210349082947, -0.05394722893834114, 0.0217030867934227),
    *(-0.00818293634802103, 0.002147752558812499),
)
_TANH_DOUBLE = (  # 2^-65.8 on |x| <= 0.55
    *(-0.3333333333333333, 0.13333333333333078, -0.053968253968051494, 0.021869488528081394),
    *(-0.00886323534110396, 0.003592125221109743, -0.0014558063082539964),
    *(0.0005898354489875867, -0.00023822236582372535, 9.398508585768822e-05),
    *(-3.2988015081843594e-05, 7.46072479202345e-06),
)


def tanh(x: X) -> X:
    """x + x^3 P(x^2) near 0, else 1 - 2 / (exp(2|x|) + 1)."""
    x = x.named()
    a = x.abs().named()
    z = (x * x).named()
    near = (z * a).fma(z.polynomial(_TANH_SINGLE if x.single else _TANH_DOUBLE), a)
    m, n = split_exp((a + a).at_most(20.0 if x.single else 44.0).named())
    far = 1.0 - 2.0 / (m.scale(n) + 1.0)
    return (a < (0.625 if x.single else 0.55)).choose(near, far).copysign(x)


def _half_exp(x: X) -> X:
    """exp(x) / 2 for x >= 0: it overflows where sinh and cosh do."""
    m, n = split_exp(x.at_most(facts(x).high + 1.0).named())
    return m.scale(n - 1.0).named()


_SINH_SINGLE = (  # 2^-34.0 on |x| <= 1
    *(0.1666666716337204, 0.008333350531756878, 0.00019836067804135382),
    2.8174354156362824e-06,
)
_SINH_DOUBLE = (  # 2^-63.2
    *(0.16666666666666669, 0.008333333333333139, 0.0001984126984143756),
    *(2.7557319155369765e-06, 2.505212339398921e-08, 1.60572406585047e-10),
    7.759303479394474e-13,
)


def sinh(x: X) -> X:
    """x + x^3 P(x^2) near 0, else (exp(|x|) - exp(-|x|)) / 2."""
    x = x.named()
    a = x.abs().named()
    z = (x * x).named()
    near = (z * x).fma(z.polynomial(_SINH_SINGLE if x.single else _SINH_DOUBLE), x)
    half = _half_exp(a)
    return (a < 1.0).choose(near, (half - 0.25 / half).copysign(x))


def cosh(x: X) -> X:
    half = _half_exp(x.abs())
    return half + 0.25 / half


def _logistic(x: X, rest: X | None = None, factor: X | None = None) -> X:
    """factor / (1 + exp(-(x + rest))), from e = exp(-|x|), which never overflows.

    For negative x it is factor e / (1 + e), scaled last: a denormal result rounds once.
    """
    positive = (x >= 0.0).named()
    if rest is not None:
        rest = positive.choose(-rest, rest)
    # Below this bound, exp is 0 even times the largest factor it leaves.
    low = facts(x).low - 8.0
    p, n = split_expm1((-x.abs()).at_least(low).named(), rest)
    p, n = p.named(), n.named()
    one = x.lit(1.0).scale(n).named()
    e = p.fma(one, one).named()
    below, lost = total(x.lit(1.0), e)
    # One division, then what it and the sum have rounded off.
    inverse = (1.0 / below).named()
    t, more = product(inverse, below)
    lost = (1.0 - t) - more - inverse * lost
    above = positive.choose(x.lit(0.0), p)
    y = inverse + above.fma(inverse, lost * inverse)
    if factor is not None:
        y = y * factor.at_least(low)
    return y.scale(positive.choose(x.lit(0.0), n))


def sigmoid(x: X) -> X:
    x = x.named()
    return _logistic_for_single(x) if x.single else _logistic(x)


def silu(x: X) -> X:
    x = x.named()
    if not x.single:
        return _logistic(x, factor=x)
    # Below, float32 has come down to 0.
    return _logistic_for_single(x, x.at_least(-120.0).to(FLOAT64))


def _logistic_for_single(x: X, factor: X | float = 1.0) -> X:
    """In float64, which costs no more than what the rounding errors of float32 would need."""
    return (factor / (exp_for_single(-x.to(FLOAT64)) + 1.0)).to(x.dtype)


def gelu_tanh(x: X) -> X:
    """x/2 (1 + tanh(u)) is x / (1 + exp(-2u)): no cancellation for negative x.

    An error of 2u is multiplied by its size, so that float32 computes in float64, and in float64 2u
    is a sum of two.
    """
    x = x.named()
    if not x.single:
        return _logistic(*_cubic(x.at_least(-40.0).at_most(40.0).named()), x)
    wide = x.at_least(-12.0).to(FLOAT64).named()  # where float32 has come down to 0
    e = exp_for_single((wide * wide).fma(-_CUBIC[1][0], -_CUBIC[0][0]) * wide)
    return (wide / (e + 1.0)).to(x.dtype)


# 2 sqrt(2/pi), and 0.044715 times that, each as a number and the rest.
_CUBIC = (
    (1.5957691216057308, -9.96930880911092e-17),
    (0.07135481627260025, -6.175149918155315e-19),
)


def _cubic(x: X) -> tuple[X, X]:
    """x (c1 + c3 x^2), and its rounding error."""
    (h1, low1), (h3, low3) = _CUBIC
    s, below = product(x, x)
    q, lost = product(s, h3)
    lost = lost + below * h3 + s * low3 + low1
    w, more = both(q, x.lit(h1))
    u, last = product(x, w)
    return u, last + x * (lost + more)
