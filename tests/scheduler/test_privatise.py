"""Reductions in parts: the same terms, each once, proved legal, and only where it pays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import islpy as isl
import numpy as np
import pytest

from polyc.codegen.build import build
from polyc.codegen.interpret import run
from polyc.frontend import load, reference
from polyc.frontend.integers import Int
from polyc.frontend.program import (
    Const,
    Expr,
    Index,
    Load,
    Program,
    Statement,
    Subscript,
    children,
    specialize,
)
from polyc.options import Options
from polyc.scheduler import following, fusion
from polyc.scheduler import privatise as module
from polyc.scheduler.dependences import analyse
from polyc.scheduler.legality import verify
from polyc.scheduler.privatise import Privatised, privatise
from polyc.scheduler.schedule import schedule
from polyc.scheduler.traffic import Cost
from polyc.target import Target, target
from tests.scheduler.brute import points
from tests.scheduler.support import Array

V3 = target("x86-64-v3")
TEXTS = {
    "sum": ("def f(int(N) A) -> (S) { S += A(i) }", {"N": 43}),
    "one chunk": ("def f(int(N) A) -> (S) { S += A(i) }", {"N": 3}),
    "empty": ("def f(int(N) A, int(M) B) -> (S) { S += A(i) * B(M-1) }", {"N": 0, "M": 1}),
    "product": ("def f(int(N) A) -> (S) { S *= A(i) }", {"N": 21}),
    "maximum": ("def f(int(N) A) -> (S) { S max= A(i) * 2 - 5 }", {"N": 37}),
    "minimum from 5": ("def f(float(N) A) -> (S) { S min= A(i+5) where i in 0:N-5 }", {"N": 30}),
    "range from 3": ("def f(int(N) A) -> (S) { S += A(i) where i in 3:N-2 }", {"N": 40}),
    "all of a matrix": ("def f(int(M,N) A) -> (S) { S += A(i,j) }", {"M": 23, "N": 5}),
    "wide matrix": ("def f(int(M,N) A) -> (S) { S += A(i,j) }", {"M": 2, "N": 50}),
    "columns": ("def f(int(N,3) A) -> (S) { S(c) += A(n,c) }", {"N": 41}),
    "scattered": (
        "def f(int(N,2) A) -> (S) { S(k) = 0 where k in 0:5\n S(2*c+d) += A(n,c) where d in 0:3 }",
        {"N": 41},
    ),
    "long product": (
        "def f(float(2,K) A, float(K,3) B) -> (C) { C(m,n) += A(m,k) * B(k,n) }",
        {"K": 45},
    ),
    "triangle": ("def f(int(N,N) A) -> (S) { S += A(i,j) where j <= i }", {"N": 13}),
    "guard": ("def f(int(N) A) -> (S) { S += (i >= 4 ? A(i-4) : 7) where i in 0:N }", {"N": 35}),
    "gather": (
        "def f(int(N) A, int(K) B) -> (S) { S += B(A(i)) where i in 0:N }",
        {"N": 33, "K": 4},
    ),
    "index": ("def f(int(N) A) -> (S) { S += A(i) * i }", {"N": 29}),
    "complex": ("def f(complex64(N) A) -> (S) { S += A(i) * A(i) }", {"N": 29}),
    "logic": ("def f(int(N) A) -> (bool S) { S and= A(i) > 0 }", {"N": 29}),
    "wrapping": ("def f(int8(N) A) -> (int8 S) { S += A(i) * A(i) * 29 }", {"N": 50}),
    "half": ("def f(float16(N) A) -> (S) { S += A(i) }", {"N": 50}),
    "place of the greatest": ("def f(float(N) A) -> (S) { S argmax= A(i) }", {"N": 31}),
    "moments": ("def f(int(N) A) -> (S,Q) { S += A(i)\n Q += A(i) * A(i) }", {"N": 43}),
    "centred": (
        "def f(float(N) A) -> (V) { M += A(i) / N\n V += (A(i) - M) * (A(i) - M) }",
        {"N": 43},
    ),
    "sum of squares of differences": (
        "def f(int(N) A, int(N) B) -> (S) { D(i) = A(i) - B(i)\n S += D(i) * D(i) }",
        {"N": 43},
    ),
    "loss and gradient": (
        "def f(int(N) A, int(N) B) -> (S,G) { D(i) = A(i) - B(i)\n E(i) = 2 * D(i)\n"
        " S += D(i) * D(i)\n G(i) = E(i) + D(i) }",
        {"N": 43},
    ),
    "softmax": (
        "def f(float(N) A) -> (Y) { M max= A(i)\n E(i) = exp(A(i) - M)\n S += E(i)\n"
        " Y(i) = E(i) / S }",
        {"N": 43},
    ),
    "made elsewhere": (
        "def f(int(N) A) -> (S) { D(i+3) = A(i)\n D(i) = 1 where i in 0:3\n"
        " S += D(k) where k in 3:N+3 }",
        {"N": 43},
    ),
    "rows of a matrix": (
        "def f(int(N,3) A) -> (S) { E(n,c) = A(n,c) * A(n,c)\n S(c) += E(n,c) }",
        {"N": 43},
    ),
    "continued": ("def f(int(N) A, int(N) B) -> (S) { S += A(i)\n S += B(i) }", {"N": 43}),
}

OPEN = {"all of a matrix", "wide matrix", "triangle"}  # several open ranges
WHOLE = {False: {"empty"}, True: OPEN}  # what is not split


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts pay at once, so that small programs show them."""
    monkeypatch.setattr(module, "WORTH_THREADS", 0)
    monkeypatch.setattr(module, "CHUNK", 1000)
    monkeypatch.setattr(module, "EACH", 0)
    monkeypatch.setattr(module, "cost", lambda *_: Cost(4000, 0))
    monkeypatch.setattr(following, "ENOUGH_PARALLEL", 2)
    monkeypatch.setattr(fusion, "ENOUGH_PARALLEL", 2)
    monkeypatch.setattr(module, "LONG", 64)
    monkeypatch.setattr(module, "_register_tile", _whole)
    monkeypatch.setattr(module, "work", lambda *_: 4000)


def _whole(_: Program, s: Statement, __: Target) -> dict[str, int]:
    """Everything that a statement keeps is one register tile."""
    return {v: 100 for v in s.vars if v not in s.reduced}


def split_of(name: str, symbolic: bool = False, **options: Any) -> Privatised:
    text, sizes = TEXTS[name]
    program = load(text)
    return privatise(
        program if symbolic else specialize(program, sizes),
        V3,
        Options(**options),
    )


def parts_of(program: Program) -> list[str]:
    return [t.parts for t in program.tensors if t.parts]


def arrays(program: Program, sizes: dict[str, int]) -> dict[str, Array]:
    rng = np.random.default_rng(5)
    return {
        t.name: rng.integers(0, 4, [n.eval(sizes) for n in t.shape]).astype(t.dtype.name)
        for t in program.inputs
    }


def results(program: Program, sizes: dict[str, int]) -> dict[str, Array]:
    """What the loops of the scheduled program leave in its outputs."""
    deps = analyse(program)
    nest = build(program, schedule(program, deps, V3, Options()), V3, Options())
    out = {
        t.name: np.full([n.eval(sizes) for n in t.shape], 9, t.dtype.name) for t in program.outputs
    }
    given = {n: _real(a) for n, a in {**arrays(program, sizes), **out}.items()}
    assert run(nest, given, {}, {n: sizes[n] for n in nest.ints}) == 0
    return out


def _real(a: Array) -> Array:
    """A complex array as loops see it, a real one with a last dimension of two."""
    return a[..., None].view(a.real.dtype) if np.iscomplexobj(a) else a


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("symbolic", [False, True], ids=["fixed", "symbolic"])
def test_parts_compute_the_same(name: str, symbolic: bool) -> None:
    text, sizes = TEXTS[name]
    whole, found = load(text), split_of(name, symbolic)
    if name not in WHOLE[symbolic]:
        assert parts_of(found.program), found
    deps = analyse(found.program)
    plan = schedule(found.program, deps, V3, Options())
    proof = verify(found.program, deps, plan, found.origin)
    assert proof.ok, proof
    want = reference.run(whole, arrays(whole, sizes), sizes)
    for tensor, values in results(found.program, sizes).items():
        np.testing.assert_allclose(values, want[tensor], rtol=1e-3)


# ---- every term once, without isl's relations
def terms(program: Program, of: Iterable[str]) -> Counter[tuple[object, ...]]:
    """The elements that every instance reads, and the one that its value reaches."""
    found: Counter[tuple[object, ...]] = Counter()
    for name in of:
        s = program.statement(name)
        parts = program.tensor(s.tensor).parts
        for p in points(s.domain):
            env = dict(zip(s.vars, p, strict=True))
            at = tuple(x.eval(env) for x in (s.subs[1:] if parts else s.subs))
            found[(name, at, *_read(s.value, env))] += 1
    return found


def _read(e: Expr, env: dict[str, int]) -> Iterator[object]:
    match e:
        case Load(tensor, subs):
            yield tensor, tuple(x.eval(env) for x in subs if isinstance(x, Int))
        case Index(x):
            yield x.eval(env)
        case _:
            pass
    for c in children(e):
        yield from _read(c, env)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("name", TEXTS)
def test_every_term_is_in_one_part(name: str) -> None:
    text, sizes = TEXTS[name]
    whole, found = specialize(load(text), sizes), split_of(name)
    names = [s.name for s in whole.statements]
    assert terms(found.program, names) == terms(whole, names)
    for s in found.program.statements:
        if not s.name.endswith("_combine"):
            continue
        assert isinstance(s.value, Load)
        fill = found.program.statement(s.name.removesuffix("_combine"))
        assert fill.tensor == s.value.tensor
        used = Counter(_elements(s.value.subs, s))
        assert set(used) == set(_elements(fill.subs, fill))
        assert set(used.values()) == {1}


def _elements(subs: tuple[Subscript, ...], s: Statement) -> Iterator[tuple[int, ...]]:
    for p in points(s.domain):
        env = dict(zip(s.vars, p, strict=True))
        yield tuple(x.eval(env) for x in subs if isinstance(x, Int))


# ---- wrong rewritings
def _without(program: Program, name: str) -> Program:
    return replace(program, statements=tuple(s for s in program.statements if s.name != name))


def _with(program: Program, name: str, **changed: Any) -> Program:
    new = replace(program.statement(name), **changed)
    return replace(
        program, statements=tuple(new if s.name == name else s for s in program.statements)
    )


def _chunk_dropped(program: Program) -> Program:
    """The last chunk is gone from everything."""
    for name in ("S1_start", "S1", "S1_combine"):
        points = program.statement(name).domain
        last = points.fix_val(isl.dim_type.set, 0, points.dim_max_val(0))
        program = _with(program, name, domain=points.subtract(last))
    return program


def _twice(program: Program) -> Program:
    s = program.statement("S1_combine")
    again = replace(s, name="S1_again", domain=s.domain.set_tuple_name("S1_again"), order=(9,))
    return replace(program, statements=(*program.statements, again))


def _overlapping(program: Program) -> Program:
    """Every chunk takes one term of the next."""
    s = program.statement("S1")
    shorter = s.value
    assert isinstance(shorter, Load)
    subs = tuple(x - Int.of(s.vars[0]) for x in shorter.subs if isinstance(x, Int))
    return _with(program, "S1", value=replace(shorter, subs=subs))


WRONG: dict[str, tuple[Callable[[Program], Program], str]] = {
    "no combine": (lambda p: _without(p, "S1_combine"), "0 combine"),
    "chunk dropped": (_chunk_dropped, "left out"),
    "double combine": (_twice, "2 combine"),
    "combined by another operator": (lambda p: _with(p, "S1_combine", op="max"), "operator"),
    "last part not combined": (
        lambda p: _with(
            p,
            "S1_combine",
            domain=p.statement("S1_combine").domain.subtract(
                p.statement("S1_combine").domain.lexmax()
            ),
        ),
        "not combined by",
    ),
    "started from one": (
        lambda p: _with(p, "S1_start", value=Const(1, p.tensor("S").dtype)),
        "neutral element",
    ),
    "chunks overlap": (_overlapping, "other terms"),
}


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("kind", WRONG)
def test_wrong_parts_are_refused(kind: str) -> None:
    edit, reason = WRONG[kind]
    found = split_of("sum")
    wrong = edit(found.program)
    deps = analyse(wrong)
    proof = verify(wrong, deps, schedule(wrong, deps, V3, Options()), found.origin)
    assert not proof.ok
    assert reason in " ".join(str(p) for p in proof.failures)
    sizes = TEXTS["sum"][1]
    assert results(wrong, sizes)["S"] != results(found.program, sizes)["S"]


@pytest.mark.usefixtures("eager")
def test_parts_are_refused_where_order_is_kept() -> None:
    found = split_of("sum")
    deps = analyse(found.program)
    plan = schedule(found.program, deps, V3, Options())
    kept = verify(found.program, deps, replace(plan, reassociates=False), found.origin)
    assert "order of terms" in " ".join(str(p) for p in kept.failures)


# ---- where it pays
def decided(text: str, sizes: dict[str, int], **options: Any) -> list[str]:
    program = specialize(load(text), sizes)
    return [str(d) for d in privatise(program, V3, Options(**options)).decisions]


SUM = "def f(float(N) A) -> (S) { S += A(i) }"


@pytest.mark.parametrize(
    ("text", "sizes", "want"),
    [
        (SUM, {"N": 1_000_000}, "16 parts (partial results of 62528 values of i each"),
        (SUM, {"N": 10_000}, "no (10000 operations do not pay for threads)"),
        (SUM, {}, "parts (partial results of"),
        (
            "def f(float(M,N) A) -> (S) { S(i) += A(i,j) }",
            {"M": 1000, "N": 10_000},
            "no (1000 independent tiles are enough)",
        ),
        (
            "def f(float(M,N) A) -> (S) { S(i) += A(i,j) }",
            {"N": 10_000},
            "no (the elements it keeps may be many)",
        ),
        (
            "def f(float(M,N) A) -> (S) { S += A(i,j) }",
            {},
            "no (the work along i depends on the range of j, which is open)",
        ),
        (
            "def f(float(M,N) A) -> (Y) { S(i) += A(i,j)\n Y(i,j) = A(i,j) / S(i) }",
            {"M": 4, "N": 1_000_000},
            "no (its 4 independent tiles are shared with other statements)",
        ),
        (
            "def f(float(T,N) A) -> (S) { for t in 0:T { S += A(t,i) } }",
            {"T": 3, "N": 1_000_000},
            "no (it runs inside a loop of the text)",
        ),
    ],
)
def test_splits_where_it_pays(text: str, sizes: dict[str, int], want: str) -> None:
    assert want in " ".join(decided(text, sizes))


def test_strict_mathematics_keeps_the_order() -> None:
    assert decided(SUM, {"N": 1_000_000}, math="strict") == []


def test_two_sums_over_one_array_share_their_pass() -> None:
    text = "def f(float(N) A) -> (S,Q) { S += A(i)\n Q += exp(A(i)) * A(i) }"
    program = privatise(specialize(load(text), {"N": 1_000_000}), V3, Options()).program
    plan = schedule(program, analyse(program), V3, Options())
    fused = [d for d in plan.decisions if d.kind == "fuse" and d.verdict == "yes"]
    assert any("S1_start+S1 with S3_start+S3" in d.subject for d in fused)
    parallel = [d for d in plan.decisions if d.kind == "parallel" and d.verdict == "yes"]
    assert len(parallel) == 1


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize(
    ("name", "cut"),
    [
        ("sum of squares of differences", {"S0", "S2"}),
        ("loss and gradient", {"S0", "S1", "S3", "S4"}),
        ("softmax", {"S1", "S2", "S4"}),  # not what waits for the sum
        ("made elsewhere", {"S0", "S3"}),
        ("rows of a matrix", {"S0", "S2"}),
    ],
)
def test_what_makes_the_terms_is_cut_alike(name: str, cut: set[str]) -> None:
    assert set(split_of(name).origin.meaning) == cut


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("sum of squares of differences", {"D"}),
        ("loss and gradient", {"D", "E"}),
        ("softmax", set()),  # E is read again once S is there
        ("made elsewhere", set()),  # D has elements that no piece makes
        ("rows of a matrix", {"E"}),
    ],
)
def test_values_between_pieces_need_the_memory_of_one(name: str, local: set[str]) -> None:
    program = specialize(load(TEXTS[name][0]), {"N": 1_000_000})
    found = privatise(program, V3, Options())
    deps = analyse(found.program)
    plan = schedule(found.program, deps, V3, Options())
    assert verify(found.program, deps, plan, found.origin).ok
    homes = {h.tensor: h.windows[0] for h in plan.storage if h.tensor in ("D", "E")}
    assert set(homes) == local
    lengths = {n.value for t in found.program.tensors if t.parts for n in t.shape[:1]}
    for window in homes.values():
        assert window is not None
        assert -(-1_000_000 // window.extent) in lengths


def test_the_number_of_parts_is_the_same_every_time() -> None:
    program = specialize(load(SUM), {"N": 3_000_000})
    assert len({str(privatise(program, V3, Options(threads=n))) for n in (1, 2, 7, None)}) == 1
