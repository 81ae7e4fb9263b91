"""The stand-in for W&B: what scripts call, what arrives, and that it is not taken for W&B by a folder."""

from __future__ import annotations

import argparse
import copy
import importlib
import importlib.metadata
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["support.frameworks"]
PACKAGE = Path(__file__).resolve().parent.parent


def test_the_words_of_a_script(stand_in_wandb, recording):
    wandb = stand_in_wandb
    assert wandb.run is None
    run = wandb.init(
        project="p", name="n", config={"lr": 0.1}, group="g", tags=["a"], notes="o", id="abc", resume="must"
    )
    assert wandb.run is run and wandb.config is run.config
    assert recording.begun == [
        {"source": "wandb", "project": "p", "name": "n", "config": {"lr": 0.1}, "id": "abc", "resume": "must",
         "group": "g", "tags": ["a"], "notes": "o"}
    ]  # fmt: skip
    assert run.id == "abc" and run.name == "n" and run.url.endswith("/abc")
    wandb.config.depth = 3
    wandb.config.update(argparse.Namespace(width=4))
    wandb.config["lr"] = 0.1
    assert recording.configs == {"lr": 0.1, "depth": 3, "width": 4}
    assert wandb.config.depth == wandb.config["depth"] == 3 and wandb.config.get("none") is None
    from wandb.sdk.lib.config_util import ConfigError

    with pytest.raises(ConfigError):
        wandb.config.lr = 0.2
    wandb.config.update({"lr": 0.2}, allow_val_change=True)
    assert recording.configs["lr"] == 0.2
    wandb.log({"loss": 1.0})
    wandb.summary["best"] = 7
    wandb.run.summary.update({"text": "x"})
    assert recording.summaries == {"best": 7, "text": "x"} and dict(wandb.summary)["loss"] == 1.0
    run.name = "m"
    assert recording.described == {"name": "m"}
    wandb.alert("title", "text")
    assert recording.notes == ["title: text"]
    wandb.watch("model", log_freq=10)
    assert recording.watched == [("model", 10)]
    wandb.finish()
    assert wandb.run is None and recording.finished == [("wandb", 0)]
    with pytest.raises(wandb.Error):
        wandb.log({"loss": 1.0})


def test_steps_are_counted_as_wandb_does(stand_in_wandb, recording):
    run = stand_in_wandb.init()
    run.log({"a": 1})
    run.log({"a": 2}, commit=False)
    run.log({"b": 3})
    assert [(f["step"], f["commit"]) for f in recording.frames] == [(None, True), (None, False), (None, True)]
    assert run.step == 2
    recording.frames.clear()
    run.log({"a": 1}, step=10)
    run.log({"b": 1}, step=10)
    run.log({"c": 1})
    run.log({"c": 2})
    run.log({"late": 1}, step=3)
    assert [(f["step"], f["commit"]) for f in recording.frames] == [
        (10, False), (10, False), (10, True), (11, True), (3, False),
    ]  # fmt: skip


def test_a_frameworks_own_count_is_x(stand_in_wandb, recording):
    run = stand_in_wandb.init()
    run.define_metric("val/*", step_metric="epoch")
    run.log({"train/loss": 1.0, "train/global_step": 50})
    run.log({"eval/loss": 2.0, "epoch": 1})
    run.define_metric("*", step_metric="samples")
    run.log({"x": 1, "samples": 640})
    assert [f["step"] for f in recording.frames] == [50, 50, 640]


def test_what_is_no_number(stand_in_wandb, recording, capfd):
    wandb = stand_in_wandb
    wandb.init()
    picture = wandb.Image("a.png", caption="c")
    wandb.log(
        {"n": {"a": 1, "b": {"c": 2.5}}, "flag": True, "i": picture, "p": [picture, picture], "s": "text", "z": None}
    )
    wandb.log({"i": picture, "nan": float("nan")})
    assert recording.frames[0]["data"] == {"n.a": 1, "n.b.c": 2.5, "flag": 1}
    assert recording.summaries == {"s": "text"}
    err = capfd.readouterr().err
    assert err.count("(Image)") == 1 and err.count("(Images)") == 1 and "(str)" not in err


def test_tables_hold_what_they_are_given(stand_in_wandb):
    table = stand_in_wandb.Table(columns=["a", "b"], data=[[1, 2]])
    table.add_data(3, 4)
    assert table.data == [[1, 2], [3, 4]] and table.get_column("b") == [2, 4]


def test_unknown_attributes_are_inert_with_one_warning(stand_in_wandb, capfd):
    wandb = stand_in_wandb
    wandb.init()
    with wandb.something.deep(1) as value:
        assert not value and list(value) == []
    wandb.something()

    @wandb.decorate
    def mine():
        return 4

    class Derived(wandb.Unheard):
        def f(self):
            return 5

    assert mine() == 4 and Derived().f() == 5
    wandb.run.log_artifact(wandb.Artifact("a", type="model"))
    wandb.log_artifact("a")
    err = capfd.readouterr().err
    assert err.count("wandb.something") == 1 and err.count("wandb.run.log_artifact") == 1
    for name in ("__wrapped__", "__deepcopy__", "__fspath__"):
        with pytest.raises(AttributeError):
            getattr(wandb, name)
    copy.copy(wandb.something)
    with pytest.raises(ImportError):
        importlib.import_module("wandb.no_such_module")


def test_submodules_are_there_without_an_import(stand_in_wandb, capfd):
    assert issubclass(stand_in_wandb.errors.CommError, stand_in_wandb.Error)
    assert len(stand_in_wandb.util.generate_id()) == 8
    assert stand_in_wandb.sdk.wandb_run.Run is stand_in_wandb.Run
    assert capfd.readouterr().err == ""


def test_it_has_a_spec_and_a_version(stand_in_wandb):
    assert importlib.util.find_spec("wandb") is not None
    assert importlib.metadata.version("wandb") == stand_in_wandb.__version__
    assert importlib.metadata.metadata("wandb")["Name"] == "wandb"
    if hasattr(importlib.metadata, "packages_distributions"):  # From Python 3.10 on.
        assert "wandb" in importlib.metadata.packages_distributions()


def test_context_manager_and_a_second_run(stand_in_wandb, recording):
    wandb = stand_in_wandb
    with wandb.init(name="one") as run:
        assert wandb.init(name="ignored") is run
    with pytest.raises(RuntimeError), wandb.init(name="two"):
        raise RuntimeError
    wandb.init(name="three")
    wandb.init(name="four", reinit=True)
    assert [b["name"] for b in recording.begun] == ["one", "two", "three", "four"]
    assert recording.finished == [("wandb", 0), ("wandb", 1), ("wandb", 0)]


def test_run_dir_is_a_folder(stand_in_wandb, tmp_path, monkeypatch):
    monkeypatch.setenv("PENTACHORON_DIR", str(tmp_path))
    assert os.path.isdir(stand_in_wandb.init(id="d").dir)


def run_python(code, cwd, **env):
    full = {**os.environ, "PYTHONPATH": str(PACKAGE), **env}
    return subprocess.run([sys.executable, "-c", code], cwd=cwd, env=full, capture_output=True, text=True)


def test_a_folder_called_wandb_is_not_wandb(tmp_path):
    (tmp_path / "wandb").mkdir()
    code = (
        "import sys\n"
        "sys.path[:] = [''] + [p for p in sys.path if 'site-packages' not in p]\n"
        "from pentachoron.integrations import wandb as w; w.install('%s')\n"
        "import wandb\n"
        "print(hasattr(wandb, 'run'), getattr(wandb, '__version__', None))\n"
    )
    assert run_python(code % "auto", tmp_path).stdout == "True 0.30.0\n"
    assert run_python(code % "both", tmp_path).stdout == "False None\n"
    (tmp_path / "wandb" / "__init__.py").write_text("run = 1\n__version__ = 'own'\n")
    assert run_python(code % "auto", tmp_path).stdout == "True own\n"
    assert run_python(code % "off", tmp_path).stdout == "True 0.30.0\n"


def test_where_there_is_none_both_fails_as_python_does(tmp_path):
    code = (
        "import sys\n"
        "sys.path[:] = [''] + [p for p in sys.path if 'site-packages' not in p]\n"
        "from pentachoron.integrations import wandb as w; w.install('both')\n"
        "import wandb\n"
    )
    assert "ModuleNotFoundError: No module named 'wandb'" in run_python(code, tmp_path).stderr
