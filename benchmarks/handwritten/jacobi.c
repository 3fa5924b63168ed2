/* Twenty sweeps of the five-point stencil. Four sweeps at a time run on a block of rows that fits the
 * second cache; a block computes the few rows around it again that its neighbours compute, too. */
#include "vec.h"

enum { SWEEPS = 20, FUSED = 4, ROWS = 32, HALO = FUSED };

static void sweep(const float *x, float *y, long M) { /* one row */
  const float *up = x - M, *down = x + M;
  y[0] = x[0];
  y[M - 1] = x[M - 1];
  long j = 1;
  for (; j + W <= M - 1; j += W)
    store(y + j, 0.2f * (load(x + j) + load(x + j - 1) + load(x + j + 1) + load(up + j) + load(down + j)));
  for (; j < M - 1; j++) y[j] = 0.2f * (x[j] + x[j - 1] + x[j + 1] + up[j] + down[j]);
}

static long largest_of(long a, long b) { return a > b ? a : b; }
static long least_of(long a, long b) { return a < b ? a : b; }

/* Rows first .. last of `to` are those of `from` after FUSED sweeps; a and b are scratch. */
static void block(const float *from, float *to, float *a, float *b, long first, long last, long N, long M) {
  const long low = largest_of(first - HALO, 0), high = least_of(last + HALO, N);
  memcpy(a, from + low * M, sizeof(float) * (high - low) * M);
  memcpy(b, a, sizeof(float) * (high - low) * M);
  for (int t = 1; t <= FUSED; t++) {
    const long begin = low == 0 ? 1 : low + t, end = high == N ? N - 1 : high - t;
    for (long i = begin; i < end; i++) sweep(a + (i - low) * M, b + (i - low) * M, M);
    float *swap = a;
    a = b;
    b = swap;
  }
  memcpy(to + first * M, a + (first - low) * M, sizeof(float) * (last - first) * M);
}

void jacobi(const float *x, float *y, const long *n) {
  const long N = n[0], M = n[1];
  float *other = malloc(sizeof(float) * N * M);
#pragma omp parallel
  {
    float *a = malloc(sizeof(float) * 2 * (ROWS + 2 * HALO) * M);
    const float *from = x;
    float *to = y;
    for (int t = 0; t < SWEEPS; t += FUSED) { /* an odd number of times: the last one fills y */
#pragma omp for schedule(static)
      for (long i = 0; i < N; i += ROWS)
        block(from, to, a, a + (ROWS + 2 * HALO) * M, i, least_of(i + ROWS, N), N, M);
      from = to;
      to = to == y ? other : y;
    }
    free(a);
  }
  free(other);
}
