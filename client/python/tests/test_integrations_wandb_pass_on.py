"""An installed W&B, offline: every call reaches it as before, and is heard."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["support.frameworks"]
HERE = Path(__file__).resolve().parent

# W&B's telemetry needs packages that not every machine's pip delivers; what is absent of them is made up here.
PRELUDE = """
import importlib.machinery, sys, types
class Empty(types.ModuleType):
    __path__ = []
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__getattr__": lambda self, key: key})() if name[0].isupper() else name
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "opentelemetry":
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
    def create_module(self, spec):
        return Empty(spec.name)
    def exec_module(self, module):
        pass
sys.meta_path.append(Finder())
"""

BODY = """
import json
import wandb
from pathlib import Path
run = wandb.init(project="p", name="n", config={"lr": 0.1}, tags=["t"])
wandb.config.depth = 3
wandb.config.update({"lr": 0.2}, allow_val_change=True)
wandb.log({"loss": 1.0})
wandb.log({"loss": 0.5, "n": {"a": 1}}, commit=False)
run.log({"acc": 1})
wandb.log({"train/loss": 2, "train/global_step": 70})
wandb.summary["best"] = 7
seen = dict(run.summary)
facts = {"type": type(run).__module__, "loss": seen["loss"], "best": seen["best"], "same": wandb.run is run,
         "lr": run.config["lr"], "step": run.step}
wandb.finish()
facts["run"] = wandb.run
with wandb.init(name="second") as second:
    second.log({"x": 1}, step=5)
"""


def run_python(code, cwd):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), str(HERE)]), "WANDB_MODE": "offline"}
    env.update(WANDB_SILENT="true", WANDB_DIR=str(cwd))
    return subprocess.run([sys.executable, "-c", code], cwd=cwd, env=env, capture_output=True, text=True)


@pytest.fixture
def wandb_version(tmp_path):
    from support.frameworks import absent, tested

    if importlib.util.find_spec("wandb") is None:
        absent({"wandb": "not installed; only its stand-in was tested"})
    done = run_python(PRELUDE + "import wandb; print(wandb.__version__)", tmp_path)
    if done.returncode != 0:
        absent({"wandb": "installed, but not importable; only its stand-in was tested: " + done.stderr.strip()[-200:]})
    tested["wandb"] = done.stdout.strip()
    return tested["wandb"]


def test_calls_are_passed_on_and_heard(wandb_version, tmp_path):
    hear = (
        "from pentachoron.integrations import _link, wandb as ours\n"
        "from support.recording import RecordingSession\n"
        "session = RecordingSession(); _link.use(session); ours.install('auto')\n"
    )
    heard = "facts, session.begun, session.frames, session.configs, session.summaries, session.finished"
    tell = f"\nprint(json.dumps([{heard}]))\n"
    done = run_python(PRELUDE + hear + BODY + tell, tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "pentachoron:" not in done.stderr
    facts, begun, frames, configs, summaries, finished = json.loads(done.stdout.splitlines()[-1])
    bare = run_python(PRELUDE + BODY + "\nprint(json.dumps(facts))\n", tmp_path)
    assert facts == json.loads(bare.stdout.splitlines()[-1])
    assert facts["type"].startswith("wandb.")
    assert [(b["source"], b.get("project"), b["name"]) for b in begun] == [
        ("wandb", "p", "n"),
        ("wandb", begun[1].get("project"), "second"),
    ]
    assert begun[0]["tags"] == ["t"] and begun[0]["config"] == {"lr": 0.1}
    assert configs == {"lr": 0.2, "depth": 3} and summaries == {"best": 7}
    assert [(f["data"], f["step"], f["commit"]) for f in frames] == [
        ({"loss": 1.0}, None, True),
        ({"loss": 0.5, "n.a": 1}, None, False),
        ({"acc": 1}, None, True),
        ({"train/loss": 2, "train/global_step": 70}, 70, True),
        ({"x": 1}, 5, False),
    ]
    assert finished == [["wandb", 0], ["wandb", 0]]
