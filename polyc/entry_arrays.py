"""The native side of a call: operands against their records."""

from __future__ import annotations

from polyc.entry_layout import DATA, DESCR, FLAGS, NDIM, RECORD, SHAPE, STRIDES, TYPE, VALUE

FITS = f"""
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

NUMBERS = f"""
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
