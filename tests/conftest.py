"""What every test may use: the published data sets, by name, and nothing else."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from tests.published_data import locate

# No deadline, as a busy machine is no defect; in CI the same examples each time, so that what fails
# there fails again.
settings.register_profile("anywhere", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "anywhere")

gc.set_threshold(20_000)  # what is imported and collected is much, stays, and was walked often


@pytest.fixture(scope="session")
def published_data(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give the folder of a published data set by name, or skip with the command that brings it."""
    made = tmp_path_factory.mktemp("published")
    return cache(lambda name: locate(name, made))
