"""Sums of products of neighbours in LLVM IR: one instruction where the target has it."""

from __future__ import annotations

from polyc.codegen.llvm_convert import convert
from polyc.codegen.llvm_function import Function
from polyc.codegen.llvm_ops import binary, fma, shuffle
from polyc.codegen.llvm_types import Val, vector
from polyc.frontend.dtypes import BFLOAT16, FLOAT32
from polyc.scheduler.dots import Rule, rule_for

_NAMES = {"uint8": "avx512.vpdpbusd", "int16": "avx512.vpdpwssd", "bfloat16": "avx512bf16.dpbf16ps"}
_WIDTHS = (128, 256, 512)


def dot(f: Function, a: Val, b: Val, c: Val) -> Val:
    """c + the products of a and b, lanes(a) / lanes(c) of them in each lane."""
    t = f.module.target
    rule = rule_for(a.dtype, b.dtype, c.dtype, t)
    width = c.lanes * c.dtype.bits
    whole = rule is not None and a.lanes == rule.terms * c.lanes
    if rule is None or not whole or width not in _WIDTHS or width > t.vector_bytes * 8:
        return _written_out(f, a, b, c)
    if a.dtype != rule.a:
        a, b = b, a
    return _instruction(f, rule, a, b, c)


def _instruction(f: Function, rule: Rule, a: Val, b: Val, c: Val) -> Val:
    name = f"@llvm.x86.{_NAMES[rule.a.name]}.{c.lanes * c.dtype.bits}"
    if rule.a == BFLOAT16:
        kind = vector("bfloat", a.lanes)
        parts = [f"{kind} " + f.op(f"bitcast {x.typed} to {kind}") for x in (a, b)]
    else:
        kind, parts = a.type, [a.typed, b.typed]
    f.module.declare(f"declare {c.type} {name}({c.type}, {kind}, {kind})")
    return Val(f.op(f"call {c.type} {name}({c.typed}, {', '.join(parts)})"), c.dtype, c.lanes)


def _written_out(f: Function, a: Val, b: Val, c: Val) -> Val:
    terms = a.lanes // c.lanes
    for p in range(terms):
        lanes = list(range(p, a.lanes, terms))
        x, y = (convert(f, shuffle(f, v, lanes), c.dtype) for v in (a, b))
        c = fma(f, x, y, c) if c.dtype == FLOAT32 else binary(f, "+", c, binary(f, "*", x, y))
    return c
