"""Text -> Program: the three spellings of the language, their checks, and the oracle."""

from polyc.frontend.load import NeedsConstants, load
from polyc.frontend.lower import Operand

__all__ = ["NeedsConstants", "Operand", "load"]
