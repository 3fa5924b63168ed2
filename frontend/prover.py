"""Facts about sizes: proved, turned into a precondition of the call, or refused with an example."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import islpy as isl

from polyc.errors import Span
from polyc.frontend.findings import Findings
from polyc.frontend.integers import Int, to_isl
from polyc.frontend.program import Precondition, Size, parameters

# A fact that fails whenever all sizes are at least this large is an error, not a precondition.
LARGE = 64

Point = dict[str, int]


@dataclass(slots=True)
class Prover:
    """Collects preconditions; `context` is what the call guarantees, including them."""

    sizes: tuple[Size, ...]
    findings: Findings
    context: isl.Set = field(init=False)
    preconditions: list[Precondition] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context = self.facts(
            " and ".join(f"{s.name} >= 0" for s in self.sizes if not s.scalar)
        )

    @property
    def prefix(self) -> str:
        """isl's list of the parameters, with an arrow."""
        return f"[{', '.join(s.name for s in self.sizes)}] -> "

    def facts(self, text: str) -> isl.Set:
        """A set of sizes."""
        return isl.Set(f"{self.prefix}{{ : {text or '1 = 1'} }}")

    def equal(self, a: Int, b: Int, span: Span) -> bool:
        """Requires two extents to be equal; False if they never are."""
        bad = self.facts(f"{to_isl(a)} != {to_isl(b)}").intersect(self.context)
        return self.require(bad, lambda _: None, span, f"{self.show(a)} == {self.show(b)}")

    def require(
        self,
        bad: isl.Set,
        refuse: Callable[[Point], None],
        span: Span,
        text: str = "",
        likely: Sequence[tuple[Int, Int]] = (),
    ) -> bool:
        """Requires a set of points (or of sizes) to be empty.

        If it is not empty for some sizes, that becomes a precondition; if it is never empty for
        large sizes, `refuse` is called with one concrete point and its sizes. `likely` are pairs
        a <= b that say the same but for sizes of zero: shown instead if they do imply it.
        """
        isl.DEFAULT_CONTEXT.reset_operations()  # each proof has the whole budget
        bad = bad.intersect(self.context) if bad.is_params() else bad.intersect_params(self.context)
        if bad.is_empty():
            return True
        sizes = bad if bad.is_params() else bad.params()
        holds = self.context.subtract(align(sizes, self.context)).coalesce()
        large = self.facts(" and ".join(f"{s.name} >= {LARGE}" for s in self.sizes if not s.scalar))
        if holds.intersect(large).is_empty():
            refuse(self.example(bad))
            return False
        text = text or self.likely(likely, holds) or self.text(holds)
        self.preconditions.append(Precondition(text, holds, span))
        self.context = holds
        return True

    def likely(self, facts: Sequence[tuple[Int, Int]], holds: isl.Set) -> str:
        """The facts that are not certain, as text, if together they imply `holds`; else empty."""
        if not facts:
            return ""
        sets = [self.facts(f"{to_isl(a)} <= {to_isl(b)}") for a, b in facts]
        all_of = self.context
        for s in sets:
            all_of = all_of.intersect(s)
        if all_of.is_empty() or not all_of.is_subset(holds):
            return ""
        open_ = [f for f, s in zip(facts, sets, strict=True) if not self.context.is_subset(s)]
        return " and ".join(self.ordered(b - a) for a, b in open_)

    def ordered(self, n: Int) -> str:
        """n >= 0 with only positive terms: H - R + 1 gives "H + 1 >= R"."""
        ups = Int({m: c for m, c in n.terms if c > 0})
        return f"{self.show(ups)} >= {self.show(ups - n)}"

    def text(self, holds: isl.Set) -> str:
        """A set of sizes as the user would write it."""
        shown = str(
            holds.gist(
                self.facts(" and ".join(f"{s.name} >= 0" for s in self.sizes if not s.scalar))
            )
        )
        body = shown[shown.rindex(":") + 1 : shown.rindex("}")].strip() if ":" in shown else shown
        for s in sorted(self.sizes, key=lambda s: -len(s.name)):
            if s.name != s.display:
                body = body.replace(s.name, s.display)
        return body.replace(" = ", " == ")

    def show(self, e: Int) -> str:
        """An expression in the user's spelling."""
        return str(e.subs({s.name: Int.var(s.display) for s in self.sizes if s.name != s.display}))

    def example(self, bad: isl.Set) -> Point:
        """One element of a set, with the sizes it occurs at; not a degenerate one if possible."""
        names = parameters(bad)
        dims = [
            bad.get_dim_name(isl.dim_type.set, k) or f"d{k}"
            for k in range(bad.dim(isl.dim_type.set))
        ]
        flat = isl.Set.from_params(bad) if bad.is_params() else bad
        flat = flat.move_dims(isl.dim_type.set, 0, isl.dim_type.param, 0, len(names))
        everything = [*names, *dims]
        space = f"{{ [{', '.join(f'x{k}' for k in range(len(everything)))}]"
        scalars = {s.name for s in self.sizes if s.scalar}
        sized = [f"x{k}" for k, n in enumerate(names) if n not in scalars]
        flat = (
            isl.Set(f"{space} }}").intersect(flat.reset_tuple_id()) if flat.has_tuple_id() else flat
        )
        for low, high in ((8, 57), (1, 57), (0, 200)):
            room = isl.Set(
                f"{space} : {' and '.join(f'{low} <= {x} <= {high}' for x in sized) or '1 = 1'} }}"
            )
            near = flat.intersect(room)
            if not near.is_empty():
                flat = near
                break
        point = flat.sample_point()
        values = [
            point.get_coordinate_val(isl.dim_type.set, k).to_python()
            for k in range(len(everything))
        ]
        return dict(zip(everything, values, strict=True))


def align(s: isl.Set, model: isl.Set) -> isl.Set:
    """The set with the parameters of another, in the same order."""
    return s.align_params(model.get_space())


class TooHard(Exception):
    """A proof spent its budget of isl operations."""


def budget(operations: int) -> _Budget:
    """A context manager that bounds the work of isl inside it; TooHard when it is spent."""
    return _Budget(operations)


class _Budget:
    def __init__(self, operations: int) -> None:
        self.operations = operations
        self.around = 0

    def __enter__(self) -> None:
        ctx = isl.DEFAULT_CONTEXT
        self.around = ctx.get_max_operations()
        ctx.reset_operations()
        ctx.set_max_operations(self.operations)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        ctx = isl.DEFAULT_CONTEXT
        spent = ctx.get_max_operations() and isinstance(error, isl.Error)
        ctx.set_max_operations(self.around)
        ctx.reset_operations()
        if spent and "maximal number of operations" in str(error):
            raise TooHard() from None
