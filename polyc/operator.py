"""`Operator`: a text that is known to be right, compiled when its sizes are."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

import numpy as np

from polyc import arrays, cache, cache_file, calls, interface, runtime
from polyc.arrays import Array
from polyc.entry import ENTRY
from polyc.errors import ArgumentError, CompileError, LanguageError
from polyc.interface import Interface, Outline, TensorSpec
from polyc.kernel import Kernel, describe, strided
from polyc.often import Often
from polyc.options import Options, in_force, resolve
from polyc.recipe import Recipe
from polyc.remembered import Remembered
from polyc.runtime import Function

_KERNELS = 256  # that one operator keeps in memory, most recently used
_NUMBER = (bool, int, float, complex)
Values = tuple[tuple[str, int], ...]  # of integer scalars, by name


class Operator:
    """Made by `polyc.compile`. Safe to call from any number of threads.

    >>> import numpy as np, polyc
    >>> op = polyc.compile("def f(float(N) x) -> (y) { y(i) = 2 * x(i) }")
    >>> op.inputs[0].shape, op.sizes
    (('N',), ('N',))
    """

    def __init__(
        self,
        text: str,
        entry: str | None,
        consts: Mapping[str, int] | None,
        given: Options | None,
    ) -> None:
        self._recipe = Recipe(text, entry, _constants(consts))
        self._given = given
        self._interface = _interface(self._recipe, resolve(given))
        self._names = tuple(t.name for t in self.inputs)
        constants = self._interface.constants
        self._runtime = tuple(t for t in self.inputs if t.name not in constants)
        self._declared = all(t.dtype is not None for t in self.inputs)
        self._kernels = lru_cache(_KERNELS)(Kernel)
        self._often = Often()
        # By a proxy: an operator that held itself would keep its code until the collector comes.
        itself = weakref.proxy(self)
        self._plans = lru_cache(4 * _KERNELS)(lambda *key: itself._plan(*key))
        self._values_matter = bool(self._interface.keys or constants)
        self._calls: tuple[Options, Remembered] | None = None  # those under the options used last

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """Arrays and scalars in the order of a call."""
        return self._interface.inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """Results in the order of a call."""
        return self._interface.outputs

    @property
    def sizes(self) -> tuple[str, ...]:
        """Names of the extents that a call or `specialize` decides."""
        return self._interface.sizes

    def __call__(
        self,
        /,
        *args: object,
        out: object = None,
        options: Options | None = None,
        threads: int | None = None,
        **named: object,
    ) -> Any:
        """Compiles for the sizes of these arrays (once), and runs; as `Kernel.__call__`."""
        given = options or self._given
        chosen = (
            (resolve(given) if given else in_force())
            if threads is None
            else resolve(given, threads=threads)
        )
        known = self._calls
        if known is not None and known[0] is chosen and not named:
            rows = known[1]
            n = rows.threads(chosen.threads) if rows.parallel else None
            result = ENTRY.call(rows.rows, args, out, n)
            if result is not NotImplemented:
                return result
        inputs = calls.in_order(self._names, args, named)
        found, constants = self._split(self._convert(inputs))
        described, values = describe(found), self._values(found)
        key = tuple([a.shape for a in found]), values, constants
        if not self._often.enough(key, sum([a.size for a in found])):
            result = self._at_any_size(chosen, constants, inputs, found, out)
            if result is not NotImplemented:
                return result
        function = self._plans(chosen, constants, described, values)
        convert = arrays.returner(inputs)
        result = calls.execute(function, (), found, out, convert, chosen.threads)
        if threads is None and not self._values_matter:
            self._remember(chosen, inputs, found, function)
        return result

    def _at_any_size(
        self,
        chosen: Options,
        constants: Values,
        inputs: Sequence[object],
        found: list[Array],
        out: object,
    ) -> Any:
        """The result of the one kernel for all sizes; NotImplemented where these want their own."""
        if constants:  # they join the text: a kernel for other values is another one
            return NotImplemented
        kernel = self._open_kernel(chosen, describe(found))
        result = kernel.again(tuple(inputs), out, chosen.threads)
        if result is not NotImplemented:
            return result
        try:
            sizes = kernel.bind(found)
        except (ArgumentError, CompileError, LanguageError):
            # Broadcasting, wrong shapes, or no code for open sizes: what follows says which.
            return NotImplemented
        return kernel.run(inputs, found, sizes, out, chosen.threads)

    def _open_kernel(self, chosen: Options, described: Any) -> Kernel:
        made_from = self._recipe_of((), described, ())
        return self._kernels(replace(made_from, shapes=None), compiling(chosen))

    def _remember(
        self, chosen: Options, inputs: Sequence[object], found: Sequence[Array], function: Function
    ) -> None:
        known = self._calls
        if known is None or known[0] is not chosen:
            known = self._calls = (chosen, Remembered(chosen.backend))
        known[1].learn(inputs, found, function, (), numbers=self._declared)

    def reference(self, /, *args: object, **named: object) -> Any:
        """The slow oracle, in float64 and exact integers. A NumPy array, or a tuple of them."""
        from polyc.frontend import reference

        inputs = calls.in_order(self._names, args, named)
        found, constants = self._split(self._convert(inputs))
        made_from = self._recipe_of(constants, describe(found), self._values(found))
        with runtime.LOCK:
            program = made_from.program()
            by_name = {t.name: a for t, a in zip(program.inputs, found, strict=True)}
            results = reference.run(program, by_name, {})
        values = tuple(results[t.name] for t in program.outputs)
        return values[0] if len(values) == 1 else values

    def specialize(
        self,
        sizes: Mapping[str, int] | None = None,
        dtypes: Mapping[str, Any] | Any = None,
        *,
        schedule: str | None = None,
        options: Options | None = None,
    ) -> Kernel:
        """A kernel for these sizes; those not given stay symbolic, {} or None leaves all so.

        sizes     extents by name, and integer scalars if they are to be fixed too
        dtypes    one for all inputs or a mapping by name, where the text leaves them open (float32,
                  and int64 for what is used as a subscript)
        schedule  the text of another kernel's `schedule` for these sizes and types, edited or not;
                  it is proved legal, whatever the options say

        Raises ArgumentError for wrong names and sizes, and for a schedule that does not compute
        what the program says (with two instances in the wrong order) or is not one (with the line);
        CompileError or ResourceError for one that no code can be made for.
        """
        if sizes is not None and not isinstance(sizes, Mapping):
            kind = type(sizes).__name__
            raise ArgumentError(f"sizes: found {kind}, expected a mapping of names to integers")
        given = dict(sizes or {})
        base = replace(self._with_constants(given), schedule=_text(schedule))
        outline = self._outline(base)
        scalar = {shown: is_scalar for _, shown, is_scalar in outline.sizes}
        for name, value in given.items():
            _check_size(name, value, scalar)
        fixed = {name: int(value) for name, value in given.items()}
        kinds = self._dtypes(dtypes, {label: kind for label, kind, _ in outline.inputs})
        if len(fixed) < len(outline.sizes):
            made_from = replace(base, dtypes=kinds, sizes=tuple(sorted(fixed.items())))
        else:
            values = {name: fixed[shown] for name, shown, _ in outline.sizes}
            shapes = tuple(tuple(n.eval(values) for n in s) for _, _, s in outline.inputs)
            scalars = tuple((n, fixed[n]) for _, n, is_scalar in outline.sizes if is_scalar)
            made_from = replace(base, dtypes=kinds, shapes=shapes, sizes=scalars)
            if schedule is None:
                values_of_call = base.consts[len(self._recipe.consts) :]
                self._often.promise((shapes, scalars, values_of_call))
        chosen = options or self._given
        kernel = self._kernels(made_from, chosen or compiling(resolve()))
        if schedule is not None:
            kernel.check_schedule()
        return kernel

    def _outline(self, base: Recipe) -> Outline:
        if self._interface.outline is not None:
            return self._interface.outline
        with runtime.LOCK:  # the constants that make a program of the text are known only now
            return interface.outline(base.program())

    def _with_constants(self, given: dict[str, int]) -> Recipe:
        """The recipe with the constants that it must have taken from the sizes."""
        constants = sorted(self._interface.constants)
        if missing := [name for name in constants if name not in given]:
            raise ArgumentError(
                f"sizes: {', '.join(missing)} must be a number here, because the text multiplies "
                "it by a variable; give it with the sizes or in consts"
            )
        values = _constants({name: given.pop(name) for name in constants})
        return replace(self._recipe, consts=(*self._recipe.consts, *values))

    def __repr__(self) -> str:
        def spec(t: TensorSpec) -> str:
            return f"{t.name}: {t.dtype or 'any'}[{', '.join(t.shape)}]"

        inputs, outputs = (", ".join(map(spec, ts)) for ts in (self.inputs, self.outputs))
        return f"<polyc.Operator ({inputs}) -> ({outputs})>"

    # ---- from arrays to a kernel
    def _convert(self, inputs: Sequence[object]) -> list[Array]:
        found: list[Array | None] = []
        for t, x in zip(self.inputs, inputs, strict=True):
            if isinstance(x, _NUMBER) and not isinstance(x, np.generic) and t.dtype is None:
                found.append(None)
            elif t.dtype is not None and (t.name in self._interface.scalars or _is_number(t, x)):
                found.append(calls.scalar(x, t.name, t.dtype))
            else:
                found.append(arrays.addressable(arrays.view(x, t.name)))
        known = [a for a in found if a is not None]
        return known if len(known) == len(found) else self._weak(found, inputs)

    def _weak(self, found: Sequence[Array | None], inputs: Sequence[object]) -> list[Array]:
        """Python numbers without a declared type take the type that NumPy's promotion gives."""
        strong = [a.dtype for a in found if a is not None]
        return [
            np.asarray(x, np.result_type(*strong, cast(Any, x))) if a is None else a
            for a, x in zip(found, inputs, strict=True)
        ]

    def _split(self, found: list[Array]) -> tuple[list[Array], Values]:
        """The arguments that a kernel has, and the values of those that its text must have."""
        constants = self._interface.constants
        if not constants:
            return found, ()
        pairs = list(zip(self._names, found, strict=True))
        values = tuple((name, int(a)) for name, a in pairs if name in constants)
        return [a for name, a in pairs if name not in constants], values

    def _values(self, found: Sequence[Array]) -> Values:
        keys = self._interface.keys
        if not keys:
            return ()
        pairs = zip(self._runtime, found, strict=True)
        return tuple((t.name, int(a)) for t, a in pairs if t.name in keys)

    def _plan(self, chosen: Options, constants: Values, described: Any, values: Values) -> Function:
        made_from = self._recipe_of(constants, described, values)
        kernel = self._kernels(made_from, compiling(chosen))
        return kernel.function(strided(described))

    def _recipe_of(self, constants: Values, described: Any, values: Values) -> Recipe:
        for t, (kind, _, _) in zip(self._runtime, described, strict=True):
            calls.check_dtype(kind, t.name, t.dtype)
        return replace(
            self._recipe,
            consts=(*self._recipe.consts, *constants),
            dtypes=() if self._declared else tuple(kind.name for kind, _, _ in described),
            shapes=tuple(shape for _, shape, _ in described),
            sizes=values,
        )

    def _dtypes(self, dtypes: Mapping[str, Any] | Any, usual: Mapping[str, str]) -> tuple[str, ...]:
        if self._declared and dtypes is None:
            return ()
        table = dtypes if isinstance(dtypes, Mapping) else dict.fromkeys(self._names, dtypes)
        for name in table:
            if name not in self._names:
                raise ArgumentError(
                    f"dtypes: unknown input {name}; expected {', '.join(self._names)}"
                )
        out = []
        for t in self._runtime:
            kind = np.dtype(table.get(t.name) or t.dtype or usual[t.name])
            calls.check_dtype(kind, t.name, t.dtype)
            out.append(kind.name)
        return () if self._declared else tuple(out)


def _text(schedule: object) -> str | None:
    if schedule is None or isinstance(schedule, str):
        return schedule
    found = type(schedule).__name__
    raise ArgumentError(f"schedule: found {found}, expected a text, as str(kernel.schedule)")


def _is_number(t: TensorSpec, x: object) -> bool:
    return not t.shape and isinstance(x, _NUMBER)


def compiling(chosen: Options) -> Options:
    """Without what does not decide the code, so that kernels are shared."""
    return chosen if chosen.threads is None else replace(chosen, threads=None)


def _constants(consts: Mapping[str, Any] | None) -> tuple[tuple[str, int], ...]:
    for name, value in (consts or {}).items():
        if not isinstance(value, (int, np.integer)) or isinstance(value, bool):
            raise ArgumentError(f"consts: {name} is {value!r}, expected an integer")
    return tuple(sorted((name, int(value)) for name, value in (consts or {}).items()))


LARGEST = 1 << 40  # a size or scalar beyond it belongs to no array of this age


def _check_size(name: str, value: object, scalar: Mapping[str, bool]) -> None:
    if name not in scalar:
        raise ArgumentError(f"sizes: unknown size {name}; expected {', '.join(scalar) or 'none'}")
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool):
        raise ArgumentError(f"sizes: {name} is {value!r}, expected an integer")
    if value < 0 and not scalar[name]:
        raise ArgumentError(f"sizes: {name} is {value}, expected 0 or more")
    if not -LARGEST <= value <= LARGEST:
        raise ArgumentError(f"sizes: {name} is {value}, expected at most {LARGEST} (2^40)")


def _interface(made_from: Recipe, chosen: Options) -> Interface:
    """From the disk cache where this text has been read before, else by reading it."""
    key = {
        "kind": "interface",
        "text": made_from.text,
        "entry": made_from.entry,
        "consts": made_from.consts,
    }
    entry = cache.get(key) if chosen.cache else None
    if entry is not None:
        try:
            return interface.from_json(dict(entry.meta))
        except (KeyError, TypeError, ValueError):
            pass
    with runtime.LOCK:
        made = interface.read(made_from)
    if chosen.cache:
        cache.put(key, cache_file.Entry(interface.to_json(made), b""))
    return made
