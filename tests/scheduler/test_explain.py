"""The table of decisions: nothing is left out, and it reads well."""

from __future__ import annotations

import pytest

import polyc
from polyc.scheduler.affine import kind as kind_of
from polyc.scheduler.explain import Explanation
from polyc.scheduler.proof import nodes
from polyc.scheduler.table import table
from tests.programs import CORPUS
from tests.scheduler.support import case

CASES = {  # sizes at which there is something to decide
    "matmul": {"M": 512, "N": 512, "K": 512},
    "matmul_nt": {"M": 128, "N": 128, "K": 256},
    "batched": {"B": 4, "M": 32, "N": 48, "K": 64},
    "softmax": {"N": 64, "D": 300},
    "layernorm": None,
    "attention": None,
    "conv2d_same": {"N": 1, "C": 16, "H": 28, "W": 28, "K": 16, "R": 3, "S": 3},
    "conv_grouped": None,
    "lstm": None,
    "jacobi2d": {"N": 2000},
    "fdtd2d": None,
    "gemver": {"N": 500},
    "transpose4": None,
    "prefix_sum": None,
}


def explained(name: str, **options: str) -> tuple[polyc.Kernel, Explanation]:
    made = CORPUS[name]
    consts = {"T": 20} if name == "jacobi2d" else made.consts
    sizes = CASES[name] or {k: v for k, v in made.smoke.items() if k not in made.consts}
    with polyc.config(target="x86-64-v3", **options):
        k = polyc.compile(made.text, entry=made.entry, consts=consts).specialize(sizes)
        return k, k.schedule.explain()


@pytest.mark.parametrize("math", ["fast", "strict"])
@pytest.mark.parametrize("name", CASES)
def test_everything_has_its_reason(name: str, math: str) -> None:
    k, table = explained(name, math=math)
    of = {(kind, subject): (verdict, reason) for kind, subject, verdict, reason in table.rows}
    assert all(all(row) for row in table.rows)
    for s in k.program.statements:
        assert ("vector", s.name) in of
        assert ("unroll", s.name) in of
        grouped = [x for kind, x in of if kind in ("tile", "parallel")]
        assert any(s.name in x.split("+") for x in grouped)
    kept = {x.tensor for x in k.schedule.storage}
    for t in k.program.tensors:
        if t.kind != "input":
            assert of["storage", t.name][0] == ("tile" if t.name in kept else "memory")
        if t.packs is not None:
            copies = [v for (kind, _), (v, _) in of.items() if kind in ("pack", "pad")]
            assert f"as {t.name}" in copies
    storage = [subject for kind, subject, *_ in table.rows if kind == "storage"]
    assert len(storage) == len(set(storage))


@pytest.mark.parametrize("name", CASES)
def test_every_mark_was_decided(name: str) -> None:
    k, table = explained(name)
    wanted: dict[str, set[str]] = {"parallel": set(), "vector": set(), "unroll": set()}
    for node in nodes(k.schedule.tree):
        if kind_of(node.get_type()) == "mark":
            points = node.get_domain().get_set_list()
            names = {points.get_set(i).get_tuple_name() or "" for i in range(points.n_set())}
            wanted[node.mark_get_id().get_name() or ""] |= names
    for mark, statements in wanted.items():
        said = {
            s
            for kind, subject, verdict, _ in table.rows
            if kind == mark and verdict != "no"
            for s in subject.split("+")
        }
        assert statements <= said, mark


def test_the_reasons_of_a_refusal_have_numbers() -> None:
    _, table = explained("matmul_nt")
    rows = {(kind, subject): reason for kind, subject, _, reason in table.rows}
    assert rows["pack", "B in S1"] == (
        "128.0 KiB copied once, an element is used 128 times; "
        "its elements do not lie side by side along the vector"
    )
    small = case(CORPUS["matmul"].text, {"M": 20, "N": 20, "K": 20}).schedule().explain()
    rows = {(kind, subject): reason for kind, subject, _, reason in small.rows}
    assert rows["parallel", "S0+S1"] == "16400 operations in 1 tile, which is all there is"


def test_strict_mathematics_is_a_reason() -> None:
    _, table = explained("softmax", math="strict")
    reasons = {s: why for kind, s, _, why in table.rows if kind == "vector"}
    assert reasons["S1"].endswith("the order along d is kept")


def test_decisions_are_the_same_every_time() -> None:
    assert str(explained("conv2d_same")[1]) == str(explained("conv2d_same")[1])


def test_long_cells_are_broken() -> None:
    found = table([("a", "b+" * 20 + "b", "word " * 20), ("long", "x", "y")])
    assert found.splitlines() == [
        "a     b+b+b+b+b+b+b+b+b+b+b+b+b+b+b+b+  " + "word " * 11 + "word",
        "      b+b+b+b+b                         " + "word " * 7 + "word",
        "long  x                                 y",
    ]
    assert max(map(len, found.splitlines())) <= 100
    assert table([("n", "1"), ("m", "1,000")], right=(1,)).splitlines()[0].startswith("n")
    assert table([]) == ""


def test_a_copy_against_its_order_has_rows_and_no_sums() -> None:
    table = case("def t(float(N,N) X) -> (Y) { Y(j,i) = X(i,j) }", {"N": 64}).schedule().explain()
    rows = {(kind, subject): reason for kind, subject, _, reason in table.rows}
    assert rows["unroll", "S0"].startswith("8 rows of a block, transposed in registers")
