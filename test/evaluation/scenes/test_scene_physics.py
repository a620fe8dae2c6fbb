"""The flat world: its physics, what it notes, and what happens without the engine."""

import gc
import math
import sys
from pathlib import Path

import pytest

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.scenes.arena import FPS, STEP, Arena
from cosmos_reasoner.evaluation.scenes.builtin import make_scenes
from cosmos_reasoner.evaluation.scenes.motion import Motion, Pose


@pytest.fixture
def engine() -> None:
    pytest.importorskip("pymunk", reason="needs the extra [scenes]")


def fall(height: float, until: float = 2.0) -> Motion:
    """A ball that falls from a height in m to a floor."""
    arena = Arena(gravity=9.81)
    arena.fixed("floor", Pose(0, -0.5, 0), (10, 1))
    arena.ball("ball", Pose(0, height + 0.1, 0), 0.1)
    return arena.run(until)


def passing(distance: float) -> Motion:
    """A disc of 0.1 m that passes a spot of 0.2 m at 1 m/s, so far to the side in m."""
    arena = Arena()
    arena.spot("spot", 0, 0, 0.2)
    arena.ball("disc", Pose(-1, distance, 0), 0.1).velocity = (1, 0)
    return arena.run(2.0)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("height", [0.3, 1.0, 2.0])
def test_a_fall_lasts_as_long_as_galilei_says(height: float) -> None:
    assert fall(height).touch("ball", "floor") == pytest.approx(math.sqrt(2 * height / 9.81), abs=3 * STEP)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("distance", [0.0, 0.1, 0.25])
def test_a_disc_is_on_a_spot_while_their_rims_overlap(distance: float) -> None:
    motion, half = passing(distance), math.sqrt(0.3**2 - distance**2)
    assert motion.touch("disc", "spot") == pytest.approx(1 - half, abs=3 * STEP)
    assert motion.parting("spot", "disc") == pytest.approx(1 + half, abs=3 * STEP)


@pytest.mark.usefixtures("engine")
def test_what_passes_at_a_distance_never_touches() -> None:
    motion = passing(0.31)
    assert motion.touch("disc", "spot") is None and motion.parting("disc", "spot") is None


@pytest.mark.usefixtures("engine")
def test_touching_lasts_from_touch_to_parting() -> None:
    motion = passing(0.0)
    assert [motion.touching("disc", "spot", time) for time in (0.5, 1.0, 1.5)] == [False, True, False]


@pytest.mark.usefixtures("engine")
def test_one_pose_is_noted_a_frame() -> None:
    way = passing(0.0).ways["disc"]
    assert [pose.x for pose in way] == pytest.approx([-1 + number / FPS for number in range(2 * FPS + 1)])


@pytest.mark.usefixtures("engine")
def test_nothing_parts_when_a_world_is_forgotten() -> None:
    motion = fall(0.3)
    gc.collect()
    assert motion.parting("ball", "floor") is None


def test_a_missing_engine_is_named_with_what_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymunk", None)
    with pytest.raises(ConfigurationError, match=r"pip install cosmos-reasoner\[scenes\]"):
        make_scenes(tmp_path / "scenes")


@pytest.mark.usefixtures("engine")
def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="file"):
        make_scenes(tmp_path / "file")
