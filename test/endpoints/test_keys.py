from pathlib import Path

import pytest

from cosmos_reasoner.endpoints.keys import read_key
from cosmos_reasoner.errors import ConfigurationError

SECRET = "s3cr3t-k3y"


def test_a_key_is_read_from_the_named_variable() -> None:
    assert read_key("MY_KEY", environment={"MY_KEY": SECRET, "OTHER": "x"}) == SECRET


def test_a_key_is_read_from_the_process_s_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", SECRET)
    assert read_key("MY_KEY") == SECRET


def test_a_key_is_read_from_the_named_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"\n{SECRET} \n", encoding="utf-8")
    assert read_key(file=str(tmp_path / "key")) == SECRET


def test_a_file_may_be_named_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text(SECRET, encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_key(file="~/key") == SECRET


def test_the_variable_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("of the file", encoding="utf-8")
    assert read_key("MY_KEY", str(tmp_path / "key"), {"MY_KEY": SECRET}) == SECRET


def test_without_a_variable_and_a_file_there_is_no_key() -> None:
    assert read_key(environment={"OPENAI_API_KEY": SECRET}) == ""


@pytest.mark.parametrize("environment", [{}, {"MY_KEY": ""}, {"MY_KEY": " \n"}])
def test_a_variable_without_a_key_is_named(environment: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="environment variable MY_KEY holds no key"):
        read_key("MY_KEY", environment=environment)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"key file .*/key cannot be read: FileNotFoundError"):
        read_key(file=str(tmp_path / "key"))


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(" \n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"key file .*/key is empty"):
        read_key(file=str(tmp_path / "key"))


def test_a_file_that_is_no_text_is_named_without_its_content(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(SECRET.encode() + b"\xff")
    with pytest.raises(ConfigurationError, match="UnicodeDecodeError") as caught:
        read_key(file=str(tmp_path / "key"))
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("broken", [f"{SECRET}\n# old one", f"{SECRET}\t2", f"{SECRET}é", f"{SECRET}\x00"])
def test_a_key_that_no_header_can_carry_is_refused_without_its_text(tmp_path: Path, broken: str) -> None:
    (tmp_path / "key").write_text(broken, encoding="utf-8")
    for arguments in ({"file": str(tmp_path / "key")}, {"variable": "MY_KEY", "environment": {"MY_KEY": broken}}):
        with pytest.raises(ConfigurationError, match="other than printable ASCII") as caught:
            read_key(**arguments)  # type: ignore[arg-type]
        assert SECRET not in str(caught.value)
        assert str(tmp_path / "key") in str(caught.value) or "MY_KEY" in str(caught.value)
