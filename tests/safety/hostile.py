"""Texts that ask for too much, and what must be said about each.

Run as a program it compiles each text under a limit of memory, a line of JSON for each.
"""

from __future__ import annotations

import json
import resource
import sys

import polyc

MEMORY = 4 << 30


def _loops(depth: int) -> str:
    heads = "".join(f"for t{k} in 0:9 {{ " for k in range(depth))
    return f"def f(float(N) X) -> (O) {{ O(i) = X(i)\n{heads}O(i) = O(i) + 1{'}' * depth}}}"


def _calls(depth: int) -> str:
    """Each definition calls the one before twice."""
    text = "def f0(float(N) X) -> (O) { O(i) = X(i) }\n"
    for k in range(depth):
        text += f"def f{k + 1}(float(N) X) -> (O) {{ (A) = f{k}(X)\n (O) = f{k}(A) }}\n"
    return text


def _names(letter: str, count: int) -> str:
    return ",".join(f"{letter}{k}" for k in range(count))


_WIDE = f"O({_names('i', 65)}) = X({_names('i', 65)})"
_TWICE = ", ".join(f"a{k + 1} = a{k} + a{k}" for k in range(40))

HOSTILE = {  # text, words of the error
    "brackets": ("O(i) = " + "(" * 100_000 + "X(i)" + ")" * 100_000, "E006"),
    "signs": ("O(i) = " + "-" * 100_000 + "X(i)", "E006"),
    "sum": ("O(i) = " + "+".join(["X(i)"] * 20_000), "E006"),
    "choices": ("O(i) = " + "X(i) > 0 ? 1 : " * 20_000 + "0", "E006"),
    "statements": ("\n".join(f"T{k}(i) = X(i)" for k in range(100_000)), "E005"),
    "characters": ("x" * 3_000_000, "E005"),
    "words": ("O(i) = " + "a " * 400_000, "E005"),
    "name": ("O(i) = " + "x" * 20_000 + "(i)", "E005"),
    "rank": (_WIDE, "E005"),
    "rank of a size": ("O(i) = 3 where i in 0:X.999999999", "E005"),
    "sizes": (
        f"def f({','.join(f'float(N{k}) X{k}' for k in range(600))}) -> (O) {{ O(i) = X0(i) }}",
        "E005",
    ),
    "loops": (_loops(80), "E006"),
    "lets": (f"O(i) = X(i) * a40 where a0 = X(i) + X(i), {_TWICE}", "E005"),
    "calls": (_calls(40), "E005"),
    "recursion": ("def f(float(N) X) -> (O) { (O) = f(X) }", "E016"),
    "subscript": ("O(i) = X(" + "9" * 5000 + "*i)", "E063"),
    "constant": ("O(i) = X(i) * " + "9" * 5000, "E063"),
    "exponent": ("O(i) = X(i) * 1e" + "9" * 5000, "E063"),
    "bound": ("O(i) = X(i) where i in 0:" + "9" * 30, "E063"),
    "extent": ("def f(float(N) X) -> (float(N*N*N*N) O) { O(i) = X(0) }", "E022"),
    "remainders": (
        "O(i) = X(" + "+".join(f"i*{p}%{p + 1}" for p in range(3, 40)) + ") where i in 0:10",
        "E054",
    ),
    "conditions": (
        "O(i) = X(i) where i in 0:10, " + ",".join(f"{k}*i <= {k * 100}" for k in range(1, 3000)),
        "E054",
    ),
    "operands": (",".join(["ab"] * 100) + "->ab", "E005"),
    "letters": ("a" * 10_000, "E005"),
    "compiled": (
        "T0(i) = X(i)\n" + "\n".join(f"T{k + 1}(i) = T{k}(i)" for k in range(1500)),
        "1501 statements",
    ),
    "unrolled": (
        "def f(float(N) X) -> (O) { O(i) += X(i+j) where j in 0:1099511627776 }",
        "N >= 1099511627775",
    ),
}  # fmt: skip


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for name, (text, _) in HOSTILE.items():
        try:
            op = polyc.compile(text)
            found = str(op.specialize(dict.fromkeys(op.sizes, 8)).signature)
        except polyc.PolycError as e:
            found = f"{type(e).__name__}: {e}"
        sys.stdout.write(json.dumps([name, found]) + "\n")


if __name__ == "__main__":
    main()
