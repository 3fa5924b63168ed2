"""Text -> Program: the one entry of the frontend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from polyc.errors import ArgumentError, LanguageError, PolycError, Span
from polyc.frontend import syntax as syn
from polyc.frontend.build import build
from polyc.frontend.einsum import EINSUM_CHARACTERS, einsum_program
from polyc.frontend.findings import Findings, Stop, nearest
from polyc.frontend.limits import check_text, check_tokens
from polyc.frontend.lower import (
    Operand,
    declare_bracket,
    declare_params,
    declare_result,
    free_names,
    lower_items,
    marked_scalars,
    new_scope,
)  # fmt: skip
from polyc.frontend.program import Program
from polyc.frontend.scope import Scope


class NeedsConstants(PolycError):
    """The program multiplies these integer scalars by variables: their values must be in `consts`.

    Not an error of the text. A caller that knows the values catches this, and loads again with
    `consts` extended by `names` (which then are no longer inputs of the Program).
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        super().__init__(f"the values of {', '.join(names)} must be known: pass consts={{...}}")


def load(
    text: str,
    *,
    entry: str | None = None,
    consts: Mapping[str, int] | None = None,
    operands: Sequence[Operand] | None = None,
) -> Program:
    """The Program of a text in any of the three spellings.

    `entry` names a definition (default: the last one). `consts` fixes integer scalars. `operands`
    are the types and extents of a call's arguments: an einsum string needs them for ellipses and
    broadcasting, and they decide undeclared types (without them float32; int64 for indices).

    Raises LanguageError for a wrong text, NeedsConstants for scalars that must be numbers,
    ArgumentError for a name in `consts` that is no integer scalar.

    >>> print(load("mk,kn->mn").outputs[0].shape)
    (Int(m), Int(n))
    """
    findings = Findings(text)
    check_text(text, findings)
    if operands is None and not re.sub(r"#[^\n]*", "", text).strip():
        findings.add("E001", "the text is empty", Span(1, 1), 'write for example "mk,kn->mn"')
        findings.check()
    if is_einsum(text):
        _demand_known(consts or {}, (), "an einsum string has no integer scalars")
        return einsum_program(text, operands, findings)
    check_tokens(text, findings)
    from polyc.frontend.parse import parse  # lark is only needed for the other two spellings

    module = parse(text, findings)
    if isinstance(module, syn.Bracket):
        return _bracket(module, consts or {}, operands, findings)
    try:
        return _definition(module, entry, consts or {}, findings)
    except NeedsConstants as e:
        raise NeedsConstants(_all_needed(module, entry, consts or {}, e.names, text)) from None


def _all_needed(
    module: tuple[syn.Def, ...],
    entry: str | None,
    consts: Mapping[str, int],
    names: tuple[str, ...],
    text: str,
) -> tuple[str, ...]:
    """A statement stops at its first product: with some number there, the next one shows."""
    try:
        _definition(module, entry, {**consts, **dict.fromkeys(names, 1)}, Findings(text))
    except NeedsConstants as e:
        return _all_needed(module, entry, consts, tuple(sorted({*names, *e.names})), text)
    except LanguageError:  # of that number; the caller's own will be checked when it is known
        pass
    return names


def is_einsum(text: str) -> bool:
    """Whether a text is an einsum string rather than statements or definitions."""
    if EINSUM_CHARACTERS.fullmatch(text):
        return True
    return not re.search(r"[=(\[{]", text) and not re.match(r"(\s|#[^\n]*\n)*def(?!\w)", text)


def _definition(
    module: tuple[syn.Def, ...], entry: str | None, consts: Mapping[str, int], findings: Findings
) -> Program:
    defs: dict[str, syn.Def] = {}
    for d in module:
        if d.name in defs:
            findings.add("E011", f"`{d.name}` is defined twice", d.span, "use another name")
        defs[d.name] = d
    if entry is not None and entry not in defs:
        findings.add(
            "E015",
            f"no definition is called `{entry}`",
            module[-1].span,
            nearest(entry, defs) or f"the text has {', '.join(defs)}",
        )
    findings.check()
    from polyc.frontend.inline import inline  # lark again

    d = inline(defs[entry or module[-1].name], defs, findings)
    findings.check()
    scope = new_scope(findings, _known_consts(d, consts), bracket=False)
    declare_params(d.params, marked_scalars(d), scope)
    findings.check()
    if not d.returns:
        findings.add("E018", f"`{d.name}` has no results", d.span, "name one after `->`")
    for r in d.returns:
        _declare_output(r, scope)
    nodes = lower_items(d.body, scope)
    _need(scope.required, findings)
    inputs = [scope.safe(p.name) for p in d.params if p.name in scope.tensors]
    return build(d.name, scope, nodes, inputs)


def _declare_output(r: syn.Declare, scope: Scope) -> None:
    if r.name in scope.tensors or r.name in scope.sizes:
        scope.findings.add("E011", f"`{r.name}` is declared twice", r.span, "use another name")
        return
    try:
        declare_result(r, scope)
    except Stop:
        return


def _known_consts(d: syn.Def, consts: Mapping[str, int]) -> Mapping[str, int]:
    scalars = {p.name for p in d.params if p.dims is None and p.type and "int" in p.type}
    _demand_known(consts, scalars, f"`{d.name}` has {', '.join(sorted(scalars)) or 'none'}")
    return consts


def _demand_known(consts: Mapping[str, int], scalars: Iterable[str], known: str) -> None:
    for n in consts:
        if n not in scalars:
            hint = nearest(n, scalars)
            raise ArgumentError(
                f"consts names `{n}`, no integer scalar of the text; {known}"
                + (f"; {hint}" if hint else "")
            )


def _need(names: set[str], findings: Findings) -> None:
    findings.check()
    if names:
        raise NeedsConstants(tuple(sorted(names)))


def _bracket(
    module: syn.Bracket,
    consts: Mapping[str, int],
    operands: Sequence[Operand] | None,
    findings: Findings,
) -> Program:
    names = free_names(module.body)
    shown = f"names without brackets in it: {', '.join(sorted(names))}" if names else "it has none"
    _demand_known(consts, names, shown)
    scope = new_scope(findings, consts, bracket=True)
    for item in module.body:
        if isinstance(item, syn.CallDef):
            findings.add(
                "E010",
                f"unknown definition `{item.fn}`",
                item.fn_span,
                "the bracket form has no definitions: write `def ...`",
            )
    findings.check()
    declare_bracket(module.body, operands, scope)
    nodes = lower_items(module.body, scope)
    _need(scope.required, findings)
    inputs = [t.name for t in scope.tensors.values() if t.kind == "input"]
    return build("operator", scope, nodes, inputs)
