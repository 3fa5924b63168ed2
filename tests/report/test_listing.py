"""Lines of the loops, of C and of the assembly know the statement they are of."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

import polyc
from polyc.codegen import llvm, native
from polyc.codegen.llvm_lines import located
from polyc.codegen.walk import statements
from polyc.report.assembly import loops_in
from polyc.report.instructions import kinds_of
from polyc.report.listing import Line, c_lines, loops_lines, runs_of
from polyc.target import target
from tests.programs import CORPUS
from tests.report.support import kernel

NAMES = list(CORPUS)[::15]
HOST = target("host")


def _starts(lines: Sequence[Line], word: str) -> set[int]:
    """Statements whose line starts with the word, after the mark of a loop. A check is an `if`
    that returns, in C."""
    found = re.compile(rf"\s*((parallel|vector|unroll) )?{word} (?!.* return \d)")
    return {x.statement for x in lines if x.statement is not None and found.match(x.text)}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fixed", [True, False], ids=["fixed", "open"])
def test_loops_and_branches_are_the_same_statements_in_c(name: str, fixed: bool) -> None:
    nest = kernel(name, dict(CORPUS[name].smoke) if fixed else {}).loops
    loops, c = loops_lines(nest), c_lines(nest, HOST)
    count = len(list(statements(nest.body)))
    assert [x.statement for x in loops if x.statement is not None] == list(range(count))
    numbers = [x.statement for x in c if x.statement is not None]
    assert numbers == sorted(numbers)
    for word in ("for", "if"):
        assert _starts(c, word) == _starts(loops, word)


@pytest.mark.parametrize("name", NAMES)
def test_the_locations_do_not_change_the_code(name: str) -> None:
    k = kernel(name, dict(CORPUS[name].smoke))
    numbered = native.assembly(located(llvm.emit(k.loops, HOST, numbered=True)), HOST)
    assert _instructions(numbered) == _instructions(native.assembly(llvm.emit(k.loops, HOST), HOST))


def test_locations_stand_beside_other_metadata() -> None:
    """Stores past the caches carry a node of their own."""
    text = "def f(float(N) x) -> (y) { y(i) = x(i) * 3 }"
    k = polyc.compile(text).specialize({"N": 1 << 26})
    ir = llvm.emit(k.loops, HOST, numbered=True)
    assert "!nontemporal !0" in ir
    assert _instructions(native.assembly(located(ir), HOST)) == _instructions(k.asm)


def _instructions(text: str) -> list[str]:
    lines = (re.split(r"#|//", x)[0].strip() for x in text.splitlines() if x.startswith("\t"))
    return [x for x in lines if x and not x.startswith(".")]


def test_stores_of_the_assembly_are_stores_of_the_loops() -> None:
    k = polyc.compile("def f(float(N) x) -> (y) { y(i) = x(i) * 3 }").specialize({"N": 4096})
    loops = loops_lines(k.loops)
    ir = located(llvm.emit(k.loops, HOST, numbered=True))
    (loop,) = loops_in(native.assembly(ir, HOST), runs_of(k.loops), kinds_of(HOST.triple))
    assert loop.stores == 1
    assert loop.loads >= 1
    (store,) = {
        x.statement for x in loop.lines if re.search(r"\bv?mov\w+.*, *-?\d*\(.*\)", x.text)
    } - {None}
    assert "y[" in next(x.text for x in loops if x.statement == store)


def test_runs_multiply_with_the_loops_around() -> None:
    text = "def f(float(N) x) -> (y) { y(i) = x(i) for t in 0:7 { y(i) = y(i) * 3 + y(i) } }"
    with polyc.config(target="x86-64-v3"):
        nest = polyc.compile(text).specialize({"N": 80}).loops
    runs = runs_of(nest)
    texts = [x for x in loops_lines(nest) if x.statement is not None]
    hot = [runs[x.statement] for x in texts if x.statement is not None and "y[" in x.text]
    assert max(hot) >= 7
    symbolic = polyc.compile(text).specialize({})
    assert len(runs_of(symbolic.loops)) < len(list(statements(symbolic.loops.body)))


ASSEMBLY = """\
\t.globl\tf                               # -- Begin function f
f:                                      # @f
.Lfunc_begin0:
\t.loc\t1 1 0
\txorl\t%eax, %eax
.LBB0_1:                                # =>This Loop Header
\txorl\t%ecx, %ecx
.LBB0_2:
\t.loc\t1 3 0                           # loops:3
\tvmovups\t(%rdi,%rcx,4), %zmm0
\tvfmadd231ps\t64(%rsi,%rcx,4), %zmm1, %zmm0
.Ltmp3:
\t.loc\t1 4 0
\tvmovups\t%zmm0, (%rdx,%rcx,4)
\tvmovups\t%zmm2, 64(%rsp)                 # 64-byte Spill
\tleaq\t8(%rcx), %rcx
\tcmpq\t8(%rdi), %rcx
\tprefetcht0\t(%rdi)
\tjb\t.LBB0_2
\tincq\t%rax
\tjb\t.LBB0_1
\tretq
                                        # -- End function
"""


def test_an_innermost_loop_is_counted() -> None:
    (loop,) = loops_in(ASSEMBLY, {2: 50, 3: 40}, kinds_of("x86_64"))
    assert (loop.function, loop.label) == ("f", ".LBB0_2")
    assert loop.instructions == 8
    assert (loop.fused, loop.loads, loop.stores, loop.spills) == (1, 3, 2, 1)
    assert loop.statements == (2, 3)
    assert loop.runs == 50
    assert loop.weight == 400
    assert [x.statement for x in loop.lines] == [None, 2, 2, 3, 3, 3, 3, 3, 3]


@pytest.mark.parametrize(
    ("machine", "code", "fused", "loads", "stores"),
    [
        ("x86_64", "vmovups\t(%rdi,%rcx,4), %zmm0", 0, 1, 0),
        ("x86_64", "vmovups\t%zmm0, 8(%rdi,%rcx,4)", 0, 0, 1),
        ("x86_64", "vfmadd231ps\t(%rsi,%rcx,4){1to16}, %zmm1, %zmm0", 1, 1, 0),
        ("x86_64", "addq\t$8, (%rax)", 0, 1, 1),
        ("x86_64", "leaq\t8(%rcx), %rcx", 0, 0, 0),
        ("x86_64", "cmpq\t%rax, 8(%rdi)", 0, 1, 0),
        ("x86_64", "vpdpbusd\t%zmm1, %zmm2, %zmm3", 1, 0, 0),
        ("aarch64", "ldp\tq10, q11, [x3, #-32]", 0, 1, 0),
        ("aarch64", "str\tq1, [x0]", 0, 0, 1),
        ("aarch64", "fmla\tv4.4s, v10.4s, v9.s[0]", 1, 0, 0),
        ("riscv64", "flw\tfa4, 0(a4)", 0, 1, 0),
        ("riscv64", "fsw\tfa4, 0(s1)", 0, 0, 1),
        ("riscv64", "fmadd.s\tfa4, fa5, fa4, fa3", 1, 0, 0),
        ("riscv64", "srli\ta0, a0, 3", 0, 0, 0),
    ],
)
def test_kinds_of_instructions(
    machine: str, code: str, fused: int, loads: int, stores: int
) -> None:
    kinds = kinds_of(f"{machine}-unknown-linux-gnu")
    assert (kinds.fused(code), kinds.loads(code), kinds.stores(code)) == (fused, loads, stores)
