"""The native side of a call: how much workspace, whose, and the kernel in it."""

from __future__ import annotations

from polyc.entry_layout import (
    ADD,
    DEPTH,
    DIVIDE,
    END,
    GREATEST,
    LEAST,
    MASK_BYTES,
    MULTIPLY,
    NUMBER,
    SIZE,
    SLOTS,
    STACK_BYTES,
    TYPE,
)
from polyc.entry_layout import (
    THREADS as TEAM,
)

SPACE = f"""
declare {{ i64, i1 }} @llvm.sadd.with.overflow.i64(i64, i64)
declare i64 @llvm.smin.i64(i64, i64)
declare i64 @llvm.smax.i64(i64, i64)

; The value of a postfix program for these sizes and this number of threads, or -1.
define internal i64 @value(ptr %program, ptr %sizes, i64 %threads) {{
entry:
  %stack = alloca [{DEPTH} x i64]
  br label %loop
loop:
  %step = phi ptr [ %program, %entry ], [ %step.next, %push ]
  %top = phi i64 [ 0, %entry ], [ %top.next, %push ]
  %op = load i64, ptr %step
  %number.p = getelementptr i64, ptr %step, i64 1
  %number = load i64, ptr %number.p
  %step.next = getelementptr i64, ptr %step, i64 2
  %above = add i64 %top, 1
  %below = sub i64 %top, 1
  %second = sub i64 %top, 2
  switch i64 %op, label %binary [ i64 {END}, label %done
                                  i64 {NUMBER}, label %push
                                  i64 {SIZE}, label %size
                                  i64 {TEAM}, label %team ]
size:
  %size.p = getelementptr i64, ptr %sizes, i64 %number
  %size.value = load i64, ptr %size.p
  br label %push
team:
  br label %push
binary:
  %b.p = getelementptr i64, ptr %stack, i64 %below
  %b = load i64, ptr %b.p
  %a.p = getelementptr i64, ptr %stack, i64 %second
  %a = load i64, ptr %a.p
  switch i64 %op, label %none [ i64 {ADD}, label %add
                                i64 {MULTIPLY}, label %multiply
                                i64 {DIVIDE}, label %divide
                                i64 {LEAST}, label %least
                                i64 {GREATEST}, label %greatest ]
add:
  %sum = call {{ i64, i1 }} @llvm.sadd.with.overflow.i64(i64 %a, i64 %b)
  br label %checked
multiply:
  %product = call {{ i64, i1 }} @llvm.smul.with.overflow.i64(i64 %a, i64 %b)
  br label %checked
checked:
  %both = phi {{ i64, i1 }} [ %sum, %add ], [ %product, %multiply ]
  %exact = extractvalue {{ i64, i1 }} %both, 0
  %beyond = extractvalue {{ i64, i1 }} %both, 1
  br i1 %beyond, label %none, label %push
divide:
  %positive = icmp sgt i64 %b, 0
  %whole = icmp sge i64 %a, 0
  %sane = and i1 %positive, %whole
  br i1 %sane, label %quotient, label %none
quotient:
  %q = sdiv i64 %a, %b
  br label %push
least:
  %lower = call i64 @llvm.smin.i64(i64 %a, i64 %b)
  br label %push
greatest:
  %upper = call i64 @llvm.smax.i64(i64 %a, i64 %b)
  br label %push
push:
  %result = phi i64 [ %number, %loop ], [ %size.value, %size ], [ %threads, %team ],
                    [ %exact, %checked ], [ %q, %quotient ], [ %lower, %least ],
                    [ %upper, %greatest ]
  %top.next = phi i64 [ %above, %loop ], [ %above, %size ], [ %above, %team ],
                      [ %below, %checked ], [ %below, %quotient ], [ %below, %least ],
                      [ %below, %greatest ]
  %at = sub i64 %top.next, 1
  %at.p = getelementptr i64, ptr %stack, i64 %at
  store i64 %result, ptr %at.p
  br label %loop
done:
  %last = load i64, ptr %stack
  ret i64 %last
none:
  ret i64 -1
}}

; Bytes of workspace that a call needs, or -1.
define internal i64 @needed(ptr %row, ptr %sizes, i64 %threads) {{
entry:
  %program.p = getelementptr i64, ptr %row, i64 10
  %program = load i64, ptr %program.p
  %known = icmp eq i64 %program, 0
  br i1 %known, label %plain, label %worked.out
plain:
  %shared.p = getelementptr i64, ptr %row, i64 3
  %shared = load i64, ptr %shared.p
  %each.p = getelementptr i64, ptr %row, i64 4
  %each = load i64, ptr %each.p
  %all = mul i64 %threads, %each
  %bytes = add i64 %shared, %all
  ret i64 %bytes
worked.out:
  %first = getelementptr i64, ptr %row, i64 %program
  %value = call i64 @value(ptr %first, ptr %sizes, i64 %threads)
  ret i64 %value
}}
"""

THREADS = f"""
declare i64 @llvm.ctpop.i64(i64)

; The number that an int says; for None the processors this process may use, and no more than the
; OpenMP runtime would take. 0: unknown.
define internal i64 @threads(ptr %context, ptr %x) {{
entry:
  %overflow = alloca i32
  %mask = alloca [{MASK_BYTES // 8} x i64]
  %none.p = getelementptr i64, ptr %context, i64 3
  %none = load ptr, ptr %none.p
  %open = icmp eq ptr %x, %none
  br i1 %open, label %ask, label %given
given:
  %type.p = getelementptr i8, ptr %x, i64 {TYPE}
  %type = load ptr, ptr %type.p
  %int.p = getelementptr i64, ptr %context, i64 2
  %int = load ptr, ptr %int.p
  %is.int = icmp eq ptr %type, %int
  br i1 %is.int, label %read, label %unknown
read:
  %convert.p = getelementptr i64, ptr %context, i64 9
  %convert = load ptr, ptr %convert.p
  %asked = call i64 %convert(ptr %x, ptr %overflow)
  ret i64 %asked
ask:
  %affinity.p = getelementptr i64, ptr %context, i64 17
  %affinity = load ptr, ptr %affinity.p
  %absent = icmp eq ptr %affinity, null
  br i1 %absent, label %unknown, label %processors
processors:
  call void @llvm.memset.p0.i64(ptr %mask, i8 0, i64 {MASK_BYTES}, i1 false)
  %failed = call i32 %affinity(i32 0, i64 {MASK_BYTES}, ptr %mask)
  %ok = icmp eq i32 %failed, 0
  br i1 %ok, label %loop, label %unknown
loop:
  %i = phi i64 [ 0, %processors ], [ %i.next, %word ]
  %sum = phi i64 [ 0, %processors ], [ %sum.next, %word ]
  %done = icmp eq i64 %i, {MASK_BYTES // 8}
  br i1 %done, label %runtime, label %word
word:
  %word.p = getelementptr i64, ptr %mask, i64 %i
  %bits = load i64, ptr %word.p
  %set = call i64 @llvm.ctpop.i64(i64 %bits)
  %sum.next = add i64 %sum, %set
  %i.next = add i64 %i, 1
  br label %loop
runtime:
  %place.p = getelementptr i64, ptr %context, i64 18
  %place = load ptr, ptr %place.p
  %most = load ptr, ptr %place
  %alone = icmp eq ptr %most, null
  br i1 %alone, label %all, label %limited
all:
  ret i64 %sum
limited:
  %limit.int = call i32 %most()
  %limit.wide = sext i32 %limit.int to i64
  %limit = call i64 @llvm.smax.i64(i64 %limit.wide, i64 1)
  %fewer = call i64 @llvm.smin.i64(i64 %limit, i64 %sum)
  ret i64 %fewer
unknown:
  ret i64 0
}}

declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
"""

RUN = f"""
; A slot of the room with so many bytes, or null. Whoever holds the GIL may take one.
define internal ptr @slot(ptr %context, i64 %bytes) {{
entry:
  %room.p = getelementptr i64, ptr %context, i64 14
  %room = load ptr, ptr %room.p
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %body ]
  %done = icmp eq i64 %i, {2 * SLOTS}
  br i1 %done, label %none, label %body
body:
  %slot = getelementptr i64, ptr %room, i64 %i
  %address = load i64, ptr %slot
  %size.p = getelementptr i64, ptr %slot, i64 1
  %size = load i64, ptr %size.p
  %present = icmp ne i64 %address, 0
  %large = icmp uge i64 %size, %bytes
  %good = and i1 %present, %large
  %i.next = add i64 %i, 2
  br i1 %good, label %found, label %loop
found:
  ret ptr %slot
none:
  ret ptr null
}}

; Runs the kernel in this workspace, without the GIL where the table says so.
define internal i32 @run(ptr %context, ptr %row, ptr %pointers, ptr %sizes, ptr %space, i32 %n) {{
entry:
  %code = load ptr, ptr %row
  %open.p = getelementptr i64, ptr %row, i64 6
  %open = load i64, ptr %open.p
  %fixed.p = getelementptr i64, ptr %row, i64 7
  %fixed = load i64, ptr %fixed.p
  %fixed.ints = getelementptr i64, ptr %row, i64 %fixed
  %closed = icmp eq i64 %open, 0
  %ints = select i1 %closed, ptr %fixed.ints, ptr %sizes
  %long.p = getelementptr i64, ptr %row, i64 5
  %long = load i64, ptr %long.p
  %short = icmp eq i64 %long, 0
  br i1 %short, label %held, label %free
held:
  %status = call i32 %code(ptr %pointers, ptr %ints, ptr %space, i32 %n)
  ret i32 %status
free:
  %save.p = getelementptr i64, ptr %context, i64 7
  %save = load ptr, ptr %save.p
  %restore.p = getelementptr i64, ptr %context, i64 8
  %restore = load ptr, ptr %restore.p
  %thread = call ptr %save()
  %result = call i32 %code(ptr %pointers, ptr %ints, ptr %space, i32 %n)
  call void %restore(ptr %thread)
  ret i32 %result
}}

; Runs with a workspace of so many bytes: none, this frame's, or a slot's. -1: there is none.
define internal i32 @within(ptr %context, ptr %row, ptr %pointers, ptr %sizes, i64 %bytes,
                            i32 %n) {{
entry:
  %own = alloca [{STACK_BYTES} x i8], align 64
  %small = icmp ule i64 %bytes, {STACK_BYTES}
  br i1 %small, label %here, label %elsewhere
here:
  %some = icmp ne i64 %bytes, 0
  %space = select i1 %some, ptr %own, ptr null
  %code = call i32 @run(ptr %context, ptr %row, ptr %pointers, ptr %sizes, ptr %space, i32 %n)
  ret i32 %code
elsewhere:
  %slot = call ptr @slot(ptr %context, i64 %bytes)
  %absent = icmp eq ptr %slot, null
  br i1 %absent, label %none, label %take
take:
  %lent = load ptr, ptr %slot
  store ptr null, ptr %slot
  %result = call i32 @run(ptr %context, ptr %row, ptr %pointers, ptr %sizes, ptr %lent, i32 %n)
  store ptr %lent, ptr %slot
  ret i32 %result
none:
  ret i32 -1
}}
"""
