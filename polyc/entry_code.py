"""The native side of a call, as LLVM IR: it reads NumPy's arrays itself and calls the kernel."""

from __future__ import annotations

from polyc.entry_arrays import FITS, NUMBERS
from polyc.entry_layout import (
    ARGUMENTS,
    DATA,
    HEADER,
    ITEMS,
    LENGTH,
    RECORD,
    SIZES,
)
from polyc.entry_results import MAKE, OUTPUTS
from polyc.entry_space import RUN, SPACE, THREADS

_MATCH = f"""
; Do the operands fit a table? Tells where each lies, and open sizes; the next record, or null.
define internal ptr @match(ptr %context, ptr %row, ptr %operands, ptr %pointers, ptr %slots,
                           ptr %ranges, ptr %sizes) {{
entry:
  %n.p = getelementptr i64, ptr %row, i64 1
  %n = load i64, ptr %n.p
  %first.p = getelementptr i64, ptr %row, i64 8
  %first = load i64, ptr %first.p
  %expected = add i64 %n, %first
  %given.p = getelementptr i8, ptr %operands, i64 {LENGTH}
  %given = load i64, ptr %given.p
  %enough = icmp eq i64 %given, %expected
  br i1 %enough, label %begin, label %no
begin:
  %open.p = getelementptr i64, ptr %row, i64 6
  %open = load i64, ptr %open.p
  %items = getelementptr i8, ptr %operands, i64 {ITEMS}
  %record.first = getelementptr i64, ptr %row, i64 {HEADER}
  br label %clear
clear:
  %z = phi i64 [ 0, %begin ], [ %z.next, %reset ]
  %cleared = icmp eq i64 %z, %open
  br i1 %cleared, label %loop, label %reset
reset:
  %z.p = getelementptr i64, ptr %sizes, i64 %z
  store i64 -1, ptr %z.p
  %z.next = add i64 %z, 1
  br label %clear
loop:
  %j = phi i64 [ 0, %clear ], [ %j.next, %next ]
  %record = phi ptr [ %record.first, %clear ], [ %record.next, %next ]
  %done = icmp eq i64 %j, %n
  br i1 %done, label %yes, label %operand
operand:
  %place = add i64 %first, %j
  %x.p = getelementptr ptr, ptr %items, i64 %place
  %x = load ptr, ptr %x.p
  %range.at = mul i64 %j, 2
  %range = getelementptr i64, ptr %ranges, i64 %range.at
  %pointer = getelementptr ptr, ptr %pointers, i64 %j
  %ok = call i1 @fits(ptr %context, ptr %x, ptr %record, ptr %sizes, ptr %range)
  br i1 %ok, label %array, label %other
array:
  %data.p = getelementptr i8, ptr %x, i64 {DATA}
  %data = load ptr, ptr %data.p
  store ptr %data, ptr %pointer
  br label %next
other:
  %slot = getelementptr i64, ptr %slots, i64 %j
  %number = call i1 @number(ptr %context, ptr %x, ptr %record, ptr %slot)
  br i1 %number, label %value, label %no
value:
  store ptr %slot, ptr %pointer
  store i128 0, ptr %range, align 8
  br label %next
next:
  %record.next = call ptr @after(ptr %record)
  %j.next = add i64 %j, 1
  br label %loop
yes:
  ret ptr %record
no:
  ret ptr null
}}

define internal ptr @after(ptr %record) {{
  %nd.p = getelementptr i64, ptr %record, i64 1
  %nd = load i64, ptr %nd.p
  %strided.p = getelementptr i64, ptr %record, i64 4
  %strided = load i64, ptr %strided.p
  %lists = add i64 %strided, 1
  %words = mul i64 %nd, %lists
  %length = add i64 %words, {RECORD}
  %next = getelementptr i64, ptr %record, i64 %length
  ret ptr %next
}}
"""

_CALL = f"""
define ptr @polyc_call(ptr %self, ptr %args, i64 %nargs) {{
entry:
  %pointers = alloca [{ARGUMENTS} x ptr], align 16
  %slots = alloca [{ARGUMENTS} x i64], align 16
  %ranges = alloca [{2 * ARGUMENTS} x i64], align 16
  %results = alloca [{ARGUMENTS} x ptr], align 16
  %sizes = alloca [{SIZES} x i64], align 16
  %context.p = getelementptr i8, ptr %self, i64 {DATA}
  %context = load ptr, ptr %context.p
  %four = icmp eq i64 %nargs, 4
  br i1 %four, label %unpack, label %miss
unpack:
  %rows = load ptr, ptr %args
  %operands.p = getelementptr ptr, ptr %args, i64 1
  %operands = load ptr, ptr %operands.p
  %out.p = getelementptr ptr, ptr %args, i64 2
  %out = load ptr, ptr %out.p
  %threads.p = getelementptr ptr, ptr %args, i64 3
  %threads = load ptr, ptr %threads.p
  %n.rows.p = getelementptr i8, ptr %rows, i64 {LENGTH}
  %n.rows = load i64, ptr %n.rows.p
  %tables = getelementptr i8, ptr %rows, i64 {ITEMS}
  br label %loop
loop:
  %r = phi i64 [ 0, %unpack ], [ %r.next, %try ]
  %last = icmp sge i64 %r, %n.rows
  br i1 %last, label %miss, label %try
try:
  %table.p = getelementptr ptr, ptr %tables, i64 %r
  %table = load ptr, ptr %table.p
  %row.p = getelementptr i8, ptr %table, i64 {DATA}
  %row = load ptr, ptr %row.p
  %record = call ptr @match(ptr %context, ptr %row, ptr %operands, ptr %pointers, ptr %slots,
                            ptr %ranges, ptr %sizes)
  %r.next = add i64 %r, 2
  %other = icmp eq ptr %record, null
  br i1 %other, label %loop, label %outputs
outputs:
  %n.in.p = getelementptr i64, ptr %row, i64 1
  %n.in = load i64, ptr %n.in.p
  %n.out.p = getelementptr i64, ptr %row, i64 2
  %n.out = load i64, ptr %n.out.p
  %given = call i1 @entries(ptr %context, ptr %out, i64 %n.out, ptr %results)
  br i1 %given, label %check, label %miss
check:
  %good = call i1 @writable(ptr %context, ptr %record, i64 %n.in, i64 %n.out, ptr %results,
                            ptr %pointers, ptr %ranges, ptr %sizes)
  br i1 %good, label %count, label %miss
count:
  %takes.p = getelementptr i64, ptr %row, i64 9
  %takes = load i64, ptr %takes.p
  %alone = icmp eq i64 %takes, 0
  br i1 %alone, label %prepare, label %team
team:
  %n.team = call i64 @threads(ptr %context, ptr %threads)
  %less = sub i64 %n.team, 1
  %sane = icmp ult i64 %less, 65536
  br i1 %sane, label %prepare, label %miss
prepare:
  %n = phi i64 [ 1, %count ], [ %n.team, %team ]
  %n.int = trunc i64 %n to i32
  %bytes = call i64 @needed(ptr %row, ptr %sizes, i64 %n)
  %possible = icmp sge i64 %bytes, 0
  br i1 %possible, label %results.ready, label %miss
results.ready:
  %placed = call i1 @place(ptr %context, ptr %record, i64 %n.in, i64 %n.out, ptr %results,
                           ptr %pointers, ptr %sizes)
  br i1 %placed, label %run, label %miss
run:
  %code = call i32 @within(ptr %context, ptr %row, ptr %pointers, ptr %sizes, i64 %bytes,
                           i32 %n.int)
  %fine = icmp eq i32 %code, 0
  br i1 %fine, label %deliver, label %undo
deliver:
  %one = icmp eq i64 %n.out, 1
  br i1 %one, label %single, label %several
single:
  %result = load ptr, ptr %results
  ret ptr %result
several:
  %new.p = getelementptr i64, ptr %context, i64 15
  %new = load ptr, ptr %new.p
  %tuple = call ptr %new(i64 %n.out)
  %tupleless = icmp eq ptr %tuple, null
  br i1 %tupleless, label %fail, label %fill
fill:
  %items = getelementptr i8, ptr %tuple, i64 {ITEMS}
  %words = mul i64 %n.out, 8
  call void @llvm.memcpy.p0.p0.i64(ptr %items, ptr %results, i64 %words, i1 false)
  ret ptr %tuple
fail:
  call void @release(ptr %context, ptr %results, i64 %n.out)
  ret ptr null
undo:
  call void @release(ptr %context, ptr %results, i64 %n.out)
  br label %miss
miss:
  %sentinel.p = getelementptr i64, ptr %context, i64 4
  %sentinel = load ptr, ptr %sentinel.p
  %hold.p = getelementptr i64, ptr %context, i64 10
  %hold = load ptr, ptr %hold.p
  call void %hold(ptr %sentinel)
  ret ptr %sentinel
}}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
"""

TEXT = FITS + NUMBERS + MAKE + _MATCH + OUTPUTS + SPACE + THREADS + RUN + _CALL
NAME = "polyc_call"
