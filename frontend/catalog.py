"""Every error code of the language with its title. Codes are stable: never reuse one."""

from __future__ import annotations

CATALOG: dict[str, str] = {
    # text
    "E001": "empty text",
    "E002": "unexpected character",
    "E003": "unexpected word or symbol",
    "E004": "unfinished text",
    "E005": "text too large",
    "E006": "expression nested too deeply",
    # names
    "E010": "unknown name",
    "E011": "name used twice",
    "E012": "unknown function",
    "E013": "wrong number of arguments",
    "E014": "no such dimension",
    "E015": "unknown entry",
    "E016": "recursive definition",
    "E017": "wrong kind of name",
    "E018": "output never written",
    # shapes and subscripts
    "E020": "wrong number of subscripts",
    "E021": "subscript is not an integer",
    "E022": "not affine",
    "E023": "bad declaration of a size",
    "E024": "extents disagree",
    # ranges
    "E030": "no range",
    "E031": "ambiguous range",
    "E032": "empty range",
    "E033": "bound not affine in sizes",
    "E034": "range given twice",
    # statements
    "E040": "reduction without operator",
    "E041": "assignment to an input",
    "E042": "element assigned more than once",
    "E043": "bad argmin or argmax",
    "E044": "bad condition in where",
    # elements
    "E050": "read outside a tensor",
    "E051": "write outside a tensor",
    "E052": "element never written",
    "E053": "element read before it is written",
    "E054": "proof too expensive",
    # types
    "E060": "type not allowed here",
    "E061": "quotient is always zero",
    "E062": "division by zero",
    "E063": "number out of range",
    # einsum strings
    "E070": "bad character in an einsum string",
    "E071": "malformed einsum string",
    "E072": "wrong number of operands",
    "E073": "rank does not fit",
    "E074": "extents of a letter disagree",
    "E075": "bad output of an einsum string",
}
