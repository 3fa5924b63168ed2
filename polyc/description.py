"""`Description`: what an export says about itself in its JSON, checked when it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from polyc import extents
from polyc.frontend.dtypes import DTYPES
from polyc.frontend.integers import Int
from polyc.signature import Argument, Signature

Kind = Literal["input", "scalar", "size", "output"]
_KINDS = ("input", "scalar", "size", "output")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the C function: `shape` is over the sizes, () for a number."""

    name: str
    kind: Kind
    dtype: str
    shape: tuple[Int, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """The JSON of an export.

    entry          the C function
    args           its parameters, in order
    sizes          what each size of the text is; None where a call decides it
    scratch_bytes  allocated by a call on one thread: a number, or a text over the sizes
    target, polyc  what the code is for, and the version that made it
    inputs         names of inputs and scalars in the order of the text: `args` has scalars last
    errors         what the codes 1, 2, ... mean
    sha256         of the shared library that was made with it; None: none was
    """

    entry: str
    args: tuple[Parameter, ...]
    sizes: Mapping[str, int | None]
    scratch_bytes: int | str
    target: str
    polyc: str
    inputs: tuple[str, ...]
    errors: tuple[str, ...] = ()
    sha256: str | None = None

    @property
    def signature(self) -> Signature:
        """Inputs in the order of the text, then outputs, for the checks of a call."""
        arguments = tuple(
            Argument(a.name, a.dtype, a.shape, a.kind)
            for a in sorted(self.args, key=self._place)
            if a.kind != "size"
        )
        sizes = tuple(a.name for a in self.args if a.kind == "size")
        return Signature(self.entry, arguments, sizes)

    def _place(self, a: Parameter) -> int:
        return self.inputs.index(a.name) if a.name in self.inputs else len(self.inputs)


def to_json(d: Description) -> dict[str, Any]:
    """JSON's types; the inverse of `from_json`."""

    def extent(n: Int) -> int | str:
        return n.value if n.is_const else str(n)

    return {
        "entry": d.entry,
        "args": [
            {"name": a.name, "kind": a.kind, "dtype": a.dtype, "shape": [*map(extent, a.shape)]}
            for a in d.args
        ],
        "sizes": dict(d.sizes),
        "scratch_bytes": d.scratch_bytes,
        "target": d.target,
        "polyc": d.polyc,
        "inputs": list(d.inputs),
        "errors": list(d.errors),
        "sha256": d.sha256,
    }


_ENTRIES: dict[str, tuple[type, ...]] = {
    "entry": (str,),
    "args": (list,),
    "sizes": (dict,),
    "scratch_bytes": (int, str),
    "target": (str,),
    "polyc": (str,),
    "inputs": (list,),
    "errors": (list,),
    "sha256": (str, type(None)),
}


def from_json(data: Any) -> Description:
    """ValueError says which entry is missing or not what it should be."""
    if not isinstance(data, dict):
        raise ValueError(f"found {type(data).__name__}, expected an object")
    found = {name: _checked(data, name, kinds) for name, kinds in _ENTRIES.items()}
    found["args"] = tuple(_parameter(a, k) for k, a in enumerate(found["args"]))
    for name in ("inputs", "errors"):
        if not all(isinstance(e, str) for e in found[name]):
            raise ValueError(f"{name}: expected texts")
        found[name] = tuple(found[name])
    inputs = [a.name for a in found["args"] if a.kind in ("input", "scalar")]
    if sorted(inputs) != sorted(found["inputs"]):
        raise ValueError(f"inputs: found {found['inputs']}, expected those of args")
    if not found["entry"].isidentifier() or not found["entry"].isascii():
        raise ValueError(f"entry: {found['entry']!r} is no name of a C function")
    return Description(**found)


def _checked(data: dict[str, Any], name: str, kinds: Any) -> Any:
    if name not in data:
        raise ValueError(f"{name}: is missing")
    if not isinstance(data[name], kinds) or isinstance(data[name], bool):
        raise ValueError(f"{name}: found {data[name]!r}")
    return data[name]


def _parameter(a: Any, k: int) -> Parameter:
    try:
        name, kind, dtype, shape = a["name"], a["kind"], a["dtype"], a["shape"]
        extent = tuple(extents.read(str(n)) for n in shape)
    except (KeyError, TypeError, ValueError) as e:
        raise ValueError(f"args[{k}]: found {a!r} ({e})") from None
    if not isinstance(name, str) or kind not in _KINDS or dtype not in DTYPES:
        raise ValueError(f"args[{k}]: found {a!r}")
    return Parameter(name, kind, dtype, extent)
