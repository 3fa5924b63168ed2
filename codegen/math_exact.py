"""Sums and products with what they round off, by which a formula gets more digits than its type."""

from __future__ import annotations

from polyc.codegen.math_values import X


def product(a: X, b: X | float) -> tuple[X, X]:
    """a * b as a sum of two: by a multiply-add, or from short halves of both (Dekker 1971)."""
    b = b if isinstance(b, X) else a.lit(b)
    p = (a * b).named()
    if a.lets.target.fma:
        return p, a.fma(b, -p)
    (a1, a2), (b1, b2) = _halves(a), _halves(b)
    return p, ((a1 * b1 - p) + (a1 * b2 + a2 * b1)) + a2 * b2


def square(a: X) -> tuple[X, X]:
    """a^2 as a sum of two, the first of which is not rounded in vain."""
    if a.lets.target.fma:
        return product(a, a)
    short, rest = _halves(a)
    return (short * short).named(), rest * (a + short)


def total(a: X, b: X) -> tuple[X, X]:
    """a + b as a sum of two, where a is the larger or 0 (Dekker 1971)."""
    s = (a + b).named()
    return s, b - (s - a)


def both(a: X, b: X) -> tuple[X, X]:
    """a + b as a sum of two, whichever is larger (Knuth 1969)."""
    s = (a + b).named()
    part = (s - a).named()
    return s, (a - (s - part)) + (b - part)


def fused(a: X, b: X, c: float) -> tuple[X, X]:
    """a * b + c as a sum of two, where c is the larger."""
    if a.lets.target.fma:
        s = a.fma(b, c).named()
        return s, a.fma(b, c - s)
    p, below = product(a, b)
    s, lost = total(a.lit(c), p)
    return s, lost + below


def _halves(a: X) -> tuple[X, X]:
    """The upper half of the bits and the rest."""
    keep = -(1 << 12) if a.single else -(1 << 27)
    short = (a.bits() & keep).bits(a.dtype).named()
    return short, (a - short).named()
