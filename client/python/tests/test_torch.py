"""Torch trainings without a word of their own: every loss, at its step, under one run a training."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from support.server import ROOT, Server, until

torch = pytest.importorskip("torch")

MODEL = """
import torch, time
torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
x, y = torch.randn(32, 8), torch.randn(32, 1)
"""
LOOP = MODEL + """
opt = torch.optim.SGD(model.parameters(), lr=0.1)
losses = []
for step in range({steps}):
    opt.zero_grad()
    loss = ((model(x) - y) ** 2).mean()
    loss.backward()
    opt.step()
    losses.append(loss.item())
    {more}
import json; print(json.dumps(losses))
"""


def finished(process: Any, code: int = 0) -> str:
    out, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (code, "")
    return str(out)


def test_tells_every_loss_the_rate_the_model_and_the_optimizer(server: Server, program: Any) -> None:
    losses = json.loads(finished(program(LOOP.format(steps=20, more=""))))
    (run,) = server.runs()
    assert server.series(run["id"], "loss") == pytest.approx(dict(enumerate(losses, 1)), abs=1e-7)
    assert server.series(run["id"], "lr") == {1: 0.1}
    assert run["config"]["model"] == "Sequential" and run["config"]["optimizer"] == "SGD"
    assert run["config"]["parameters"] == 8 * 16 + 16 + 16 + 1
    assert run["status"] == "completed" and run["project"] == "script"


def test_means_over_accumulated_micro_batches(server: Server, program: Any) -> None:
    script = MODEL + """
opt = torch.optim.Adam(model.parameters())
for step in range(5):
    for part in range(4):
        torch.autograd.backward(model(x[part::4]).mean() * 0 + float(step * 10 + part))
    opt.step(); opt.zero_grad()
"""
    finished(program(script.replace("model(x[part::4]).mean() * 0", "(model(x[part::4]) * 0).mean()")))
    (run,) = server.runs()
    assert server.series(run["id"], "loss") == {step + 1: step * 10 + 1.5 for step in range(5)}


def test_a_gan_is_one_run_and_each_of_its_losses_has_a_name(server: Server, program: Any) -> None:
    script = MODEL + """
class Critic(torch.nn.Module):
    def __init__(self): super().__init__(); self.l = torch.nn.Linear(8, 1)
    def forward(self, x): return self.l(x)
critic = Critic()
one, two = torch.optim.Adam(model.parameters()), torch.optim.Adam(critic.parameters())
for step in range(10):
    one.zero_grad(); (model(x).mean() * 0 + 1.0).backward(); one.step()
    two.zero_grad(); (critic(x).mean() * 0 + 2.0).backward(); two.step()
"""
    finished(program(script))
    (run,) = server.runs()
    assert set(server.series(run["id"], "loss").values()) == {1.0}
    assert set(server.series(run["id"], "loss/Critic").values()) == {2.0}
    assert run["step"] == 10


def test_trainings_one_after_another_are_runs_named_by_what_differs(server: Server, program: Any) -> None:
    script = MODEL + """
def train(lr, steps=3):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(steps):
        opt.zero_grad(); ((model(x) - y) ** 2).mean().backward(); opt.step()
for lr in (0.1, 0.2): train(lr)
"""
    finished(program(script))
    assert [(run["name"], run["status"], run["step"]) for run in server.runs()] == [
        ("lr=0.1", "completed", 3), ("lr=0.2", "completed", 3)]


def test_a_scaled_loss_is_told_as_it_was(server: Server, program: Any) -> None:
    script = MODEL + """
opt = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
for step in range(4):
    opt.zero_grad()
    loss = model(x).mean() * 0 + step
    scaler.scale(loss).backward()
    scaler.step(opt); scaler.update()
"""
    finished(program(script))
    (run,) = server.runs()
    assert server.series(run["id"], "loss") == {1: 0, 2: 1, 3: 2, 4: 3}


def test_a_step_with_a_closure_tells_its_first_loss(server: Server, program: Any) -> None:
    script = MODEL + """
opt = torch.optim.LBFGS(model.parameters(), max_iter=4)
calls = []
def closure():
    opt.zero_grad(); loss = ((model(x) - y) ** 2).mean(); loss.backward(); calls.append(loss.item()); return loss
firsts = []
for step in range(3):
    before = len(calls); opt.step(closure); firsts.append(calls[before])
print(firsts)
"""
    firsts = json.loads(finished(program(script)))
    (run,) = server.runs()
    assert server.series(run["id"], "loss") == pytest.approx(dict(enumerate(firsts, 1)), abs=1e-7)


def test_what_the_script_logs_under_a_name_of_ours_is_believed(server: Server, program: Any) -> None:
    more = "import pentachoron; run = globals().get('run') or pentachoron.init(name='own'); run.log({'loss': -1.0})"
    finished(program(LOOP.format(steps=5, more=more)))
    (run,) = server.runs()
    assert run["name"] == "own"


def test_is_paused_resumed_given_another_rate_and_stopped(server: Server, program: Any) -> None:
    process = program(LOOP.format(steps=10**9, more="time.sleep(0.002)"))
    (run,) = until(lambda: [each for each in server.runs() if each["step"] > 3])
    path = f"/api/runs/{run['id']}"
    server.post(f"{path}/pause")
    until(lambda: server.get(path)["status"] == "paused")
    step = server.get(path)["step"]
    server.post(f"{path}/resume")
    until(lambda: server.get(path)["step"] > step)
    server.post(f"{path}/set", {"name": "lr", "value": 0.025})
    until(lambda: server.get(path)["controls"]["lr"] == 0.025)
    until(lambda: 0.025 in server.series(run["id"], "lr").values())
    server.post(f"{path}/stop")
    finished(process)
    assert server.get(path)["status"] == "stopped"


def test_watches_every_weight_matrix(server: Server, program: Any) -> None:
    script = LOOP.format(steps=20, more="time.sleep(0.05)") + "time.sleep(1)\n"
    finished(program(script, "--watch", "5"))
    (run,) = server.runs()
    values = server.series(run["id"], "cv/0.weight")
    assert set(values) <= {1, 5, 10, 15, 20} and len(values) >= 3
    assert all(0.05 < value < 2 for value in values.values())


def reference_model(dim: int, heads: int) -> Any:
    """The reference experiment's model as it is initialised, with the global generator where the data left it."""
    torch.manual_seed(42)
    patterns = torch.randint(0, 256, (10, 8))
    for label in range(10):
        for _sample in range(50):
            replaced = torch.rand(8) < 0.25
            patterns[label].clone()[replaced] = torch.randint(0, 256, (int(replaced.sum()),))
    torch.randperm(500)
    embedding = torch.nn.Embedding(256, dim)
    torch.randn(1, 8, dim)
    attention = torch.nn.MultiheadAttention(dim, heads, batch_first=True)
    return embedding, attention, torch.nn.Linear(dim, 10)


@pytest.mark.parametrize("dim, heads", [(64, 1), (64, 8), (128, 4), (256, 2)])
def test_the_cv_of_every_weight_matrix_is_that_of_the_reference(dim: int, heads: int) -> None:
    import pentachoron

    with open(os.path.join(ROOT, "test", "fixtures", "golden", f"d{dim}_h{heads}.json")) as file:
        golden = json.load(file)["cv_robust"]["pre"]
    embedding, attention, head = reference_model(dim, heads)
    size = dim // heads
    thirds = dict(zip("QKV", attention.in_proj_weight.chunk(3)))
    clouds = {"emb": embedding.weight, **{f"{name}_full": third for name, third in thirds.items()}}
    for index in range(heads):
        for name, third in thirds.items():
            clouds[f"{name}_h{index}"] = third[index * size : (index + 1) * size]
    clouds.update({"out_proj": attention.out_proj.weight, "cls_head": head.weight})
    # Each draws its own samples, one after another.
    found = {name: pentachoron.cv(cloud, torch.default_generator) for name, cloud in clouds.items()}
    for name, value in found.items():
        assert value == (None if golden[name] is None else pytest.approx(golden[name], abs=1e-6)), name


def test_a_cloud_without_a_value_has_none() -> None:
    import pentachoron

    cloud = torch.randn(64, 16, generator=torch.Generator().manual_seed(7))
    assert pentachoron.cv(cloud) == pentachoron.cv(cloud)
    assert pentachoron.cv(cloud * 1000) == pytest.approx(pentachoron.cv(cloud), abs=1e-6)
    for without in (cloud[:4], cloud[:, :3], torch.ones(20, 8)):
        assert pentachoron.cv(without) is None
