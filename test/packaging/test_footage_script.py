"""scripts/footage on a machine without the first registries."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import av

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "footage"


def footage(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the script, with an empty cache, where there is no apt-get."""
    script = tree / "scripts" / "footage"
    script.parent.mkdir()
    shutil.copy(SCRIPT, script)
    command = [sys.executable, script, *arguments]
    return subprocess.run(command, env={**os.environ, "PATH": str(tree)}, capture_output=True, text=True, check=False)


def test_each_registry_that_fails_is_named_and_the_next_one_serves(tmp_path: Path) -> None:
    done = footage(tmp_path)
    failed = [line.split(": ")[1] for line in done.stderr.splitlines() if line.startswith("footage: ")]
    assert failed == ["no footage from debian-mecavideo", "no footage from debian-opencv"]
    video = Path(done.stdout.splitlines()[-1])
    assert video == tmp_path / ".cache" / "footage" / "pypi" / "bikes.mp4"
    with av.open(str(video)) as container:
        assert next(container.decode(video=0)).width > 0


def test_without_any_registry_the_way_to_play_a_file_is_named(tmp_path: Path) -> None:
    done = footage(tmp_path, "--registry", "debian-mecavideo")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1] == "footage: no registry gave footage; name your own: make demo VIDEO=file"
