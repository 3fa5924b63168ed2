"""The canonical text of a Program: equal for two texts exactly where the rest of the compiler gets
the same from both.
"""

from __future__ import annotations

from dataclasses import replace

from polyc.frontend.program import Program


def canonical(program: Program) -> str:
    """All of a Program but the places in its text.

    Names of variables stay: they break ties in the scheduler, so a kernel made for another spelling
    might round otherwise, and then bits would depend on what happens to be in a cache.

    >>> from polyc.frontend import load
    >>> a = load("def f(float(N) x) -> (y) { y(i) = 2 * x(i) }")
    >>> b = load("def f(float(N) x) -> (y) {  # twice\\n  y(i) = 2*x(i) where i in 0:N }")
    >>> canonical(a) == canonical(b)
    True
    """
    statements = tuple(replace(s, span=None) for s in program.statements)
    conditions = tuple(replace(p, span=None) for p in program.preconditions)
    return repr(replace(program, statements=statements, preconditions=conditions))
