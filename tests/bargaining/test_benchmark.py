"""What the benchmark of public domains says of a folder of them."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parent.parent.parent / "benchmarks" / "domains.py"
FAULTS = Path(__file__).parent / "faults"


def test_it_counts_what_opens_is_solved_and_equals_enumeration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("dd", "int", "mini"):
        (tmp_path / "some" / name).mkdir(parents=True)
        for file in FAULTS.glob(f"{name}_*.xml"):
            shutil.copy(file, tmp_path / "some" / name)
    broken = tmp_path / "broken"
    shutil.copytree(tmp_path / "some" / "dd", broken)
    (broken / "dd_b.xml").write_text("<utility_space/>")
    spec = importlib.util.spec_from_file_location("domains_benchmark", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(sys, "argv", ["domains.py", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        module.main()
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert "4 domains: 3 opened, 3 solved" in said and "3 enumerated, 3 of them equal" in said
    assert "dd_b.xml:1: the issue `p` is not evaluated" in said
