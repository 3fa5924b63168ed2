"""Every construct of the language: a text, arguments, and NumPy's answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = Any
RNG = np.random.default_rng(5)
A = RNG.standard_normal((4, 5))
B = RNG.standard_normal((5, 3))
X = RNG.standard_normal(9)
W = RNG.standard_normal(3)
I8 = RNG.integers(-128, 128, (4, 6)).astype(np.int8)
J8 = RNG.integers(-128, 128, (6, 5)).astype(np.int8)
NAN = np.array([[1.0, 3.0, 3.0], [np.nan, 9.0, np.nan], [-1.0, -1.0, -2.0]])


@dataclass(frozen=True)
class Row:
    """A text, its arguments, NumPy's answer."""

    text: str
    args: tuple[Any, ...]
    want: Callable[[], Any]
    consts: dict[str, int] = field(default_factory=dict)


def _loop_sum(init: str) -> str:
    return (
        "def f(float(N) X, int T) -> (Y, Z) { for t in 0:T {"
        f"  Y(i) +={init} X(i) * (t + 1)\n  Z(t,i) += X(i) }} }}"
    )


def _full(x: Array, w: Array) -> Array:
    return np.convolve(x, w)


def _heat(x: Array, steps: int) -> Array:
    y = x.copy()
    for _ in range(steps):
        y[1:-1] = (y[:-2] + y[2:]) * 0.5
    return y


ROWS = {
    "triangle": Row("O(i) += A(i,j) where j <= i", (A,), lambda: np.tril(A).sum(1)),
    "band": Row("O(i) += A(i,j) where j <= i + 1, i <= j + 1", (A,),
                lambda: (np.tril(A, 1) * np.tri(4, 5, 1) * (1 - np.tri(4, 5, -2))).sum(1)),
    "disjunction": Row("O(i) += A(i,j) where j < i || j > i", (A,),
                       lambda: A.sum(1) - np.diagonal(A)),
    "bound by a variable": Row("O(i) += A(i,j) where j in 0:i+1", (A,), lambda: np.tril(A).sum(1)),
    "let": Row("O(i) += A(i,j) * s + k where s = 2 * k, k = j + 1", (A,),
               lambda: (A * 2 * (np.arange(5) + 1) + np.arange(5) + 1).sum(1)),
    "size of a tensor": Row("O(i) = A(i,0) / A.1 + A.0", (A,), lambda: A[:, 0] / 5 + 4),
    "transposed convolution": Row("Y(2*i+r) += X(i) * W(r)", (X, W),
                                  lambda: _full(np.insert(X, range(1, 9), 0), W)),
    "guard": Row("O(i) = (i >= 1 ? X(i-1) : 0.0) + X(i)", (X,),
                 lambda: X + np.concatenate([[0], X[:-1]])),
    "select guards": Row("O(i) = select(i >= 1 && i < 5, X(i-1), 0.0) + X(i)", (X,),
                         lambda: X + np.where((np.arange(9) >= 1) & (np.arange(9) < 5),
                                              np.roll(X, 1), 0)),
    "data chooses": Row("O(i) = X(i) > 0 ? X(i) : 0.5 * X(i)", (X,),
                        lambda: np.where(X > 0, X, X / 2)),
    "pad": Row("def f(float(N) X) -> (float(N) O) { O(i) = pad(X(i-1), 7) + pad(X(i+1), 0) }", (X,),
               lambda: np.concatenate([[7], X[:-1]]) + np.concatenate([X[1:], [0]])),
    "reverse": Row("def f(float(N) X) -> (O) { O(i) = X(N-1-i) }", (X,), lambda: X[::-1]),
    "halves": Row("O(i) = X(i/2)", (X,), lambda: np.repeat(X, 2)),
    "remainder": Row("O(i) = W(i % 3) where i in 0:10", (W,), lambda: W[np.arange(10) % 3]),
    "argmax": Row("O(i) argmax= A(i,j)", (NAN,), lambda: np.argmax(NAN, 1)),
    "argmin": Row("O(i) argmin= A(i,j)", (NAN,), lambda: np.argmin(NAN, 1)),
    "max": Row("O(i) max= A(i,j)", (NAN,), lambda: NAN.max(1)),
    "and": Row("def f(bool(M,N) P) -> (Q, R) { Q(i) and= P(i,j)\n R(j) or= P(i,j) }", (A > 0,),
               lambda: ((A > 0).all(1), (A > 0).any(0))),
    "count": Row("O(i) += A(i,j) > 0", (A,), lambda: (A > 0).sum(1)),
    "gather": Row("def f(float(M,N) T, int32(B) I) -> (O) { O(b,n) = T(I(b), n) }",
                  (A, np.array([3, 0, 3])), lambda: A[[3, 0, 3]]),
    "gather with arithmetic": Row(
        "def f(float(M,N) T, int8(B) I) -> (O) { O(b) = T(I(b) + 1, I(b) % 2) }",
        (A, np.array([2, 1], np.int8)), lambda: np.array([A[3, 0], A[2, 1]])),
    "loop initialises once": Row(_loop_sum(""), (X, 3), lambda: (X * 6, np.tile(X, (3, 1)))),
    "loop initialises each time": Row(_loop_sum("!"), (X, 3), lambda: (X * 3, np.tile(X, (3, 1)))),
    "loops in loops": Row(
        "def f(float(N,M) A) -> (float(N,M) C) { C(i,j) = A(i,j)\n"
        "for i in 1:N { for j in 1:M { C(i,j) = C(i-1,j) + C(i,j-1) } } }",
        (np.ones((3, 4)),), lambda: np.array([[1, 1, 1, 1], [1, 2, 3, 4], [1, 3, 6, 10]])),
    "scan": Row("def f(float(N) X) -> (float(N) S) { S(0) = X(0)\n"
                "S(t) = S(t-1) + X(t) where t in 1:N }", (X,), lambda: X.cumsum()),
    "accumulate later": Row("def f(float(M,N) A) -> (O) { O(i) = 2 * A(i,0)\n O(i) += A(i,j) }",
                            (A,),
                            lambda: 2 * A[:, 0] + A.sum(1)),
    "rewrite": Row("def f(float(M,N) A) -> (O) { O(i) += A(i,j)\n O(i) +=! A(i,j) * 2 }", (A,),
                   lambda: 2 * A.sum(1)),
    "declared int8": Row(
        "def f(int8(M,K) A, int8(K,N) B) -> (int8(M,N) C) { C(m,n) += A(m,k) * B(k,n) }", (I8, J8),
        lambda: (I8.astype(int) @ J8.astype(int)).astype(np.int8)),
    "undeclared int8": Row(
        "def f(int8(M,K) A, int8(K,N) B) -> (C) { C(m,n) += A(m,k) * B(k,n) }", (I8, J8),
        lambda: I8.astype(np.int32) @ J8.astype(np.int32)),
    "wrap": Row("def f(int8(M,N) A) -> (O) { O(i,j) = A(i,j) * A(i,j) }", (I8,), lambda: I8 * I8),
    "integer division": Row(
        "def f(int32(N) A, int32(N) B) -> (Q, R) { Q(i) = A(i) / B(i)\n R(i) = A(i) % B(i) }",
        (np.array([7, -7, 7, -7, 5]), np.array([2, 2, -2, -2, 0])),
        lambda: (np.array([3, -3, -3, 3, 0]), np.array([1, -1, 1, -1, 0]))),
    "cast": Row("def f(float(N) X) -> (O) { O(i) = int32(X(i) * 10) + 1 }", (X,),
                lambda: np.trunc(X * 10).astype(np.int32) + 1),
    "half": Row("def f(float16(M,N) A) -> (O) { O(i) += A(i,j) }", (np.ones((2, 3000)),),
                lambda: np.array([3000.0, 3000.0])),
    "complex": Row("def f(complex64(N) Z, float(N) X) -> (O) { O(i) = -Z(i) * X(i) + 1 }",
                   (X + 1j, X), lambda: -(X + 1j) * X + 1),
    "calls twice": Row(
        "def g(float(N) X) -> (Y) { s += X(i)\n Y(i) = X(i) / s }\n"
        "def f(float(N) X) -> (Y) { (T) = g(X)\n (T) = g(T)\n (Y) = g(T) }", (abs(X),),
        lambda: abs(X) / abs(X).sum()),
    "call in a loop": Row(
        "def g(float(N,N) A, float(N) x, float c) -> (y) { y(i) += A(i,j) * x(j) * c }\n"
        "def f(float(N,N) A, float(N) x, int T) -> (y) { y(i) = x(i)\n"
        "for t in 0:T { (z) = g(A, y, 0.5)\n y(i) = z(i) } }", (A[:, :4], W[[0, 1, 2, 0]], 3),
        lambda: np.linalg.matrix_power(A[:, :4] / 2, 3) @ W[[0, 1, 2, 0]]),
    "declared sizes": Row("def f(float(N) W, float(2*N+1) X) -> (O) { O(i) = X(2*i+1) + W(i) }",
                          (X[:4], X), lambda: X[1::2] + X[:4]),
    "scalar in a subscript": Row("def f(float(N) X, int d) -> (O) { O(i) = X(i+d) }", (X, 2),
                                 lambda: X[2:]),
    "stride": Row("def f(float(N) X, int st) -> (O) { O(i) = X(st*i) }", (X,), lambda: X[::4],
                  {"st": 4}),
    "window": Row("def f(float(N) X, int k) -> (O) { O(i) max= X(i+r) where r in 0:k }", (X, 3),
                  lambda: np.lib.stride_tricks.sliding_window_view(X, 3).max(1)),
    "rank zero": Row("def f(float() s, float(N) X) -> (o, p) { o += X(i) * s\n p = s }",
                     (np.float64(2), X), lambda: (np.array(2 * X.sum()), np.array(2.0))),
    "several outputs": Row("S(i) += A(i,j); P(i) = S(i) * 2", (A,), lambda: A.sum(1) * 2),
    "variables are values": Row("O(i,j) = A(i,j) * i + j * j", (A,),
                                lambda: A * np.arange(4)[:, None] + np.arange(5) ** 2),
    "empty": Row("O(m,n) += A(m,k) * B(k,n)", (np.ones((2, 0)), np.ones((0, 3))),
                 lambda: np.zeros((2, 3))),
    "no rows": Row("O(m,n) max= A(m,k) * B(k,n)", (np.ones((0, 2)), np.ones((2, 3))),
                   lambda: np.zeros((0, 3))),
    "product": Row("O(i) *= A(i,j)", (A,), lambda: A.prod(1)),
    "min": Row("O(j) min= A(i,j)", (NAN,), lambda: NAN.min(0)),
    "argmin to int32": Row("def f(float(M,N) A) -> (int32(M) O) { O(i) argmin= A(i,j) }", (A,),
                           lambda: A.argmin(1)),
    "argmax again": Row("def f(float(M,N) A) -> (O) { O(i) argmax= A(i,j)\n"
                        "O(i) argmax=! -A(i,j) }", (A,), lambda: A.argmin(1)),
    "max of integers": Row("def f(uint8(M,N) A) -> (O) { O(i) max= A(i,j) }",
                           (I8.astype(np.uint8),), lambda: I8.astype(np.uint8).max(1)),
    "unsigned wraps": Row("def f(uint8(M,N) A) -> (O) { O(i,j) = A(i,j) * A(i,j) + A(i,j) }",
                          (I8.astype(np.uint8),),
                          lambda: I8.astype(np.uint8) * (I8.astype(np.uint8) + np.uint8(1))),
    "long sum": Row("def f(int64(N) A) -> (O) { O += A(i) * A(i) }",
                    (np.arange(9) + 2**31,), lambda: np.array(((np.arange(9) + 2**31) ** 2).sum())),
    "bounds with quotients": Row(
        "def f(float(N,M) A) -> (O) { O(i) += A(i,j) where j in i/2:(i+3)/2 }", (A,),
        lambda: np.array([A[i, i // 2 : (i + 3) // 2].sum() for i in range(4)])),
    "parts of an output": Row(
        "def f(float(N) X, float(M) W) -> (float(N+M) O) { O(i) = X(i)\n"
        " O(N+j) = 2 * W(j) }", (X, W),
        lambda: np.concatenate([X, 2 * W])),
    "even and odd": Row(
        "def f(float(N) X) -> (float(2*N) O) { O(2*i) = X(i)\n O(2*i+1) = -X(i) }", (X,),
        lambda: np.stack([X, -X], 1).ravel()),
    "pad in two dimensions": Row(
        "def f(float(N,M) A) -> (float(N,M) O) {"
        " O(i,j) += pad(A(i+r-1,j+s-1), 0) where r in 0:3, s in 0:3 }", (A,),
        lambda: np.lib.stride_tricks.sliding_window_view(np.pad(A, 1), (3, 3)).sum((2, 3))),
    "stencil in time": Row(
        "def f(float(N) X, int T) -> (float(N) Y) { Y(i) = X(i)\n for t in 0:T {"
        " Z(i) = (Y(i-1) + Y(i+1)) * 0.5 where i in 1:N-1\n Y(i) = Z(i) where i in 1:N-1 } }",
        (X, 5), lambda: _heat(X, 5)),
    "in place, in order": Row(
        "def f(float(N,M) A) -> (float(N,M) C) { C(i,j) = A(i,j)\n"
        " C(i,j) = C(i-1,j) + C(i,j-1) where i in 1:N, j in 1:M }",
        (np.ones((3, 4)),), lambda: np.array([[1, 1, 1, 1], [1, 2, 3, 4], [1, 3, 6, 10]])),
    "triangular for": Row(
        "def f(float(N) X) -> (float(N) Y) { Y(i) = X(i)\n for t in 1:N {"
        " Y(i) = Y(i) + X(t) where i in 0:t } }", (X,),
        lambda: X + np.array([X[i + 1 :].sum() for i in range(9)])),
    "scalar in a bound": Row(
        "def f(float(N) X, int k) -> (O) { O += X(i) where i in 0:k }", (X, 4),
        lambda: np.array(X[:4].sum())),
    "scalar in a condition": Row(
        "def f(float(N) X, int k) -> (O) { O(i) += X(j) where j <= i + k, i in 0:N }", (X, -2),
        lambda: np.array([X[: max(0, i - 1)].sum() for i in range(9)])),
    "scalar in a value": Row("def f(float(N) X, double c, int8 d) -> (O) { O(i) = X(i) * c - d }",
                             (X, 0.5, 3), lambda: X * 0.5 - 3),
    "gather of a gather": Row(
        "def f(float(M,N) T, int32(M) I, int64(B) J) -> (O) { O(b,n) = T(I(J(b)), n) }",
        (A, np.array([2, 0, 3, 1]), np.array([3, 3, 0])), lambda: A[[1, 1, 2]]),
    "gather in a sum": Row(
        "def f(float(N) X, int32(N) I) -> (O) { O += X(I(i)) * X(i) }",
        (X, np.arange(9)[::-1].copy()), lambda: np.array((X * X[::-1]).sum())),
    "choice of data and place": Row(
        "def f(float(M,N) A) -> (float(M,N) O) {"
        " O(i,j) = j > i ? 0.0 : (A(i,j) > 0 ? sqrt(A(i,j)) : A(i,j)) }",
        (A,), lambda: np.tril(np.where(A > 0, np.sqrt(abs(A)), A))),
    "complex product": Row("def f(complex64(M,K) A, complex64(K,N) B) -> (C) {"
                           " C(m,n) += A(m,k) * B(k,n) }", (A + 1j, B - 2j),
                           lambda: (A + 1j) @ (B - 2j)),
    "bfloat16 from float": Row("def f(float(M,N) A) -> (bfloat16(M) O) { O(i) += A(i,j) * 0 + 1 }",
                               (A,), lambda: np.full(4, 5.0)),
    "booleans": Row("def f(bool(M,N) P, bool(M,N) Q) -> (O) {"
                    " O(i,j) = P(i,j) && !Q(i,j) || i == j }", (A > 0, A > 0.5),
                    lambda: ((A > 0) & ~(A > 0.5)) | np.eye(4, 5, dtype=bool)),
    "a size of one": Row("O(m,n) += A(m,k) * B(k,n)", (A[:1, :1], B[:1, :1]),
                         lambda: A[:1, :1] * B[:1, :1]),
}  # fmt: skip
