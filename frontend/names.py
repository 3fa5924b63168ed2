"""Names that isl reads without quoting."""

from __future__ import annotations

# isl's own words; its parser compares them without regard to case.
RESERVED = frozenset(
    [
        "exists",
        "and",
        "or",
        "not",
        "implies",
        "infty",
        "infinity",
        "nan",
        "min",
        "max",
        "rat",
        "true",
        "false",
        "ceil",
        "ceild",
        "floor",
        "floord",
        "mod",
    ]
)


def safe_name(wanted: str, taken: set[str]) -> str:
    """`wanted`, or the first `wanted_`, `wanted_2`, ... that isl can read and nothing else uses.

    The answer is added to `taken`.
    """
    name, count = wanted, 1
    while name in taken or name.lower() in RESERVED:
        name = f"{wanted}_" if count == 1 else f"{wanted}_{count}"
        count += 1
    taken.add(name)
    return name
