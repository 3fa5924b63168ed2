"""Arrays in and out: no copies where none is needed, and plain words where an array is no good."""

from __future__ import annotations

import array
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import polyc
from polyc import arrays
from polyc.errors import ArgumentError, ResourceError


class Foreign:
    """An array of another library: all it has is DLPack."""

    def __init__(self, data: Any, device: int = 1) -> None:
        self.data, self.device = data, device

    def __dlpack__(self, **options: Any) -> Any:
        return self.data.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (self.device, 0)


def from_dlpack(x: Any) -> Foreign:
    return Foreign(np.from_dlpack(x))


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> type[Foreign]:
    """A package whose arrays are `Foreign` and that has `from_dlpack`, as torch and jax do."""
    package = ModuleType("somearrays")
    vars(package)["from_dlpack"] = from_dlpack
    monkeypatch.setitem(sys.modules, "somearrays", package)
    monkeypatch.setattr(Foreign, "__module__", "somearrays")
    return Foreign


def test_numpy_arrays_are_used_where_they_lie() -> None:
    a = np.arange(12.0).reshape(3, 4)
    for x in (a, a.T, a[::-1], a[:, ::2], np.broadcast_to(a[0], (5, 4)), a[1:1]):
        assert arrays.addressable(arrays.view(x, "x")) is x


def test_a_subclass_loses_its_behaviour_and_keeps_its_memory() -> None:
    m = np.ma.masked_array(np.ones(3))
    assert type(arrays.view(m, "x")) is np.ndarray
    assert arrays.address(arrays.view(m, "x")) == m.ctypes.data


def odd_layouts() -> Iterator[Any]:
    yield np.ndarray((3,), np.float32, bytes(17), offset=1)  # unaligned
    yield np.arange(4, dtype=">f8")  # foreign byte order
    yield np.array(5, dtype=">i4")  # of rank 0
    record = np.zeros(4, np.dtype([("tag", "u1"), ("x", "u2"), ("more", "u2")], align=False))
    yield record["x"]  # 5 bytes from element to element


@pytest.mark.parametrize("x", list(odd_layouts()))
def test_what_a_kernel_cannot_address_is_copied(x: Any) -> None:
    y = arrays.addressable(x)
    assert y is not x
    assert y.dtype.isnative
    assert y.flags.aligned
    assert y.shape == x.shape
    np.testing.assert_array_equal(y, x)


def test_the_address_is_that_of_element_zero() -> None:
    a = np.arange(10)[::-2]
    assert arrays.address(a) == a.ctypes.data


def test_the_buffer_protocol_is_read() -> None:
    np.testing.assert_array_equal(arrays.view(array.array("f", [1, 2]), "x"), [1, 2])
    np.testing.assert_array_equal(arrays.view(memoryview(b"ab"), "x"), [97, 98])


def test_dlpack_is_read_without_a_copy(library: type[Foreign]) -> None:
    a = np.arange(3.0)
    assert arrays.address(arrays.view(library(a), "x")) == a.ctypes.data


def test_an_array_elsewhere_is_refused(library: type[Foreign]) -> None:
    with pytest.raises(ArgumentError, match=r"argument x: found an array of device type 2.*CPU"):
        arrays.view(library(np.ones(3), device=2), "x")


@pytest.mark.parametrize("x", ["text", None, object(), {"a": 1}, [1.0, 2.0]])
def test_what_is_no_array_is_refused(x: object) -> None:
    with pytest.raises(ArgumentError, match=f"argument x: found {type(x).__name__}, expected"):
        arrays.view(x, "x")


def test_results_come_in_the_callers_type(library: type[Foreign]) -> None:
    result = np.ones(2)
    made = arrays.returner((np.ones(1), 3.0, library(np.ones(1))))(result)
    assert isinstance(made, library)
    assert arrays.returner((np.ones(1), 3.0))(result) is result


def test_bfloat16_is_that_of_ml_dtypes() -> None:
    assert arrays.dtype("bfloat16") == ml_dtypes.bfloat16
    assert arrays.dtype("float32") == np.float32


@pytest.mark.parametrize("shape", [(), (0,), (3, 5), (2, 0, 4)])
def test_new_arrays_are_aligned(shape: tuple[int, ...]) -> None:
    a = arrays.empty(shape, np.dtype(np.float64))
    assert a.shape == shape
    assert a.flags.c_contiguous
    assert a.flags.writeable
    assert arrays.address(a) % 64 == 0 or not a.size


def test_too_large_an_array_is_a_resource_error() -> None:
    with pytest.raises(ResourceError, match="no memory for"):
        arrays.empty((1 << 40, 1 << 20), np.dtype(np.float64))


def test_overlap_is_exact() -> None:
    a = np.zeros(10)
    assert arrays.overlap(a[:5], a[4:])
    assert not arrays.overlap(a[:5], a[5:])
    assert not arrays.overlap(a[::2], a[1::2])


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (np.zeros((3, 4)), False),
        (np.zeros((3, 4)).T, False),
        (np.zeros((3, 4))[::-1, ::2], False),
        (np.broadcast_to(np.zeros(4), (3, 4)), True),
        (np.broadcast_to(np.zeros(4), (1, 4)), False),
        (np.broadcast_to(np.zeros(4), (0, 4)), False),
        (np.lib.stride_tricks.sliding_window_view(np.zeros(5), 3), True),
    ],
)
def test_an_array_that_overlaps_itself(x: Any, expected: bool) -> None:
    assert arrays.overlaps_itself(x) == expected


def test_calls_take_and_return_foreign_arrays(library: type[Foreign]) -> None:
    a = np.arange(6, dtype=np.float32).reshape(2, 3)
    for call in (polyc.compile("y[i] += x[i,j]"), lambda *x, **n: polyc.einsum("ij->i", *x, **n)):
        found = call(library(a))
        assert isinstance(found, library)
        np.testing.assert_array_equal(found.data, a.sum(1))
        out = library(np.zeros(2, np.float32))
        assert call(library(a), out=out) is out
        np.testing.assert_array_equal(out.data, a.sum(1))
