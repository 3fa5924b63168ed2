"""Copies made item by item of a batch: where, in which of two ways, legal and right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

import polyc
from polyc.codegen.build import skeleton
from polyc.codegen.loops import Alloc, For, LoopNest
from polyc.codegen.walk import statements
from polyc.frontend.integers import Int
from polyc.scheduler import batches, packing
from polyc.scheduler import schedule as scheduling
from polyc.scheduler.dependences import analyse
from polyc.scheduler.legality import verify
from polyc.scheduler.packing import pack
from polyc.scheduler.padding import pad_operands
from polyc.scheduler.schedule import schedule
from polyc.scheduler.tree import Schedule
from polyc.target import Target, target
from tests.programs import CORPUS
from tests.scheduler.support import Case, case, is_right, loop, nest, seq, tile_home, window
from tests.scheduler.support import by_hand as made

V4 = target("x86-64-v4")
NT = "def f(float(B,M,K) X, float(B,N,K) W) -> (Y) { Y(b,m,n) += X(b,m,k) * W(b,n,k) }"
HEADS = """
def f(float(H,G,Q,D) q, float(H,T,D) k, float(H,T,D) v) -> (o) {
  s(h,g,i,j) += q(h,g,i,d) * k(h,j,d)
  m(h,g,i) max= s(h,g,i,j)
  e(h,g,i,j) = exp(s(h,g,i,j) - m(h,g,i))
  z(h,g,i) += e(h,g,i,j)
  u(h,g,i,d) += e(h,g,i,j) * v(h,j,d)
  o(h,g,i,d) = u(h,g,i,d) / z(h,g,i)
}"""
BIASED = "= s(h,g,i,j) + b(i,j)\n"
ITEMS_INNERMOST = "def f(float(M,K,B) X, float(N,K,B) W) -> (Y) { Y(m,n,b) += X(m,k,b) * W(n,k,b) }"
IMAGES = """
def f(float(N,C,H,W) X, float(K,C,3,3) F) -> (float(N,K,H,W) Y) {
  Y(n,k,h,w) += pad(X(n,c,h+r-1,w+s-1), 0) * F(k,c,r,s)
}"""
COPIED = """
def f(float(B,N) X) -> (Y) {
  T(b,i) = X(b,i) * 2
  Y(b,i) = T(b,N-1-i)
}"""


def rewritten(text: str, sizes: Mapping[str, int], machine: Target = V4) -> Case:
    program = case(text, sizes).program
    program = pad_operands(program).then(lambda p: pack(p, machine)).program
    return Case(program, analyse(program))


def scheduled(c: Case, machine: Target = V4, **options: Any) -> Schedule:
    return schedule(c.program, c.deps, machine, polyc.Options(**options))


def verdicts(s: Schedule) -> list[str]:
    return [d.verdict for d in s.decisions if d.kind == "batch"]


def homes(s: Schedule) -> dict[str, str]:
    return {h.tensor: h.scope for h in s.storage if "packed" in h.tensor or "padded" in h.tensor}


def parallel_depths(nest: LoopNest) -> set[int]:
    """How many loops are around those that run on threads."""
    found = set()

    def go(body: tuple[object, ...], depth: int) -> None:
        for s in body:
            if isinstance(s, For):
                if s.kind == "parallel":
                    found.add(depth)
                go(s.body, depth + 1)

    go(nest.body, 0)
    return found


def test_long_attention_takes_less_than_two_mebibytes_a_thread() -> None:
    sizes = {"B": 1, "H": 12, "Q": 4096, "T": 4096, "D": 64}
    for threads in (1, 2, 4):
        k = polyc.compile(
            CORPUS["attention"].text, options=polyc.Options(threads=threads, target="x86-64-v4")
        ).specialize(sizes)
        assert 0 < k.cost.scratch_bytes < threads * 2**21
    local = [s.buffer for s in statements(k.loops.body) if isinstance(s, Alloc)]
    owned = {b.name: b.shape for b in (*k.loops.workspace, *local)}
    assert {"S", "P"} <= set(owned)
    assert all(Int.of(12) not in shape for shape in owned.values()), "an array of all heads"
    assert sum(n == Int.of(4096) for n in owned["S"]) == 1


def test_many_items_run_on_threads_with_copies_of_their_own() -> None:
    c = rewritten(NT, {"B": 64, "M": 256, "N": 256, "K": 64})
    s = scheduled(c)
    assert verdicts(s) == ["64 items"]
    assert homes(s) == {"W_packed0": "tile"}
    nest_ = skeleton(c.program, s)
    assert parallel_depths(nest_) == {0}
    (mine,) = (x.buffer for x in statements(nest_.body) if isinstance(x, Alloc))
    assert mine.shape[0] == Int.of(1)
    assert verify(c.program, c.deps, s).failures == ()


def test_few_large_items_are_shared_by_threads_one_after_the_other() -> None:
    c = rewritten(NT, {"B": 3, "M": 1024, "N": 2048, "K": 256})
    s = scheduled(c)
    assert verdicts(s) == ["3 items"]
    assert homes(s) == {"W_packed0": "memory"}
    nest_ = skeleton(c.program, s)
    assert parallel_depths(nest_) == {1}
    assert [b.shape[0] for b in nest_.workspace] == [Int.of(1)]
    assert verify(c.program, c.deps, s).failures == ()


def test_few_small_items_are_copied_at_once() -> None:
    c = rewritten(NT, {"B": 12, "M": 32, "N": 512, "K": 64})
    s = scheduled(c)
    (refused,) = (d for d in s.decisions if d.kind == "batch")
    assert refused.verdict == "no"
    assert refused.reason.endswith("too few to share, too small to share each")
    assert homes(s) == {}


def test_what_fits_a_core_is_copied_at_once() -> None:
    c = rewritten(NT, {"B": 16, "M": 512, "N": 64, "K": 64})
    s = scheduled(c)
    (refused,) = (d for d in s.decisions if d.kind == "batch")
    assert refused.reason == "0 bytes saved, 0 read again, weighed by level"


def test_items_that_share_lines_of_memory_are_no_batch() -> None:
    c = rewritten(ITEMS_INNERMOST, {"M": 256, "N": 256, "K": 64, "B": 64})
    assert verdicts(scheduled(c)) == []


def test_filters_that_every_image_reads_make_no_batch() -> None:
    assert (
        verdicts(scheduled(rewritten(IMAGES, {"N": 8, "C": 64, "H": 28, "W": 28, "K": 64}))) == []
    )


def test_what_all_items_read_is_weighed_against_the_copies() -> None:
    """64 MiB of biases once a head is more than copies of keys; 64 KiB are not."""
    biased = HEADS.replace(" v) ->", " v, float(Q,T) b) ->").replace("= s(h,g,i,j)\n", BIASED)
    assert biased.count("b(i,j)") == 1
    large = scheduled(rewritten(biased, {"H": 12, "G": 1, "Q": 4096, "T": 4096, "D": 64}))
    assert verdicts(large) == ["no"]
    small = scheduled(rewritten(biased, {"H": 24, "G": 1, "Q": 16, "T": 1024, "D": 64}))
    assert verdicts(small) == ["24 items"]


def test_heads_in_groups_share_the_copy_of_their_keys() -> None:
    c = rewritten(HEADS, {"H": 8, "G": 4, "Q": 512, "T": 2048, "D": 64})
    s = scheduled(c)
    assert verdicts(s) == ["8 items"]
    assert homes(s) == {"k_packed0": "memory"}


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packing and threads pay at once, so that small programs have both."""
    monkeypatch.setattr(packing, "WORTH_PACKING", 0)
    monkeypatch.setattr(packing, "ENOUGH_USES", 2)
    for module in (batches, scheduling):
        monkeypatch.setattr(module, "WORTH_THREADS", 1)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        (NT, {"B": 17, "M": 7, "N": 37, "K": 19}),
        (NT, {"B": 3, "M": 17, "N": 37, "K": 19}),
        (HEADS, {"H": 3, "G": 2, "Q": 5, "T": 33, "D": 17}),
        (HEADS, {"H": 16, "G": 1, "Q": 3, "T": 33, "D": 17}),
    ],
    ids=["many items", "few items", "heads", "many heads"],
)
def test_both_ways_are_legal_and_right(text: str, sizes: dict[str, int]) -> None:
    tiny = replace(V4, l1_bytes=1024, l1_ways=1, l2_bytes=8192, l2_ways=1)
    c = rewritten(text, sizes, tiny)
    s = scheduled(c, tiny, fusion="max")
    items = sizes.get("B", sizes.get("H"))
    assert f"{items} items" in verdicts(s)
    assert homes(s)
    assert c.verify(s).failures == ()
    assert is_right(c, s)


# ---- the proof
def shared_item(mark: str, inner: str, scope: str) -> tuple[Case, Schedule]:
    """for b { for i { T }; for i { Y } } with room for one item of T."""
    c = case(COPIED, {"B": 3, "N": 5})
    rows = {"S0": "b", "S1": "b"}
    body = seq(("S0", loop({"S0": "i"}, mark=inner)), ("S1", loop({"S1": "i"}, mark=inner)))
    home = replace(tile_home("T", window(rows, 1, 1), None), scope=scope)
    return c, made(c, loop(rows, body, mark=mark), home)


def test_threads_may_share_one_item_at_a_time() -> None:
    c, s = shared_item("", "parallel", "memory")
    assert c.verify(s).failures == ()
    assert is_right(c, s)


def test_threads_with_items_of_their_own_may_not_share_the_room_of_one() -> None:
    c, s = shared_item("parallel", "", "memory")
    (failed,) = c.verify(s).failures
    assert str(failed) == (
        "FAILS  owner of T: threads share an array that is contracted to one tile"
    )
    c, s = shared_item("parallel", "", "tile")
    assert c.verify(s).failures == ()
    assert is_right(c, s)


def test_threads_of_one_loop_do_not_own_what_two_loops_hand_on() -> None:
    c, s = shared_item("", "parallel", "tile")
    assert [p.subject for p in c.verify(s).failures] == ["owner of T"]


def test_all_items_before_all_readers_need_room_for_all() -> None:
    c = case(COPIED, {"B": 3, "N": 5})
    rows = {"S0": "b", "S1": "b"}
    tree = seq(("S0", nest("S0", "b", "i")), ("S1", nest("S1", "b", "i")))
    s = made(c, tree, replace(tile_home("T", window(rows, 1, 1), None), scope="memory"))
    assert [p.subject for p in c.verify(s).failures] == ["storage T"]
    assert not is_right(c, s)
