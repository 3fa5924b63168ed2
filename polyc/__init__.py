"""polyc: a polyhedral compiler for array operators written in affine Einstein notation.

>>> import numpy as np, polyc
>>> polyc.einsum("mk,kn->mn", np.ones((2, 3)), np.ones((3, 2)))
array([[3., 3.],
       [3., 3.]])
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from polyc import errors
    from polyc.api import Export, Kernel, Operator, Options, compile, config, einsum, load
    from polyc.errors import (
        ArgumentError,
        CompileError,
        InternalError,
        LanguageError,
        PolycError,
        ResourceError,
    )

__version__ = "0.1.0"
__all__ = [  # noqa: RUF022 - verbs first
    "einsum",
    "compile",
    "load",
    "config",
    "Options",
    "Kernel",
    "Operator",
    "Export",
    "errors",
    "ArgumentError",
    "CompileError",
    "InternalError",
    "LanguageError",
    "PolycError",
    "ResourceError",
    "__version__",
]

_HOMES = {
    **dict.fromkeys(
        ("einsum", "compile", "load", "config", "Options", "Kernel", "Operator", "Export"),
        "polyc.api",
    ),
    **dict.fromkeys((name for name in __all__ if name.endswith("Error")), "polyc.errors"),
}


if not TYPE_CHECKING:  # type checkers know the names above, and only those

    def __getattr__(name: str) -> object:
        """Names are loaded at their first use: importing polyc imports nothing else."""
        if name == "errors":
            return importlib.import_module("polyc.errors")
        if name not in _HOMES:
            raise AttributeError(f"module 'polyc' has no attribute {name!r}")
        value = getattr(importlib.import_module(_HOMES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
