"""Text -> Program: the three spellings of the language, their checks, and the oracle.

Names are loaded at their first use (PEP 562): the runtime reads `frontend.integers` and
`frontend.dtypes` for a kernel from the disk cache, and must not pay for isl then.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from polyc.frontend.load import NeedsConstants, load
    from polyc.frontend.lower import Operand

__all__ = ["NeedsConstants", "Operand", "load"]
_HOMES = {"NeedsConstants": "load", "Operand": "lower", "load": "load"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{_HOMES[name]}")
    # All names of the module at once: its import has just bound `load` here to the module itself.
    found = {n: getattr(module, n) for n, home in _HOMES.items() if home == _HOMES[name]}
    globals().update(found)
    return found[name]
