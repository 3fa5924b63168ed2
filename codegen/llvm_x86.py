"""AVX-512's instructions for the parts of a float, which LLVM has as intrinsics only."""

from __future__ import annotations

from polyc.codegen.llvm_function import Function
from polyc.codegen.llvm_types import Val
from polyc.frontend.dtypes import FLOAT32

_MANTISSA = 0b1011  # in [3/4, 3/2); NaN for negative numbers
_LIMIT = 0b0010  # the smaller magnitude with the sign of the first operand


def scalef(f: Function, x: Val, y: Val) -> Val:
    """x * 2^floor(y), rounded once; y may be infinite."""
    return _masked(f, "scalef", (x, y))


def exponent(f: Function, x: Val) -> Val:
    """floor(log2(x)) of what `mantissa` divides by its own."""
    whole, part = _masked(f, "getexp", (x,)), _masked(f, "getexp", (mantissa(f, x),))
    return Val(f.op(f"fsub {whole.typed}, {part.text}"), x.dtype, x.lanes)


def mantissa(f: Function, x: Val) -> Val:
    return _masked(f, "getmant", (x,), _MANTISSA)


def limit(f: Function, x: Val, y: Val) -> Val:
    return _masked(f, "range", (x, y), _LIMIT)


def _masked(f: Function, what: str, xs: tuple[Val, ...], control: int | None = None) -> Val:
    """The instruction with all lanes chosen."""
    x = xs[0]
    bits = x.lanes * x.dtype.bits
    name = f"@llvm.x86.avx512.mask.{what}.{'ps' if x.dtype == FLOAT32 else 'pd'}.{bits}"
    mask = f"i{max(x.lanes, 8)}"
    types = [v.type for v in xs] + ["i32"] * (control is not None) + [x.type, mask]
    args = [v.typed for v in xs] + ([] if control is None else [f"i32 {control}"])
    args += [f"{x.type} zeroinitializer", f"{mask} -1"]
    if bits == 512:  # the rounding: as the processor is set
        types.append("i32")
        args.append("i32 4")
    f.module.declare(f"declare {x.type} {name}({', '.join(types)})")
    return Val(f.op(f"call {x.type} {name}({', '.join(args)})"), x.dtype, x.lanes)
