"""Tile sizes from footprints and caches."""

from __future__ import annotations

from polyc.frontend.integers import Int
from polyc.scheduler.affine import Row
from polyc.scheduler.facts import accesses, extents, footprint, stride
from polyc.scheduler.tiling import Tiling, choose, tile_ranges
from tests.scheduler.support import Case, case, row

COPY = "def f(float(N,M) X) -> (Y) { Y(i,j) = X(i,j) * 2.0 }"
ROWS = (row({"S0": "i"}), row({"S0": "j"}))


def tiling(c: Case, rows: tuple[Row, ...], units: tuple[int, ...], room: int) -> Tiling:
    return choose(c.program, ("S0",), rows, units, room)


def test_what_fits_is_one_tile() -> None:
    found = tiling(case(COPY, {"N": 8, "M": 16}), ROWS, (1, 8), 1 << 20)
    assert found.sizes == (8, 16)
    assert found.counts == (1, 1)
    assert found.bytes == 2 * 8 * 16 * 4


def test_a_tile_fits_its_room() -> None:
    c = case(COPY, {"N": 1000, "M": 3000})
    for room in (1 << 12, 1 << 15, 1 << 19):
        found = tiling(c, ROWS, (4, 16), room)
        assert room / 8 < found.bytes <= room
        assert [size % unit for size, unit in zip(found.sizes, (4, 16), strict=True)] == [0, 0]


def test_tiles_cover_the_rows() -> None:
    found = tiling(case(COPY, {"N": 1000, "M": 3000}), ROWS, (3, 16), 1 << 15)
    for size, count, n in zip(found.sizes, found.counts, (1000, 3000), strict=True):
        assert (count - 1) * size < n <= count * size


def test_no_tile_is_smaller_than_a_register_tile() -> None:
    found = tiling(case(COPY, {"N": 1000, "M": 3000}), ROWS, (4, 16), 1)
    assert found.sizes == (4, 16)


def test_threads_get_several_tiles_of_enough_work() -> None:
    found = tiling(case(COPY, {"N": 4000, "M": 4000}), ROWS, (1, 8), 1 << 40)
    tiles = found.counts[0] * found.counts[1]
    assert tiles >= 8
    assert found.operations / tiles > 100_000
    small = tiling(case(COPY, {"N": 100, "M": 100}), ROWS, (1, 8), 1 << 40)
    assert small.counts == (1, 1)


def test_a_shifted_row_spans_both_variables() -> None:
    c = case("def f(float(N,M) X) -> (Y) { Y(i,j) = X(i,j) }", {"N": 10, "M": 20})
    found = choose(c.program, ("S0",), (row({"S0": Int.of("i") + "j"}),), (1,), 1 << 20)
    assert found.sizes == (29,)


def test_ranges_inside_a_tile() -> None:
    c = case(COPY, {"N": 10, "M": 20})
    s = c.program.statement("S0")
    whole = extents(s)
    assert whole == {"i": 10, "j": 20}
    assert tile_ranges(s, ROWS, (4, 64), whole) == {"i": 4, "j": 20}


def test_footprints_are_boxes() -> None:
    text = "def f(float(N) X, float(R) w) -> (Y) { Y(i) += X(2*i+r) * w(r) }"
    c = case(text, {"N": 101, "R": 3})
    _, image, weights = accesses(c.program.statement("S1"))
    n, r = (Int.of(101),), (Int.of(3),)
    assert footprint(image.subs, n, {"i": 8, "r": 3}) == 2 * 7 + 2 + 1
    assert footprint(image.subs, n, {"i": 10**6, "r": 3}) == 101
    assert footprint(weights.subs, r, {"i": 8, "r": 3}) == 3


def test_strides_are_elements_of_memory() -> None:
    c = case("def f(float(N,M,K) X, int32(N) I) -> (Y) { Y(i) += X(I(i), 2*j, j) }",
             {"N": 3, "M": 11, "K": 6})  # fmt: skip
    write, read, index = accesses(c.program.statement("S1"))
    assert stride(write, "i", c.program) == 1
    assert stride(write, "j", c.program) == 0
    assert stride(read, "j", c.program) == 2 * 6 + 1
    assert stride(read, "i", c.program) is None, "the place depends on data"
    assert stride(index, "i", c.program) == 1
