"""Attention written as seven statements; the compiler decides what is fused and what is stored."""

import numpy as np

import polyc

attention = polyc.compile("""
def attention(float(H,Q,D) q, float(H,T,D) k, float(H,T,D) v, float scale) -> (O) {
  S(h,i,j) += q(h,i,d) * k(h,j,d)
  m(h,i) max= S(h,i,j) * scale
  P(h,i,j) = exp(S(h,i,j) * scale - m(h,i))
  z(h,i) += P(h,i,j)
  O(h,i,d) += P(h,i,j) * v(h,j,d)
  O(h,i,d) = O(h,i,d) / z(h,i)
}""")

rng = np.random.default_rng(0)
q, k, v = (rng.standard_normal((2, 64, 32), np.float32) for _ in range(3))
result = attention(q, k, v, 0.125)

expected = attention.reference(q, k, v, 0.125)
print("largest difference from the oracle:", abs(result - expected).max())
assert np.allclose(result, expected, atol=1e-5)
