"""The code behind `polyc_parallel`, as LLVM IR: an OpenMP runtime's region, or plain threads."""

from __future__ import annotations

import ctypes
import os

from polyc.codegen import native

# The kernel shares its work out by tickets, so any number of participants is right: a thread that
# cannot be started costs time and nothing else. Helpers are started and joined in every region,
# which keeps nothing alive between calls: there is no state for a fork or an exit to break.
REGION = """
@openmp = internal global ptr null
@polyc_threads = constant { ptr, ptr } { ptr @parallel, ptr @bind }

declare i32 @pthread_create(ptr, ptr, ptr, ptr)
declare i32 @pthread_join(i64, ptr)

define internal void @bind(ptr %region) {
  store atomic ptr %region, ptr @openmp release, align 8
  ret void
}

define internal ptr @start(ptr %job) {
  %fn = load ptr, ptr %job
  %slot = getelementptr ptr, ptr %job, i64 1
  %data = load ptr, ptr %slot
  call void %fn(ptr %data)
  ret ptr null
}

define internal void @parallel(ptr %fn, ptr %data, i32 %threads, i32 %flags) {
entry:
  %region = load atomic ptr, ptr @openmp acquire, align 8
  %none = icmp eq ptr %region, null
  br i1 %none, label %own, label %pass
pass:
  tail call void %region(ptr %fn, ptr %data, i32 %threads, i32 %flags)
  ret void
own:
  %job = alloca [2 x ptr]
  %ids = alloca [255 x i64]
  store ptr %fn, ptr %job
  %slot = getelementptr ptr, ptr %job, i64 1
  store ptr %data, ptr %slot
  %wanted = sub i32 %threads, 1
  %few = icmp slt i32 %wanted, 255
  %helpers = select i1 %few, i32 %wanted, i32 255
  br label %more
more:
  %started = phi i32 [ 0, %own ], [ %next, %create ]
  %enough = icmp sge i32 %started, %helpers
  br i1 %enough, label %work, label %create
create:
  %id = getelementptr i64, ptr %ids, i32 %started
  %failed = call i32 @pthread_create(ptr %id, ptr null, ptr @start, ptr %job)
  %next = add i32 %started, 1
  %ok = icmp eq i32 %failed, 0
  br i1 %ok, label %more, label %work
work:
  %running = phi i32 [ %started, %more ], [ %started, %create ]
  call void %fn(ptr %data)
  br label %wait
wait:
  %left = phi i32 [ %running, %work ], [ %index, %join ]
  %done = icmp eq i32 %left, 0
  br i1 %done, label %leave, label %join
join:
  %index = sub i32 %left, 1
  %place = getelementptr i64, ptr %ids, i32 %index
  %thread = load i64, ptr %place
  %ignored = call i32 @pthread_join(i64 %thread, ptr null)
  br label %wait
leave:
  ret void
}
"""
TABLE = "polyc_threads"  # addresses: `polyc_parallel`, and the function that binds a runtime to it

# Where there are no POSIX threads, a region without OpenMP runs on the calling thread alone.
REGION_ALONE = """
@openmp = internal global ptr null
@polyc_threads = constant { ptr, ptr } { ptr @parallel, ptr @bind }

define internal void @bind(ptr %region) {
  store atomic ptr %region, ptr @openmp release, align 8
  ret void
}

define internal void @parallel(ptr %fn, ptr %data, i32 %threads, i32 %flags) {
  %region = load atomic ptr, ptr @openmp acquire, align 8
  %none = icmp eq ptr %region, null
  br i1 %none, label %own, label %pass
pass:
  tail call void %region(ptr %fn, ptr %data, i32 %threads, i32 %flags)
  ret void
own:
  call void %fn(ptr %data)
  ret void
}
"""


def load() -> tuple[object, int, int]:
    """What keeps the code alive, and the addresses of `polyc_parallel` and of its binder."""
    text = REGION if os.name == "posix" else REGION_ALONE
    loaded = native.load_kept("threads", text, TABLE)
    parallel, bind = (ctypes.c_void_p * 2).from_address(loaded.address)
    assert parallel
    assert bind
    return loaded, parallel, bind
