"""Every schedule of these tests is proved legal before its code runs.

`check=True` would prove it too, but add tests to the code: what runs here is what users run.
"""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("polyc.driver.proves", lambda _: True)
    monkeypatch.setenv("POLYC_CACHE", "0")  # an object from the disk may be one without a proof
