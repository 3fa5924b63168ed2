"""The native side of a call: where results go, given or new."""

from __future__ import annotations

from polyc.entry_layout import DATA, ITEMS, LENGTH, RANK, RECORD, TYPE

MAKE = f"""
; A new array as the record says: a large one starts at a multiple of 64 bytes of another's memory.
define internal ptr @make(ptr %context, ptr %record, ptr %sizes) {{
entry:
  %shape = alloca [{RANK} x i64]
  %length = alloca i64
  %ndarray = load ptr, ptr %context
  %create.p = getelementptr i64, ptr %context, i64 5
  %create = load ptr, ptr %create.p
  %hold.p = getelementptr i64, ptr %context, i64 10
  %hold = load ptr, ptr %hold.p
  %drop.p = getelementptr i64, ptr %context, i64 11
  %drop = load ptr, ptr %drop.p
  %descr = load ptr, ptr %record
  %nd.p = getelementptr i64, ptr %record, i64 1
  %nd = load i64, ptr %nd.p
  %nd.int = trunc i64 %nd to i32
  %item.p = getelementptr i64, ptr %record, i64 5
  %item = load i64, ptr %item.p
  %extents = getelementptr i64, ptr %record, i64 {RECORD}
  br label %loop
loop:
  %d = phi i64 [ 0, %entry ], [ %d.next, %more ]
  %bytes = phi i64 [ %item, %entry ], [ %bytes.next, %more ]
  %done = icmp eq i64 %d, %nd
  br i1 %done, label %shaped, label %extent
extent:
  %e.p = getelementptr i64, ptr %extents, i64 %d
  %e = load i64, ptr %e.p
  %open = icmp slt i64 %e, 0
  br i1 %open, label %size, label %known
size:
  %k = xor i64 %e, -1
  %size.p = getelementptr i64, ptr %sizes, i64 %k
  %bound = load i64, ptr %size.p
  br label %known
known:
  %n = phi i64 [ %e, %extent ], [ %bound, %size ]
  %n.p = getelementptr i64, ptr %shape, i64 %d
  store i64 %n, ptr %n.p
  %product = call {{ i64, i1 }} @llvm.smul.with.overflow.i64(i64 %bytes, i64 %n)
  %bytes.next = extractvalue {{ i64, i1 }} %product, 0
  %beyond = extractvalue {{ i64, i1 }} %product, 1
  br i1 %beyond, label %none, label %more
more:
  %d.next = add i64 %d, 1
  br label %loop
shaped:
  %small = icmp ule i64 %bytes, 256
  br i1 %small, label %plain, label %large
plain:
  call void %hold(ptr %descr)
  %made = call ptr %create(ptr %ndarray, ptr %descr, i32 %nd.int, ptr %shape, ptr null, ptr null,
                           i32 0, ptr null)
  ret ptr %made
large:
  %sane = icmp ult i64 %bytes, {1 << 60}
  br i1 %sane, label %raw, label %none
raw:
  %padded = add i64 %bytes, 64
  store i64 %padded, ptr %length
  %byte.p = getelementptr i64, ptr %context, i64 13
  %byte = load ptr, ptr %byte.p
  call void %hold(ptr %byte)
  %base = call ptr %create(ptr %ndarray, ptr %byte, i32 1, ptr %length, ptr null, ptr null,
                           i32 0, ptr null)
  %failed = icmp eq ptr %base, null
  br i1 %failed, label %none, label %inside
inside:
  %data.p = getelementptr i8, ptr %base, i64 {DATA}
  %data = load i64, ptr %data.p
  %past = add i64 %data, 63
  %start = and i64 %past, -64
  %start.p = inttoptr i64 %start to ptr
  call void %hold(ptr %descr)
  %view = call ptr %create(ptr %ndarray, ptr %descr, i32 %nd.int, ptr %shape, ptr null,
                           ptr %start.p, i32 {0x501}, ptr null)
  %viewless = icmp eq ptr %view, null
  br i1 %viewless, label %baseless, label %own
baseless:
  call void %drop(ptr %base)
  ret ptr null
own:
  %set.p = getelementptr i64, ptr %context, i64 6
  %set = load ptr, ptr %set.p
  %status = call i32 %set(ptr %view, ptr %base)
  %owned = icmp eq i32 %status, 0
  br i1 %owned, label %ok, label %unowned
ok:
  ret ptr %view
unowned:
  call void %drop(ptr %view)
  ret ptr null
none:
  ret ptr null
}}
"""

OUTPUTS = f"""
; The entries of `out`, null for a new array.
define internal i1 @entries(ptr %context, ptr %out, i64 %n, ptr %results) {{
entry:
  %none.p = getelementptr i64, ptr %context, i64 3
  %none = load ptr, ptr %none.p
  %tuple.p = getelementptr i64, ptr %context, i64 16
  %tuple = load ptr, ptr %tuple.p
  %type.p = getelementptr i8, ptr %out, i64 {TYPE}
  %type = load ptr, ptr %type.p
  %is.tuple = icmp eq ptr %type, %tuple
  %is.none = icmp eq ptr %out, %none
  br i1 %is.tuple, label %several, label %single
several:
  %length.p = getelementptr i8, ptr %out, i64 {LENGTH}
  %length = load i64, ptr %length.p
  %same = icmp eq i64 %length, %n
  br i1 %same, label %loop, label %no
single:
  %one = icmp eq i64 %n, 1
  %known = or i1 %is.none, %one
  br i1 %known, label %loop, label %no
loop:
  %i = phi i64 [ 0, %several ], [ 0, %single ], [ %i.next, %next ]
  %done = icmp eq i64 %i, %n
  br i1 %done, label %yes, label %entry.of
entry.of:
  br i1 %is.tuple, label %item, label %next
item:
  %items = getelementptr i8, ptr %out, i64 {ITEMS}
  %x.p = getelementptr ptr, ptr %items, i64 %i
  %x = load ptr, ptr %x.p
  br label %next
next:
  %found = phi ptr [ %out, %entry.of ], [ %x, %item ]
  %new = icmp eq ptr %found, %none
  %result = select i1 %new, ptr null, ptr %found
  %result.p = getelementptr ptr, ptr %results, i64 %i
  store ptr %result, ptr %result.p
  %i.next = add i64 %i, 1
  br label %loop
yes:
  ret i1 true
no:
  ret i1 false
}}

; Does argument `at` share a byte with an earlier one?
define internal i1 @meets(ptr %ranges, i64 %at) {{
entry:
  %mine = mul i64 %at, 2
  %low.p = getelementptr i64, ptr %ranges, i64 %mine
  %low = load i64, ptr %low.p
  %high.p = getelementptr i64, ptr %low.p, i64 1
  %high = load i64, ptr %high.p
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %body ]
  %done = icmp eq i64 %i, %at
  br i1 %done, label %no, label %body
body:
  %theirs = mul i64 %i, 2
  %from.p = getelementptr i64, ptr %ranges, i64 %theirs
  %from = load i64, ptr %from.p
  %to.p = getelementptr i64, ptr %from.p, i64 1
  %to = load i64, ptr %to.p
  %before = icmp ult i64 %low, %to
  %after = icmp ult i64 %from, %high
  %both = and i1 %before, %after
  %i.next = add i64 %i, 1
  br i1 %both, label %yes, label %loop
yes:
  ret i1 true
no:
  ret i1 false
}}

; Do the given entries fit and keep apart?
define internal i1 @writable(ptr %context, ptr %record.first, i64 %n.in, i64 %n.out, ptr %results,
                             ptr %pointers, ptr %ranges, ptr %sizes) {{
entry:
  br label %loop
loop:
  %o = phi i64 [ 0, %entry ], [ %o.next, %next ]
  %record = phi ptr [ %record.first, %entry ], [ %record.next, %next ]
  %done = icmp eq i64 %o, %n.out
  br i1 %done, label %yes, label %body
body:
  %at = add i64 %n.in, %o
  %x.p = getelementptr ptr, ptr %results, i64 %o
  %x = load ptr, ptr %x.p
  %range.at = mul i64 %at, 2
  %range = getelementptr i64, ptr %ranges, i64 %range.at
  %new = icmp eq ptr %x, null
  br i1 %new, label %later, label %given
later:
  store i128 0, ptr %range, align 8
  br label %next
given:
  %ok = call i1 @fits(ptr %context, ptr %x, ptr %record, ptr %sizes, ptr %range)
  br i1 %ok, label %apart, label %no
apart:
  %shared = call i1 @meets(ptr %ranges, i64 %at)
  br i1 %shared, label %no, label %next
next:
  %record.next = call ptr @after(ptr %record)
  %o.next = add i64 %o, 1
  br label %loop
yes:
  ret i1 true
no:
  ret i1 false
}}

; New arrays where none are given, a reference to each, and where they lie. False: out of memory.
define internal i1 @place(ptr %context, ptr %record.first, i64 %n.in, i64 %n.out, ptr %results,
                          ptr %pointers, ptr %sizes) {{
entry:
  %hold.p = getelementptr i64, ptr %context, i64 10
  %hold = load ptr, ptr %hold.p
  br label %loop
loop:
  %o = phi i64 [ 0, %entry ], [ %o.next, %next ]
  %record = phi ptr [ %record.first, %entry ], [ %record.next, %next ]
  %done = icmp eq i64 %o, %n.out
  br i1 %done, label %yes, label %body
body:
  %x.p = getelementptr ptr, ptr %results, i64 %o
  %x = load ptr, ptr %x.p
  %new = icmp eq ptr %x, null
  br i1 %new, label %create, label %given
create:
  %made = call ptr @make(ptr %context, ptr %record, ptr %sizes)
  store ptr %made, ptr %x.p
  %failed = icmp eq ptr %made, null
  br i1 %failed, label %undo, label %next
given:
  call void %hold(ptr %x)
  br label %next
next:
  %array = phi ptr [ %made, %create ], [ %x, %given ]
  %data.p = getelementptr i8, ptr %array, i64 {DATA}
  %data = load ptr, ptr %data.p
  %at = add i64 %n.in, %o
  %pointer = getelementptr ptr, ptr %pointers, i64 %at
  store ptr %data, ptr %pointer
  %record.next = call ptr @after(ptr %record)
  %o.next = add i64 %o, 1
  br label %loop
yes:
  ret i1 true
undo:
  call void @release(ptr %context, ptr %results, i64 %o)
  %clear.p = getelementptr i64, ptr %context, i64 12
  %clear = load ptr, ptr %clear.p
  call void %clear()
  ret i1 false
}}

define internal void @release(ptr %context, ptr %results, i64 %n) {{
entry:
  %drop.p = getelementptr i64, ptr %context, i64 11
  %drop = load ptr, ptr %drop.p
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %body ]
  %done = icmp eq i64 %i, %n
  br i1 %done, label %leave, label %body
body:
  %x.p = getelementptr ptr, ptr %results, i64 %i
  %x = load ptr, ptr %x.p
  call void %drop(ptr %x)
  %i.next = add i64 %i, 1
  br label %loop
leave:
  ret void
}}
"""
