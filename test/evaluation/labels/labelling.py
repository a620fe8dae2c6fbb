"""Label files for tests."""

import json
from pathlib import Path
from typing import Any


def write_json(file: Path, records: Any) -> Path:
    """Write records as a list, or one a line into a .jsonl."""
    file.parent.mkdir(parents=True, exist_ok=True)
    by_lines = file.suffix == ".jsonl"
    text = "\n".join(json.dumps(record) for record in records) if by_lines else json.dumps(records)
    file.write_text(text, encoding="utf-8")
    return file


def touch(folder: Path, *names: str) -> None:
    """Make recordings whose contents do not matter."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
