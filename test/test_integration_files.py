"""The files of docs/integrations.md that are not Python: they parse, and name only what the interfaces have."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "docs" / "examples"
INTERFACES = ROOT / "cosmos_reasoner_msgs"
TREES = sorted(path for path in EXAMPLES.rglob("*.xml") if path.name != "package.xml")
SOURCES = {"VerifyGate": EXAMPLES / "nav2_gate/verify_gate.cpp", "Reason": EXAMPLES / "reason_action/reason_action.cpp"}
PACKAGES = sorted(path.parent for path in EXAMPLES.rglob("package.xml"))
OF_THE_ENGINE = {"name", "_skipIf"}
OF_THE_BASE = {"VerifyGate": {"service_name", "server_timeout"}, "Reason": {"action_name"}}


def fields(interface: str, part: int = 0) -> set[str]:
    """Names of the fields and constants of an interface's part: request, response; goal, result, feedback."""
    text = (INTERFACES / interface).read_text(encoding="utf-8").split("\n---\n")[part]
    return set(re.findall(r"^[\w/]+(?:\[\d*\])?\s+(\w+)", text, re.MULTILINE))


def used(source: str, *patterns: str) -> set[str]:
    return {name for pattern in patterns for name in re.findall(pattern, source)}


def ports(source: str) -> set[str]:
    return used(source, r'Port<[^(]+>\("(\w+)"')


def of_the_gate() -> str:
    return SOURCES["VerifyGate"].read_text(encoding="utf-8")


def of_the_action() -> str:
    return SOURCES["Reason"].read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("names", "interface", "part"),
    [
        (used(of_the_gate(), r"request_->(\w+)"), "srv/Verify.srv", 0),
        (used(of_the_gate(), r"response->(\w+)", r"Verify::Response::(\w+)"), "srv/Verify.srv", 1),
        (used(of_the_action(), r"goal\.(\w+)"), "action/Reason.action", 0),
        (used(of_the_action(), r"result\.result->(\w+)"), "action/Reason.action", 1),
        (used(of_the_action(), r"feedback->(\w+)", r"Feedback::(\w+)"), "action/Reason.action", 2),
        (used(of_the_action(), r"reasoning\.(\w+)"), "msg/Reasoning.msg", 0),
        (used(of_the_action(), r"provenance\.(\w+)", r"Provenance::(\w+)"), "msg/Provenance.msg", 0),
    ],
    ids=["request", "response", "goal", "result", "feedback", "reasoning", "provenance"],
)
def test_the_classes_in_cpp_use_fields_that_the_interfaces_have(names, interface, part) -> None:
    assert names
    assert names - fields(interface, part) == set()


@pytest.mark.parametrize("tree", TREES, ids=lambda path: path.stem)
def test_a_tree_starts_with_one_that_it_has(tree) -> None:
    root = ET.parse(tree).getroot()
    assert (root.tag, root.get("BTCPP_format")) == ("root", "4")
    assert root.get("main_tree_to_execute") in [each.get("ID") for each in root.iter("BehaviorTree")]


def our_nodes() -> Iterator[ET.Element]:
    for tree in TREES:
        for node in ET.parse(tree).getroot().iter():
            if node.tag in SOURCES:
                yield node


def test_the_trees_fill_ports_that_the_classes_have() -> None:
    assert {node.tag for node in our_nodes()} == set(SOURCES)
    for node in our_nodes():
        have = ports(SOURCES[node.tag].read_text(encoding="utf-8")) | OF_THE_BASE[node.tag] | OF_THE_ENGINE
        assert set(node.keys()) - have == set()


@pytest.mark.parametrize("name", SOURCES)
def test_a_class_reads_and_writes_only_its_own_ports(name) -> None:
    source = SOURCES[name].read_text(encoding="utf-8")
    assert used(source, r'[gs]et(?:In|Out)put\("(\w+)"') == ports(source)


def test_the_trees_name_the_service_and_the_action_of_the_node() -> None:
    names = {node.get("service_name") or node.get("action_name") for node in our_nodes()}
    assert names == {"/reasoner/verify", "/reasoner/reason"}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_a_package_declares_what_it_is_built_with(package) -> None:
    declared = {each.text for each in ET.parse(package / "package.xml").getroot() if each.tag.endswith("depend")}
    cmake = (package / "CMakeLists.txt").read_text(encoding="utf-8")
    assert set(re.findall(r"find_package\((\w+)", cmake)) == declared
    for file in re.findall(r"(?:SHARED |DIRECTORY |FILES )(\S+?)[\s)]", cmake):
        assert (package / file).exists()


def test_the_parameters_for_nav2_name_the_library_and_a_tree() -> None:
    folder = EXAMPLES / "nav2_gate"
    text = (folder / "bt_navigator.yaml").read_text(encoding="utf-8")
    added = yaml.safe_load(text)["bt_navigator"]["ros__parameters"]
    (library,) = added["plugin_lib_names"]
    assert f"add_library({library} SHARED" in (folder / "CMakeLists.txt").read_text(encoding="utf-8")
    package, tree = re.fullmatch(r"\$\(find-pkg-share (\w+)\)/(.+)", added["default_nav_to_pose_bt_xml"]).groups()
    assert package == folder.name and (folder / tree).exists()


@pytest.mark.parametrize("tree", sorted(EXAMPLES.glob("nav2_gate/**/gate_*.xml")), ids=lambda path: path.stem)
def test_the_trees_for_nav2_use_nodes_and_ports_that_nav2_has(tree) -> None:
    index = pytest.importorskip("ament_index_python", reason="needs ROS 2")
    try:
        share = Path(index.get_package_share_directory("nav2_behavior_tree"))
    except index.PackageNotFoundError:
        pytest.skip("needs Nav2")
    every = ET.parse(share / "nav2_tree_nodes.xml").getroot().iter()
    models = {each.get("ID"): each for each in every if each.get("ID")}
    nodes = [node for node in ET.parse(tree).getroot().iter() if node.tag in models]
    assert {"ComputePathToPose", "FollowPath", "BackUp", "Wait"} <= {node.tag for node in nodes}
    for node in nodes:
        assert set(node.keys()) - {port.get("name") for port in models[node.tag]} - OF_THE_ENGINE == set()


def test_what_the_page_shows_is_in_the_examples() -> None:
    page = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```\w+\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    files = [path.read_text(encoding="utf-8") for path in EXAMPLES.rglob("*.*")]
    assert len(shown) >= 6
    assert [block for block in shown if not any(block in file for file in files)] == []


def test_every_file_that_the_page_links_to_is_there() -> None:
    page = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", page) if not link.startswith("http")]
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
