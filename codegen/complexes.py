"""Complex arithmetic on pairs of real values."""

from __future__ import annotations

from polyc.codegen.loops import Bin, Value

Complex = tuple[Value, Value]


def multiply(a: Complex, b: Complex) -> Complex:
    """(ar + i ai)(br + i bi), as NumPy computes it."""
    return (
        Bin("-", Bin("*", a[0], b[0]), Bin("*", a[1], b[1])),
        Bin("+", Bin("*", a[0], b[1]), Bin("*", a[1], b[0])),
    )


def divide(a: Complex, b: Complex) -> Complex:
    """a / b by the conjugate of b."""
    size = Bin("+", Bin("*", b[0], b[0]), Bin("*", b[1], b[1]))
    re = Bin("+", Bin("*", a[0], b[0]), Bin("*", a[1], b[1]))
    im = Bin("-", Bin("*", a[1], b[0]), Bin("*", a[0], b[1]))
    return Bin("/", re, size), Bin("/", im, size)
