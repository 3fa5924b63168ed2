/* y = x^T: squares of 8 x 8 in registers, and of 64 x 64 so that lines and pages are used up. */
#include "vec.h"

typedef float v8 __attribute__((vector_size(32)));
typedef int32_t i8 __attribute__((vector_size(32)));
typedef float u8 __attribute__((vector_size(32), aligned(4), may_alias));
enum { B = 64 };

INLINE void square(const float *x, long ldx, float *y, long ldy) {
  v8 a[8], b[8];
  UNROLL for (int i = 0; i < 8; i++) a[i] = *(const u8 *)(x + i * ldx);
  UNROLL for (int i = 0; i < 8; i += 2) { /* pairs of elements */
    b[i] = __builtin_shuffle(a[i], a[i + 1], (i8){0, 8, 2, 10, 4, 12, 6, 14});
    b[i + 1] = __builtin_shuffle(a[i], a[i + 1], (i8){1, 9, 3, 11, 5, 13, 7, 15});
  }
  UNROLL for (int i = 0; i < 8; i++) if (!(i & 2)) { /* pairs of pairs */
    a[i] = __builtin_shuffle(b[i], b[i + 2], (i8){0, 1, 8, 9, 4, 5, 12, 13});
    a[i + 2] = __builtin_shuffle(b[i], b[i + 2], (i8){2, 3, 10, 11, 6, 7, 14, 15});
  }
  UNROLL for (int i = 0; i < 4; i++) { /* halves */
    b[i] = __builtin_shuffle(a[i], a[i + 4], (i8){0, 1, 2, 3, 8, 9, 10, 11});
    b[i + 4] = __builtin_shuffle(a[i], a[i + 4], (i8){4, 5, 6, 7, 12, 13, 14, 15});
  }
  UNROLL for (int i = 0; i < 8; i++) *(u8 *)(y + i * ldy) = b[i];
}

static void block(const float *x, float *y, long rows, long cols, long M, long N) {
  long i, j;
  for (j = 0; j + 8 <= cols; j += 8) /* along rows of y: lines that are written are filled */
    for (i = 0; i + 8 <= rows; i += 8) square(x + i * N + j, N, y + j * M + i, M);
  for (long r = 0; r < rows; r++)
    for (long s = r < rows / 8 * 8 ? cols / 8 * 8 : 0; s < cols; s++) y[s * M + r] = x[r * N + s];
}

void transpose(const float *x, float *y, const long *n) {
  const long M = n[0], N = n[1];
#pragma omp parallel for collapse(2) schedule(static)
  for (long j = 0; j < N; j += B)
    for (long i = 0; i < M; i += B)
      block(x + i * N + j, y + j * M + i, M - i < B ? M - i : B, N - j < B ? N - j : B, M, N);
}
