"""`LoopNest`: typed loops over buffers, the last form before LLVM IR and C.

Integers (`Int`) index and bound; values (`Value`) compute. A value has a dtype and a number of
lanes: 1 for a scalar, the vector width for a vector. Both backends and the interpreter implement
exactly the nodes of this file, so adding one means three places and no more.

Complex numbers never get here: `build` splits them into real and imaginary parts, and their
buffers have a last dimension of two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Union

from polyc.frontend.dtypes import BOOL, Dtype
from polyc.frontend.integers import Int

# ---- storage
Space = Literal["argument", "workspace", "thread", "stack"]


@dataclass(frozen=True, slots=True)
class Buffer:
    """Memory with a box of elements. Element `index` lies at sum(index * strides), in elements.

    space  "argument"   an array of the caller
           "workspace"  one per call, from the workspace the runtime passes
           "thread"     one per thread, from the workspace
           "stack"      small, of constant size, in the frame of the loop that allocates it
    """

    name: str
    dtype: Dtype
    shape: tuple[Int, ...]
    strides: tuple[Int, ...]
    space: Space
    writable: bool = True
    align: int = 1  # bytes that the address of element 0 is a multiple of


@dataclass(frozen=True, slots=True)
class Scalar:
    """An argument passed by value: read with `Get(name)`."""

    name: str
    dtype: Dtype


# ---- values
@dataclass(frozen=True, slots=True)
class Lit:
    """A number."""

    value: bool | int | float
    dtype: Dtype
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class FromInt:
    """An integer expression as a value; lane l holds `expr + l * step`."""

    expr: Int
    dtype: Dtype
    lanes: int = 1
    step: int = 0


@dataclass(frozen=True, slots=True)
class Load:
    """Elements of a buffer: lane l reads `index + l * step` (per dimension).

    An index entry that is a Value (int64, 1 or all lanes) depends on data; its step is 0.
    `active`: only lanes l < active are read, the others give 0; None means all.
    `window`: the lanes * step elements of the last dimension from `index - window` on may all be
    read, for loads that interleave with others; None where that is not known.
    """

    buffer: str
    index: tuple[Int | Value, ...]
    dtype: Dtype
    lanes: int = 1
    step: tuple[int, ...] = ()  # () means all zero: every lane reads the same element
    active: Int | None = None
    window: int | None = None


@dataclass(frozen=True, slots=True)
class Get:
    """The present value of a local (`Declare`, `Let`) or of a scalar argument."""

    name: str
    dtype: Dtype
    lanes: int = 1


UnOp = Literal[
    "neg", "not", "abs", "sqrt", "floor", "ceil", "trunc", "rint", "exponent", "mantissa"
]


@dataclass(frozen=True, slots=True)
class Un:
    """One operand; `not` is logical on bool and bitwise on integers; rint rounds half to even.

    A float is mantissa(x) * 2^exponent(x), with a mantissa in [3/4, 3/2). That of 0 and infinity
    is 1, their exponents are -inf and inf; negative numbers have NaN for a mantissa. For targets
    with AVX-512 only.
    """

    op: UnOp
    x: Value


BinOp = Literal["+", "-", "*", "/", "%", "min", "max", "fmin", "fmax", "copysign", "scale", "limit"]
BitOp = Literal["and", "or", "xor", "shl", "shr"]
CmpOp = Literal["<", "<=", ">", ">=", "==", "!="]


@dataclass(frozen=True, slots=True)
class Bin:
    """Two operands of one dtype and lanes; comparisons give bool.

    min and max propagate NaN, fmin and fmax are C's. Integers wrap; integer `/` and `%` truncate
    and give 0 for a zero divisor (and wrap for INT_MIN / -1). Float comparisons are ordered but
    for `!=`. `shr` is arithmetic on signed types. and, or, xor also combine bools. `scale` is
    x * 2^y, rounded once, for a float x near 1 and a whole y (of at most 250, or 2000 in float64;
    any, infinite or NaN too, on targets with AVX-512, which alone have `limit`: x where |x| < y,
    else y with the sign of x, and y for NaN).
    """

    op: BinOp | BitOp | CmpOp
    x: Value
    y: Value


@dataclass(frozen=True, slots=True)
class Fma:
    """a * b + c in one rounding where the target has it (else two roundings); floats only."""

    a: Value
    b: Value
    c: Value


@dataclass(frozen=True, slots=True)
class Dot:
    """Products of neighbours added to a sum: lane l is c[l] + sum over p < g of
    a[g*l + p] * b[g*l + p], where g is lanes of a over lanes of c.

    Operands are converted to the type of c. Integers wrap; floats round in any order, and operands
    below the least normal number may count as 0.
    """

    a: Value
    b: Value
    c: Value


@dataclass(frozen=True, slots=True)
class Sel:
    """`yes` in the lanes where cond (bool) is true, else `no`; both are evaluated."""

    cond: Value
    yes: Value
    no: Value


@dataclass(frozen=True, slots=True)
class Convert:
    """Conversion between dtypes as C's; out-of-range float to integer saturates, NaN gives 0."""

    x: Value
    dtype: Dtype


@dataclass(frozen=True, slots=True)
class Bits:
    """The same bits as another dtype of equal size."""

    x: Value
    dtype: Dtype


@dataclass(frozen=True, slots=True)
class Libm:
    """A function of the C mathematics library, lane by lane: `fn` is C's name ("sinf", "pow").

    With `where` (bool) it is called for the lanes where that is true, and the others give 0: a
    branch skips the calls where no lane needs one, so rare arguments cost next to nothing.

    Before `codegen.math` has expanded them, `fn` is a name of the language ("exp", "gelu").
    """

    fn: str
    args: tuple[Value, ...]
    where: Value | None = None


@dataclass(frozen=True, slots=True)
class Splat:
    """A scalar in every lane; of a few lanes, the same ones again and again."""

    x: Value
    lanes: int


@dataclass(frozen=True, slots=True)
class Fold:
    """All lanes combined to a scalar: halves are combined with `op` until one lane is left."""

    op: Literal["+", "*", "min", "max", "and", "or"]
    x: Value


@dataclass(frozen=True, slots=True)
class Shuffle:
    """Lanes of two vectors of one dtype and width: lane l is lane `lanes[l]` of x followed by y.

    The result has two lanes or more, a power of two.
    """

    x: Value
    y: Value
    lanes: tuple[int, ...]


Value = Union[
    Lit, FromInt, Load, Get, Un, Bin, Fma, Dot, Sel, Convert, Bits, Libm, Splat, Fold, Shuffle
]
COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})


def dtype_of(v: Value) -> Dtype:
    match v:
        case Lit() | FromInt() | Load() | Get() | Convert() | Bits():
            return v.dtype
        case Un(_, x) | Splat(x, _) | Fold(_, x) | Shuffle(x):
            return dtype_of(x)
        case Bin(op, x, _):
            return BOOL if op in COMPARISONS else dtype_of(x)
        case Fma(a, _, _):
            return dtype_of(a)
        case Dot(_, _, c):
            return dtype_of(c)
        case Sel(_, yes, _):
            return dtype_of(yes)
        case Libm(_, args):
            return dtype_of(args[0])


def lanes_of(v: Value) -> int:
    match v:
        case Lit() | FromInt() | Load() | Get() | Splat():
            return v.lanes
        case Un(_, x) | Convert(x) | Bits(x):
            return lanes_of(x)
        case Bin(_, x, _):
            return lanes_of(x)
        case Fma(a, _, _):
            return lanes_of(a)
        case Dot(_, _, c):
            return lanes_of(c)
        case Sel(_, yes, _):
            return lanes_of(yes)
        case Libm(_, args):
            return lanes_of(args[0])
        case Fold():
            return 1
        case Shuffle():
            return len(v.lanes)


# ---- conditions
@dataclass(frozen=True, slots=True)
class Ge:
    """`expr >= 0`."""

    expr: Int


@dataclass(frozen=True, slots=True)
class All:
    """Conjunction; of nothing, true."""

    parts: tuple[Cond, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Disjunction; of nothing, false."""

    parts: tuple[Cond, ...]


@dataclass(frozen=True, slots=True)
class Aligned:
    """The address of a buffer's element 0 is a multiple of so many bytes."""

    buffer: str
    bytes: int


Cond = Union[Ge, All, Some, Aligned]


# ---- statements
LoopKind = Literal["serial", "parallel", "vector", "unroll"]


@dataclass(frozen=True, slots=True)
class For:
    """`for var in lower, lower+step, ... < upper`. `kind` is a mark for passes and backends.

    A backend runs "parallel" loops on threads and the other kinds as plain loops; passes have
    replaced "vector" and "unroll" by then. Iterations of a parallel loop are independent; one with
    less `work` than WORTH_THREADS runs on the thread that meets it.
    """

    var: str
    lower: Int
    upper: Int
    step: int
    body: tuple[Stmt, ...]
    kind: LoopKind = "serial"
    note: str = ""  # why, for the reader of the printed loops
    work: Int | None = None  # operations of a whole parallel loop, where only the call knows them


@dataclass(frozen=True, slots=True)
class If:
    cond: Cond
    then: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...] = ()


@dataclass(frozen=True, slots=True)
class Store:
    """`buffer[index] = value`, or with `op` `buffer[index] op= value`; lanes as in `Load`.

    Lane addresses are distinct where lanes > 1. `stream`: the value goes past the caches; its lanes
    lie next to each other, all of them active, at a multiple of their size.
    """

    buffer: str
    index: tuple[Int, ...]
    value: Value
    op: Literal["+", "*", "min", "max", "and", "or"] | None = None
    step: tuple[int, ...] = ()
    active: Int | None = None
    stream: bool = False


@dataclass(frozen=True, slots=True)
class Let:
    """A name for a value, unchanged to the end of its block."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Declare:
    """A local variable (a register), with its first value; alive to the end of its block."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Set:
    """A new value for a declared local."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Alloc:
    """A buffer of space "thread" or "stack" starts to live here, to the end of the block."""

    buffer: Buffer


@dataclass(frozen=True, slots=True)
class Check:
    """If the (scalar bool) value is false the kernel returns `code` at once. Never in a parallel
    loop, and always before the first store to an argument."""

    value: Value
    code: int


Stmt = Union[For, If, Store, Let, Declare, Set, Alloc, Check]


@dataclass(frozen=True, slots=True)
class LoopNest:
    """A whole kernel.

    Arguments in order: buffers of space "argument" and scalars, then `ints` (sizes and strides).
    `buffers` also lists workspace buffers. The body returns 0, or the code of a failed `Check`.
    """

    name: str
    arguments: tuple[Buffer | Scalar, ...]
    ints: tuple[str, ...]
    workspace: tuple[Buffer, ...]
    body: tuple[Stmt, ...]
    messages: tuple[str, ...] = ()  # messages[code - 1] says what a failed Check means
    signed: tuple[str, ...] = ()  # those of `ints` that may be negative: scalars and strides

    @property
    def symbol(self) -> str:
        """The function's name in code: no word of C, function of its library or built-in of a
        compiler ends so, whatever the user called the kernel."""
        return f"{self.name}_kernel"

    def __str__(self) -> str:
        from polyc.codegen.printer import loops_text

        return loops_text(self)
