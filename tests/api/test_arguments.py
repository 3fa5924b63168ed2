"""Wrong arguments: each is an ArgumentError that names the argument, and nothing is written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import polyc
from polyc.errors import ArgumentError, PolycError

TEXT = """
def f(float(N,K) x, float(K) w, float a, int32(N) i) -> (y, z) {
    y(n) += a * x(n,k) * w(k)
    z(n) = w(i(n)) where n in 0:N
}
"""
X = np.ones((4, 3), np.float32)
W = np.arange(3, dtype=np.float32)
I = np.zeros(4, np.int32)  # noqa: E741
GOOD: dict[str, Any] = {"x": X, "w": W, "a": 2.0, "i": I}


@pytest.fixture(params=["operator", "kernel", "symbolic"])
def call(request: pytest.FixtureRequest) -> Any:
    op = polyc.compile(TEXT)
    match request.param:
        case "kernel":
            return op.specialize({"N": 4, "K": 3})
        case "symbolic":
            return op.specialize({})
        case _:
            return op


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "dtype": (
        {"x": X.astype(np.float64)},
        r"argument x: found float64, expected float32; .*astype",
    ),
    "integers": ({"i": I.astype(np.int64)}, r"argument i: found int64, expected int32"),
    "rank": ({"x": X[0]}, r"x.*dimensions.*expected.*2"),
    "extent": ({"w": np.ones(5, np.float32)}, r"w.*5.*expected.*3"),
    "scalar": ({"a": np.ones(2)}, r"argument a: .*expected a number"),
    "text": ({"a": "2"}, r"argument a: found str"),
    "complex": ({"a": 2j}, r"argument a: found 2j, expected a number of type float32"),
    "nothing": ({"x": None}, r"argument x: found NoneType, expected an array"),
    "list": ({"w": [1.0, 2.0, 3.0]}, r"argument w: found list, expected an array"),
    "unknown": ({"q": X}, r"unknown argument q; expected 4: x, w, a, i"),
    "gather": ({"i": np.array([0, 1, 2, 3], np.int32)}, r"w"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_input(call: Any, name: str) -> None:
    change, message = WRONG[name]
    out = np.full(4, 7, np.float32), np.full(4, 7, np.float32)
    with pytest.raises(ArgumentError, match=message):
        call(**{**GOOD, **change}, out=out)
    assert all((y == 7).all() for y in out)


def test_missing_and_extra_and_double(call: Any) -> None:
    with pytest.raises(ArgumentError, match="missing argument a, i; expected 4: x, w, a, i"):
        call(X, W)
    with pytest.raises(ArgumentError, match="too many arguments: found 5, expected 4"):
        call(X, W, 1, I, X)
    with pytest.raises(ArgumentError, match="argument x: given by position and by name"):
        call(X, W, 1, I, x=X)


def read_only(a: Any) -> Any:
    a.flags.writeable = False
    return a


Y = np.zeros(4, np.float32)
OUTS: dict[str, tuple[Any, str]] = {
    "dtype": ((np.zeros(4), None), r"argument y: found float64, expected float32"),
    "rank": ((None, np.zeros((4, 1), np.float32)), r"argument z: found 2 dimensions.*expected 1"),
    "extent": ((np.zeros(5, np.float32), None), r"argument y: found extent 5.*expected 4"),
    "read-only": ((read_only(np.zeros(4, np.float32)), None), r"argument y: found a read-only"),
    "itself": ((np.lib.stride_tricks.as_strided(Y, (4,), (0,)), None), r"y: .*share memory"),
    "each other": ((Y, Y), r"argument z: out overlaps the output y"),
    "input": ((X[:, 0], None), r"argument y: out overlaps the input x"),
    "count": ((Y,), r"out: found 1 entries, expected 2: y, z"),
    "one array": (Y, r"out: found ndarray, expected a tuple of 2"),
    "no array": (("text", None), r"argument y: found str, expected an array"),
}


@pytest.mark.parametrize("name", OUTS)
def test_a_wrong_out(call: Any, name: str) -> None:
    out, message = OUTS[name]
    before = X.copy(), Y.copy()
    with pytest.raises(ArgumentError, match=message):
        call(**GOOD, out=out)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(Y, before[1])


def test_argument_errors_are_type_and_value_errors() -> None:
    op = polyc.compile(TEXT)
    for kind in (TypeError, ValueError, PolycError):
        with pytest.raises(kind):
            op(X)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"Q": 3}, "sizes: unknown size Q; expected N, K"),
        ({"N": -1}, "sizes: N is -1, expected 0 or more"),
        ({"N": 2.5}, "sizes: N is 2.5, expected an integer"),
        ({"N": True}, "sizes: N is True, expected an integer"),
    ],
)
def test_wrong_sizes(sizes: Any, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        polyc.compile(TEXT).specialize(sizes)


def test_wrong_dtypes() -> None:
    op = polyc.compile("ij->i")
    with pytest.raises(ArgumentError, match="dtypes: unknown input q"):
        op.specialize({"i": 2, "j": 2}, {"q": "f4"})
    with pytest.raises(ArgumentError, match="found element type object"):
        op.specialize({"i": 2, "j": 2}, object)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"backend": "cuda"}, "option backend: found 'cuda', expected one of llvm, c"),
        ({"math": "loose"}, "option math"),
        ({"colour": 1}, "unknown option 'colour'"),
    ],
)
def test_wrong_options(settings: Any, message: str) -> None:
    with pytest.raises(ArgumentError, match=message), polyc.config(**settings):
        pass


def test_a_wrong_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLYC_NUM_THREADS", "many")
    with pytest.raises(ArgumentError, match="POLYC_NUM_THREADS: cannot read 'many'"):
        polyc.einsum("i->i", Y)


def test_an_unknown_target() -> None:
    with pytest.raises(polyc.CompileError, match="unknown target 'pdp11'; known: host"):
        polyc.compile("ij->i", options=polyc.Options(target="pdp11"))(X)
