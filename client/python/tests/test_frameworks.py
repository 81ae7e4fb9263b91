"""Whole trainings under the launcher, by frameworks, against the real server: one run each, told once, steered."""

from __future__ import annotations

from typing import Any

from support.server import Server, until

HF = """
import torch, transformers
torch.manual_seed(0)
config = transformers.GPT2Config(n_layer=1, n_head=2, n_embd=8, vocab_size=32, n_positions=8)
row = {"input_ids": torch.arange(8), "labels": torch.arange(8)}
arguments = transformers.TrainingArguments(
    output_dir="out", max_steps=%(steps)s, logging_steps=2, report_to=%(report)r, per_device_train_batch_size=2,
    save_strategy="no", use_cpu=True, disable_tqdm=True)
transformers.Trainer(transformers.GPT2LMHeadModel(config), arguments, train_dataset=[row] * 32).train()
print("trained")
"""

LIGHTNING = """
import torch, lightning.pytorch as L
class Module(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(3, 1)
    def training_step(self, batch, index):
        loss = self.layer(batch).square().mean()
        self.log("train_loss", loss)
        return loss
    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)
logger = %(logger)s
trainer = L.Trainer(max_steps=%(steps)s, log_every_n_steps=1, enable_progress_bar=False, enable_model_summary=False,
                    enable_checkpointing=False, accelerator="cpu", logger=logger)
trainer.fit(Module(), torch.utils.data.DataLoader(torch.randn(6, 3), batch_size=2))
print("trained")
"""


def the_run(server: Server) -> Any:
    runs = server.runs()
    assert len(runs) == 1, [(run["name"], run["series"]) for run in runs]
    return runs[0]


def finished(process: Any) -> None:
    out, err = process.communicate(timeout=300)
    assert (process.returncode, "trained" in out) == (0, True), err


def test_a_trainer_of_hugging_face_without_a_logger(server: Server, program: Any, need: Any) -> None:
    need("torch", "transformers", "accelerate")
    finished(program(HF % {"steps": 6, "report": "none"}))
    run = the_run(server)
    assert (run["status"], run["total"], run["step"]) == ("completed", 6, 6)
    assert {"train/loss", "loss"} <= set(run["series"])
    assert list(server.series(run["id"], "train/loss")) == [2, 4, 6]
    assert list(server.series(run["id"], "loss")) == [1, 2, 3, 4, 5, 6]


def test_a_trainer_of_hugging_face_that_reports_to_wandb(server: Server, program: Any, need: Any) -> None:
    need("torch", "transformers", "accelerate")
    finished(program(HF % {"steps": 6, "report": "wandb"}, "--wandb", "off"))
    run = the_run(server)
    assert list(server.series(run["id"], "train/loss")) == [2, 4, 6]
    assert run["config"]["n_embd"] == 8


def test_a_trainer_of_hugging_face_is_paused_and_stopped(server: Server, program: Any, need: Any) -> None:
    need("torch", "transformers", "accelerate")
    process = program(HF % {"steps": 100_000, "report": "none"})
    run = until(lambda: [each for each in server.runs() if each["step"] > 3])[0]
    path = f"/api/runs/{run['id']}"
    server.post(f"{path}/pause")
    until(lambda: server.get(path)["status"] == "paused")
    server.post(f"{path}/resume")
    until(lambda: server.get(path)["status"] == "running")
    server.post(f"{path}/stop")
    finished(process)
    assert server.get(path)["status"] == "stopped"


def test_a_trainer_of_lightning_without_a_logger_and_with_wandb(server: Server, program: Any, need: Any) -> None:
    need("torch", "lightning.pytorch")
    finished(program(LIGHTNING % {"steps": 6, "logger": "False"}))
    run = the_run(server)
    # Lightning counts its steps from 0.
    assert (run["status"], run["step"] in (5, 6)) == ("completed", True)
    assert list(server.series(run["id"], "train_loss")) == list(range(6))
    wandb = "L.loggers.WandbLogger(project='p', name='mine')"
    finished(program(LIGHTNING % {"steps": 6, "logger": wandb}, "--wandb", "off"))
    second = server.runs()[1]
    assert (len(server.runs()), second["name"]) == (2, "mine")
    assert len(server.series(second["id"], "train_loss")) == 6


def test_summary_writers_and_plain_wandb_calls(server: Server, program: Any, need: Any) -> None:
    need("torch", "tensorboard")
    script = """
import wandb
from torch.utils.tensorboard import SummaryWriter
run = wandb.init(project="w", name="both", config={"lr": 0.1})
writer = SummaryWriter("logs")
for step in range(5):
    wandb.log({"a": step}, step=step)
    writer.add_scalar("b", step * 2, step)
writer.close(); wandb.finish()
print("trained")
"""
    finished(program(script, "--wandb", "off"))
    run = the_run(server)
    assert (run["name"], run["project"], run["config"]) == ("both", "w", {"lr": 0.1})
    assert server.series(run["id"], "a") == {step: step for step in range(5)}
    assert server.series(run["id"], "b") == {step: 2 * step for step in range(5)}
