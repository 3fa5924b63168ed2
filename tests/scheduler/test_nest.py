"""The loops of one statement: which variable is a vector, what a register tile holds."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import pytest

from polyc.scheduler.facts import extents, sized
from polyc.scheduler.nest import Nest, plan
from polyc.target import target
from tests.scheduler.support import V3, Case, case

TARGETS = ("x86-64-v2", "x86-64-v3", "x86-64-v4")
SIZES = {"M": 96, "N": 128, "K": 64}
NN = "def f(float(M,K) A, float(K,N) B) -> (C) { C(i,j) += A(i,k) * B(k,j) }"
NT = "def f(float(M,K) A, float(N,K) B) -> (C) { C(i,j) += A(i,k) * B(j,k) }"
TN = "def f(float(K,M) A, float(K,N) B) -> (C) { C(i,j) += A(k,i) * B(k,j) }"
TT = "def f(float(K,M) A, float(N,K) B) -> (C) { C(i,j) += A(k,i) * B(j,k) }"
COLUMNS = "def f(float(M,N) X) -> (Y) { Y(j) += X(i,j) }"
ROWS = "def f(float(M,N) X) -> (Y) { Y(i) += X(i,j) }"
CONV = "def f(float(C,H,W) X, float(K,C,R,S) F) -> (Y) { Y(k,h,w) += X(c,h+r,w+s) * F(k,c,r,s) }"


def nest_of(c: Case, name: str, *, on: str = "x86-64-v3", strict: bool = False) -> Nest:
    edges = tuple(replace(e, reduction=e.reduction and not strict) for e in c.deps.edges)
    typical = sized(c.program)
    ranges = extents(typical.statement(name))
    return plan(c.program, typical, name, edges, ranges, target(on))


def product_nest(text: str, **more: str | bool) -> Nest:
    return nest_of(case(text, SIZES), "S1", **more)  # type: ignore[arg-type]


# ---- the vector variable
@pytest.mark.parametrize(("text", "vector"), [(NN, "j"), (TN, "j"), (NT, "k"), (COLUMNS, "j")])
def test_the_vector_is_contiguous(text: str, vector: str) -> None:
    assert product_nest(text).vector == vector


def test_a_copy_is_a_vector_along_its_contiguous_side() -> None:
    c = case("def f(float(N,M) X) -> (Y) { Y(i,j) = X(i,j) * 2.0 }", SIZES)
    assert nest_of(c, "S0").vector == "j"
    c = case("def f(float(M,N) X) -> (Y) { Y(i,j) = X(i,3) * 2.0 where j in 0:9 }", SIZES)
    assert nest_of(c, "S0").vector == "j"


# ---- loads that lie across the vector
TURNED = "def f(float(N,M) X, float(M) a, float(N,M) Z) -> (Y) { Y(j,i) = X(i,j) * a(j) + Z(i,j) }"


@pytest.mark.parametrize("on", TARGETS)
def test_a_transposed_load_makes_a_square_of_two_vectors(on: str) -> None:
    found = nest_of(case(TURNED, SIZES), "S0", on=on)
    lanes = target(on).lanes(4)
    assert found.square
    assert found.vector == "i"
    assert found.tiles == {"j": lanes, "i": lanes}
    assert [(x.variable, x.tile, x.mark) for x in found.loops[-2:]] == [
        ("j", 1, "vector"),
        ("i", 1, "vector"),
    ]


@pytest.mark.parametrize(
    ("text", "across"),
    [
        ("def f(float(A,B,C,D) X) -> (Y) { Y(b,a,d,c) = X(a,b,c,d) }", "d"),
        ("def f(float(A,B,C,D) X) -> (Y) { Y(d,a,c,b) = X(a,b,c,d) }", "d"),
        ("def f(float(D,A) X) -> (Y) { Y(i,k,j) = X(16*i+j,k) where i in 0:3, j in 0:16 }", "k"),
    ],
)
def test_the_other_side_of_the_square_is_where_the_load_is_contiguous(
    text: str, across: str
) -> None:
    found = nest_of(case(text, {"A": 64, "B": 40, "C": 48, "D": 56}), "S0", on="x86-64-v4")
    assert found.square
    assert list(found.tiles) == [across, found.vector]


def test_blocks_follow_rows_that_lie_in_pages_of_their_own() -> None:
    text = "def f(float(N,M) X) -> (Y) { Y(j,i) = X(i,j) }"
    for m, order in ((64, "ji"), (4096, "ij")):
        found = nest_of(case(text, {"N": 4096, "M": m}), "S0")
        assert "".join(x.variable for x in found.loops if x.tile > 1) == order


@pytest.mark.parametrize(
    "text",
    [
        "def f(float(N,M) X) -> (Y) { Y(i,j) = X(i,j) }",  # nothing lies across
        "def f(float(N,M) X) -> (Y) { Y(j) += X(i,j) }",  # a sum
        "def f(float(N) X) -> (Y) { Y(i) = X(3*i) where i in 0:32 }",  # near lanes
        "def f(complex64(N,M) X) -> (Y) { Y(j,i) = X(i,j) }",  # parts lie between
        "def f(float(N,M) X) -> (Y) { Y(j,i) = X(i,2*j) where j in 0:32 }",  # contiguous nowhere
    ],
)
def test_no_square(text: str) -> None:
    name = "S1" if "+=" in text else "S0"
    assert not nest_of(case(text, SIZES), name).square


def test_a_sum_pays_once_for_a_result_that_is_not_contiguous() -> None:
    assert product_nest("def f(float(N,K,M) X) -> (Y) { Y(j,i) += X(i,k,j) }").vector == "j"


def test_a_sum_is_a_vector_only_where_it_may_be_reordered() -> None:
    assert product_nest(ROWS).vector == "j"
    assert product_nest(ROWS, strict=True).vector == "i"
    c = case("def f(float(N) X) -> (s) { s() += X(i) }", SIZES)
    assert nest_of(c, "S1").vector == "i"
    found = nest_of(c, "S1", strict=True)
    assert found.vector is None
    assert found.reason == (
        "no variable is contiguous and free of dependences; the order along i is kept"
    )


def test_strict_keeps_the_terms_in_order() -> None:
    for text in (NN, NT, TN, TT):
        found = product_nest(text, strict=True)
        assert found.vector != "k"
        assert "k" not in found.tiles


def test_a_recurrence_is_no_vector() -> None:
    text = (
        "def f(float(N,M) X) -> (float(N,M) S) "
        "{ S(i,0) = X(i,0)\n S(i,j) = S(i,j-1) + X(i,j) where j in 1:M }"
    )
    assert nest_of(case(text, SIZES), "S1").vector != "j"


def test_one_iteration_is_no_vector() -> None:
    c = case("def f(float(N,M) X) -> (Y) { Y(i,j) = X(i,j) }", {"N": 9, "M": 1})
    assert nest_of(c, "S0").vector != "j"


# ---- the register tile
@pytest.mark.parametrize("on", TARGETS)
@pytest.mark.parametrize("text", [NN, NT, TN, TT, COLUMNS, ROWS])
def test_the_register_tile_fits_the_register_file(text: str, on: str) -> None:
    t = target(on)
    found = product_nest(text, on=on)
    assert found.vector is not None
    lanes = t.lanes(4)
    assert found.tiles[found.vector] % lanes == 0
    sums = prod(found.tiles.values()) // lanes
    assert 1 < sums < t.vector_registers, "an operand needs a register too"


@pytest.mark.parametrize("on", TARGETS)
def test_enough_sums_hide_the_latency_of_additions(on: str) -> None:
    t = target(on)
    sums = prod(product_nest(NN, on=on).tiles.values()) // t.lanes(4)
    assert sums >= t.fma_latency * t.fma_units


def test_doubles_fill_fewer_lanes() -> None:
    narrow, wide = (product_nest(NN.replace("float(", kind)) for kind in ("double(", "float("))
    assert narrow.tiles["j"] * 2 == wide.tiles["j"]


def test_a_register_tile_is_not_larger_than_its_loops() -> None:
    c = case(NN, {"M": 3, "N": 5, "K": 7})
    tiles = nest_of(c, "S1").tiles
    assert tiles["i"] <= 3
    assert tiles["j"] <= V3.lanes(4)


def test_rows_are_cut_into_nearly_equal_tiles() -> None:
    for m in range(2, 40):
        rows = nest_of(case(NN, {**SIZES, "M": m}), "S1").tiles["i"]
        assert rows * -(-m // rows) - m < -(-m // rows), "the last tile is short of one row each"


def test_a_convolution_has_the_tile_of_a_product() -> None:
    sizes = {"C": 16, "H": 34, "W": 34, "K": 32, "R": 3, "S": 3}
    found = nest_of(case(CONV, sizes), "S1")
    assert found.vector == "w"
    assert len(found.tiles) == 2


# ---- the order of loops
def test_the_register_tile_is_innermost_and_the_sum_around_it() -> None:
    loops = product_nest(NN).loops
    assert [(x.variable, x.mark) for x in loops[-3:]] == [
        ("k", ""),
        ("i", "unroll"),
        ("j", "vector"),
    ]
    assert {x.variable for x in loops[:-3]} == {"i", "j"}
    assert all(x.tile > 1 for x in loops[:-3])


def test_every_variable_is_looped_to_the_last_element() -> None:
    for text in (NN, NT, TN, TT, COLUMNS, ROWS):
        loops = product_nest(text).loops
        elements = {x.variable for x in loops if x.tile == 1}
        assert elements == {x.variable for x in loops}


def test_where_a_dependence_forbids_others_the_order_is_the_text() -> None:
    text = """def f(float(N,M) X) -> (float(N,M) A) {
      A(0,j) = X(0,j)
      A(i,0) = X(i,0) where i in 1:N
      A(i,M-1) = X(i,M-1) where i in 1:N
      A(i,j) = A(i-1,j+1) + A(i,j-1) where i in 1:N, j in 1:M-1
    }"""
    c = case(text, {"N": 20, "M": 20})
    assert [x.variable for x in nest_of(c, "S3").loops] == ["i", "j"]
    assert c.verify(c.schedule()).failures == ()
