/* y[n,k,h,w] = sum over c, r, s of x[n,c,h+r,w+s] f[k,c,r,s], filters of 3 x 3: direct, without a copy
 * of the image. A tile of filters times vectors of a row stays in registers over all terms. */
#include "vec.h"

#if W == 16
enum { KB = 8, VB = 4 };
#else
enum { KB = 3, VB = 4 };
#endif

/* Filters k .. k + filters of one row, vectors that start at w[0], w[1], ... */
INLINE void tile(const float *x, const float *f, float *y, const long *w, int filters, int vectors,
                 long C, long H, long WI) {
  const long OW = WI - 2, OH = H - 2;
  vec t[KB][VB] = {0};
  for (long c = 0; c < C; c++)
    for (int r = 0; r < 3; r++)
      UNROLL for (int s = 0; s < 3; s++) {
        const float *row = x + c * H * WI + r * WI + s;
        vec v[VB];
        UNROLL for (int j = 0; j < VB; j++) if (j < vectors) v[j] = load(row + w[j]);
        UNROLL for (int i = 0; i < KB; i++) if (i < filters) {
          vec a = all(f[(i * C + c) * 9 + r * 3 + s]);
          UNROLL for (int j = 0; j < VB; j++) if (j < vectors) t[i][j] += a * v[j];
        }
      }
  UNROLL for (int i = 0; i < KB; i++) if (i < filters)
    UNROLL for (int j = 0; j < VB; j++) if (j < vectors) store(y + i * OH * OW + w[j], t[i][j]);
}

static void row(const float *x, const float *f, float *y, int filters, long C, long H, long WI) {
  const long OW = WI - 2;
  if (OW < W) { /* narrower than a vector */
    for (int i = 0; i < filters; i++)
      for (long w = 0; w < OW; w++) {
        float t = 0;
        for (long c = 0; c < C; c++)
          for (int r = 0; r < 3; r++)
            for (int s = 0; s < 3; s++)
              t += x[c * H * WI + r * WI + w + s] * f[(i * C + c) * 9 + r * 3 + s];
        y[i * (H - 2) * OW + w] = t;
      }
    return;
  }
  long w[VB];
  int n = 0;
  for (long at = 0; at < OW; at += W) {
    w[n++] = at + W <= OW ? at : OW - W; /* the last one overlaps the one before */
    if (n < VB && at + W < OW) continue;
    if (filters == KB && n == VB) tile(x, f, y, w, KB, VB, C, H, WI);
    else if (n == VB) for (int i = 0; i < filters; i++)
      tile(x, f + i * C * 9, y + i * (H - 2) * OW, w, 1, VB, C, H, WI);
    else for (int j = 0; j < n; j++)
      if (filters == KB) tile(x, f, y, w + j, KB, 1, C, H, WI);
      else for (int i = 0; i < filters; i++)
        tile(x, f + i * C * 9, y + i * (H - 2) * OW, w + j, 1, 1, C, H, WI);
    n = 0;
  }
}

void conv2d(const float *x, const float *f, float *y, const long *n) {
  const long N = n[0], C = n[1], K = n[2], H = n[3], WI = n[4], OH = H - 2, OW = WI - 2;
#pragma omp parallel for collapse(2) schedule(static)
  for (long image = 0; image < N; image++)
    for (long h = 0; h < OH; h++)
      for (long k = 0; k < K; k += KB)
        row(x + (image * C * H + h) * WI, f + k * C * 9, y + ((image * K + k) * OH + h) * OW,
            K - k < KB ? (int)(K - k) : KB, C, H, WI);
}
