"""Which programs are one einsum: a sum of products of tensors, each indexed by plain variables."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_letters

from polyc.frontend.integers import Int
from polyc.frontend.program import Binary, Const, Expr, Load, Program, Statement


def einsum_of(program: Program) -> str | None:
    """The string that `numpy.einsum` takes for the inputs in the order of a call, else None.

    The sizes of the program are fixed. Every input must stand in the product once, and the sum
    must run over whole extents.
    """
    body = [s for s in program.statements if not _starts(s)]
    if program.sizes or len(body) != 1 or len(program.outputs) != 1:
        return None
    s, found = body[0], _factors(body[0].value)
    if s.op not in (None, "+") or not found:
        return None
    by_name = {x.tensor: x for x in found}
    if len(by_name) != len(found) or set(by_name) != {t.name for t in program.inputs}:
        return None
    names = [_variables(s, by_name[t.name].subs) for t in program.inputs]
    result = _variables(s, s.subs)
    if None in names or result is None or len(set(result)) != len(result):
        return None
    if not _covers(program, s, [*found, Load(s.tensor, s.subs, program.tensor(s.tensor).dtype)]):
        return None
    table = dict(zip(s.vars, ascii_letters, strict=False))
    spelt = ["".join(table[v] for v in n or ()) for n in (*names, result)]
    return f"{','.join(spelt[:-1])}->{spelt[-1]}"


def _starts(s: Statement) -> bool:
    """It gives a sum its first value."""
    return s.op is None and isinstance(s.value, Const) and s.value.value == 0


def _factors(e: Expr) -> tuple[Load, ...]:
    """The loads of a product; () for anything else."""
    match e:
        case Load():
            return (e,)
        case Binary("*", x, y):
            left, right = _factors(x), _factors(y)
            return (*left, *right) if left and right else ()
    return ()


def _variables(s: Statement, subs: Sequence[object]) -> tuple[str, ...] | None:
    out = tuple(str(x) for x in subs)
    return out if set(out) <= set(s.vars) and len(s.vars) <= len(ascii_letters) else None


def _covers(program: Program, s: Statement, accesses: Sequence[Load]) -> bool:
    """Every variable runs over the whole of each dimension it indexes, whatever the others are."""
    extents: dict[str, Int] = {}
    for x in accesses:
        for sub, n in zip(x.subs, program.tensor(x.tensor).shape, strict=True):
            if extents.setdefault(str(sub), n) != n:
                return False
    if set(extents) != set(s.vars):
        return False
    bounds = " and ".join(f"0 <= {v} < {n}" for v, n in extents.items())
    box = f"{{ {s.name}[{', '.join(s.vars)}] : {bounds or 'true'} }}"
    return bool(s.domain.is_equal(s.domain.read_from_str(s.domain.get_ctx(), box)))
