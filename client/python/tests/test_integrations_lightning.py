"""A Lightning Trainer on a tiny random model: with nothing, with each logger, and stopped."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent
STEPS = 6


@pytest.fixture(params=["lightning.pytorch", "pytorch_lightning"])
def make(request, recording, need, tmp_path):
    torch, L = need("torch", request.param), need(request.param)
    from pentachoron import integrations
    from pentachoron.integrations import _frameworks

    _frameworks.install()
    integrations._installed = True

    class Module(L.LightningModule):
        def __init__(self, width=3):
            super().__init__()
            self.save_hyperparameters()
            self.layer = torch.nn.Linear(width, 1)

        def training_step(self, batch, index):
            loss = self.layer(batch).square().mean()
            self.log("train_loss", loss)
            return loss

        def validation_step(self, batch, index):
            self.log("val_loss", self.layer(batch).square().mean())

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=0.1)

    def fit(max_steps=STEPS, **more):
        torch.manual_seed(0)
        data = torch.utils.data.DataLoader(torch.randn(6, 3), batch_size=2)
        trainer = L.Trainer(
            max_steps=max_steps, log_every_n_steps=1, enable_progress_bar=False, enable_model_summary=False,
            enable_checkpointing=False, accelerator="cpu", default_root_dir=str(tmp_path), **more,
        )  # fmt: skip
        trainer.fit(Module(), data, data)
        return trainer

    fit.name = request.param
    yield fit
    integrations._installed = False


def loggers(make):
    return importlib.import_module(f"{make.name}.loggers")


def test_with_no_logger(make, recording):
    trainer = make(logger=False)
    assert trainer.loggers == []
    assert [(b["source"], b["name"], b["total"]) for b in recording.begun] == [("lightning", "Module", STEPS)]
    assert [step for step, _ in recording.points("train_loss")] == list(range(STEPS))
    assert len(recording.points("val_loss")) == 2
    assert recording.configs["width"] == 3 and recording.described["total"] == STEPS
    assert recording.boundaries.count("framework") == STEPS and recording.stop_handler is None
    make(logger=False)
    assert len(recording.begun) == 2 and recording.finished == [("lightning", 0)]


def test_csv_logger_is_heard(make, recording, tmp_path):
    make(logger=loggers(make).CSVLogger(str(tmp_path)))
    assert len(recording.begun) == 1 and len(recording.points("train_loss")) == STEPS


def test_default_logger_tells_once(make, recording, need):
    need("tensorboard")
    from pentachoron.integrations import tensorboard

    tensorboard.forget_all()
    tensorboard.install()
    make()
    assert len(recording.begun) == 1 and len(recording.points("train_loss")) == STEPS
    assert {frame["source"] for frame in recording.frames} == {"tensorboard"}


def test_wandb_logger_tells_once(make, recording, stand_in_wandb):
    # Lightning asks for the version once, when it is imported; the launcher is there before that.
    module = importlib.import_module(f"{make.name}.loggers.wandb")
    available = module._WANDB_AVAILABLE
    module._WANDB_AVAILABLE = True
    try:
        logger = module.WandbLogger(project="p", name="n")
        make(logger=logger)
    finally:
        module._WANDB_AVAILABLE = available
    assert [(b["source"], b["project"], b["name"]) for b in recording.begun] == [("wandb", "p", "n")]
    assert [step for step, _ in recording.points("train_loss")] == list(range(STEPS))
    assert recording.configs["width"] == 3 and recording.described["total"] == STEPS
    assert logger.version == "run-1" and recording.finished == []


def test_own_logger(make, recording):
    if make.name != "lightning.pytorch":
        pytest.skip("one process has the logger of one of the two Lightnings")
    from pentachoron.integrations.lightning import PentachoronCallback, PentachoronLogger

    logger = PentachoronLogger(project="p", name="n", tags=["t"])
    trainer = make(logger=logger, callbacks=[PentachoronCallback()])
    assert [type(c).__name__ for c in trainer.callbacks].count("PentachoronCallback") == 1
    assert recording.begun == [{"source": "lightning", "project": "p", "name": "n", "tags": ["t"]}]
    assert [step for step, _ in recording.points("train_loss")] == list(range(STEPS))
    assert logger.version == "run-1"


def test_stop_and_checkpoint(make, recording, tmp_path):
    real = recording.step_boundary

    def boundary(where="step"):
        real(where)
        if recording.boundaries.count("framework") == 2:
            recording.checkpoint_handler()
            recording.stop_handler()

    recording.step_boundary = boundary
    trainer = make(max_steps=50, logger=False)
    assert trainer.global_step == 2
    assert (tmp_path / "pentachoron-step=2.ckpt").is_file()


@pytest.mark.parametrize("name", ["lightning.pytorch", "pytorch_lightning"])
def test_a_fresh_process_takes_the_stand_in_for_wandb(name, need, tmp_path):
    need(name, "torch")
    code = (
        "from pentachoron import integrations; integrations.install('off')\n"
        f"from {name}.loggers import WandbLogger\n"
        "print(WandbLogger(project='p').name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(PACKAGE), "PATH": ""},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "p\n", done.stderr[-2000:]
