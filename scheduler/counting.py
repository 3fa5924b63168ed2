"""How many points a set has, without looking at each of them.

A dimension that no other depends on is its extent, and groups of dimensions that share no
constraint are counted apart. What is left isl enumerates, all but its last dimension, within a
budget; beyond it the dimension with most constraints is fixed to each of its values, which takes
the others apart: of i >= j >= k it is j.
"""

from __future__ import annotations

import islpy as isl

from polyc.scheduler.affine import operations, over_budget

BUDGET = 2_000_000  # isl operations that enumerate a set: about a tenth of a second
MOST = 10_000  # values that a dimension is fixed to
SET, DIV = isl.dim_type.set, isl.dim_type.div


def count(points: isl.Set, most: int | None = None) -> int | None:
    """The number of points of a bounded set without parameters, exactly; None where counting is
    beyond the budget, or takes fixing a dimension to more than `most` values."""
    most = MOST if most is None else most
    if points.is_empty():
        return 0
    total = 1
    d = 0
    while d < points.dim(SET):
        if _is_free(points, d):
            total *= (extent(points, d) - 1) // _step(points, d) + 1
            points = points.project_out(SET, d, 1)
        else:
            d += 1
    for part in _independent(points):
        found = _enumerated(part)
        if found is None:
            found = _slice_by_slice(part, most)
        if found is None:
            return None
        total *= found
    return total


def _slice_by_slice(points: isl.Set, most: int) -> int | None:
    """Counted for each value of the dimension that ties most others."""
    hub = max(range(points.dim(SET)), key=lambda d: _ties(points, d))
    low, values = points.dim_min_val(hub).to_python(), extent(points, hub)
    if values > most:
        return None
    total = 0
    for value in range(low, low + values):
        found = count(
            points.fix_val(SET, hub, isl.Val(value)).project_out(SET, hub, 1), most // values
        )
        if found is None:
            return None
        total += found
    return total


def _ties(points: isl.Set, d: int) -> int:
    """Constraints that tie a dimension to another."""
    others = [k for k in range(points.dim(SET)) if k != d]
    return sum(
        _uses(c, SET, d) and any(_uses(c, SET, k) for k in others)
        for piece in points.get_basic_sets()
        for c in piece.get_constraints()
    )


def estimate(points: isl.Set) -> int:
    """About as many points as a set has: Simpson's rule over its first dimension, which is right
    for what grows like a polynomial up to the third degree."""
    found = count(points)
    if found is not None:
        return found
    low, high = points.dim_min_val(0).to_python(), points.dim_max_val(0).to_python()
    slices = [
        estimate(points.fix_val(SET, 0, isl.Val(k)).project_out(SET, 0, 1))
        for k in (low, (low + high) // 2, high)
    ]
    return (high - low + 1) * (slices[0] + 4 * slices[1] + slices[2]) // 6


def extent(points: isl.Set, d: int) -> int:
    """Values from the least to the greatest of a dimension."""
    return points.dim_max_val(d).to_python() - points.dim_min_val(d).to_python() + 1


def _step(points: isl.Set, d: int) -> int:
    return max(1, points.get_stride(d).to_python())


def _is_free(points: isl.Set, d: int) -> bool:
    """Every value between the ends of a dimension, in equal steps, goes with every value of the
    others."""
    low, step = points.dim_min_val(d).to_python(), _step(points, d)
    whole = points.eliminate(SET, d, 1)
    whole = whole.lower_bound_val(SET, d, points.dim_min_val(d))
    whole = whole.upper_bound_val(SET, d, points.dim_max_val(d))
    if step > 1:
        names = ", ".join(f"x{k}" for k in range(points.dim(SET)))
        tuple_ = f"{points.get_tuple_name() or ''}[{names}]"
        whole = whole.intersect(isl.Set(f"{{ {tuple_} : (x{d} - {low}) mod {step} = 0 }}"))
    return bool(points.is_equal(whole))


def _independent(points: isl.Set) -> list[isl.Set]:
    """Sets of fewer dimensions whose product this is; the set itself where there are none."""
    groups = _connected(points)
    if len(groups) < 2:
        return [points] if points.dim(SET) else []
    product = points.get_space().universe_set()
    for g in groups:
        kept = points
        for d in set(range(points.dim(SET))) - set(g):
            kept = kept.eliminate(SET, d, 1)
        product = product.intersect(kept)
    return [_only(points, g) for g in groups] if product.is_equal(points) else [points]


def _only(points: isl.Set, group: list[int]) -> isl.Set:
    for d in reversed(range(points.dim(SET))):
        if d not in group:
            points = points.project_out(SET, d, 1)
    return points


def _connected(points: isl.Set) -> list[list[int]]:
    """Dimensions that constraints tie together, also through quotients."""
    home = {("x", d): ("x", d) for d in range(points.dim(SET))}

    def find(x: tuple[str, int]) -> tuple[str, int]:
        while home.setdefault(x, x) != x:
            x = home[x]
        return x

    for number, piece in enumerate(points.get_basic_sets()):
        for c in piece.get_constraints():
            used = [("x", d) for d in range(piece.dim(SET)) if _uses(c, SET, d)]
            used += [(f"q{number}", k) for k in range(piece.dim(DIV)) if _uses(c, DIV, k)]
            for other in used[1:]:
                home[find(other)] = find(used[0])
    groups: dict[tuple[str, int], list[int]] = {}
    for d in range(points.dim(SET)):
        groups.setdefault(find(("x", d)), []).append(d)
    return list(groups.values())


def _uses(c: isl.Constraint, kind: isl.dim_type, d: int) -> bool:
    return not c.get_coefficient_val(kind, d).is_zero()


def _enumerated(points: isl.Set) -> int | None:
    try:
        with operations(BUDGET):
            found: str | None = points.count_val().to_str()
            return None if found is None else int(found)  # isl may stop without an error
    except isl.Error as error:
        if over_budget(error):
            return None
        raise
