"""`Exported` -> a C11 file that compiles alone."""

from __future__ import annotations

from polyc.codegen import c
from polyc.codegen.c_contract import contract, prototype
from polyc.codegen.c_helpers import helpers
from polyc.codegen.c_text import Helpers
from polyc.codegen.c_types import Names, bare, literal
from polyc.codegen.c_values import Expressions
from polyc.codegen.exported import BAD_SIZE, MOST, NO_MEMORY, NULL, Exported
from polyc.codegen.scratch import too_much
from polyc.codegen.workspace import ALIGN, layout
from polyc.target import Target


def source(x: Exported, target: Target) -> str:
    """The file: the contract, helpers, the loops, and the function that checks and calls them."""
    e, function = c.body(x.nest, target)
    more, entry = _entry(x, target)  # with names of its own
    for name, text in more.functions.items():
        e.h.functions.setdefault(name, text)
    head = c.HEAD.replace("#include <stdint.h>\n", "#include <stdint.h>\n#include <stdlib.h>\n")
    first, rest = head.split("\n", 1)
    if target.name != "host":
        flag = f" -march={target.name}" if target.name.startswith("x86-64") else ""
        first = first.replace(" -march=native", flag)
    parts = [first, contract(x), rest, e.h.text(), "", function, entry]
    return "\n".join(filter(None, parts))


def _entry(x: Exported, target: Target) -> tuple[Helpers, str]:
    """What C calls, and the helpers that it needs."""
    used = {p.c for p in x.parameters} | {x.symbol, f"{x.symbol}_body"}
    names = Names(used)
    e = Expressions(target, helpers(), names, {}, {})
    integers = _integers(x, names)
    lines = [
        *_checks(x),
        *integers,
        *(_refuse(f"!({e.condition(limit)})", k) for k, limit in enumerate(x.limits, BAD_SIZE + 1)),
        *_call(x, e),
    ]
    body = "\n".join(line if line.startswith("#") else f"    {line}" for line in lines)
    declared = prototype(x)
    return e.h, f"{declared};\n\n{declared} {{\n{body}\n}}\n"


def _integers(x: Exported, names: Names) -> list[str]:
    """Sizes keep the names of their parameters; scalars that bound loops get one more, as int64."""
    out = []
    for p in x.parameters:
        if p.integer is None:
            continue
        if p.kind == "size":
            names.table["int", p.integer] = p.c
        else:
            out.append(f"const int64_t {names('int', p.integer)} = (int64_t){p.c};")
    return out


def _refuse(test: str, code: int) -> str:
    return f"if ({test}) return {code};"


def _checks(x: Exported) -> list[str]:
    """Null pointers, sizes out of range, and integer scalars that are not what they must be."""
    pointers = [f"!{p.c}" for p in x.parameters if p.pointer]
    out = [_refuse(" || ".join(pointers), NULL)]
    most = f"INT64_C({MOST})"
    for p in x.parameters:
        if p.fixed is not None:
            out.append(_refuse(f"{p.c} != {literal(p.fixed, p.dtype)}", BAD_SIZE))
        if p.integer is None:
            continue
        if p.kind == "size":
            out.append(_refuse(f"{p.c} < 0 || {p.c} > {most}", BAD_SIZE))
        elif p.dtype.bits == 64:
            low = "" if p.dtype.kind == "u" else f"{p.c} < -{most} || "
            out.append(_refuse(f"{low}{p.c} > {most}", BAD_SIZE))
    return out


def _call(x: Exported, e: Expressions) -> list[str]:
    names, places = e.names, layout(x.nest)
    threads, bytes_, scratch, code = (
        names("local", word) for word in ("team", "bytes", "scratch", "code")
    )
    by_argument = {p.argument: p.c for p in x.parameters if p.argument is not None}
    args = [by_argument[k] for k in range(len(x.nest.arguments))]
    args += [names("int", n) for n in x.nest.ints]
    out = [f"int32_t {threads} = 1;"]
    if x.parallel:
        out += ["#ifdef _OPENMP", f"{threads} = omp_get_max_threads();", "#endif"]
    if places.is_empty:
        inner = ", ".join([*args, "NULL", threads])
        out.append(f"const int32_t {code} = {x.symbol}_body({inner});")
    else:
        total = e.integer(places.slices)
        if places.slice_bytes:
            total += f" + {threads} * ({e.integer(places.slice_bytes)})"
        inner = ", ".join([*args, scratch, threads])
        if (excess := too_much(places)) is not None:
            out.append(_refuse(bare(e.value(excess).text), NO_MEMORY))
        out += [
            f"const int64_t {bytes_} = {total};",
            f"void *{scratch} = {bytes_} > 0 ? aligned_alloc({ALIGN}, (size_t){bytes_}) : NULL;",
            f"if ({bytes_} > 0 && !{scratch}) return {NO_MEMORY};",
            f"const int32_t {code} = {x.symbol}_body({inner});",
            f"free({scratch});",
        ]
    out.append(f"return {code} ? {code} + {x.first_check} : 0;")
    return out
