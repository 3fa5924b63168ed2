/* y[n,c,h,w] = sum over r, s of x[n,c,h+r,w+s] f[c,r,s], filters of 3 x 3: two rows of results at a
 * time share the rows of the image that they both read. */
#include "vec.h"

INLINE vec taps(const float *row, const vec *f) {
  return load(row) * f[0] + load(row + 1) * f[1] + load(row + 2) * f[2];
}

static void plane(const float *x, const float *f, float *y, long H, long WI) {
  const long OH = H - 2, OW = WI - 2;
  vec g[9];
  for (int i = 0; i < 9; i++) g[i] = all(f[i]);
  for (long h = 0; h < OH; h++) {
    const float *row = x + h * WI;
    float *out = y + h * OW;
    if (OW < W) {
      for (long w = 0; w < OW; w++) {
        float t = 0;
        for (int r = 0; r < 3; r++)
          for (int s = 0; s < 3; s++) t += row[r * WI + w + s] * f[r * 3 + s];
        out[w] = t;
      }
      continue;
    }
    const int pair = h + 1 < OH;
    for (long at = 0; at < OW; at += W) {
      const long w = at + W <= OW ? at : OW - W;
      const float *p = row + w;
      store(out + w, taps(p, g) + taps(p + WI, g + 3) + taps(p + 2 * WI, g + 6));
      if (pair)
        store(out + OW + w, taps(p + WI, g) + taps(p + 2 * WI, g + 3) + taps(p + 3 * WI, g + 6));
    }
    h += pair;
  }
}

void depthwise(const float *x, const float *f, float *y, const long *n) {
  const long N = n[0], C = n[1], H = n[2], WI = n[3];
#pragma omp parallel for schedule(static)
  for (long i = 0; i < N * C; i++)
    plane(x + i * H * WI, f + i % C * 9, y + i * (H - 2) * (WI - 2), H, WI);
}
