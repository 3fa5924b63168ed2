"""`X`: values written as formulas, so that the functions of `codegen.math_*` read as mathematics.

An `X` knows the `Lets` it belongs to: `x.named()` computes a value once, under a name, and is what
a formula uses for anything it needs twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Union

from polyc.codegen.loops import (
    Bin,
    BinOp,
    BitOp,
    Bits,
    CmpOp,
    Convert,
    Fma,
    Get,
    Let,
    Libm,
    Lit,
    Sel,
    Un,
    UnOp,
    Value,
    dtype_of,
    lanes_of,
)
from polyc.frontend.dtypes import FLOAT32, INT32, INT64, Dtype
from polyc.target import Target


@dataclass(slots=True)
class Lets:
    """The statements that come before the one whose value is being expanded."""

    target: Target
    prefix: str
    count: int = 0
    lets: list[Let] = field(default_factory=list)

    def name(self, v: Value) -> Value:
        """The value, computed once."""
        if isinstance(v, Lit | Get):
            return v
        self.count += 1
        name = f"{self.prefix}{self.count}"
        self.lets.append(Let(name, v))
        return Get(name, dtype_of(v), lanes_of(v))

    def taken(self) -> tuple[Let, ...]:
        """The statements so far; none are left."""
        out, self.lets = tuple(self.lets), []
        return out


@dataclass(frozen=True, slots=True, eq=False)
class X:
    """A value of a formula. Numbers beside it take its dtype and lanes."""

    v: Value
    lets: Lets

    @property
    def dtype(self) -> Dtype:
        return dtype_of(self.v)

    @property
    def lanes(self) -> int:
        return lanes_of(self.v)

    @property
    def single(self) -> bool:
        return self.dtype == FLOAT32

    @property
    def parted(self) -> bool:
        """AVX-512's instructions on the parts of a float can be had: `exponent`, `limit`, ...

        For any number of lanes, so that a result does not depend on where in an array it stands.
        """
        return self.lets.target.avx512

    def lit(self, number: float) -> X:
        """A number of the same type."""
        return X(Lit(number, self.dtype, self.lanes), self.lets)

    def _other(self, y: Operand) -> Value:
        return y.v if isinstance(y, X) else self.lit(y).v

    def _bin(self, op: BinOp | BitOp | CmpOp, y: Operand) -> X:
        return X(Bin(op, self.v, self._other(y)), self.lets)

    def _un(self, op: UnOp) -> X:
        return X(Un(op, self.v), self.lets)

    def named(self) -> X:
        return X(self.lets.name(self.v), self.lets)

    # ---- arithmetic
    def __add__(self, y: Operand) -> X:
        return self._bin("+", y)

    def __sub__(self, y: Operand) -> X:
        return self._bin("-", y)

    def __rsub__(self, y: float) -> X:
        return self.lit(y)._bin("-", self)

    def __mul__(self, y: Operand) -> X:
        return self._bin("*", y)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, y: Operand) -> X:
        return self._bin("/", y)

    def __rtruediv__(self, y: float) -> X:
        return self.lit(y)._bin("/", self)

    def __neg__(self) -> X:
        return self._un("neg")

    def fma(self, b: Operand, c: Operand) -> X:
        """self * b + c, rounded once where the target can."""
        return X(Fma(self.v, self._other(b), self._other(c)), self.lets)

    def abs(self) -> X:
        return self._un("abs")

    def sqrt(self) -> X:
        return self._un("sqrt")

    def trunc(self) -> X:
        return self._un("trunc")

    def copysign(self, sign: X) -> X:
        return self._bin("copysign", sign)

    def limit(self, bound: float) -> X:
        """self where it is smaller in magnitude, else the bound with its sign; no NaN."""
        return self._bin("limit", self.lit(bound))

    def mantissa(self) -> X:
        """In [3/4, 3/2); NaN for what has no logarithm."""
        return self._un("mantissa")

    def exponent(self) -> X:
        return self._un("exponent")

    def scale(self, power: X) -> X:
        """self * 2^power for a whole power."""
        return self._bin("scale", power)

    def polynomial(self, coefficients: Sequence[float]) -> X:
        """c0 + c1 x + c2 x^2 + ..., by Horner's rule."""
        out = self.lit(coefficients[-1])
        for c in reversed(coefficients[:-1]):
            out = out.fma(self, c)
        return out

    # ---- comparison and choice
    def __lt__(self, y: Operand) -> X:
        return self._bin("<", y)

    def __gt__(self, y: Operand) -> X:
        return self._bin(">", y)

    def __ge__(self, y: Operand) -> X:
        return self._bin(">=", y)

    def equals(self, y: Operand) -> X:
        return self._bin("==", y)

    def __and__(self, y: Operand) -> X:
        return self._bin("and", y)

    def __or__(self, y: Operand) -> X:
        return self._bin("or", y)

    def __xor__(self, y: Operand) -> X:
        return self._bin("xor", y)

    def __lshift__(self, y: Operand) -> X:
        return self._bin("shl", y)

    def __rshift__(self, y: Operand) -> X:
        return self._bin("shr", y)

    def invert(self) -> X:
        return self._un("not")

    def choose(self, yes: X, no: X) -> X:
        """`yes` where this bool is true, else `no`."""
        return X(Sel(self.v, yes.v, no.v), self.lets)

    def at_least(self, bound: float) -> X:
        """max(bound, self) in one instruction: NaN stays NaN."""
        low = self.lit(bound)
        return (low > self).choose(low, self)

    def at_most(self, bound: float) -> X:
        high = self.lit(bound)
        return (high < self).choose(high, self)

    # ---- representation
    def to(self, dtype: Dtype) -> X:
        return self if dtype == self.dtype else X(Convert(self.v, dtype), self.lets)

    def bits(self, dtype: Dtype | None = None) -> X:
        """The bits as a signed integer, or as the float `dtype`."""
        return X(Bits(self.v, dtype or (INT32 if self.dtype.bits == 32 else INT64)), self.lets)

    def libm(self, fn: str, *more: X, where: X | None = None) -> X:
        """C's function of the same dtype, called lane by lane."""
        name = fn + ("f" if self.single else "")
        args = (self.v, *(m.v for m in more))
        return X(Libm(name, args, None if where is None else where.v), self.lets)


Operand = Union[X, int, float]
