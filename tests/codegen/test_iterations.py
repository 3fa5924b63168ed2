"""Triangular, banded and causal domains: the loops run their points, each once, and no others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import assert_never

import islpy as isl
import pytest

from polyc.codegen.build import skeleton
from polyc.codegen.loops import Aligned, All, Cond, For, Ge, If, Some, Stmt, Store
from polyc.frontend import load
from polyc.frontend.program import Program, fix_parameters, specialize
from polyc.options import resolve
from polyc.scheduler.dependences import analyse
from polyc.scheduler.schedule import schedule
from polyc.target import target
from tests.programs import CORPUS

Values = Mapping[str, int]


def holds(c: Cond, values: Values) -> bool:
    match c:
        case Ge(expr):
            return expr.eval(values) >= 0
        case All(parts):
            return all(holds(p, values) for p in parts)
        case Some(parts):
            return any(holds(p, values) for p in parts)
        case Aligned():
            return True
        case _:
            assert_never(c)


def count(body: tuple[Stmt, ...], values: dict[str, int], found: Counter[str]) -> int:
    """Counts the stores of each buffer, and as "idle" the iterations without any; their number."""
    stores = 0
    for s in body:
        match s:
            case Store(buffer):
                found[buffer] += 1
                stores += 1
            case If(cond, then, orelse):
                stores += count(then if holds(cond, values) else orelse, values, found)
            case For(var, lower, upper, step, inner):
                for v in range(lower.eval(values), upper.eval(values), step):
                    here = count(inner, {**values, var: v}, found)
                    found["idle"] += not here
                    stores += here
            case _:
                pass
    return stores


def points(program: Program, sizes: Values) -> Counter[str]:
    """How often the domains say that each tensor is stored to."""
    found: Counter[str] = Counter()
    for s in program.statements:
        each: list[isl.Point] = []
        fix_parameters(s.domain, sizes).foreach_point(each.append)
        found[s.tensor] += len(each)
    return found


def executed(text: str, sizes: dict[str, int], given: dict[str, int]) -> Counter[str]:
    """The stores of the skeleton of a kernel specialised to `given`, run for `sizes`."""
    program = specialize(load(text), given)
    plan = schedule(program, analyse(program), target(), resolve())
    found: Counter[str] = Counter()
    count(skeleton(program, plan).body, dict(sizes), found)
    assert found - Counter(idle=found["idle"]) == points(program, sizes)
    return found


BAND = "O(i) += A(i,j) where j <= i + 2, i <= j + 2"
TEXTS = {
    "syrk_lower": CORPUS["syrk_lower"].text,
    "causal_attention": CORPUS["causal_attention"].text,
    "triangle": "def f(float(N,N) A) -> (O) { O(i) += A(i,j) where j <= i }",
    "strict triangle": "def f(float(N,N) A) -> (O) { O(i) += A(i,j) where j > i }",
    "band": f"def f(float(N,N) A) -> (O) {{ {BAND} }}",
    "bound": "def f(float(N,N) A) -> (O) { O(i) += A(i,j) where j in i/2:i+1 }",
}


@pytest.mark.parametrize("symbolic", [False, True], ids=["specialised", "symbolic"])
@pytest.mark.parametrize("name", TEXTS)
def test_no_iteration_too_many(name: str, symbolic: bool) -> None:
    names = [s.name for s in load(TEXTS[name]).sizes]
    for extent in (1, 19):
        sizes = {n: extent if n in "NT" else 3 for n in names}
        found = executed(TEXTS[name], sizes, {} if symbolic else sizes)
        # The last row of a strict triangle has no term, but shares its loop with the sum's start.
        expected = int(symbolic and name == "strict triangle")
        assert found["idle"] == expected, f"{found['idle']} iterations do nothing"


def test_a_triangle_has_half_the_points() -> None:
    n, k = 19, 5
    found = executed(TEXTS["syrk_lower"], {"N": n, "K": k}, {"N": n, "K": k})
    assert found["C"] == n * n + n * (n + 1) // 2 * k
    h, t, d = 2, 19, 3
    sizes = {"H": h, "T": t, "D": d}
    causal = executed(TEXTS["causal_attention"], sizes, sizes)
    full = executed(TEXTS["causal_attention"].replace(" where j <= i", ""), sizes, sizes)
    started = causal["S"] - h * t * (t + 1) // 2 * d  # each score is set to 0 first
    assert started == h * t * (t + 1) // 2
    assert causal.total() / full.total() == pytest.approx((t + 1) / (2 * t), abs=0.02)
