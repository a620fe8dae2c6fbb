"""The rules of the house: who may import whom, and how large and how explained a file is."""

import ast
import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "cosmos_reasoner"
FILES = sorted(PACKAGE.rglob("*.py"))
MODULES = [file for file in FILES if file.name != "__init__.py"]

MAY_IMPORT = {
    "clips": set(),
    "recordings": {"clips"},
    "tasks": {"clips", "recordings"},
    "endpoints": {"clips", "recordings", "tasks"},
    "replies": {"clips", "recordings", "tasks", "endpoints"},
    "reasoning": {"clips", "recordings", "tasks", "endpoints", "replies"},
    "doctor": {"clips", "recordings", "tasks", "endpoints", "replies", "reasoning"},
    "evaluation": {"clips", "recordings", "tasks", "endpoints", "replies", "reasoning"},
    "embedded": {"clips"},
    "view": {"clips", "recordings", "tasks", "endpoints", "replies", "reasoning"},
    "nodes": {"clips", "recordings", "tasks", "endpoints", "replies", "reasoning", "doctor", "view"},
    "cli": {
        *("clips", "recordings", "tasks", "endpoints", "replies", "reasoning", "doctor"),
        *("evaluation", "view", "nodes", "embedded"),
    },
}
"""The folders and those before them; every one may import itself and cosmos_reasoner.errors."""

NEEDS_ROS = {"nodes", "cli"}
LONGEST_FILE = 400
LONGEST_MEDIAN = 120


def named(file: Path) -> str:
    return str(file.relative_to(ROOT))


def folder_of(file: Path) -> str:
    parts = file.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(file)}:{node.lineno}: a relative import"
            yield node.lineno, node.module or ""
            if node.module == "cosmos_reasoner":
                yield from ((node.lineno, f"cosmos_reasoner.{alias.name}") for alias in node.names)


def breaches(file: Path) -> list[str]:
    """What a file imports against the rules."""
    here = folder_of(file)
    found = []
    for line, name in imports(file):
        top, *rest = name.split(".")
        if top == "cosmos_reasoner":
            there = rest[0] if rest else ""
            if there not in {here, "", "errors", *MAY_IMPORT.get(here, set())}:
                found.append(f"{named(file)}:{line}: {here or 'the root'} may not import {name}")
        elif (top == "rclpy" or top.endswith("_msgs")) and here not in NEEDS_ROS:
            found.append(f"{named(file)}:{line}: {name} belongs into {' or '.join(sorted(NEEDS_ROS))}")
    return found


def test_every_folder_has_its_place_in_the_order() -> None:
    folders = {file.parent.name for file in PACKAGE.glob("*/__init__.py")}
    assert folders <= set(MAY_IMPORT)


def test_folders_import_only_those_before_them() -> None:
    assert [breach for file in FILES for breach in breaches(file)] == []


@pytest.mark.parametrize(
    ("folder", "text"),
    [
        ("clips", "import rclpy"),
        ("tasks", "from sensor_msgs.msg import Image"),
        ("clips", "from cosmos_reasoner.tasks.task import Task"),
        ("recordings", "from cosmos_reasoner.tasks import task"),
        ("embedded", "import cosmos_reasoner.endpoints.client"),
        ("reasoning", "def f():\n    from cosmos_reasoner.nodes import bridge"),
        ("nodes", "from cosmos_reasoner.embedded import serving"),
        ("endpoints", "from cosmos_reasoner import cli"),
    ],
)
def test_a_breach_is_found_wherever_it_hides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, text: str
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    file = tmp_path / folder / "mine.py"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    assert len(breaches(file)) == 1


def modules_after_importing(*modules: str) -> set[str]:
    """Top-level modules that a fresh interpreter holds after importing these."""
    program = f"import sys, {', '.join(modules)}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "folder", ["clips", "tasks", "replies", "embedded", "recordings", "endpoints", "reasoning", "doctor"]
)
def test_a_folder_brings_no_more_libraries_than_it_needs(folder: str) -> None:
    loaded = modules_after_importing(*(module_of(file) for file in MODULES if folder_of(file) == folder))
    unwanted = {"rclpy", "rich", "torch", "matplotlib", "pytest"}
    unwanted |= {"openai"} if folder not in {"endpoints", "reasoning", "doctor"} else set()
    unwanted |= {"starlette", "uvicorn"} if folder != "embedded" else set()
    unwanted |= {"rosbags"} if folder != "recordings" else set()
    assert loaded & unwanted == set()


def test_importing_does_no_work() -> None:
    pure = [module_of(file) for file in MODULES if folder_of(file) not in NEEDS_ROS]
    program = (
        "import sys\n"
        "forbidden = ('socket.connect', 'socket.bind', 'subprocess.Popen', 'os.system', 'os.mkdir', 'os.remove')\n"
        "def watch(event, arguments):\n"
        "    writes = event == 'open' and isinstance(arguments[1], str) and set(arguments[1]) & set('wax+')\n"
        "    threads = event == '_thread.start_new_thread'\n"
        "    assert not (writes or threads or event in forbidden), (event, arguments)\n"
        "sys.dont_write_bytecode = True\n"
        "import av, cv2, numpy, openai, pydantic, rosbags.rosbag2, simplejpeg, starlette, uvicorn, yaml\n"
        "sys.addaudithook(watch)\n"
        f"import {', '.join(pure)}\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_file_is_long_and_the_median_is_short() -> None:
    lengths = {named(file): len(file.read_text(encoding="utf-8").splitlines()) for file in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
    assert sorted(lengths.values())[len(lengths) // 2] <= LONGEST_MEDIAN


def undocumented(file: Path) -> list[str]:
    """What a file makes public without saying so, or without saying what it is; read without importing it."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    public = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)
    ]
    if not public:
        return [f"{named(file)}: no __all__"]
    names = ast.literal_eval(public[0])
    told = {
        node.name: ast.get_docstring(node)
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    }
    for node, following in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            text = following.value if isinstance(following, ast.Expr) else None
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            told |= {t.id: getattr(text, "value", None) for t in targets if isinstance(t, ast.Name)}
    brought = {
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    names = [name for name in names if name not in brought]  # explained where they come from
    missing = [f"{named(file)}: {name} of __all__ does not exist" for name in names if name not in told]
    silent = [f"{named(file)}: {name} has no docstring" for name in names if name in told and not told[name]]
    hidden = [
        f"{named(file)}: {name} is neither in __all__ nor private"
        for name, node in ((node.name, node) for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef)))
        if not name.startswith("_") and name not in names
    ]
    return missing + silent + hidden


def test_every_module_says_what_it_is_for() -> None:
    assert [named(file) for file in FILES if not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))] == []


def test_every_public_name_is_listed_and_explained() -> None:
    assert [complaint for file in MODULES for complaint in undocumented(file)] == []


@pytest.mark.parametrize("file", [file for file in MODULES if folder_of(file) not in NEEDS_ROS], ids=module_of)
def test_the_public_names_can_be_imported(file: Path) -> None:
    module = importlib.import_module(module_of(file))
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_public_methods_are_explained() -> None:
    silent = []
    for file in MODULES:
        for kind in ast.parse(file.read_text(encoding="utf-8")).body:
            if not isinstance(kind, ast.ClassDef) or kind.name.startswith("_"):
                continue
            for method in kind.body:
                private = not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)) or method.name.startswith("_")
                if not private and not inspect.cleandoc(ast.get_docstring(method) or ""):
                    silent.append(f"{named(file)}:{method.lineno}: {kind.name}.{method.name} has no docstring")
    assert silent == []
