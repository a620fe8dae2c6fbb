"""A bag to fill."""

from pathlib import Path

import pytest
from recorded import BagBuilder


@pytest.fixture
def bag(tmp_path: Path) -> BagBuilder:
    """Give an empty bag to fill and write."""
    return BagBuilder(tmp_path)
