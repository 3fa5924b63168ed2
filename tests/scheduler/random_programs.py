"""Random programs of square arrays, right by construction, as text.

Statements read what earlier ones wrote: elementwise, transposed, reversed, shifted under a guard,
reduced along either side, multiplied as matrices, or scanned. Values are integers, so that every
order of a sum gives the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

ELEMENTWISE = (
    "{m}(i,j) + {o}(i,j)",
    "{m}(j,i) - {o}(i,j)",
    "{m}(N-1-i,j) * 2 + 1",
    "pad({m}(i+1,j), 0) + pad({m}(i,j-2), 1)",
    "i > j ? {m}(i,j) : {o}(j,i)",
    "{m}(i,j) - {v}(i)",
    "{m}(i,j) + {v}(j) * 3",
    "max({m}(i,j), {v}(N-1-j))",
)
VECTORS = ("{v}(i) + 1", "{v}(N-1-i)", "{m}(i,i)", "pad({v}(i-1), 0) + {m}(0,i)")
REDUCED = (
    "{new}(i) += {m}(i,j)",
    "{new}(i) max= {m}(j,i)",
    "{new}(i) += {m}(i,j) * {v}(j)",
    "{new}(i) min= {m}(i,j) where j <= i",
    "{new}(i) += {v}(i) + {m}(j,j) where j in 0:N",
)
PRODUCTS = (
    "{new}(i,j) += {m}(i,k) * {o}(k,j)",
    "{new}(i,j) += {m}(k,i) * {o}(j,k)",
    "{new}(i,j) max= {m}(i,k) + {v}(k) - {o}(k,j)",
)
SCAN = """{new}(0,j) = {v}(j)
  for t in 0:N-1 {
    {new}(t+1,j) = {body}
  }"""
STEPS = (
    "{new}(t,j) + {m}(t,j)",
    "{new}(t,N-1-j) - {v}(t)",
    "pad({new}(t,j-1), 0) + pad({new}(t,j+1), 0)",
)


@dataclass(slots=True)
class Names:
    """Tensors that exist: inputs, and what was written so far."""

    random: Random
    matrices: list[str] = field(default_factory=lambda: ["X", "W"])
    vectors: list[str] = field(default_factory=lambda: ["b"])
    written: list[str] = field(default_factory=list)

    def fill(self, template: str) -> str:
        """A template with tensors chosen at random."""
        for key, among in (("{m}", self.matrices), ("{o}", self.matrices), ("{v}", self.vectors)):
            template = template.replace(key, self.random.choice(among))
        return template

    def fresh(self, kind: list[str], letter: str) -> str:
        name = f"{letter}{len(self.written)}"
        kind.append(name)
        self.written.append(name)
        return name


def draw(seed: int, most: int = 6) -> str:
    """A program of at most so many statements; all tensors but the inputs X, W (N by N) and b (N)
    are written."""
    random = Random(seed)
    names = Names(random)
    lines = [_statement(names) for _ in range(random.randint(2, most))]
    outputs = sorted({names.written[-1], *random.sample(names.written, min(2, len(names.written)))})
    shapes = [f"int(N{',N' if o in names.matrices else ''}) {o}" for o in outputs]
    body = "\n  ".join(lines)
    return f"def f(int(N,N) X, int(N,N) W, int(N) b) -> ({', '.join(shapes)}) {{\n  {body}\n}}"


def _statement(names: Names) -> str:
    pick = names.random.choice
    form = pick(("matrix", "matrix", "vector", "reduced", "product", "again", "scan"))
    if form == "again" and not names.written:
        form = "matrix"
    match form:
        case "matrix":
            value = names.fill(pick(ELEMENTWISE))
            return f"{names.fresh(names.matrices, 'T')}(i,j) = {value} where i in 0:N, j in 0:N"
        case "vector":
            value = names.fill(pick(VECTORS))
            return f"{names.fresh(names.vectors, 'r')}(i) = {value} where i in 0:N"
        case "reduced":
            line = names.fill(pick(REDUCED))
            return line.replace("{new}", names.fresh(names.vectors, "r"))
        case "product":
            line = names.fill(pick(PRODUCTS))
            return line.replace("{new}", names.fresh(names.matrices, "T"))
        case "scan":
            line = names.fill(SCAN.replace("{body}", pick(STEPS)))
            return line.replace("{new}", names.fresh(names.matrices, "T"))
    return _again(names)


def _again(names: Names) -> str:
    """A second statement for a tensor that was written."""
    target = names.random.choice(names.written)
    if target in names.vectors:
        return names.fill(f"{target}(i) += {{m}}(i,j)")
    others = [m for m in names.matrices if m != target]
    o, m = (names.random.choice(others) for _ in "om")
    value = names.random.choice((f"= {target}(i,j) + {o}(i,j)", f"+= {o}(i,k) * {m}(k,j)"))
    return f"{target}(i,j) {value}"
