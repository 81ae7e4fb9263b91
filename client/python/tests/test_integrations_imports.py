"""Patches run once their module was imported, and nothing else about the import changes."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from pentachoron import _warn
from pentachoron.integrations import _imports

HERE = Path(__file__).resolve().parent


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "patched_here.py").write_text(
        "loader_inside = type(__spec__.loader).__name__\nvalue = 1\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "patched_here"
    sys.modules.pop("patched_here", None)
    _imports.forget_all()


def test_runs_after_the_import_with_the_true_loader(module):
    seen = []
    _imports.when_imported(module, lambda m: seen.append(m.value))
    assert seen == []
    imported = importlib.import_module(module)
    assert seen == [1]
    assert imported.loader_inside == "SourceFileLoader"
    assert type(imported.__spec__.loader).__name__ == type(imported.__loader__).__name__ == "SourceFileLoader"


def test_runs_at_once_where_the_module_is_there_and_again_on_reload(module):
    imported = importlib.import_module(module)
    seen = []
    _imports.when_imported(module, lambda m: seen.append(m.value))
    assert seen == [1]
    importlib.reload(imported)
    assert seen == [1, 1]


def test_a_patch_that_fails_is_a_warning(module, capfd):
    _warn._told.clear()
    _imports.when_imported(module, lambda m: 1 / 0)
    assert importlib.import_module(module).value == 1
    err = capfd.readouterr().err
    assert err.count("pentachoron:") == 1 and "ZeroDivisionError" in err


def test_what_a_module_raises_stays_what_it_raises(tmp_path, monkeypatch):
    (tmp_path / "broken_here.py").write_text("raise ValueError('mine')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    _imports.when_imported("broken_here", lambda m: None)
    try:
        with pytest.raises(ValueError, match="mine"):
            importlib.import_module("broken_here")
    finally:
        _imports.forget_all()


def test_imports_no_library_by_itself():
    code = (
        "import sys\n"
        "import pentachoron.integrations as i, pkgutil, importlib\n"
        "for m in pkgutil.iter_modules(i.__path__):\n"
        "    if m.name not in ('transformers', 'lightning', 'accelerate', 'keras', '_stand_in_metadata'):\n"
        "        importlib.import_module('pentachoron.integrations.' + m.name)\n"
        "from pentachoron import integrations\n"
        "integrations.install()\n"
        "print([n for n in ('torch','numpy','wandb','trackio','transformers','lightning','keras','jax',"
        "'tensorboard','tensorboardX','accelerate','importlib.metadata') if n in sys.modules])\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HERE.parent
    ).stdout
    assert out.strip() == "[]"
