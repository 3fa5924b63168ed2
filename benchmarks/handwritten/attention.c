/* o[h] = softmax(q[h] k[h]^T / 8) v[h]: a block of queries at a time, whose scores stay in the second
 * cache. k is transposed once for a head, in panels that a register tile reads from end to end. */
#include "vec.h"

#if W == 16
enum { MR = 12, NV = 2 };
#else
enum { MR = 6, NV = 2 };
#endif
enum { NR = NV * W, QB = 2 * MR };

/* c[rows][0:NR] = a[rows][K] b[K][0:NR], everything in registers. */
INLINE void tile(long K, const float *a, long lda, const float *b, long ldb, float *c, long ldc) {
  vec t[MR][NV] = {0};
  for (long k = 0; k < K; k++) {
    vec x[NV];
    UNROLL for (int j = 0; j < NV; j++) x[j] = load(b + k * ldb + j * W);
    UNROLL for (int i = 0; i < MR; i++) {
      vec y = all(a[i * lda + k]);
      UNROLL for (int j = 0; j < NV; j++) t[i][j] += y * x[j];
    }
  }
  UNROLL for (int i = 0; i < MR; i++) UNROLL for (int j = 0; j < NV; j++) store(c + i * ldc + j * W, t[i][j]);
}

/* c[rows][N] = a[rows][K] b[K][N], where column j of b, a multiple of NR, begins at b[j * step]; ends
 * that fill no tile are done one by one. */
static void product(long rows, long N, long K, const float *a, long lda, const float *b, long ldb,
                    long step, float *c, long ldc) {
  for (long i = 0; i < rows; i += MR)
    for (long j = 0; j < N; j += NR) {
      if (i + MR <= rows && j + NR <= N) {
        tile(K, a + i * lda, lda, b + j * step, ldb, c + i * ldc + j, ldc);
        continue;
      }
      for (long r = i; r < rows && r < i + MR; r++)
        for (long s = j; s < N && s < j + NR; s++) {
          float t = 0;
          for (long k = 0; k < K; k++) t += a[r * lda + k] * b[j * step + k * ldb + s - j];
          c[r * ldc + s] = t;
        }
    }
}

/* s = exp((s - max) / 8); the sum. */
static float weights(float *s, long T) {
  long j;
  vec m = all(-INFINITY), z = {0};
  for (j = 0; j + W <= T; j += W) m = larger(m, load(s + j));
  float top = largest(m);
  for (; j < T; j++) top = top > s[j] ? top : s[j];
  for (j = 0; j + W <= T; j += W) {
    vec e = exp_below_zero((load(s + j) - top) * 0.125f);
    store(s + j, e);
    z += e;
  }
  float total = sum(z);
  for (; j < T; j++) total += s[j] = expf((s[j] - top) * 0.125f);
  return total;
}

void attention(const float *q, const float *k, const float *v, float *o, const long *n) {
  const long H = n[0], Q = n[1], T = n[2], D = n[3];
  const long P = (T + NR - 1) / NR * NR; /* panels are full */
  float *panels = malloc(sizeof(float) * H * D * P);
#pragma omp parallel
  {
    float *s = malloc(sizeof(float) * QB * T);
#pragma omp for schedule(static)
    for (long h = 0; h < H; h++)
      for (long t = 0; t < T; t++)
        for (long d = 0; d < D; d++)
          panels[h * D * P + t / NR * NR * D + d * NR + t % NR] = k[(h * T + t) * D + d];
#pragma omp for collapse(2) schedule(static)
    for (long h = 0; h < H; h++)
      for (long i = 0; i < Q; i += QB) {
        const long rows = Q - i < QB ? Q - i : QB;
        float *out = o + (h * Q + i) * D;
        product(rows, T, D, q + (h * Q + i) * D, D, panels + h * D * P, NR, D, s, T);
        float z[QB];
        for (long r = 0; r < rows; r++) z[r] = weights(s + r * T, T);
        product(rows, D, T, s, T, v + h * T * D, D, 1, out, D);
        for (long r = 0; r < rows; r++)
          for (long d = 0; d < D; d++) out[r * D + d] /= z[r];
      }
    free(s);
  }
  free(panels);
}
