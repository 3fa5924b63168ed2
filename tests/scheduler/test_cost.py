"""What a kernel computes, moves and allocates, against figures worked out by hand."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import islpy as isl
import numpy as np
import pytest

import polyc
from polyc import runtime
from polyc.errors import ArgumentError
from polyc.options import Options
from polyc.scheduler import counting
from polyc.scheduler import steps as scheduling
from polyc.scheduler.cost import Cost, cost
from polyc.scheduler.dependences import analyse
from polyc.scheduler.operations import operations
from polyc.scheduler.packing import pack
from polyc.scheduler.padding import pad_operands
from polyc.scheduler.schedule import schedule
from polyc.scheduler.tree import Decision, Schedule
from polyc.target import Target
from tests.programs import CORPUS
from tests.scheduler.support import V3, Case, by_hand, case, loop, nest, seq, tile_home, window

LEVELS = ("L1", "L2", "L3", "DRAM")
COPY = "def copy(float(N) x) -> (float(N) y) { y(i) = x(i) }"
MATMUL = "def f(double(N,N) A, double(N,N) B) -> (double(N,N) C) { C(i,j) += A(i,k) * B(k,j) }"
HEAT2 = """def heat(double(N,N) A0, int T) -> (double(N,N) A) {
  A(i,j) = A0(i,j)
  B(i,j) = A0(i,j)
  for t in 0:T {
    B(i,j) = A(i,j) + 0.125 * (A(i+1,j) - 2.0 * A(i,j) + A(i-1,j))
      + 0.125 * (A(i,j+1) - 2.0 * A(i,j) + A(i,j-1)) where i in 1:N-1, j in 1:N-1
    A(i,j) = B(i,j) + 0.125 * (B(i+1,j) - 2.0 * B(i,j) + B(i-1,j))
      + 0.125 * (B(i,j+1) - 2.0 * B(i,j) + B(i,j-1)) where i in 1:N-1, j in 1:N-1
  }
}"""


def of(c: Case, plan: Schedule | None = None, machine: Target = V3) -> Cost:
    """The cost of a schedule as it stands, without copies of operands."""
    return cost(c.program, c.program, plan or c.schedule(), machine, 0)


def whole(c: Case, **options: Any) -> Cost:
    """The cost of all that the compiler does."""
    made = pad_operands(c.program).then(lambda p: pack(p, V3)).program
    deps = analyse(made)
    return cost(c.program, made, schedule(made, deps, V3, Options(**options)), V3, 0)


# ---- counting
@pytest.mark.parametrize(
    "text",
    [
        "{ [i,j] : 0 <= i < 9 and 0 <= j <= i }",
        "{ [i,j,k] : 0 <= i < 7 and 0 <= j <= i and 0 <= k < 5 }",
        "{ [i,j,k] : 0 <= i < 7 and 0 <= j <= i and j <= k < 7 }",
        "{ [i,j,k,l] : 0 <= i < 5 and 0 <= k <= i and 0 <= j < 6 and j <= l < 6 }",
        "{ [i,j] : 0 <= i < 8 and 0 <= j < 8 and (i != j or i = 3) }",
        "{ [i,j] : 0 <= i < 8 and 0 <= j < 8 and (i < 3 or j < 2) }",
        "{ [i] : 0 <= i < 20 and i mod 3 = 1 }",
        "{ [i,j] : 0 <= i < 20 and i mod 3 = 1 and 0 <= j < 20 and j mod 4 = i mod 4 }",
        "{ [i,j,k] : 0 <= i < 8 and i mod 3 = 1 and 0 <= j <= k < 8 }",
        "{ [a,b] : exists i : 0 <= i < 30 and a = floor(i/4) and b = floor(i/6) }",
        "{ [i,j] : 0 <= i < 6 and 0 <= j < 6 and (i + j) mod 2 = 0 }",
        "{ [] }",
        "{ [i] : i < 0 and i > 0 }",
    ],
)
def test_points_are_counted_exactly(text: str) -> None:
    points = isl.Set(text)
    n = points.dim(isl.dim_type.set)
    inside = sum(
        not points.intersect(isl.Set(f"{{ [{', '.join(map(str, at))}] }}")).is_empty()
        for at in itertools.product(range(20), repeat=n)
        if n < 3 or max(at) < 8
    )
    assert counting.count(points) == inside


def test_what_is_too_much_to_count_is_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    points = isl.Set("{ [i,j,k] : 0 <= i < 200 and 0 <= j <= i and 0 <= k <= j }")
    exact = 200 * 201 * 202 // 6
    assert counting.count(points) == exact
    monkeypatch.setattr(counting, "BUDGET", 2000)
    assert counting.count(points) == exact  # slice by slice
    monkeypatch.setattr(counting, "MOST", 100)
    assert counting.count(points) is None
    assert abs(counting.estimate(points) / exact - 1) < 0.03


# ---- operations
@pytest.mark.parametrize(
    ("text", "sizes", "expected"),
    [
        (MATMUL, {"N": 7}, 2 * 7**3),
        ("def f(float(N) x) -> (y) { y(i) = exp(x(i)) + 1 }", {"N": 5}, 2 * 5),
        ("def f(float(N) x) -> (y) { y(i) = -max(x(i), 0.0) }", {"N": 5}, 2 * 5),
        ("def f(float(N) x) -> (y) { y(i) = x(N-1-i) }", {"N": 5}, 0),
        ("def f(float(N,N) x) -> (y) { y(i) += x(i,j) where j <= i }", {"N": 40}, 40 * 41 // 2),
        ("def f(float(N,N) x) -> (y) { y(i) += x(i,j) * x(j,i) where j < i }", {"N": 9}, 2 * 36),
        # a branch counts where it is taken, its condition on indices nothing
        (
            "def f(float(N) x) -> (y) { y(i) = i < 3 ? x(i) * 2.0 + 1.0 : x(i) where i in 0:N }",
            {"N": 10},
            6,
        ),
        # on data both count, the comparison and the choice too
        (
            "def f(float(N) x) -> (y) { y(i) = x(i) < 3.0 ? x(i) * 2.0 : x(i) where i in 0:N }",
            {"N": 10},
            30,
        ),
        ("def f(float(N) x, float(R) w) -> (y) { y(i) += x(i+r) * w(r) }", {"N": 9, "R": 2}, 32),
    ],
)
def test_operations_of_the_text(text: str, sizes: Mapping[str, int], expected: int) -> None:
    assert operations(case(text, sizes).program) == (expected, True)


def test_copies_and_padding_are_no_operations() -> None:
    c = case(CORPUS["conv2d_same"].text, CORPUS["conv2d_same"].sizes[0])
    made = pad_operands(c.program).then(lambda p: pack(p, V3)).program
    assert len(made.statements) > len(c.program.statements)
    assert whole(c).flops == operations(c.program)[0]


# ---- compulsory bytes
@pytest.mark.parametrize(
    ("text", "sizes", "elements"),
    [
        (COPY, {"N": 1000}, 2000),
        ("def f(float(N) x) -> (y) { y(i) = x(2*i) where i in 0:N/2 }", {"N": 10}, 10),
        ("def f(float(N) x) -> (y) { y(i) = x(i) + x(i+1) }", {"N": 10}, 19),
        ("def f(float(N,N) x) -> (y) { y(i) = x(i,i) }", {"N": 30}, 60),
        ("def f(float(N) x) -> (float y) { t(i) = x(i) + 1.0  y += t(i) }", {"N": 30}, 31),
        ("def f(float(N) x, float(N) unused) -> (y) { y(i) = x(i) }", {"N": 30}, 60),
        (
            "def f(float(V,D) T, int(N) at) -> (y) { y(n,d) = T(at(n),d) }",
            {"V": 1000, "D": 8, "N": 4},
            68,
        ),
    ],
)
def test_least_bytes(text: str, sizes: Mapping[str, int], elements: int) -> None:
    assert of(case(text, sizes)).bytes_min == 4 * elements


# ---- bytes moved, by closed forms
def test_a_copy_moves_each_element_once_at_every_level() -> None:
    n = 10_000_000
    assert of(case(COPY, {"N": n})).bytes_moved == dict.fromkeys(LEVELS, 8 * n)


def level(c: Case, plan: Schedule, capacity: int) -> int:
    """Bytes past a cache of a size."""
    return of(c, plan, replace(V3, l1_bytes=capacity)).bytes_moved["L2"]


def test_the_loops_of_a_product_reuse_what_fits() -> None:
    """i, j, k around C(i,j) += A(i,k) * B(k,j): a row of A, a column of B, all of B."""
    n = 64
    c = case(MATMUL, {"N": n})
    plan = by_hand(c, seq(("S0", nest("S0", "i", "j")), ("S1", nest("S1", "i", "j", "k"))))
    init, square, cube = 8 * n * n, 8 * n * n, 8 * n**3
    # all of it: A and B in, C out; C = 0 stays
    assert level(c, plan, 3 * square) == 3 * square
    # C, written by its first statement, leaves and comes back
    back = init + square
    assert level(c, plan, square + 16 * n) == 3 * square + back
    # of an iteration of i only the row of A stays, B comes in every time
    assert level(c, plan, square + 16 * n - 1) == 2 * square + cube + back
    assert level(c, plan, 16 * n + 8) == 2 * square + cube + back
    # of an iteration of j nothing stays
    assert level(c, plan, 16 * n + 7) == square + 2 * cube + back
    assert level(c, plan, 24) == square + 2 * cube + back


def test_tiles_divide_what_comes_again() -> None:
    n, t = 64, 16
    c = case(MATMUL, {"N": n})
    rows: Mapping[str, Any] = {"S0": "i", "S1": "i"}
    inner = seq(("S0", nest("S0", "i", "j")), ("S1", nest("S1", "i", "j", "k")))
    tile = loop(rows, loop({"S0": "j", "S1": "j"}, inner, tile=t), tile=t)
    plan = by_hand(c, tile)
    fits = 8 * (2 * t * n + t * t)
    assert level(c, plan, fits) == 8 * (n * n + n * n * n // t + n * n)  # A stays along j
    ragged = case(MATMUL, {"N": 40})  # tiles of 16, 16 and 8
    plan = by_hand(ragged, tile)
    assert level(ragged, plan, 8 * (2 * t * 40 + t * t)) == 8 * (40 * 40 * 2 + 3 * 40 * 40)


def test_a_contracted_array_takes_the_room_of_its_window() -> None:
    """All of x stays in the cache beside a window of t, but not beside a row of its tiles."""
    text = "def f(double(N) a, double(N) x) -> (y) { t(i,j) = a(i) * x(j)  y(i) += t(i,j) }"
    c = case(text, {"N": 256})
    rows = {"S0": "i", "S2": "i"}, {"S0": "j", "S2": "j"}
    inner = seq(("S0", nest("S0", "i", "j")), ("S2", nest("S2", "i", "j")))
    tiles = loop(rows[0], loop(rows[1], inner, tile=16), tile=16)
    tree = seq(("S1", nest("S1", "i")), ("S0 S2", tiles))
    home = tile_home("t", window(rows[0], 16, 16), window(rows[1], 16, 16))
    vector, room = 8 * 256, 8 * (256 + 16 * 16 + 2 * 16)
    start = 2 * vector  # y = 0 goes out and comes back
    assert level(c, by_hand(c, tree, home), room) == 3 * vector + start
    assert level(c, by_hand(c, tree, home), room - 1) == (2 + 16) * vector + start
    assert level(c, by_hand(c, tree), room) > (2 + 16) * vector + start


def test_rows_that_data_choose_come_again() -> None:
    """A table of 2,000 rows read 8,000 times: by a cache that holds it, or holds a row."""
    text = "def f(double(V,D) T, int(N) at) -> (y) { y(n,d) = T(at(n),d) }"
    c = case(text, {"V": 2000, "D": 64, "N": 8000})
    plan = by_hand(c, nest("S0", "n", "d"))
    table, out, indices = 8 * 2000 * 64, 8 * 8000 * 64, 4 * 8000
    assert level(c, plan, table + out + indices) == table + out + indices
    assert level(c, plan, 2048) == 2 * out + indices


def test_registers_hold_what_marked_loops_do_not_move() -> None:
    c = case(MATMUL, {"N": 64})
    tree = loop(
        {"S1": "i"},
        loop(
            {"S1": "j"},
            loop({"S1": "k"}, loop({"S1": "i"}, loop({"S1": "j"}, mark="vector"), mark="unroll")),
            tile=16,
        ),
        tile=4,
    )
    plan = by_hand(c, seq(("S0", nest("S0", "i", "j")), ("S1", tree)))
    points, square = 64**3, 64**2
    elements = points // 16 + points // 4 + 3 * square  # A, B, C in and out and its zeros
    assert of(c, plan).bytes_moved["L1"] == 8 * elements


def test_a_sum_in_place_reads_only_what_it_has_not_written() -> None:
    text = (
        "def f(float(N) x) -> (float(N) y) { y(i) = x(i)  for i in 1:N { y(i) = y(i-1) + y(i) } }"
    )
    n = 100_000_000
    c = case(text, {"N": n})
    plan = by_hand(c, seq(("S0", nest("S0", "i")), ("S1", nest("S1", "i"))))
    assert of(c, plan).bytes_moved["DRAM"] == 4 * (
        4 * n - 1
    )  # x in, y out, y in, but its first out


def test_triangles_count_their_points() -> None:
    n = 500
    text = "def f(double(N,N) x) -> (double(N) y) { y(i) += x(i,j) where j <= i }"
    c = case(text, {"N": n})
    plan = by_hand(c, seq(("S0", nest("S0", "i")), ("S1", nest("S1", "i", "j"))))
    found = of(c, plan).bytes_moved["L1"]
    assert found == pytest.approx(8 * (n * (n + 1) / 2 + 3 * n), rel=0.01)


# ---- what the scheduler does shows
@pytest.mark.parametrize("name", CORPUS)
def test_a_level_moves_no_more_than_the_one_above(name: str) -> None:
    made = CORPUS[name]
    c = case(made.text, made.smoke, consts=made.consts, entry=made.entry)
    found = whole(c)
    moved = [found.bytes_moved[x] for x in LEVELS]
    assert moved == sorted(moved, reverse=True)
    assert moved[-1] >= found.bytes_min  # the caches are empty first
    assert found.exact


def refuse(*_: object) -> tuple[None, Decision]:
    return None, Decision("time", "all", "not tiled", "a test asks for steps")


@pytest.mark.parametrize(
    ("text", "least"),
    [(CORPUS["jacobi2d"].text, 4.0), (HEAT2, 4.0), (CORPUS["fdtd2d"].text, 4.0)],
)
def test_tiles_in_time_move_a_quarter_of_the_bytes_from_memory(
    text: str, least: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    c = case(text, {"N": 2000}, consts={"T": 20})
    tiled = whole(c)
    monkeypatch.setattr(scheduling, "time_tiles", refuse)
    steps = whole(c)
    assert steps.flops == tiled.flops
    assert steps.bytes_moved["DRAM"] >= least * tiled.bytes_moved["DRAM"]


def test_steps_of_a_stencil_stream_two_arrays_each_way() -> None:
    n, steps = 2000, 20
    c = case(CORPUS["jacobi2d"].text, {"N": n}, consts={"T": steps})
    plain = nest("S2", "i", "j"), nest("S3", "i", "j")
    time = loop({"S2": "t", "S3": "t"}, seq(("S2", plain[0]), ("S3", plain[1])))
    start = seq(("S0", nest("S0", "i", "j")), ("S1", nest("S1", "i", "j")), ("S2 S3", time))
    found = of(c, by_hand(c, start)).bytes_moved["DRAM"]
    assert found == pytest.approx(4 * n * n * (4 + 4 * steps), rel=0.005)


def test_contracted_temporaries_never_leave() -> None:
    text = """def f(float(N,M) x) -> (y) {
      t(i,j) = exp(x(i,j))  s(i) += t(i,j)  y(i,j) = t(i,j) / s(i)
    }"""
    c = case(text, {"N": 8192, "M": 2048})
    array = 4 * 8192 * 2048
    assert of(c).bytes_moved["DRAM"] == 2 * array
    apart = of(c, c.schedule(fusion="none")).bytes_moved["DRAM"]
    assert apart >= 5 * array  # x, t out, t, t again, y


def test_a_packed_operand_is_read_and_written_once_more() -> None:
    c = case(CORPUS["matmul_nt"].text, {"M": 64, "N": 8192, "K": 4096})
    packed = pack(c.program, V3).program
    assert [t.packs for t in packed.tensors if t.packs] == ["B"]
    array = 4 * 4096 * 8192
    assert 3 * array <= whole(c).bytes_moved["DRAM"] <= 3.1 * array


# ---- kernels
@pytest.mark.parametrize(
    ("name", "threads", "backend"),
    [
        *itertools.product(("matmul", "softmax", "attention", "transpose4"), (1, 3), ("llvm",)),
        ("matmul", 2, "c"),
    ],
)
def test_scratch_is_what_a_call_allocates(
    name: str, threads: int, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = CORPUS[name]
    sizes = {"M": 512, "N": 512, "K": 512} if name == "matmul" else made.smoke
    with polyc.config(threads=threads, backend=backend):
        k = polyc.compile(made.text, consts=made.consts).specialize(sizes)
    asked: list[int] = []
    allocate = runtime._workspace

    def record(size: int) -> Any:
        asked.append(size)
        return allocate(size)

    monkeypatch.setattr(runtime, "_workspace", record)
    k(**made.inputs(sizes))
    assert sum(asked) == k.cost.scratch_bytes


def test_a_symbolic_kernel_has_no_cost() -> None:
    k = polyc.compile("mk,kn->mn").specialize({"m": 3}, dtypes="float32")
    with pytest.raises(ArgumentError, match=r"symbolic in k, n.*specialize\(\{'k': 512, 'n': 512"):
        _ = k.cost


def test_a_kernel_prints_its_cost() -> None:
    with polyc.config(target="x86-64-v3", threads=1):
        k = polyc.compile(COPY).specialize({"N": 1000})
    assert k.cost is k.cost
    assert k.cost.intensity == 0
    assert str(k.cost).splitlines() == [
        "operations          0",
        "bytes at least  8,000  inputs and outputs, once",
        "bytes L1        8,000  loads and stores",
        "bytes L2        8,000  between L1 and L2",
        "bytes L3        8,000  between L2 and L3",
        "bytes DRAM      8,000  between L3 and memory",
        "intensity        0.00  operations per byte from memory",
        "scratch bytes       0  of all threads",
    ]


def test_no_points_cost_nothing() -> None:
    k = polyc.compile("mk,kn->mn").specialize({"m": 0, "k": 3, "n": 4}, dtypes="float32")
    assert (k.cost.flops, k.cost.bytes_min, k.cost.intensity) == (0, 0, 0)
    assert k.cost.bytes_moved == dict.fromkeys(LEVELS, 0)
    assert k(np.ones((0, 3), "f4"), np.ones((3, 4), "f4")).shape == (0, 4)
