/* y[i,:] = (x[i,:] - mean) / sqrt(variance + 1e-5) * g + b: the mean first, then the squares of what
 * is left, so that no digits cancel. */
#include "vec.h"

static void row(const float *x, const float *g, const float *b, float *y, long N) {
  long j;
  vec s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
  for (j = 0; j + 4 * W <= N; j += 4 * W) {
    s0 += load(x + j);
    s1 += load(x + j + W);
    s2 += load(x + j + 2 * W);
    s3 += load(x + j + 3 * W);
  }
  float s = sum((s0 + s1) + (s2 + s3));
  for (; j < N; j++) s += x[j];
  const float mean = s / N;

  s0 = s1 = s2 = s3 = all(0);
  for (j = 0; j + 4 * W <= N; j += 4 * W) {
    vec d0 = load(x + j) - mean, d1 = load(x + j + W) - mean;
    vec d2 = load(x + j + 2 * W) - mean, d3 = load(x + j + 3 * W) - mean;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  s = sum((s0 + s1) + (s2 + s3));
  for (; j < N; j++) s += (x[j] - mean) * (x[j] - mean);
  const float r = 1 / sqrtf(s / N + 1e-5f);

  for (j = 0; j + W <= N; j += W) store(y + j, (load(x + j) - mean) * r * load(g + j) + load(b + j));
  for (; j < N; j++) y[j] = (x[j] - mean) * r * g[j] + b[j];
}

void layernorm(const float *x, const float *g, const float *b, float *y, const long *n) {
  const long M = n[0], N = n[1];
#pragma omp parallel for schedule(static)
  for (long i = 0; i < M; i++) row(x + i * N, g, b, y + i * N, N);
}
