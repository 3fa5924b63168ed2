"""Settings for every test: a kernel cache of the session's own, and the flag of the goldens."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

# Before any test imports polyc, and inherited by the workers of pytest-xdist and by
# subprocesses, so that no test reads or fills the user's cache.
if "POLYC_TEST_CACHE" not in os.environ:
    os.environ["POLYC_TEST_CACHE"] = tempfile.mkdtemp(prefix="polyc-tests-")
for _name in [n for n in os.environ if n.startswith("POLYC_") and "TEST" not in n]:
    del os.environ[_name]
os.environ["POLYC_CACHE_DIR"] = os.environ["POLYC_TEST_CACHE"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden texts anew")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):  # the first process, not a worker
        shutil.rmtree(os.environ["POLYC_TEST_CACHE"], ignore_errors=True)


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent
