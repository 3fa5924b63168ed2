/* C = A B, float32, rows contiguous: the loops of Goto and BLIS. B is packed in panels of a block of
 * terms, A in slivers that stay in the second cache, and the product of a tile stays in registers. */
#include "vec.h"

#if W == 16
enum { MR = 14, NV = 2 };
#else
enum { MR = 6, NV = 2 };
#endif
enum { NR = NV * W, KC = 320, MC = 12 * MR, NC = 4096 };

INLINE long least(long a, long b) { return a < b ? a : b; }

/* a[k][MR], b[k][NR] -> the tile of C, added to what is there unless it is the first block. */
static void tile(long K, const float *restrict a, const float *restrict b, float *c, long ldc,
                 long rows, long cols, int first) {
  vec t[MR][NV] = {0};
  for (long k = 0; k < K; k++) {
    vec x[NV];
    UNROLL for (int j = 0; j < NV; j++) x[j] = *(const vec *)(b + k * NR + j * W);
    UNROLL for (int i = 0; i < MR; i++) {
      vec y = all(a[k * MR + i]);
      UNROLL for (int j = 0; j < NV; j++) t[i][j] += y * x[j];
    }
  }
  if (rows == MR && cols == NR) {
    UNROLL for (int i = 0; i < MR; i++) UNROLL for (int j = 0; j < NV; j++) {
      float *p = c + i * ldc + j * W;
      store(p, first ? t[i][j] : load(p) + t[i][j]);
    }
    return;
  }
  float out[MR][NR] __attribute__((aligned(64)));
  UNROLL for (int i = 0; i < MR; i++)
    UNROLL for (int j = 0; j < NV; j++) *(vec *)(out[i] + j * W) = t[i][j];
  for (long i = 0; i < rows; i++)
    for (long j = 0; j < cols; j++) c[i * ldc + j] = out[i][j] + (first ? 0 : c[i * ldc + j]);
}

static void pack_a(const float *a, long lda, long rows, long K, float *to) {
  for (long i = 0; i < rows; i += MR, to += MR * K)
    for (long r = 0; r < MR; r++)
      for (long k = 0; k < K; k++) to[k * MR + r] = i + r < rows ? a[(i + r) * lda + k] : 0;
}

static void pack_b(const float *b, long ldb, long K, long cols, float *to) {
  for (long k = 0; k < K; k++, to += NR)
    for (long j = 0; j < NR; j++) to[j] = j < cols ? b[k * ldb + j] : 0;
}

void matmul(const float *A, const float *B, float *C, const long *n) {
  const long M = n[0], N = n[1], K = n[2];
  float *panels = aligned_alloc(64, sizeof(float) * KC * (least(NC, N) + NR));
#pragma omp parallel
  {
    float *slivers = aligned_alloc(64, sizeof(float) * KC * (MC + MR) / 64 * 64 + 64);
    for (long jc = 0; jc < N; jc += NC)
      for (long kc = 0; kc < K; kc += KC) {
        const long cols = least(NC, N - jc), depth = least(KC, K - kc);
#pragma omp for schedule(static)
        for (long j = 0; j < cols; j += NR)
          pack_b(B + kc * N + jc + j, N, depth, least(NR, cols - j), panels + j * depth);
#pragma omp for schedule(dynamic)
        for (long ic = 0; ic < M; ic += MC) {
          const long rows = least(MC, M - ic);
          pack_a(A + ic * K + kc, K, rows, depth, slivers);
          for (long j = 0; j < cols; j += NR)
            for (long i = 0; i < rows; i += MR)
              tile(depth, slivers + i * depth, panels + j * depth, C + (ic + i) * N + jc + j, N,
                   least(MR, rows - i), least(NR, cols - j), kc == 0);
        }
      }
    free(slivers);
  }
  free(panels);
}
