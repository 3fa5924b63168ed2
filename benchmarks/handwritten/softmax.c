/* y[i,:] = exp(x[i,:] - max) / sum: three passes over a row that stays in the first cache. */
#include "vec.h"

static void row(const float *x, float *y, long N) {
  long j;
  vec m0 = all(-INFINITY), m1 = m0, m2 = m0, m3 = m0;
  for (j = 0; j + 4 * W <= N; j += 4 * W) {
    m0 = larger(m0, load(x + j));
    m1 = larger(m1, load(x + j + W));
    m2 = larger(m2, load(x + j + 2 * W));
    m3 = larger(m3, load(x + j + 3 * W));
  }
  float m = largest(larger(larger(m0, m1), larger(m2, m3)));
  for (; j < N; j++) m = m > x[j] ? m : x[j];

  vec s0 = {0}, s1 = {0};
  for (j = 0; j + 2 * W <= N; j += 2 * W) {
    vec a = exp_below_zero(load(x + j) - m), b = exp_below_zero(load(x + j + W) - m);
    store(y + j, a);
    store(y + j + W, b);
    s0 += a;
    s1 += b;
  }
  float s = sum(s0 + s1);
  for (; j < N; j++) s += y[j] = expf(x[j] - m);

  const float scale = 1 / s;
  for (j = 0; j + W <= N; j += W) store(y + j, load(y + j) * scale);
  for (; j < N; j++) y[j] *= scale;
}

void softmax(const float *x, float *y, const long *n) {
  const long M = n[0], N = n[1];
#pragma omp parallel for schedule(static)
  for (long i = 0; i < M; i++) row(x + i * N, y + i * N, N);
}
