"""What the README says is so."""

import re

from readme import README, ROOT, table


def test_it_is_short_and_its_first_command_comes_soon() -> None:
    lines = README.splitlines()
    assert len(lines) <= 200
    assert next(index for index, line in enumerate(lines) if line.startswith("    make demo")) < 30


def test_every_file_that_it_links_to_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if not link.startswith("http")]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_its_table_of_profiles_is_complete() -> None:
    from cosmos_reasoner.endpoints.profile_files import shipped_profiles

    assert tuple(table("Endpoints")) == shipped_profiles()


def test_it_names_every_task() -> None:
    from cosmos_reasoner.tasks.library import TaskLibrary

    section = README.split("\n## Tasks\n")[1].split("\n## ")[0]
    assert [name for name in TaskLibrary.load() if f"`{name}`" not in section] == []


def test_its_table_of_parameters_is_the_nodes() -> None:
    from cosmos_reasoner.nodes.settings import Settings, is_read_only

    rows = table("Parameters")
    assert list(rows) == list(Settings.model_fields)
    for name, (default, fixed, description) in rows.items():
        field = Settings.model_fields[name]
        assert description == field.description
        assert default.strip("`") == as_written(field.default), name
        assert (fixed == "yes") == is_read_only(name), name


def as_written(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]" if any(value) else '[""]'
    return str(value).lower() if isinstance(value, bool) else str(value) or '""'
