"""Text -> Program: the three spellings of the language, their checks, and the oracle.

Names are loaded at their first use (PEP 562): the runtime reads `frontend.integers` and
`frontend.dtypes` for a kernel from the disk cache, and must not pay for isl then.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from polyc.frontend.lower import Operand
    from polyc.frontend.text import NeedsConstants, load

__all__ = ["NeedsConstants", "Operand", "load"]
_HOMES = {"NeedsConstants": "text", "Operand": "lower", "load": "text"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
