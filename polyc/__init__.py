"""polyc: a polyhedral compiler for array operators written in affine Einstein notation.

>>> import numpy as np, polyc
>>> polyc.einsum("mk,kn->mn", np.ones((2, 3)), np.ones((3, 2)))
array([[3., 3.],
       [3., 3.]])
"""

# This loads NumPy and what every call needs, and neither LLVM nor isl nor the parser: those come
# with the first kernel, and of them a kernel from the disk cache needs only LLVM's linker.

from __future__ import annotations

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


def __dir__() -> list[str]:
    return sorted(__all__)
