"""Syntax -> drafts: declares the names of a definition, then lowers its statements in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from polyc.errors import Span
from polyc.frontend import syntax as syn
from polyc.frontend.affine import Names, NotAffine, affine, refuse
from polyc.frontend.drafts import Node
from polyc.frontend.dtypes import ALIASES, DTYPES, FLOAT32, INT64, Dtype
from polyc.frontend.findings import Findings, Stop
from polyc.frontend.integers import Int
from polyc.frontend.limits import RANK, check_count
from polyc.frontend.scope import Kind, Scope, TensorInfo
from polyc.frontend.statements import lower_assign, lower_loop
from polyc.frontend.understand import Frame, known_apply


@dataclass(frozen=True, slots=True)
class Operand:
    """An argument of a call: its element type, and its extents where they are known."""

    dtype: Dtype
    shape: tuple[int, ...] | None = None


def dtype_of(word: str) -> Dtype:
    """The type a word of the grammar names."""
    return ALIASES.get(word) or DTYPES[word]


def lower_items(items: Sequence[syn.Item], scope: Scope) -> list[Node]:
    """The drafts of a definition's body; errors are left in the findings."""
    block: list[Node] = []
    scope.later = {a.tensor for a in syn.assigns(tuple(items))}
    _items(items, scope, [], block)
    return block


def _items(items: Sequence[syn.Item], scope: Scope, frames: list[Frame], block: list[Node]) -> None:
    for item in items:
        try:
            _item(item, scope, frames, block)
        except Stop:
            for a in syn.assigns((item,)):
                _broken(a, scope)


def _item(item: syn.Item, scope: Scope, frames: list[Frame], block: list[Node]) -> None:
    match item:
        case syn.Assign():
            lower_assign(item, scope, frames, block)
        case syn.For(body=body):
            loop, frame = lower_loop(item, scope, frames, block)
            _items(body, scope, [*frames, frame], loop.body)
            if loop.body:
                block.append(loop)
        case syn.Expect(x, y, span):
            scope.unify(_size(x, scope), _size(y, scope), span)
        case syn.ExpectTensor():
            _expect_tensor(item, scope)
        case syn.Declare():
            declare_result(item, scope)
        case syn.CallDef():
            raise AssertionError("calls are inlined before lowering")
        case _:
            assert_never(item)


def _broken(a: syn.Assign, scope: Scope) -> None:
    """What an erroneous statement writes is unknown from here on; readers stay silent about it."""
    info = scope.tensors.get(a.tensor)
    if info is None:
        info = TensorInfo(a.tensor, a.tensor, "temporary", None, None, a.lhs_span, fixed=False)
        scope.tensors[a.tensor] = info
    if info.kind != "input":
        info.broken = info.written = True


def _size(e: syn.Exp, scope: Scope) -> Int:
    try:
        return affine(e, Names(scope, {}, {}, {}))
    except NotAffine as why:
        raise refuse(why, "extent", scope) from None


# ---- declarations
def declare_params(params: Sequence[syn.Declare], marked: set[str], scope: Scope) -> None:
    """Enters sizes, scalars and input tensors; `marked` are the scalars that bound something."""
    for p in params:
        if p.dims is None and p.name in marked and p.name not in scope.consts:
            scope.size(p.name, scalar=True)
    for p in params:
        try:
            _declare_param(p, scope)
        except Stop:
            info = TensorInfo(p.name, p.name, "input", FLOAT32, (), p.span, broken=True)
            scope.tensors.setdefault(p.name, info)


def _declare_param(p: syn.Declare, scope: Scope) -> None:
    assert p.type is not None
    _new(p, scope)
    what = f"the number of dimensions of `{p.name[:80]}` is"
    check_count(p.dims or (), RANK, what, p.span, scope.findings)
    if p.name in scope.consts and p.dims is None:
        return
    shape = tuple(_dim(d, scope) for d in p.dims or ())
    _new(p, scope)  # again: its own dimensions may have its name
    info = TensorInfo(
        scope.safe(p.name),
        p.name,
        "input",
        dtype_of(p.type),
        shape,
        p.span,
        scalar=p.dims is None,
        written=True,
    )
    scope.tensors[p.name] = info


def _new(p: syn.Declare, scope: Scope) -> None:
    size = scope.sizes.get(p.name)
    if p.name in scope.tensors or (size and not size.scalar) or known_keyword(p.name):
        raise scope.findings.stop(
            "E011", f"`{p.name}` is declared twice", p.span, "use another name"
        )


def known_keyword(name: str) -> bool:
    """Words that cannot name anything."""
    return name in DTYPES or name in ALIASES


def _dim(e: syn.Exp, scope: Scope) -> Int:
    match e:
        case syn.Name(name) if name in scope.tensors:
            raise scope.findings.stop(
                "E023",
                f"`{name}` is not a size",
                e.span,
                "sizes, scalars and tensors have distinct names",
            )
        case syn.Name(name) if name not in scope.sizes and name not in scope.consts:
            return scope.size(name)
        case _:
            return _extent(e, scope)


def _extent(e: syn.Exp, scope: Scope) -> Int:
    try:
        n = affine(e, Names(scope, {}, {}, {}))
    except NotAffine as why:
        if why.why == "unknown":
            raise scope.findings.stop(
                "E023",
                f"`{why.name}` is not a size of an earlier parameter",
                why.at,
                "a size is introduced by a parameter that has it alone as a dimension",
            ) from None
        raise refuse(why, "extent", scope) from None
    if n.is_const and n.value < 0:
        raise scope.findings.stop(
            "E023", f"the extent {n.value} is negative", e.span, "an extent is 0 or more"
        )
    return n


def declare_result(r: syn.Declare, scope: Scope) -> None:
    """Enters an output, or a result that an inlined definition declares."""
    old = scope.tensors.get(r.name)
    shape = None if r.dims is None else tuple(_extent(d, scope) for d in r.dims)
    if r.type is not None and r.dims is None:
        shape = ()
    dtype = None if r.type is None else dtype_of(r.type)
    if old is None or old.shape is None:
        kind: Kind = "output" if old is None or old.kind == "output" else "temporary"
        keep = old.dtype if old and old.dtype else dtype
        scope.tensors[r.name] = TensorInfo(
            scope.safe(r.name), r.name, kind, keep, shape, r.span, fixed=shape is not None
        )
        return
    for x, y in zip(old.shape, shape or old.shape, strict=False):
        scope.unify(x, y, r.span)


def _expect_tensor(e: syn.ExpectTensor, scope: Scope) -> None:
    f, d, info = scope.findings, e.declared, scope.tensors.get(e.name)
    if info is None or (info.shape is None and not info.broken):
        raise f.stop("E010", f"unknown tensor `{e.name}`", e.span, "write it before the call")
    if info.broken or info.shape is None:
        raise Stop()
    rank = len(d.dims or ())
    if len(info.shape) != rank:
        raise f.stop(
            "E020",
            f"`{info.user}` has {len(info.shape)} dimensions, `{d.name}` is declared with {rank}",
            e.span,
            "pass a tensor of that rank",
        )
    assert d.type is not None
    if info.dtype != dtype_of(d.type):
        raise f.stop(
            "E060",
            f"`{info.user}` is {info.dtype}, `{d.name}` is declared {dtype_of(d.type)}",
            e.span,
            "cast it in a statement of its own",
        )


def marked_scalars(d: syn.Def) -> set[str]:
    """Names that occur where an affine expression stands: they may be sizes rather than values."""
    out: set[str] = set()

    def mark(e: syn.Exp) -> None:
        out.update(x.id for x in syn.walk(e) if isinstance(x, syn.Name))

    def value(e: syn.Exp) -> None:
        for x in syn.walk(e):
            match x:
                case syn.Apply("select", (cond, *_)) | syn.Conditional(cond):
                    mark(cond)
                case syn.Apply(name, args) if not known_apply(name):
                    for a in args:
                        mark(a)
                case _:
                    pass

    def items(body: Sequence[syn.Item]) -> None:
        for item in body:
            match item:
                case syn.Assign(subs=subs, value=v, where=where):
                    for s in subs:
                        mark(s)
                    value(v)
                    for c in where:
                        for e in (
                            (c.lo, c.hi)
                            if isinstance(c, syn.InRange)
                            else ((c.value,) if isinstance(c, syn.Let) else (c.cond,))
                        ):
                            mark(e)
                case syn.For(_, lo, hi, inner):
                    mark(lo)
                    mark(hi)
                    items(inner)
                case syn.Expect(x, y):
                    mark(x)
                    mark(y)
                case _:
                    pass

    for p in (*d.params, *d.returns):
        for e in p.dims or ():
            mark(e)
    items(d.body)
    return out


# ---- the bracket form
def declare_bracket(
    body: Sequence[syn.Item], operands: Sequence[Operand] | None, scope: Scope
) -> None:
    """Finds inputs (read, never written) and outputs (written, never read later) by their use."""
    written = {a.tensor: k for k, a in enumerate(syn.assigns(tuple(body)))}
    last_read: dict[str, int] = {}
    inputs: dict[str, tuple[int, Span]] = {}
    sized: set[str] = set()  # inputs of which only a size has been seen: its rank is not known
    for k, a in enumerate(syn.assigns(tuple(body))):
        bound = _bound_names(a)
        for e in syn.walk_all(a):
            match e:
                case syn.Apply(name, args, span) if name in written or not known_apply(name):
                    last_read[name] = k
                    if name in sized or not (name in written or name in inputs):
                        sized.discard(name)
                        inputs[name] = (len(args), span)
                case syn.Name(name, span) if name in written or name not in bound:
                    last_read[name] = k
                    if name not in written and name not in scope.consts:
                        inputs.setdefault(name, (0, span))
                case syn.SizeOf(name, dim, span) if name not in written:
                    if name not in inputs:
                        sized.add(name)
                    if name in sized:
                        inputs[name] = max(inputs.get(name, (0, span)), (dim + 1, span), key=_rank)
                case _:
                    pass
    places = {n for a in syn.assigns(tuple(body)) for e in syn.walk_all(a) for n in _indices(e)}
    _bracket_inputs(inputs, operands, places, scope)
    for a in syn.assigns(tuple(body)):
        if a.tensor not in scope.tensors and last_read.get(a.tensor, -1) <= written[a.tensor]:
            info = TensorInfo(
                scope.safe(a.tensor), a.tensor, "output", None, None, a.lhs_span, fixed=False
            )
            scope.tensors[a.tensor] = info


def free_names(body: Sequence[syn.Item]) -> set[str]:
    """Names that stand without a bracket on the right and not in a left side: what can be an
    integer that `consts` gives, or a variable."""
    found: set[str] = set()
    for a in syn.assigns(tuple(body)):
        parts = [x for s in a.subs for x in syn.walk(s)]
        found |= {x.id for x in (*parts, *syn.walk_all(a)) if isinstance(x, syn.Name)}
    return found - {a.tensor for a in syn.assigns(tuple(body))}


def _rank(seen: tuple[int, Span]) -> int:
    return seen[0]


def _bound_names(a: syn.Assign) -> set[str]:
    """Names of a statement that are variables: in a subscript, on the left, or given by `where`."""
    names = {c.id for c in a.where if not isinstance(c, syn.Constraint)}
    reads = (e for e in syn.walk_all(a) if isinstance(e, syn.Apply) and not known_apply(e.id))
    for e in (*a.subs, *(x for r in reads for x in r.args)):
        names.update(x.id for x in syn.walk(e) if isinstance(x, syn.Name))
    return names


def _indices(e: syn.Exp) -> Iterator[str]:
    """Tensors whose elements are subscripts of this access: I of `T(I(b) + 1, d)`."""
    if isinstance(e, syn.Apply) and not known_apply(e.id):
        parts = list(e.args)
        while parts:
            match parts.pop():
                case syn.Apply(name) if not known_apply(name):
                    yield name
                case syn.Apply(name) if name in DTYPES or name in ALIASES:
                    pass  # converted: its argument may be of any type
                case x:
                    parts += syn.operands(x)


def _bracket_inputs(
    inputs: Mapping[str, tuple[int, Span]],
    operands: Sequence[Operand] | None,
    places: set[str],
    scope: Scope,
) -> None:
    for k, (name, (rank, span)) in enumerate(inputs.items()):
        usual = INT64 if name in places else FLOAT32
        dtype = operands[k].dtype if operands and k < len(operands) else usual
        user = scope.safe(name)
        if rank > RANK:  # before a size is made for each dimension: `X.999999999` has one billion
            limit = f"the number of dimensions of `{name[:80]}` is {rank}, the limit is {RANK}"
            scope.findings.add("E005", limit, span, "a tensor has fewer dimensions")
            continue
        shape = tuple(scope.size(f"{name}.{d}", f"{user}_{d}") for d in range(rank))
        scope.tensors[name] = TensorInfo(
            user, name, "input", dtype, shape, span, scalar=rank == 0, declared=False, written=True
        )
    scope.findings.check()


def new_scope(findings: Findings, consts: Mapping[str, int], bracket: bool) -> Scope:
    """An empty scope."""
    return Scope(findings, consts, bracket)
