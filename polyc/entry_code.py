"""The native side of a call, as LLVM IR: it reads NumPy's arrays itself and calls the kernel.

`polyc_call(rows, operands, out, threads)` is a METH_FASTCALL function of CPython. `rows` is a tuple
of tables (int64 arrays) and what each keeps alive, by turns. The first table that describes the
operands decides what runs; where none does, or anything else is unusual, the answer is
NotImplemented, nothing has happened, and the caller takes the way through Python. A table is

    0 address of the kernel     1 inputs           2 outputs       3 bytes of shared workspace
    4 bytes for each thread     5 release the GIL  6 open sizes    7 word where the integers start
    8 operands to skip          9 takes threads    10 word where the bytes of workspace are worked
    out from open sizes, 0 where words 3 and 4 say them    11 a record for each input, then output

and a record is

    0 descriptor   1 rank       2 mask of flags   3 flags under it     4 whether strides are given
    5 item bytes   6 from a Python number: 1 float64, 2 float32, 3 int64, 4 int32, 0 none
    7 NumPy's scalar type or 0  8 extents, -1-k for open size k; then strides in bytes, if given
"""

from __future__ import annotations

CONTEXT = (  # the words of `self`, in order
    "ndarray",
    "float",
    "int",
    "None",
    "NotImplemented",
    "PyArray_NewFromDescr",
    "PyArray_SetBaseObject",
    "PyEval_SaveThread",
    "PyEval_RestoreThread",
    "PyLong_AsLongLongAndOverflow",
    "Py_IncRef",
    "Py_DecRef",
    "PyErr_Clear",
    "uint8",
    "room",
    "PyTuple_New",
    "tuple",
)
HEADER, RECORD = 11, 8  # words
ARGUMENTS, SIZES, RANK = 32, 16, 32  # most that a table may have
# The bytes of a workspace in postfix: pairs of an operation and a number, or the number of a size.
END, NUMBER, SIZE, ADD, MULTIPLY, DIVIDE, LEAST, GREATEST, THREADS = range(9)
DEPTH = 32  # of what waits for its operation
STACK_BYTES = 8192  # a workspace up to this lies on the stack
SLOTS = 64  # of (address, bytes) in the room for larger ones; address 0: taken or absent
# Offsets in CPython's and NumPy's objects, which `entry` checks before anything here runs.
TYPE, LENGTH, VALUE = 8, 16, 16
ITEMS = tuple.__basicsize__  # a hash came before them in CPython 3.14
DATA, NDIM, SHAPE, STRIDES, DESCR, FLAGS = 16, 24, 32, 40, 56, 64

_FITS = f"""
declare {{ i64, i1 }} @llvm.smul.with.overflow.i64(i64, i64)

; Is it an ndarray as the record says? Binds open sizes, and tells from where to where it lies.
define internal i1 @fits(ptr %context, ptr %x, ptr %record, ptr %sizes, ptr %range) {{
entry:
  %type.p = getelementptr i8, ptr %x, i64 {TYPE}
  %type = load ptr, ptr %type.p
  %ndarray = load ptr, ptr %context
  %exact = icmp eq ptr %type, %ndarray
  br i1 %exact, label %kind, label %no
kind:
  %descr.p = getelementptr i8, ptr %x, i64 {DESCR}
  %descr = load ptr, ptr %descr.p
  %descr.wanted = load ptr, ptr %record
  %descr.same = icmp eq ptr %descr, %descr.wanted
  br i1 %descr.same, label %rank, label %no
rank:
  %nd.p = getelementptr i8, ptr %x, i64 {NDIM}
  %nd.int = load i32, ptr %nd.p
  %nd = sext i32 %nd.int to i64
  %nd.wanted.p = getelementptr i64, ptr %record, i64 1
  %nd.wanted = load i64, ptr %nd.wanted.p
  %nd.same = icmp eq i64 %nd, %nd.wanted
  br i1 %nd.same, label %flags, label %no
flags:
  %flags.p = getelementptr i8, ptr %x, i64 {FLAGS}
  %flags.int = load i32, ptr %flags.p
  %flags.all = zext i32 %flags.int to i64
  %mask.p = getelementptr i64, ptr %record, i64 2
  %mask = load i64, ptr %mask.p
  %flags.some = and i64 %flags.all, %mask
  %flags.wanted.p = getelementptr i64, ptr %record, i64 3
  %flags.wanted = load i64, ptr %flags.wanted.p
  %flags.same = icmp eq i64 %flags.some, %flags.wanted
  br i1 %flags.same, label %ready, label %no
ready:
  %strided.p = getelementptr i64, ptr %record, i64 4
  %strided.word = load i64, ptr %strided.p
  %strided = icmp ne i64 %strided.word, 0
  %item.p = getelementptr i64, ptr %record, i64 5
  %item = load i64, ptr %item.p
  %data.p = getelementptr i8, ptr %x, i64 {DATA}
  %data = load i64, ptr %data.p
  %shape.p = getelementptr i8, ptr %x, i64 {SHAPE}
  %shape = load ptr, ptr %shape.p
  %strides.p = getelementptr i8, ptr %x, i64 {STRIDES}
  %strides = load ptr, ptr %strides.p
  %extents = getelementptr i64, ptr %record, i64 {RECORD}
  %steps = getelementptr i64, ptr %extents, i64 %nd
  %data.end = add i64 %data, %item
  br label %loop
loop:
  %d = phi i64 [ 0, %ready ], [ %d.next, %next ]
  %low = phi i64 [ %data, %ready ], [ %low.next, %next ]
  %high = phi i64 [ %data.end, %ready ], [ %high.next, %next ]
  %done = icmp eq i64 %d, %nd
  br i1 %done, label %yes, label %extent
extent:
  %n.p = getelementptr i64, ptr %shape, i64 %d
  %n = load i64, ptr %n.p
  %n.wanted.p = getelementptr i64, ptr %extents, i64 %d
  %n.wanted = load i64, ptr %n.wanted.p
  %step.p = getelementptr i64, ptr %strides, i64 %d
  %step = load i64, ptr %step.p
  %open = icmp slt i64 %n.wanted, 0
  br i1 %open, label %size, label %closed
closed:
  %n.same = icmp eq i64 %n, %n.wanted
  br i1 %n.same, label %stride, label %no
size:
  %k = xor i64 %n.wanted, -1
  %size.p = getelementptr i64, ptr %sizes, i64 %k
  %known = load i64, ptr %size.p
  %free = icmp slt i64 %known, 0
  %value = select i1 %free, i64 %n, i64 %known
  store i64 %value, ptr %size.p
  %agrees = icmp eq i64 %n, %value
  br i1 %agrees, label %stride, label %no
stride:
  br i1 %strided, label %compare, label %next
compare:
  %step.wanted.p = getelementptr i64, ptr %steps, i64 %d
  %step.wanted = load i64, ptr %step.wanted.p
  %step.same = icmp eq i64 %step, %step.wanted
  br i1 %step.same, label %next, label %no
next:
  %last = sub i64 %n, 1
  %span = mul i64 %step, %last
  %backward = icmp slt i64 %span, 0
  %down = select i1 %backward, i64 %span, i64 0
  %up = select i1 %backward, i64 0, i64 %span
  %low.next = add i64 %low, %down
  %high.next = add i64 %high, %up
  %d.next = add i64 %d, 1
  br label %loop
yes:
  store i64 %low, ptr %range
  %high.p = getelementptr i64, ptr %range, i64 1
  store i64 %high, ptr %high.p
  ret i1 true
no:
  ret i1 false
}}
"""

_NUMBER = f"""
; A Python number, or a scalar of the record's own NumPy type, as the element the kernel reads.
define internal i1 @number(ptr %context, ptr %x, ptr %record, ptr %slot) {{
entry:
  %overflow = alloca i32
  %type.p = getelementptr i8, ptr %x, i64 {TYPE}
  %type = load ptr, ptr %type.p
  %value.p = getelementptr i8, ptr %x, i64 {VALUE}
  %own.p = getelementptr i64, ptr %record, i64 7
  %own = load ptr, ptr %own.p
  %is.own = icmp eq ptr %type, %own
  br i1 %is.own, label %copy, label %python
copy:
  %bits = load i64, ptr %value.p
  store i64 %bits, ptr %slot
  ret i1 true
python:
  %kind.p = getelementptr i64, ptr %record, i64 6
  %kind = load i64, ptr %kind.p
  %float.p = getelementptr i64, ptr %context, i64 1
  %float = load ptr, ptr %float.p
  %is.float = icmp eq ptr %type, %float
  br i1 %is.float, label %real, label %other
real:
  %double = load double, ptr %value.p
  br label %floating
other:
  %int.p = getelementptr i64, ptr %context, i64 2
  %int = load ptr, ptr %int.p
  %is.int = icmp eq ptr %type, %int
  %some = icmp ne i64 %kind, 0
  %known = and i1 %is.int, %some
  br i1 %known, label %whole, label %no
whole:
  %convert.p = getelementptr i64, ptr %context, i64 9
  %convert = load ptr, ptr %convert.p
  %n = call i64 %convert(ptr %x, ptr %overflow)
  %beyond = load i32, ptr %overflow
  %within = icmp eq i32 %beyond, 0
  br i1 %within, label %range, label %no
range:
  switch i64 %kind, label %exact [ i64 3, label %long
                                   i64 4, label %short ]
long:
  store i64 %n, ptr %slot
  ret i1 true
short:
  %narrow = trunc i64 %n to i32
  %wide = sext i32 %narrow to i64
  %fits = icmp eq i64 %n, %wide
  store i32 %narrow, ptr %slot
  ret i1 %fits
exact:
  %shifted = add i64 %n, {1 << 53}
  %small = icmp ule i64 %shifted, {1 << 54}
  %n.double = sitofp i64 %n to double
  br i1 %small, label %floating, label %no
floating:
  %v = phi double [ %double, %real ], [ %n.double, %exact ]
  switch i64 %kind, label %no [ i64 1, label %f64
                                i64 2, label %f32 ]
f64:
  store double %v, ptr %slot
  ret i1 true
f32:
  %single = fptrunc double %v to float
  store float %single, ptr %slot
  ret i1 true
no:
  ret i1 false
}}
"""

_MAKE = f"""
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

_INPUTS = f"""
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

_OUTPUTS = f"""
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

_ROOM = f"""
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
                                  i64 {THREADS}, label %team ]
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

_RUN = f"""
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

_CALL = f"""
define ptr @polyc_call(ptr %self, ptr %args, i64 %nargs) {{
entry:
  %pointers = alloca [{ARGUMENTS} x ptr], align 16
  %slots = alloca [{ARGUMENTS} x i64], align 16
  %ranges = alloca [{2 * ARGUMENTS} x i64], align 16
  %results = alloca [{ARGUMENTS} x ptr], align 16
  %sizes = alloca [{SIZES} x i64], align 16
  %overflow = alloca i32
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
  %type.p = getelementptr i8, ptr %threads, i64 {TYPE}
  %type = load ptr, ptr %type.p
  %int.p = getelementptr i64, ptr %context, i64 2
  %int = load ptr, ptr %int.p
  %is.int = icmp eq ptr %type, %int
  br i1 %is.int, label %read, label %miss
read:
  %convert.p = getelementptr i64, ptr %context, i64 9
  %convert = load ptr, ptr %convert.p
  %asked = call i64 %convert(ptr %threads, ptr %overflow)
  %less = sub i64 %asked, 1
  %sane = icmp ult i64 %less, 65536
  br i1 %sane, label %prepare, label %miss
prepare:
  %n = phi i64 [ 1, %count ], [ %asked, %read ]
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

TEXT = _FITS + _NUMBER + _MAKE + _INPUTS + _OUTPUTS + _ROOM + _RUN + _CALL
NAME = "polyc_call"
