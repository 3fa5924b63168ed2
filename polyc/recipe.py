"""`Recipe`: what decides a kernel, as plain data; and the way from it to machine code."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from polyc import cache, runtime, signature
from polyc.cache_file import Entry
from polyc.errors import ArgumentError, InternalError
from polyc.frontend.dtypes import DTYPES
from polyc.options import Options
from polyc.runtime import Function
from polyc.target import require_here, target

if TYPE_CHECKING:
    from polyc.driver import Lowered
    from polyc.frontend.program import Program

# The frontend, the driver and isl are imported where they run: a warm start needs none of them.


@dataclass(frozen=True, slots=True)
class Recipe:
    """A text and the sizes it is compiled for.

    consts    integer scalars that are fixed in the text
    dtypes    NumPy's name of each input's element type; () where the text declares them all
    shapes    extents of each input, which give all sizes; None: `sizes` gives those that are fixed
    sizes     (name, value) of fixed sizes, or of integer scalars where `shapes` is given, as the
              text spells them
    schedule  isl's YAML of the schedule to use, None: polyc makes one
    """

    text: str
    entry: str | None = None
    consts: tuple[tuple[str, int], ...] = ()
    dtypes: tuple[str, ...] = ()
    shapes: tuple[tuple[int, ...], ...] | None = None
    sizes: tuple[tuple[str, int], ...] = ()
    schedule: str | None = None

    def program(self) -> Program:
        """The specialised program. Raises LanguageError, or ArgumentError where shapes disagree."""
        from polyc.frontend.program import specialize

        program = self._open()
        return specialize(program, self._fixed(program))

    def given_sizes(self) -> dict[str, int | None]:
        """The sizes and integer scalars of the text, as it spells them; None for those open."""
        program = self._open()
        fixed = self._fixed(program)
        return {z.display: fixed.get(z.name) for z in program.sizes}

    def _open(self) -> Program:
        """The program of the text, for all sizes."""
        from polyc.frontend import Operand, load

        operands = None
        if self.dtypes:
            extents = self.shapes or (None,) * len(self.dtypes)
            operands = [Operand(known(d), s) for d, s in zip(self.dtypes, extents, strict=True)]
        return load(self.text, entry=self.entry, consts=dict(self.consts), operands=operands)

    def _fixed(self, program: Program) -> dict[str, int]:
        """What is fixed of the sizes of a program, by `Size.name`."""
        from polyc.frontend.bind import bind

        names = {z.display: z.name for z in program.sizes}
        sizes = {names[name]: value for name, value in self.sizes}
        if self.shapes is None:
            return sizes
        shapes = {t.name: s for t, s in zip(program.inputs, self.shapes, strict=True)}
        return bind(program, shapes, sizes)


def known(dtype: str) -> Any:
    """The language's type of NumPy's name; ArgumentError lists those there are."""
    if dtype not in DTYPES:
        raise ArgumentError(f"found element type {dtype}, expected one of {', '.join(DTYPES)}")
    return DTYPES[dtype]


def lowered(recipe: Recipe, options: Options, strided: tuple[int, ...]) -> Lowered:
    """The stages of a kernel, for printing."""
    from polyc import driver

    with runtime.LOCK:
        program = recipe.program()
        return driver.lower(program, options, _contiguous(program, strided), text=recipe.schedule)


def function(recipe: Recipe, options: Options, strided: tuple[int, ...]) -> Function:
    """Machine code for a recipe, from the disk cache or compiled now.

    `strided` are the positions of inputs that come with strides of their own. What decides the code
    is the program, not how it is written; but finding that takes the parser and isl, many times a
    warm start. So the cache has two levels: text -> program -> object.
    """
    with runtime.LOCK:
        require_here(target(options.target).name)
        entry = cache.get(_text(recipe)) if options.cache else None
        known = "" if entry is None else str(entry.meta.get("program", ""))
        found = _cached(_key(known, recipe, options, strided), options) if known else None
        return found or _compiled(recipe, options, strided, known)


def _compiled(recipe: Recipe, options: Options, strided: tuple[int, ...], known: str) -> Function:
    """`known` is the program that the cache has for the text, "" for none."""
    from polyc import driver
    from polyc.frontend.canonical import canonical

    program = recipe.program()
    digest = hashlib.sha256(canonical(program).encode()).hexdigest()
    key = _key(digest, recipe, options, strided)
    if options.cache and digest != known:
        cache.put(_text(recipe), Entry({"program": digest}, b""))
        if found := _cached(key, options):  # compiled for another spelling
            return found
    made = driver.compile(program, options, _contiguous(program, strided), recipe.schedule)
    if options.cache:
        cache.put(key, Entry(signature.to_json(made.signature), made.object))
    return runtime.load(made.signature, made.object, options.backend)


def _cached(key: dict[str, Any], options: Options) -> Function | None:
    entry = cache.get(key)
    if entry is None:
        return None
    try:
        how = signature.from_json(dict(entry.meta))
        return runtime.load(how, entry.object, options.backend)
    except (KeyError, TypeError, ValueError, RuntimeError, OSError, InternalError):
        return None  # nothing that this compiler wrote


def _contiguous(program: Program, strided: tuple[int, ...]) -> frozenset[str]:
    return frozenset(t.name for i, t in enumerate(program.inputs) if i not in strided)


def _text(recipe: Recipe) -> dict[str, Any]:
    return {**asdict(replace(recipe, schedule=None)), "kind": "program"}


def _key(
    program: str, recipe: Recipe, options: Options, strided: tuple[int, ...]
) -> dict[str, Any]:
    """All that decides an object: the program, by its hash, and how and for what it is compiled."""
    chosen = {k: v for k, v in asdict(options).items() if k not in ("threads", "cache")}
    where = {
        "strided": strided,
        "schedule": recipe.schedule,
        "machine": asdict(target(options.target)),
    }
    return {**chosen, **where, "program": program, "kind": "kernel"}
