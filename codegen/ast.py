"""isl's AST as loops: the shape of the code, with statement instances still to be filled in.

Marks of the schedule tree arrive as AST nodes, so no callback into Python is needed (an exception
that leaves one corrupts isl's heap). A mark belongs to the loops of the one band below it. isl
makes no loop of a band that takes a single value, so another mark, BELOW, says where a band ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from itertools import count

import islpy as isl

from polyc.codegen.bounds import ceilings, floors
from polyc.codegen.loops import All, Cond, For, Ge, If, LoopKind, Some, Stmt
from polyc.errors import InternalError
from polyc.frontend.integers import Int, distribute, maximum, minimum
from polyc.scheduler.affine import kind

Fill = Callable[[str, tuple[Int, ...]], tuple[Stmt, ...]]
BELOW = "below"
KINDS: dict[str, LoopKind] = {
    "parallel": "parallel",
    "vector": "vector",
    "unroll": "unroll",
    BELOW: "serial",
}


def loops_of_tree(tree: isl.Schedule, context: isl.Set, fill: Fill) -> tuple[Stmt, ...]:
    """Loops that run every instance in the order of the tree; `fill` writes one instance."""
    isl.DEFAULT_CONTEXT.set_ast_build_detect_min_max(1)
    build = isl.AstBuild.from_context(context)
    names = (f"i{n}" for n in count())
    counters = (n for n in names if context.find_dim_by_name(isl.dim_type.param, n) < 0)
    return _node(build.node_from_schedule(_with_ends(tree)), {}, fill, counters, "serial")


def _with_ends(tree: isl.Schedule) -> isl.Schedule:
    """A mark below every marked band."""
    node = tree.get_root()
    while True:  # depth first, in place: an edit keeps the position in the tree
        if kind(node.get_type()) == "mark" and kind(node.child(0).get_type()) == "band":
            below = node.child(0).child(0)
            node = below.insert_mark(isl.Id(BELOW)).parent().parent()
        if node.n_children():
            node = node.child(0)
            continue
        while node.has_parent() and not node.has_next_sibling():
            node = node.parent()
        if not node.has_parent():
            return node.get_schedule()
        node = node.next_sibling()


def _node(
    node: isl.AstNode, table: dict[str, Int], fill: Fill, names: Iterator[str], mark: LoopKind
) -> tuple[Stmt, ...]:
    """`mark` is the kind of the next loops inside, up to the end of the band it was given to."""
    shape = kind(node.get_type())
    if shape == "block":
        children = node.block_get_children()
        return tuple(
            s
            for i in range(children.n_ast_node())
            for s in _node(children.get_ast_node(i), table, fill, names, mark)
        )
    if shape == "for_":
        return _for(node, table, fill, names, mark)
    if shape == "if_":
        then = _node(node.if_get_then_node(), table, fill, names, mark)
        orelse: tuple[Stmt, ...] = ()
        if node.if_has_else_node():
            orelse = _node(node.if_get_else_node(), table, fill, names, mark)
        return (If(condition(node.if_get_cond(), table), then, orelse),)
    if shape == "mark":
        mark = KINDS[node.mark_get_id().get_name()]
        return _node(node.mark_get_node(), table, fill, names, mark)
    if shape == "user":
        call = node.user_get_expr()
        args = [call.get_op_arg(i) for i in range(call.get_op_n_arg())]
        return fill(args[0].get_id().get_name(), tuple(integer(a, table) for a in args[1:]))
    raise InternalError(f"isl made an AST node of unknown type {shape}")


def _for(
    node: isl.AstNode, table: dict[str, Int], fill: Fill, names: Iterator[str], mark: LoopKind
) -> tuple[Stmt, ...]:
    """A loop counts 0, 1, 2, …: the iterator becomes lower + step * counter in its body.

    A lower bound with a maximum in it stays the bound of the loop: in subscripts it would hide
    what moves with what. One of its operands may be the start of a tile; that is counted from.
    """
    iterator = node.for_get_iterator().get_id().get_name()
    lower = integer(node.for_get_init(), table)
    if node.for_is_degenerate():
        return _node(node.for_get_body(), {**table, iterator: lower}, fill, names, "serial")
    cond = node.for_get_cond()
    upper = integer(cond.get_op_arg(1), table)
    if kind(cond.get_op_type()) == "le":
        upper = upper + 1
    step = node.for_get_inc().get_val().to_python()
    counter = next(names)
    start = _start_of_tile(lower, upper) if mark in ("vector", "unroll") and step == 1 else None
    if start is not None:
        body = _node(
            node.for_get_body(), {**table, iterator: start + Int.of(counter)}, fill, names, "serial"
        )
        first = reduce(maximum, [e - start for e in floors(lower)])
        last = reduce(minimum, [e - start for e in ceilings(distribute(upper))])
        return (For(counter, first, last, 1, body, mark),) if body else ()
    shifted = step > 1 or all(isinstance(a, str) for m, _ in lower.terms for a in m)
    value = lower + Int.of(counter) * step if shifted else Int.of(counter)
    body = _node(node.for_get_body(), {**table, iterator: value}, fill, names, "serial")
    if not body:
        return ()
    if not shifted:
        return (For(counter, lower, upper, 1, body, mark),)
    trips = distribute(upper - lower)
    if step > 1:
        trips = (trips + (step - 1)) // step
    return (For(counter, Int.of(0), trips, 1, body, mark),)


def _start_of_tile(lower: Int, upper: Int) -> Int | None:
    """The operand of a maximum from which the loop is at most a constant number of turns long."""
    starts = list(floors(lower))
    ends = list(ceilings(distribute(upper)))
    linear = (e for e in starts if all(isinstance(a, str) for m, _ in e.terms for a in m))
    found = (e for e in linear if any((x - e).is_const for x in ends))
    return next(found, None) if len(starts) > 1 else None


def integer(e: isl.AstExpr, table: dict[str, Int]) -> Int:
    """An integer expression of isl's AST."""
    if kind(e.get_type()) == "int":
        return Int.of(e.get_val().to_python())
    if kind(e.get_type()) == "id":
        name = e.get_id().get_name()
        return table.get(name, Int.of(name))
    op = kind(e.get_op_type())
    args = [integer(e.get_op_arg(i), table) for i in range(e.get_op_n_arg())]
    if op == "minus":
        return -args[0]
    if op == "add":
        return args[0] + args[1]
    if op == "sub":
        return args[0] - args[1]
    if op == "mul":
        return args[0] * args[1]
    if op in ("div", "fdiv_q", "pdiv_q"):
        return args[0] // args[1]
    if op in ("pdiv_r", "zdiv_r"):
        return args[0] % args[1]
    if op in ("min", "max"):
        total = args[0]
        for a in args[1:]:
            total = minimum(total, a) if op == "min" else maximum(total, a)
        return total
    raise InternalError(f"isl made an integer expression of unknown kind: {e.to_C_str()}")


def condition(e: isl.AstExpr, table: dict[str, Int]) -> Cond:
    """A condition of isl's AST."""
    if kind(e.get_type()) == "int":
        return Ge(Int.of(e.get_val().to_python() - 1))
    op = kind(e.get_op_type())
    if op in ("and_", "and_then", "or_", "or_else"):
        parts = tuple(condition(e.get_op_arg(i), table) for i in range(e.get_op_n_arg()))
        return All(parts) if op in ("and_", "and_then") else Some(parts)
    a, b = (integer(e.get_op_arg(i), table) for i in range(2))
    if op == "ge":
        return Ge(a - b)
    if op == "gt":
        return Ge(a - b - 1)
    if op == "le":
        return Ge(b - a)
    if op == "lt":
        return Ge(b - a - 1)
    if op == "eq":
        return All((Ge(a - b), Ge(b - a)))
    raise InternalError(f"isl made a condition of unknown kind: {e.to_C_str()}")
