"""Build the package, for colcon (ament_python) and for pip alike."""

from pathlib import Path

from setuptools import find_packages, setup

NAME = "cosmos_reasoner"
ROOT = Path(__file__).parent


def requirements(name: str) -> list[str]:
    """Return the requirements in a file of requirements/, without its comments."""
    lines = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def shared(folder: str, *patterns: str) -> list[tuple[str, list[str]]]:
    """Return the files below a folder, each to be installed at the same place below share/cosmos_reasoner."""
    found = sorted(path for pattern in patterns for path in Path(folder).rglob(pattern))
    return [(f"share/{NAME}/{path.parent.as_posix()}", [path.as_posix()]) for path in found]


setup(
    name=NAME,
    version="0.1.0",
    description="Physical reasoning over camera clips for ROS 2: predicted outcomes and action rankings.",
    maintainer="cosmos_reasoner maintainers",
    maintainer_email="maintainers@cosmos-reasoner.dev",
    license="Apache-2.0",
    python_requires=">=3.10",
    packages=find_packages(include=[NAME, f"{NAME}.*"]),
    package_data={NAME: ["py.typed", "*/*/*.yaml", "*/*/*/*.yaml", "*/*/templates/*", "view/page/static/*"]},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{NAME}"]),
        (f"share/{NAME}", ["package.xml"]),
        *shared("launch", "*.launch.py"),
        *shared("config", "*.*"),
        *shared("rviz", "*.rviz"),
    ],
    install_requires=requirements("python"),
    extras_require={
        "py_trees": ["py_trees>=2.2"],
        "ray": ["ray>=2.9"],
        "rerun": ["rerun-sdk>=0.26"],
        "scenes": ["pymunk>=7.3,<7.4"],  # the same version draws the same scenes
        "test": requirements("test"),
    },
    zip_safe=False,
    entry_points={
        "console_scripts": [
            "cosmos-reasoner = cosmos_reasoner.cli.main:main",
            "reasoner = cosmos_reasoner.cli.reasoner:main",
            "player = cosmos_reasoner.cli.play:main",
            "endpoint = cosmos_reasoner.cli.endpoint:main",
            "ask = cosmos_reasoner.cli.ask:main",
            "evaluate = cosmos_reasoner.cli.evaluate:main",
            "doctor = cosmos_reasoner.cli.doctor:main",
            "view = cosmos_reasoner.cli.view:main",
            "watch = cosmos_reasoner.cli.watch:main",
            "demo = cosmos_reasoner.cli.demo:main",
        ],
        "ros2cli.command": ["reason = cosmos_reasoner.cli.ros2.command:ReasonCommand"],
        "ros2reason.verb": [
            "ask = cosmos_reasoner.cli.ros2.command:AskVerb",
            "rank = cosmos_reasoner.cli.ros2.command:RankVerb",
            "watch = cosmos_reasoner.cli.ros2.command:WatchVerb",
            "doctor = cosmos_reasoner.cli.ros2.command:DoctorVerb",
        ],
    },
)
