/* y[l,:] = table[ids[l],:]: rows are copied while the next ones are on their way. */
#include "vec.h"

enum { AHEAD = 4 };

void gather_rows(const float *table, const int32_t *ids, float *y, const long *n) {
  const long V = n[0], D = n[1], L = n[2];
  (void)V;
#pragma omp parallel for schedule(static)
  for (long l = 0; l < L; l++) {
    if (l + AHEAD < L)
      for (long d = 0; d < D; d += 64) __builtin_prefetch(table + ids[l + AHEAD] * D + d);
    memcpy(y + l * D, table + ids[l] * D, sizeof(float) * D);
  }
}
