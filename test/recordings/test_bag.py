"""Bags of every format as recordings."""

import shutil
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml
from conftest import BagBuilder, jpeg
