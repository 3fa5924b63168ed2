"""Names that C, C++, their headers or generated code have taken, and the way around them.

`codegen.c_types.Names` chooses the names inside a kernel, none of which is `reserved`. A program of
somebody else meets the function and its parameters, and those keep their names where they can.
"""

from __future__ import annotations

import re

_C = """
auto break case char const continue default do double else enum extern float for goto if inline int
long register restrict return short signed sizeof static struct switch typedef union unsigned void
volatile while typeof
"""
_CPP = """
alignas alignof and and_eq asm bitand bitor bool catch char8_t char16_t char32_t class compl concept
const_cast consteval constexpr constinit co_await co_return co_yield decltype delete dynamic_cast
explicit export false friend mutable namespace new noexcept not not_eq nullptr operator or or_eq
private protected public reinterpret_cast requires static_assert static_cast template this
thread_local throw true try typeid typename using virtual wchar_t xor xor_eq
"""
# Macros of C's headers that are no functions: a header included before ours would replace them.
_MACROS = """
assert complex errno i386 imaginary linux math_errhandling near far noreturn stderr stdin stdout
unix BUFSIZ EDOM EILSEQ EOF ERANGE EXIT_FAILURE EXIT_SUCCESS FILENAME_MAX FOPEN_MAX HUGE_VAL
HUGE_VALF HUGE_VALL I INFINITY INLINE L_tmpnam MB_CUR_MAX NAN NDEBUG NULL RAND_MAX SEEK_CUR SEEK_END
SEEK_SET TMP_MAX CHAR_BIT CHAR_MAX CHAR_MIN INT_MAX INT_MIN LLONG_MAX LLONG_MIN LONG_MAX LONG_MIN
SCHAR_MAX SCHAR_MIN SHRT_MAX SHRT_MIN UCHAR_MAX UINT_MAX ULLONG_MAX ULONG_MAX USHRT_MAX
"""
# What the function itself calls: a parameter would hide it.
_CALLED = "aligned_alloc free omp_get_max_threads"
# Functions that every C program has, or that compilers take to be C's.
_LIBRARY = """
abort abs accept access alarm atexit atof atoi atol bcmp bcopy bind brk bsearch bzero calloc chdir
clearerr clock close connect ctime daemon difftime div dup exec exit fclose feof ferror ffs fflush
fgetc fgets fileno fopen fork fputc fputs fread fseek fsync ftell fwrite getc getenv gets index
ioctl isalnum isalpha isdigit islower isspace isupper kill labs ldiv link listen localtime lseek
main malloc memchr memcmp memcpy memmove memset mktime mmap munmap open pause pipe poll pow2 printf
putc puts qsort raise rand random read realloc recv remove rename rewind rindex scanf select send
setenv setjmp shutdown signal sleep socket sprintf srand stat strcat strchr strcmp strcpy strdup
strlen strncpy strstr strtod strtok strtol swab sync system time times tolower toupper truncate
ungetc unlink wait write
"""
_MATHS = """
acos acosh asin asinh atan atan2 atanh cabs carg cbrt ceil cexp cimag clog conj copysign cos cosh
cpow cproj creal csin csqrt ctan drem erf erfc exp exp10 exp2 expm1 fabs fdim floor fma fmax fmin
fmod frexp gamma hypot ilogb isfinite isinf isnan j0 j1 jn ldexp lgamma llrint llround log log10
log1p log2 logb lrint lround modf nearbyint nextafter nexttoward pow remainder remquo rint round
roundeven scalb scalbln scalbn signbit significand sin sincos sinh sqrt tan tanh tgamma trunc y0 y1
yn
"""
_LIMITS = re.compile(r"U?INT(_LEAST|_FAST)?(8|16|32|64|MAX|PTR)_(MAX|MIN|C)|SIZE_MAX|_[A-Z_].*")
_TYPES = re.compile(r"u?int\d+_t|size_t|[fiu]\d+x\d+|(floor_div|min|max)_[if]64")
_OWN = frozenset(("buffers", "ints", "slice", "threads", "workspace"))
_HELPER = re.compile(r"[a-z]+_.*[fiu]\d+(x\d+)?|[fiu]\d+x\d+|_.*|omp_.*")
_WORDS = frozenset(f"{_C} {_CPP} {_MACROS} {_CALLED}".split())
_FUNCTIONS = frozenset(_LIBRARY.split()) | {
    f"{name}{end}" for name in _MATHS.split() for end in ("", "f", "l")
}


def reserved(name: str) -> bool:
    """Whether something inside a kernel may not have the name."""
    taken = name in _OWN or name in _FUNCTIONS or bool(_HELPER.fullmatch(name))
    return taken or not is_parameter(name)


def is_parameter(name: str) -> bool:
    """Whether a parameter may have the name: in C, in C++, and after any of C's headers."""
    return not (name in _WORDS or _LIMITS.fullmatch(name) or _TYPES.fullmatch(name))


def is_function(name: str) -> bool:
    """Whether a global function of a file of generated C may have the name."""
    return not reserved(name)


def parameter_name(name: str, used: set[str]) -> str:
    """The name in C, with underscores after it until nothing else has it: "new_", "I_0"."""
    found = re.sub(r"[^A-Za-z0-9_]", "_", name)
    if not found or found[0].isdigit():
        found = f"v{found}"
    while found in used or not is_parameter(found):
        found = f"{found}_" if found[0] != "_" else f"v{found}"
    return found


def function_name(name: str) -> str:
    """The name of a definition as that of a C function."""
    found = parameter_name(name.lstrip("_") or "kernel", set())
    while not is_function(found):
        found = f"{found}_" if not reserved(f"{found}_") else f"kernel_of_{found}"
    return found
