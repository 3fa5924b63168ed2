"""Drafts -> Program: names the statements, makes the isl sets, has the facts proved."""

from __future__ import annotations

from dataclasses import replace

import islpy as isl

from polyc.frontend.bounds import Pair, gather_facts
from polyc.frontend.drafts import Draft, Node, Order, ordered, points_text
from polyc.frontend.dtypes import FLOAT32
from polyc.frontend.inside import prove_inside, prove_once
from polyc.frontend.integers import Int, to_isl
from polyc.frontend.limits import check_sizes
from polyc.frontend.program import Cast, Expr, Load, Program, Statement, Tensor, map_expr
from polyc.frontend.prover import Prover, TooHard, budget
from polyc.frontend.ranges import Range, greatest
from polyc.frontend.scope import Scope, TensorInfo
from polyc.frontend.values import Reading
from polyc.frontend.written import prove_complete, prove_written

# isl operations between two proofs: the programs of the tests need up to 40,000. An operation of
# a hard proof can be twenty times as long as a usual one.
OPERATIONS = 100_000
OPERATIONS_EACH = 2_000  # more for each statement


def build(name: str, scope: Scope, nodes: list[Node], inputs: list[str]) -> Program:
    """The Program of a definition; raises LanguageError with everything that is wrong.

    `inputs` are the arguments in the order of the call.
    """
    _outputs_written(scope)
    scope.findings.check()
    check_sizes(scope.sizes, scope.findings)
    sizes = tuple(s for s in scope.sizes.values() if s.name not in scope.same)
    prover = Prover(sizes, scope.findings)
    infos = {t.name: t for t in scope.tensors.values()}
    try:
        with budget(OPERATIONS + OPERATIONS_EACH * sum(1 for _ in ordered(nodes))):
            program = _prove(name, scope, nodes, inputs, prover, infos)
    except (TooHard, isl.Error):  # a limit of the proofs; what isl says would help nobody
        first = next(d for _, d in ordered(nodes))
        scope.findings.add(
            "E054",
            "the subscripts are too involved to prove that they stay inside",
            first.span,
            "simplify the subscripts or split the program",
        )
        raise scope.findings.error() from None
    scope.findings.check()
    return program


def _prove(
    name: str,
    scope: Scope,
    nodes: list[Node],
    inputs: list[str],
    prover: Prover,
    infos: dict[str, TensorInfo],
) -> Program:
    for a, b, span in scope.equal:
        a, b = scope.resolve(a), scope.resolve(b)
        if not prover.equal(a, b, span):
            scope.findings.add(
                "E024",
                f"{prover.show(a)} and {prover.show(b)} must be equal and never are",
                span,
                "declare them with one name, or as numbers that are equal",
            )
    shapes = {n: tuple(map(scope.resolve, t.shape or ())) for n, t in infos.items()}
    tensors = tuple(_tensor(infos[n], shapes[n]) for n in _sequence(infos, inputs))
    _extents(tensors, infos, prover)
    drafts = [(order, _resolved(d, scope)) for order, d in ordered(nodes)]
    program = Program(name, prover.sizes, tensors, (), prover.context)
    pairs = [_statement(k, order, d, prover, program) for k, (order, d) in enumerate(drafts)]
    program = replace(program, statements=tuple(p.s for p in pairs))
    _never_empty(pairs, prover)
    _prove_elements(pairs, program, infos, prover)
    return replace(
        program, context=prover.context.coalesce(), preconditions=tuple(prover.preconditions)
    )


def _prove_elements(
    pairs: list[Pair], program: Program, infos: dict[str, TensorInfo], prover: Prover
) -> None:
    """Inside first: what is outside would show again as never written, in other words."""
    facts = gather_facts(pairs, program, infos, prover)
    for p in pairs:
        prove_inside(p, facts)
        prove_once(p, facts)
    if prover.findings.found:
        return
    for p in pairs:
        prove_written(p, facts)
    for info in infos.values():
        if info.kind == "output" and not prover.findings.found:
            prove_complete(info, facts)


def _outputs_written(scope: Scope) -> None:
    for t in scope.tensors.values():
        if t.kind == "output" and not t.written:
            scope.findings.add(
                "E018",
                f"the output `{t.user}` is never written",
                t.span,
                "assign it, or take it out of the results",
            )


def _sequence(infos: dict[str, TensorInfo], inputs: list[str]) -> list[str]:
    kinds = ("output", "temporary")
    return inputs + [n for kind in kinds for n, t in infos.items() if t.kind == kind]


def _tensor(t: TensorInfo, shape: tuple[Int, ...]) -> Tensor:
    display = t.user if t.user != t.name else ""
    return Tensor(t.name, t.dtype or FLOAT32, shape, t.kind, t.scalar, t.declared, display)


def _extents(tensors: tuple[Tensor, ...], infos: dict[str, TensorInfo], prover: Prover) -> None:
    """No extent is negative: H - R + 1 asks for H + 1 >= R."""
    scalars = {s.name for s in prover.sizes if s.scalar}
    seen: set[Int] = set()
    for t in tensors:
        for n in t.shape:
            if n in seen or _surely_positive(n, scalars):
                continue
            seen.add(n)
            info = infos[t.name]
            bad = prover.facts(f"{to_isl(n)} < 0")

            def refuse(_: dict[str, int], n: Int = n, info: TensorInfo = info) -> None:
                prover.findings.add(
                    "E032",
                    f"`{info.user}` has the negative extent {prover.show(n)}",
                    info.span,
                    "the reads leave no point: check the declared extents",
                )

            prover.require(bad, refuse, info.span, prover.ordered(n))


def _surely_positive(n: Int, scalars: set[str]) -> bool:
    return all(c >= 0 for _, c in n.terms) and all(
        isinstance(a, str) and a not in scalars for m, _ in n.terms for a in m
    )


def _resolved(d: Draft, scope: Scope) -> Draft:
    """The draft with every size replaced by its representative."""
    if not scope.same:
        return d
    ints = {n: scope.resolve(Int.var(n)) for n in scope.same}
    reads = tuple(
        Reading(
            r.info, tuple(s and s.subs(ints) for s in r.subs), r.extents, r.binds, r.span, r.spans
        )
        for r in d.reads
    )
    return replace(
        d,
        ranges={v: Range(r.lo.subs(ints), r.hi.subs(ints)) for v, r in d.ranges.items()},
        conditions=tuple(map_expr(c, ints) for c in d.conditions),
        subs=tuple(s.subs(ints) for s in d.subs),
        value=map_expr(d.value, ints),
        reads=reads,
    )


def _statement(k: int, order: Order, d: Draft, prover: Prover, program: Program) -> Pair:
    name = f"S{k}"
    if d.image:
        return _image(name, order, d, prover, program)
    text = f"{prover.prefix}{{ {name}[{', '.join(d.vars)}] : {points_text(d)} }}"
    domain = isl.Set(text)
    return Pair(Statement(name, d.vars, domain, d.tensor, d.subs, d.op, d.value, order, d.span), d)


def _image(name: str, order: Order, d: Draft, prover: Prover, program: Program) -> Pair:
    """A statement over the elements that a left side reaches: y(2*i + r) runs once per element."""
    loops = tuple(x for x in order if isinstance(x, str))
    taken = {s.name for s in prover.sizes} | d.ranges.keys()
    new: list[str] = []
    for k in range(len(d.subs)):
        y = f"y{k}"
        while y in taken:
            y += "_"
        new.append(y)
    hidden = tuple(v for v in (*d.vars, *d.hidden) if v not in loops)
    inner = replace(d, vars=loops, hidden=hidden)
    equal = tuple(f"{y} = {to_isl(s)}" for y, s in zip(new, d.subs, strict=True))
    variables = (*loops, *new)
    text = points_text(inner, equal)
    domain = isl.Set(f"{prover.prefix}{{ {name}[{', '.join(variables)}] : {text} }}").coalesce()
    shape = program.tensor(d.tensor).shape
    rows = " and ".join(f"0 <= {y} < {to_isl(n)}" for y, n in zip(new, shape, strict=True))
    whole = isl.Set(f"{prover.prefix}{{ {name}[{', '.join(variables)}] : {rows} }}")
    if not loops and whole.intersect_params(prover.context).is_subset(domain):
        domain = whole
    subs = tuple(Int.var(y) for y in new)
    value = _resubscript(d.value, d.subs, subs)
    ranges = d.ranges | {
        y: Range(Int.of(0), greatest(s, d.ranges) + 1) for y, s in zip(new, d.subs, strict=True)
    }
    full = replace(
        d,
        vars=variables,
        ranges=ranges,
        subs=subs,
        value=value,
        image=False,
        reads=(),
        conditions=() if domain is whole else d.conditions,
        hidden=hidden[: domain is not whole],
    )
    return Pair(
        Statement(name, variables, domain, d.tensor, subs, d.op, value, order, d.span), full
    )


def _resubscript(e: Expr, old: tuple[Int, ...], new: tuple[Int, ...]) -> Expr:
    match e:
        case Load(tensor, subs, dtype) if subs == old:
            return Load(tensor, new, dtype)
        case Cast(x, dtype):
            return Cast(_resubscript(x, old, new), dtype)
        case _:
            return e


def _never_empty(pairs: list[Pair], prover: Prover) -> None:
    for p in pairs:
        if (p.d.conditions or p.d.given) and p.s.domain.intersect_params(prover.context).is_empty():
            prover.findings.add(
                "E032",
                "the range is always empty: no point meets its conditions",
                p.d.span,
                "check the ranges and conditions in `where`",
            )
