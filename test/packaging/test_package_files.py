"""What the two packages declare and install."""

import re
import subprocess
import sys
from importlib.metadata import EntryPoint, distribution
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTS = sorted(path.stem for path in (ROOT / "requirements").glob("*.in"))


def declared(package: str, tag: str) -> str:
    text = ET.parse(ROOT / package / "package.xml").findtext(tag)
    assert text
    return text


def names(path: Path) -> set[str]:
    """Return the packages that a requirements file names, as PEP 503 spells them."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=; ]", line)[0]).lower() for line in lines}


def prefix() -> Path:
    """Return where colcon installed the package."""
    index = pytest.importorskip("ament_index_python", reason="needs ROS 2")
    return Path(index.get_package_prefix("cosmos_reasoner"))


def entry_points() -> list[EntryPoint]:
    prefix()
    return list(distribution("cosmos_reasoner").entry_points)


def test_both_packages_and_setup_py_have_one_version() -> None:
    command = [sys.executable, "setup.py", "--version"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    versions = {done.stdout.strip(), declared(".", "version"), declared("cosmos_reasoner_msgs", "version")}
    assert len(versions) == 1


@pytest.mark.parametrize("package", [".", "cosmos_reasoner_msgs"])
def test_both_packages_have_the_licence_of_the_licence_file(package: str) -> None:
    assert declared(package, "license") == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text()


def test_every_interface_file_is_generated() -> None:
    interfaces = ROOT / "cosmos_reasoner_msgs"
    files = {
        f"{path.parent.name}/{path.name}" for kind in ("msg", "srv", "action") for path in interfaces.glob(f"{kind}/*")
    }
    listed = set(re.findall(r'"((?:msg|srv|action)/\w+\.\w+)"', (interfaces / "CMakeLists.txt").read_text()))
    assert files == listed


@pytest.mark.parametrize("name", LISTS)
def test_every_requirement_is_pinned(name: str) -> None:
    pinned = ROOT / "requirements" / f"{name}.txt"
    loose = [line for line in pinned.read_text().splitlines() if not line.startswith("#") and "==" not in line]
    assert not loose
    assert names(ROOT / "requirements" / f"{name}.in") <= names(pinned) | names(ROOT / "requirements" / "python.txt")


def test_launch_files_parameters_and_layouts_are_installed() -> None:
    share = prefix() / "share" / "cosmos_reasoner"
    for folder, pattern in [("launch", "*.launch.py"), ("config", "*.*"), ("rviz", "*.rviz")]:
        files = [path.relative_to(ROOT) for path in (ROOT / folder).rglob(pattern)]
        assert files
        assert [path for path in files if not (share / path).is_file()] == []


def test_templates_and_profiles_are_installed_with_the_modules() -> None:
    (installed,) = prefix().glob("l*/**/cosmos_reasoner/py.typed")
    source = ROOT / "cosmos_reasoner"
    files = [path.relative_to(source) for path in source.rglob("*.yaml")]
    assert files
    assert [path for path in files if not (installed.parent / path).is_file()] == []


def test_every_command_is_installed_for_ros2_run_and_can_be_imported() -> None:
    pytest.importorskip("cosmos_reasoner_msgs.msg", reason="needs the interfaces")
    commands = [entry for entry in entry_points() if entry.group == "console_scripts"]
    assert {command.name for command in commands} == {
        "ask",
        "cosmos-reasoner",
        "demo",
        "doctor",
        "endpoint",
        "evaluate",
        "player",
        "reasoner",
        "view",
        "watch",
    }
    for command in commands:
        assert (prefix() / "lib" / "cosmos_reasoner" / command.name).is_file()
        assert callable(command.load())


def test_ros2_finds_its_command_and_the_verbs() -> None:
    entries = [entry for entry in entry_points() if entry.group != "console_scripts"]
    verbs = {entry.name for entry in entries if entry.group == "ros2reason.verb"}
    assert [entry.name for entry in entries if entry.group == "ros2cli.command"] == ["reason"]
    assert verbs == {"ask", "rank", "watch", "doctor"}
    assert all(callable(entry.load()) for entry in entries)
