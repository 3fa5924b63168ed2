"""What happens to a program on its way to machine code: every stage prints."""

import numpy as np

import polyc

dense = polyc.compile("""
def dense(float(M,K) X, float(K,N) W, float(N) b) -> (Y) {
  Y(m,n) += X(m,k) * W(k,n)
  Y(m,n) = relu(Y(m,n) + b(n))
}""")
kernel = dense.specialize({"M": 32, "N": 64, "K": 16})

for title, stage in (
    ("program", kernel.program),
    ("dependences", kernel.dependences),
    ("schedule", kernel.schedule),
    ("certificate", kernel.certificate),
    ("loops", kernel.loops),
):
    print(f"---- {title}\n{stage}\n")

X, W, b = np.ones((32, 16), np.float32), np.ones((16, 64), np.float32), np.zeros(64, np.float32)
assert (kernel(X, W, b) == 16).all()
