"""Small programs, and trees over them written by hand.

`i`, `j`, `k`, `t` are the variables of the programs.
"""

from __future__ import annotations

from polyc.frontend.integers import Int
from polyc.scheduler.tree import Tree
from tests.scheduler.support import LEAF, Case, case, loop, nest, seq

i, j, k, t = (Int.of(v) for v in "ijkt")

TEXTS: dict[str, tuple[str, dict[str, int]]] = {
    "chain": (
        "def f(int(N) X) -> (Y) { T(i) = X(i) * 2\n Y(i) = T(i) + X(i) }",
        {"N": 10},
    ),
    "shifted": (
        "def f(int(N) X) -> (Y) { T(i) = X(i) * 2\n Y(i) = T(i) + T(i+1) where i in 0:N-1 }",
        {"N": 11},
    ),
    "matmul": (
        "def f(int(M,K) A, int(K,N) B) -> (C) { C(i,j) += A(i,k) * B(k,j) }",
        {"M": 5, "N": 6, "K": 7},
    ),
    "dot": ("def f(float(N) X, float(N) Y) -> (s) { s() += X(i) * Y(i) }", {"N": 24}),
    "scan": (
        "def f(int(N,D) X) -> (int(N,D) S) "
        "{ S(0,j) = X(0,j)\n S(i,j) = S(i-1,j) + X(i,j) where i in 1:N }",
        {"N": 70, "D": 9},
    ),
    "heat": (
        """def f(int(N) X, int(T) E) -> (int(T,N) A) {
          A(0,i) = X(i)
          A(t,0) = E(t) where t in 1:T
          A(t,N-1) = E(t) where t in 1:T
          A(t,i) = A(t-1,i-1) - A(t-1,i) + A(t-1,i+1) where t in 1:T, i in 1:N-1
        }""",
        {"N": 70, "T": 5},
    ),
    "centre": (
        "def f(int(N,D) X) -> (Y) { s(i) += X(i,j)\n Y(i,j) = X(i,j) * s(i) }",
        {"N": 6, "D": 9},
    ),
    "reuse": (
        """def f(int(N) X) -> (int(N) Y, int(N) Z) {
          T(i) = X(i)
          Y(i) = T(N-1-i)
          T(i) = X(i) * 3
          Z(i) = T(i)
        }""",
        {"N": 8},
    ),
    "loop": (
        """def f(int(N) X, int(S,N) Y) -> (int(S+1,N) A) {
          A(0,i) = X(i)
          for t in 0:S {
            B(i) = A(t,i) * Y(t,i)
            A(t+1,i) = B(i) + B(N-1-i)
          }
        }""",
        {"N": 7, "S": 4},
    ),
    "gather": (
        "def f(int(E) W, int32(N) I) -> (O) { T(j) = W(j) * 2\n O(i) = T(I(i)) }",
        {"E": 5, "N": 8},
    ),
    "triangle": (
        "def f(int(N,K) A, int(N,N) C0) -> (int(N,N) C) "
        "{ C(i,j) = C0(i,j)\n C(i,j) += A(i,k) * A(j,k) where j <= i }",
        {"N": 6, "K": 5},
    ),
}


def program(name: str) -> Case:
    return case(*TEXTS[name])


CHAIN = seq(("S0", nest("S0", "i")), ("S1", nest("S1", "i")))
FUSED = loop({"S0": i, "S1": i}, seq(("S0", LEAF), ("S1", LEAF)))
MATMUL = seq(("S0", nest("S0", "i", "j")), ("S1", nest("S1", "i", "j", "k")))
REUSE = [(f"S{n}", nest(f"S{n}", "i")) for n in range(4)]


def first(name: str, last: Tree) -> Tree:
    """The statements that initialise in textual order, then a tree over the others."""
    init: dict[str, list[tuple[str, Tree]]] = {
        "scan": [("S0", nest("S0", "j"))],
        "heat": [("S0", nest("S0", "i")), ("S1", nest("S1", "t")), ("S2", nest("S2", "t"))],
        "dot": [("S0", LEAF)],
        "matmul": [("S0", nest("S0", "i", "j"))],
        "triangle": [("S0", nest("S0", "i", "j"))],
        "loop": [("S0", nest("S0", "i"))],
        "centre": [("S0", nest("S0", "i"))],
    }
    rest = {"heat": "S3", "loop": "S1 S2", "centre": "S1 S2"}.get(name, "S1")
    return seq(*init[name], (rest, last))


def shared_t(mark: str, inner: Tree) -> Tree:
    return first("loop", loop({"S1": t, "S2": t}, inner, mark=mark))


def parallel_pair(tile: int) -> Tree:
    """Two parallel loops over tiles, the first writes what the second reads."""
    return seq(
        *(
            (s, loop({s: i}, loop({s: i}, mark="vector"), tile=tile, mark="parallel"))
            for s in ("S0", "S1")
        )
    )


def fused_tiles(tile: int, mark: str = "", shift: int = 0) -> Tree:
    inner = seq(("S0", nest("S0", "i")), ("S1", nest("S1", "i")))
    return loop({"S0": i - shift, "S1": i}, inner, tile=tile, mark=mark)


IN_LOOP = seq(("S1", nest("S1", "i")), ("S2", nest("S2", "i")))
BOTH = {"S0": i, "S1": i}
SKEWED = {"S3": i + t}
SUMS = seq(("S0", nest("S0", "i")), ("S1", nest("S1", "i", "j")), ("S2", nest("S2", "i", "j")))
