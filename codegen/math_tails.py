"""The tails of erf and the normal distribution on vectors.

A tail is exp(-a^2 / square) Q(t) / (a + middle), where Q is nearly flat, with
t = (a - middle) / (a + middle), which takes a from 0 to infinity into -1..1. Q is fitted in
relative error by least squares at Chebyshev's nodes in 70 digits, its coefficients rounded one
after another.
"""

from __future__ import annotations

from typing import NamedTuple

from polyc.codegen.math_exact import fused, product, square, total
from polyc.codegen.math_exp import exp_for_single, split_expm1
from polyc.codegen.math_values import X


class Tail(NamedTuple):
    square: float
    # With all digits of float64, from some a on.
    middle: float
    rest: float  # of the first coefficient
    end: float  # from where the tail is 0
    coefficients: tuple[float, ...]
    # With the digits that float32 needs, from 0 on.
    single_middle: float
    single: tuple[float, ...]


# erfc, from 0.5 on
ERFC = Tail(
    1.0, 3.0, -8.916354111470544e-17, 28.0,
    (  # 2^-59.0
        *(1.0740069070883398, -0.8833944531698836, 0.590228357104102, -0.3104672619005663),
        *(0.11952776128727825, -0.02682723462453216, -0.0012124166269210667),
        *(0.0030340620020528225, -0.0005483096956378804, -0.0002767778521124869),
        *(0.00010756152046892848, 3.0398173250977163e-05, -1.7470761589840807e-05),
        *(-4.74913709139994e-06, 2.766126372877631e-06, 9.982793672284408e-07),
        *(-4.097280346340184e-07, -2.317486396819136e-07, 4.865593569455007e-08),
        *(4.784195967071362e-08, -3.1973754889142373e-09, -6.093519746229138e-09),
    ),
    2.5, (  # 2^-28.9
        *(1.0540318186493889, -0.804651831608471, 0.4539142790170509, -0.1712517919105931),
        *(0.02835879609148411, 0.008398794140366936, -0.004800672668736822),
        *(-0.00045618606629017406, 0.0006486109086603659, 6.765568381831682e-05),
        -4.619650767566692e-05,
    ),
)  # fmt: skip
# normcdf(-a), from 0.57 on
NORMAL = Tail(
    2.0, 4.0, -2.216243660386519e-17, 39.0, (  # 2^-59.0
        *(0.7552851304157515, -0.6078966419718921, 0.3871374007422144),
        *(-0.18652185795965862, 0.060396574890946124, -0.007540188966716535),
        *(-0.00347969236767362, 0.001630818457963499, 0.00013334431652392537),
        *(-0.0002310949435415306, -1.908293373994931e-06, 3.51447628321044e-05),
        *(7.168497307171156e-07, -5.9205725085365246e-06, -6.303133029477866e-07),
        *(1.022839989659621e-06, 2.7313313042396597e-07, -1.5758826602309873e-07),
        *(-8.718166651040385e-08, 1.65879830018429e-08, 2.0954496874580735e-08),
        *(-4.375139742508388e-10, -2.9552902839745545e-09),
    ),
    3.0, (  # 2^-29.8
        *(0.7290836904960708, -0.5093319894798088, 0.23001769016569032, -0.04726274250628907),
        *(-0.01046241730431209, 0.006969744389838011, 0.0010245268984192132),
        *(-0.0010338855502245448, -0.00024493245865263145, 0.00013267650183534585),
        5.524718617570532e-05,
    ),
)  # fmt: skip


def tail_for_single(a: X, facts: Tail) -> X:
    """The tail in float64 with the digits that float32 needs; a >= 0 may be infinite."""
    inverse = (1.0 / (a + facts.single_middle)).named()
    t = inverse.fma(-2 * facts.single_middle, 1.0).named()
    e = exp_for_single(a * a * (-1.0 / facts.square))
    return t.polynomial(facts.single) * inverse * e


def tail(a: X, facts: Tail, factor: X | None = None) -> X:
    """factor times the tail in float64; what is rounded off is carried along.

    t is 1 - 2 middle / (a + middle), so that there is one division.
    """
    a = a.at_most(facts.end).named()
    s, more = square(a)
    p, n = split_expm1((s * (-1.0 / facts.square)).named(), more * (-1.0 / facts.square))
    p = p.named()
    below, lost = total(a.lit(facts.middle), a)
    inverse = (1.0 / below).named()
    one, rest = product(inverse, below)
    lost = ((1.0 - one) - rest - inverse * lost).named()  # of the inverse, relative to it
    t, off = fused(inverse, a.lit(-2 * facts.middle), 1.0)
    off = off - (2 * facts.middle) * (inverse * lost)
    q0, *q = facts.coefficients
    top, rest = fused(t.polynomial(q).named(), t, q0)
    slope = t.polynomial((q[0], 2 * q[1], 3 * q[2]))
    rest = rest + (off * slope + facts.rest)
    g, more = product(inverse, top)
    more = more + (g * lost + inverse * rest)
    more = more.named()
    y = g + p.fma(g, p.fma(more, more))
    # Scaled last, so that a denormal result rounds once.
    return (y if factor is None else y * factor).scale(n)
