"""LLVM IR -> object code -> callable address, in process."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import Any

import llvmlite.binding as llvm

from polyc.errors import InternalError
from polyc.target import Target


@functools.cache
def _initialize() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    llvm.initialize_native_asmparser()


def machine(target: Target) -> Any:
    _initialize()
    return llvm.Target.from_triple(target.triple).create_target_machine(
        cpu=target.cpu, features=target.features, opt=3, reloc="pic", codemodel="small"
    )


def optimized(ir: str, target: Target, tm: Any) -> Any:
    try:
        module = llvm.parse_assembly(ir, llvm.create_context())
        module.verify()
    except RuntimeError as e:
        raise InternalError(f"LLVM rejects the generated code: {e}") from e
    tuning = llvm.create_pipeline_tuning_options(speed_level=1)
    tuning.loop_vectorization = False
    tuning.slp_vectorization = False
    tuning.loop_unrolling = False
    tuning.loop_interleaving = False
    builder = llvm.create_pass_builder(tm, tuning)
    builder.getModulePassManager().run(module, builder)
    return module


def object_from_ir(ir: str, target: Target) -> bytes:
    tm = machine(target)
    return tm.emit_object(optimized(ir, target, tm))


def assembly(ir: str, target: Target) -> str:
    tm = machine(target)
    tm.set_asm_verbosity(True)
    return tm.emit_assembly(optimized(ir, target, tm))


_NUMBERS = itertools.count()


@dataclass(slots=True)
class Loaded:
    """Code in this process. `address` is valid as long as this object lives."""

    address: int
    _keep: Any


@functools.cache
def _jit() -> Any:
    _initialize()
    tm = llvm.Target.from_default_triple().create_target_machine(reloc="pic", codemodel="small")
    return llvm.create_lljit_compiler(tm, use_jit_link=True)


def load_object(obj: bytes, name: str, parallel_address: int) -> Loaded:
    builder = llvm.JITLibraryBuilder().add_object_img(obj).add_current_process()
    builder = builder.import_symbol("polyc_parallel", parallel_address).export_symbol(name)
    library = builder.link(_jit(), unique_name(name))
    return Loaded(library[name], library)


def unique_name(name: str) -> str:
    return f"{name}.{next(_NUMBERS)}"
