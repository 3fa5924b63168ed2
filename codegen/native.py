"""Generated text -> machine code -> an address in this process, for both backends."""

from __future__ import annotations

import ctypes
import functools
import itertools
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import llvmlite.binding as llvm

from polyc.cache import get, put
from polyc.cache_file import Entry
from polyc.errors import CompileError, InternalError
from polyc.options import in_force
from polyc.target import Target, target

if TYPE_CHECKING:
    import subprocess


@functools.cache
def _initialize() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    llvm.initialize_native_asmparser()


@functools.cache
def _initialize_all() -> None:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()


def machine(target: Target) -> Any:
    _initialize()
    try:
        found = llvm.Target.from_triple(target.triple)
    except RuntimeError:  # not this processor's
        _initialize_all()
        found = llvm.Target.from_triple(target.triple)
    return found.create_target_machine(
        cpu=target.cpu,
        features=target.features,
        opt=3,
        reloc="pic",
        codemodel="small",
        abiname=target.abi,
    )


@functools.lru_cache(8)
def _optimizer(target: Target) -> tuple[Any, Any, Any]:
    """A machine, its pass builder and the passes. Kept, because llvmlite never frees a pass manager
    (13 KB for each kernel)."""
    tm = machine(target)
    tuning = llvm.create_pipeline_tuning_options(speed_level=1)
    tuning.loop_vectorization = False
    tuning.slp_vectorization = False
    tuning.loop_unrolling = False
    tuning.loop_interleaving = False
    # The function pipeline simplifies and hoists; inlining and the rest of the module pipeline
    # took as long again and changed nothing in the loops.
    builder = llvm.create_pass_builder(tm, tuning)
    return tm, builder, builder.getFunctionPassManager()


def optimized(ir: str, target: Target) -> Any:
    try:
        module = llvm.parse_assembly(ir, llvm.create_context())
        module.verify()
    except RuntimeError as e:
        raise InternalError(f"LLVM rejects the generated code: {e}") from e
    _, builder, passes = _optimizer(target)
    for function in module.functions:
        if not function.is_declaration:
            passes.run(function, builder)
    return module


def object_from_ir(ir: str, target: Target) -> bytes:
    return bytes(_optimizer(target)[0].emit_object(optimized(ir, target)))


def assembly(ir: str, target: Target) -> str:
    tm = machine(target)
    tm.set_asm_verbosity(True)
    return str(tm.emit_assembly(optimized(ir, target)))


_NUMBERS = itertools.count()


@dataclass(slots=True)
class Loaded:
    """Code in this process. `address` is valid as long as this object lives."""

    address: int
    library: Any  # keeps the code alive


# A JIT keeps 9 KB of names for each library that it ever had, freed with the JIT: so there is a new
# one now and then (0.3 ms). An old one lives as long as the last of its libraries.
_LIBRARIES = 64


@functools.lru_cache(1)
def _jit(_number: int) -> Any:
    _initialize()
    tm = llvm.Target.from_default_triple().create_target_machine(reloc="pic", codemodel="small")
    return llvm.create_lljit_compiler(tm, use_jit_link=True, suppress_errors=True)


def load_object(obj: bytes, name: str, parallel_address: int) -> Loaded:
    builder = llvm.JITLibraryBuilder().add_object_img(obj).add_current_process()
    builder = builder.import_symbol("polyc_parallel", parallel_address).export_symbol(name)
    number = next(_NUMBERS)
    library = builder.link(_jit(number // _LIBRARIES), f"{name}.{number}")
    return Loaded(library[name], library)


def load_kept(kind: str, ir: str, name: str) -> Loaded:
    """Code that every process needs, for this processor: from the disk cache, or compiled now."""
    host = target()
    key = {"kind": kind, "cpu": host.cpu, "features": host.features, "text": ir}
    keep = in_force().cache
    found = get(key) if keep else None
    if found is not None:
        with suppress(RuntimeError):  # nothing that this compiler wrote
            return load_object(found.object, name, 0)
    made = object_from_ir(ir, host)
    if keep:
        put(key, Entry({}, made))
    return load_object(made, name, 0)


# ---- C
_LEVEL = {"x86-64-v2": "x86-64-v2", "x86-64-v3": "x86-64-v3", "x86-64-v4": "x86-64-v4"}


# On longer texts GCC's -O3, which vectorises again what is inlined many times, and its choice of
# induction variables take minutes and gain a few per cent; the loops are vectorised and unrolled
# already (19 KB of strided loads: 100 s at -O3, 2.6 s at -O2; 118 KB: 10.2 s at -O3, 1.5 s at -O1).
_MEDIUM, _LONG, _VERY_LONG = 8_000, 60_000, 200_000


def _flags(text: str, target: Target) -> list[str]:
    """Flags of correctness (no contraction, no errno) and of speed."""
    level = "-O1" if len(text) > _VERY_LONG else "-O2" if len(text) > _MEDIUM else "-O3"
    flags = ["-std=c11", level, "-shared", "-fPIC", "-fno-math-errno", "-ffp-contract=off"]
    flags.append(f"-march={_LEVEL.get(target.name, 'native')}")
    if target.vector_bytes == 64 and "x86_64" in target.triple:
        flags.append("-mprefer-vector-width=512")
    if len(text) > _LONG:
        flags.append("-fno-ivopts")
    return flags


def shared_library_from_c(text: str, target: Target, cc: str | None = None) -> bytes:
    """A shared library, compiled by the system's `cc` (or `cc`).

    Raises CompileError where there is no compiler, or where it rejects the text.
    """
    import shutil  # these three take 3 ms, a tenth of a warm start, which does not need them
    import tempfile

    compiler = cc or os.environ.get("CC") or "cc"
    if shutil.which(compiler) is None:
        raise CompileError(f"no C compiler found: {compiler!r} is not on the PATH")
    with tempfile.TemporaryDirectory(prefix="polyc-") as folder:
        source, library = Path(folder, "kernel.c"), Path(folder, "kernel.so")
        source.write_text(text)
        last = ["-o", str(library), str(source), "-lm"]
        # A compiler without OpenMP's runtime still makes a serial library.
        for threads in (["-fopenmp"], []):
            done = _run([compiler, *_flags(text, target), *threads, *last])
            if done.returncode == 0:
                return library.read_bytes()
    first = [line for line in done.stderr.splitlines() if "error" in line] or [done.stderr.strip()]
    raise CompileError(f"{compiler} failed: " + "\n".join(first[:5]))


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    import subprocess

    return subprocess.run(command, capture_output=True, text=True, check=False)


def load_shared(data: bytes, name: str, _parallel_address: int = 0) -> Loaded:
    """Loads a shared library; its threads are OpenMP's, linked by the compiler."""
    import tempfile

    with tempfile.NamedTemporaryFile(prefix="polyc-", suffix=".so") as file:
        file.write(data)
        file.flush()
        library = ctypes.CDLL(file.name)
    try:
        address = ctypes.cast(library[name], ctypes.c_void_p).value
    except AttributeError:
        address = None
    if address is None:
        raise InternalError(f"the shared library does not define {name}")
    return Loaded(address, library)
