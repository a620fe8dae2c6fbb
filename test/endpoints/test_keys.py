from pathlib import Path

import pytest

from cosmos_reasoner.endpoints.keys import read_key
from cosmos_reasoner.errors import ConfigurationError

SECRET = "s3cr3t-k3y"


def key_file(folder: Path, content: str | bytes = SECRET, mode: int = 0o600) -> Path:
    """A file with a key, as its owner should keep it."""
    path = folder / "key"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def test_a_key_is_read_from_the_named_variable() -> None:
    assert read_key("MY_KEY", environment={"MY_KEY": SECRET, "OTHER": "x"}) == SECRET


def test_a_key_is_read_from_the_process_s_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", SECRET)
    assert read_key("MY_KEY") == SECRET


def test_a_key_is_read_from_the_named_file(tmp_path: Path) -> None:
    key_file(tmp_path, f"\n{SECRET} \n")
    assert read_key(file=str(tmp_path / "key")) == SECRET


def test_a_file_may_be_named_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key_file(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_key(file="~/key") == SECRET


def test_the_variable_goes_before_the_file(tmp_path: Path) -> None:
    key_file(tmp_path, "of the file")
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
    key_file(tmp_path, " \n")
    with pytest.raises(ConfigurationError, match=r"key file .*/key is empty"):
        read_key(file=str(tmp_path / "key"))


def test_a_file_that_is_no_text_is_named_without_its_content(tmp_path: Path) -> None:
    key_file(tmp_path, SECRET.encode() + b"\xff")
    with pytest.raises(ConfigurationError, match="UnicodeDecodeError") as caught:
        read_key(file=str(tmp_path / "key"))
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("broken", [f"{SECRET}\n# old one", f"{SECRET}\t2", f"{SECRET}é", f"{SECRET}\x00"])
def test_a_key_that_no_header_can_carry_is_refused_without_its_text(tmp_path: Path, broken: str) -> None:
    key_file(tmp_path, broken)
    for arguments in ({"file": str(tmp_path / "key")}, {"variable": "MY_KEY", "environment": {"MY_KEY": broken}}):
        with pytest.raises(ConfigurationError, match="other than printable ASCII") as caught:
            read_key(**arguments)  # type: ignore[arg-type]
        assert SECRET not in str(caught.value)
        assert str(tmp_path / "key") in str(caught.value) or "MY_KEY" in str(caught.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o601])
def test_a_file_that_others_can_open_is_refused_with_the_command_that_helps(tmp_path: Path, mode: int) -> None:
    path = key_file(tmp_path, mode=mode)
    with pytest.raises(ConfigurationError, match=f"chmod 600 {path}") as caught:
        read_key(file=str(path))
    assert SECRET not in str(caught.value)


def test_a_file_that_only_its_owner_can_read_will_do(tmp_path: Path) -> None:
    assert read_key(file=str(key_file(tmp_path, mode=0o400))) == SECRET


def test_a_key_in_the_place_of_its_variable_s_name_is_not_repeated() -> None:
    with pytest.raises(ConfigurationError, match="is it the key itself") as caught:
        read_key(SECRET)
    assert SECRET not in str(caught.value)
