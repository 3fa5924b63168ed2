/* Vectors of float as wide as the processor's, in GNU C: what the kernels of this folder share. */
#ifndef VEC_H
#define VEC_H
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __AVX__
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
#define W 16 /* lanes */
#elif defined(__AVX__)
#define W 8
#else
#define W 4
#endif
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 32")

typedef float vec __attribute__((vector_size(4 * W)));
typedef int32_t ivec __attribute__((vector_size(4 * W)));
typedef float unaligned __attribute__((vector_size(4 * W), aligned(4), may_alias));

INLINE vec load(const float *p) { return *(const unaligned *)p; }
INLINE void store(float *p, vec x) { *(unaligned *)p = x; }
INLINE vec all(float x) { return x - (vec){0}; }

INLINE vec larger(vec a, vec b) {
#if W == 16
  return _mm512_max_ps(a, b);
#elif W == 8
  return _mm256_max_ps(a, b);
#else
  ivec first = a > b;
  return (vec)(((ivec)a & first) | ((ivec)b & ~first));
#endif
}

INLINE float sum(vec x) {
  float s = 0;
  for (int i = 0; i < W; i++) s += x[i];
  return s;
}

INLINE float largest(vec x) {
  float m = x[0];
  for (int i = 1; i < W; i++) m = m > x[i] ? m : x[i];
  return m;
}

/* exp(x) for x <= 0, as in a softmax: 2^n * p(r), r = x - n ln 2, a polynomial of degree 6. */
INLINE vec exp_below_zero(vec x) {
  x = larger(x, all(-87.0f));
  ivec whole = __builtin_convertvector(x * 1.44269504f - 0.5f, ivec); /* to the nearest one */
  vec n = __builtin_convertvector(whole, vec);
  vec r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  vec p = all(1.3888889e-3f);
  p = p * r + 8.3333333e-3f;
  p = p * r + 4.1666667e-2f;
  p = p * r + 0.16666667f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  return p * (vec)((whole + 127) << 23);
}
#endif
