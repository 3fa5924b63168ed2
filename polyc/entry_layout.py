"""What the native side of a call reads: its tables, and the objects of CPython and NumPy.

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
    "sched_getaffinity",  # 0 where there is none
    "max_threads",  # where the address of omp_get_max_threads lies, if it is known
)
HEADER, RECORD = 11, 8  # words
ARGUMENTS, SIZES, RANK = 32, 16, 32  # most that a table may have
# The bytes of a workspace in postfix: pairs of an operation and a number, or the number of a size.
END, NUMBER, SIZE, ADD, MULTIPLY, DIVIDE, LEAST, GREATEST, THREADS = range(9)
MASK_BYTES = 128  # of a set of processors
DEPTH = 32  # of what waits for its operation
STACK_BYTES = 8192  # a workspace up to this lies on the stack
SLOTS = 64  # of (address, bytes) in the room for larger ones; address 0: taken or absent
# Offsets in CPython's and NumPy's objects, which `entry` checks before anything here runs.
TYPE, LENGTH, VALUE = 8, 16, 16
ITEMS = tuple.__basicsize__  # a hash came before them in CPython 3.14
DATA, NDIM, SHAPE, STRIDES, DESCR, FLAGS = 16, 24, 32, 40, 56, 64
