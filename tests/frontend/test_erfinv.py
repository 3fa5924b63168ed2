"""The oracle's inverse error function, against the standard library's normal distribution."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from polyc.frontend.functions import FUNCTIONS


def test_erfinv_inverts_erf() -> None:
    y = np.concatenate([np.linspace(-0.9999, 0.9999, 501), [1e-9, 1 - 1e-7, 0.0]])
    found = FUNCTIONS["erfinv"].reference(y)
    want = [NormalDist().inv_cdf((v + 1) / 2) / math.sqrt(2) for v in y]
    np.testing.assert_allclose(found, want, rtol=1e-9, atol=1e-15)
