"""Trainings of torch as scripts really write them: several after one another, failing, in cycles, on a schedule.

Importing torch takes longer than all of a scenario, so that most of them share a program: each training in it is a run.
"""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from support.fake_server import FakeRun, FakeServer
from support.server import until

pytest.importorskip("torch")
pytest_plugins = ["support.fakes"]

MODEL = """
import gc, sys, time, torch
from torch import nn
torch.manual_seed(0)
torch.set_num_threads(1)
class Net(nn.Module):
    def __init__(self, out=1):
        super().__init__()
        self.a, self.b = nn.Linear(4, 8), nn.Linear(8, out)
    def forward(self, x):
        return self.b(self.a(x).tanh())
x, y = torch.randn(16, 4), torch.randn(16, 1)
mse = nn.MSELoss()
"""

SCENARIOS = MODEL + """
def accumulation_that_ends_in_a_closure(which):
    net = Net()
    opt = torch.optim.Adam(net.parameters(), lr=0.1)
    for step in range(3):
        opt.zero_grad()
        first = mse(net(x[:8]), y[:8]); first.backward()
        seen = []
        def closure():
            loss = mse(net(x[8:]), y[8:]); loss.backward(); seen.append(loss.item()); return loss
        opt.step(closure)
        print(which, (first.item() + seen[0]) / 2)

def a_step_that_fails(which):
    net = Net()
    opt = torch.optim.Adam(net.parameters(), lr=0.1)
    def broken(): raise RuntimeError("out of memory")
    for step in range(6):
        opt.zero_grad()
        if step == 2:
            try: opt.step(broken)
            except RuntimeError: continue
        loss = mse(net(x), y); loss.backward()
        opt.step()
        print(which, loss.item())

def a_subclass_that_calls_its_parent(which):
    class Own(torch.optim.Adam):
        def step(self, closure=None):
            return super().step(closure)
    net = Net()
    opt = Own(net.parameters(), lr=0.1)
    for step in range(5):
        opt.zero_grad(); loss = mse(net(x), y); loss.backward(); opt.step()
        print(which, loss.item())

def a_step_that_the_scaler_passes_over(which):
    net = Net()
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    for step in range(8):
        opt.zero_grad()
        loss = mse(net(x), y)
        if step == 3: loss = loss * float("inf")
        scaler.scale(loss).backward()
        scaler.step(opt)
        scaler.update()
        if step != 3: print(which, loss.item())

class Cycle:
    def __init__(self):
        self.net = Net()
        self.opt = torch.optim.SGD(self.net.parameters(), lr=0.1)
        self.me = self
    def fit(self, which):
        for step in range(3):
            self.opt.zero_grad(); loss = mse(self.net(x), y); loss.backward(); self.opt.step()
            print(which, loss.item())

def an_optimizer_in_a_cycle(which):
    Cycle().fit(which)

def groups_on_a_schedule(which):
    net = Net()
    opt = torch.optim.SGD([{"params": net.a.parameters()}, {"params": net.b.parameters(), "lr": 0.01}], lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, step_size=2, gamma=0.5)
    for step in range(4):
        opt.zero_grad(); loss = mse(net(x), y); loss.backward(); opt.step(); sched.step()
        print(which, loss.item())

def a_gan(which):
    class Generator(Net): pass
    class Critic(Net): pass
    g, d = Generator(4), Critic()
    opt_d, opt_g = torch.optim.Adam(d.parameters(), lr=2e-3), torch.optim.Adam(g.parameters(), lr=1e-3)
    for step in range(5):
        opt_d.zero_grad()
        real = mse(d(x), torch.ones(16, 1)); real.backward()
        false = mse(d(g(x).detach()), torch.zeros(16, 1)); false.backward()
        opt_d.step()
        print(which, (real.item() + false.item()) / 2)
        opt_g.zero_grad()
        own = mse(d(g(x)), torch.ones(16, 1)); own.backward()
        opt_g.step()

def a_gan_whose_backwards_come_first(which):
    class Generator(Net): pass
    class Critic(Net): pass
    g, d = Generator(4), Critic()
    opt_d, opt_g = torch.optim.Adam(d.parameters(), lr=2e-3), torch.optim.Adam(g.parameters(), lr=1e-3)
    for step in range(5):
        opt_g.zero_grad()
        false = g(x)
        own = mse(d(false), torch.ones(16, 1)); own.backward()
        # What the generator's loss has left there.
        opt_d.zero_grad()
        critic = mse(d(x), torch.ones(16, 1)) + mse(d(false.detach()), torch.zeros(16, 1)); critic.backward()
        opt_d.step(); opt_g.step()
        print(which, critic.item())
        print(which + "/Generator", own.item())

def one_loss_of_two_optimizers(which):
    net = Net()
    opts = torch.optim.SGD(net.a.parameters(), lr=0.1), torch.optim.Adam(net.b.parameters(), lr=0.1)
    for step in range(3):
        loss = mse(net(x), y); loss.backward()
        for opt in opts: opt.step(); opt.zero_grad()
        print(which, loss.item())

for scenario in (accumulation_that_ends_in_a_closure, a_step_that_fails, a_subclass_that_calls_its_parent,
                 a_step_that_the_scaler_passes_over, an_optimizer_in_a_cycle, an_optimizer_in_a_cycle,
                 groups_on_a_schedule, a_gan, a_gan_whose_backwards_come_first, one_loss_of_two_optimizers):
    scenario(scenario.__name__)
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: Any) -> Any:
    """Of each scenario its runs, and what it printed."""
    import subprocess
    import sys

    from support.fakes import PACKAGE

    fake = FakeServer()
    folder = tmp_path_factory.mktemp("scenarios")
    (folder / "script.py").write_text(SCENARIOS)
    environment = {**os.environ, "PENTACHORON_URL": fake.url, "PENTACHORON_DIR": str(folder), "PYTHONPATH": PACKAGE}
    command = [sys.executable, "-m", "pentachoron", "script.py"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    printed: dict[str, list[float]] = {}
    for line in done.stdout.splitlines():
        which, number = line.split()
        printed.setdefault(which, []).append(float(number))
    runs: dict[str, list[FakeRun]] = {}
    for run in fake.runs.values():
        runs.setdefault(run.config["which"], []).append(run)
    yield runs, printed
    fake.kill()
    assert fake.violations == []


@pytest.mark.parametrize(
    "which",
    [
        "accumulation_that_ends_in_a_closure",
        "a_step_that_fails",
        "a_subclass_that_calls_its_parent",
        "a_step_that_the_scaler_passes_over",
        "groups_on_a_schedule",
        "a_gan",
        "a_gan_whose_backwards_come_first",
        "one_loss_of_two_optimizers",
    ],
)
def test_tells_the_losses_of(which: str, told: Any) -> None:
    runs, printed = told
    (run,) = runs[which]
    assert run.values("loss") == pytest.approx(printed[which], rel=1e-6)
    assert [step for step, _loss in run.points("loss")] == list(range(1, len(printed[which]) + 1))
    assert run.status == "completed"


def test_an_optimizer_in_a_cycle_is_dropped_all_the_same(told: Any) -> None:
    runs, _printed = told
    assert [len(run.values("loss")) for run in runs["an_optimizer_in_a_cycle"]] == [3, 3]


def test_tells_the_rates_of_groups_as_they_change(told: Any) -> None:
    (run,) = told[0]["groups_on_a_schedule"]
    for name, expected in (("lr/0", [(1, 0.1), (3, 0.05)]), ("lr/1", [(1, 0.01), (3, 0.005)])):
        assert [step for step, _rate in run.points(name)] == [step for step, _rate in expected]
        assert run.values(name) == pytest.approx([rate for _step, rate in expected])


def test_a_gan_is_one_run(told: Any) -> None:
    (run,) = told[0]["a_gan"]
    assert len(run.values("loss/Generator")) == 5 and run.values("lr/Generator") == [1e-3]
    assert run.config["model"] == "Critic"


def test_losses_go_to_the_optimizer_whose_gradients_they_filled(told: Any) -> None:
    runs, printed = told
    (run,) = runs["a_gan_whose_backwards_come_first"]
    assert run.values("loss/Generator") == pytest.approx(printed["a_gan_whose_backwards_come_first/Generator"], rel=1e-6)
    (shared,) = runs["one_loss_of_two_optimizers"]
    assert [name for frame in shared.frames for name in frame["values"] if name.startswith("loss")] == ["loss"] * 3


def test_runs_are_named_by_what_differs_and_renamed_when_more_does(told: Any) -> None:
    runs, _printed = told
    assert {run.name for each in runs.values() for run in each} == {f"which={which}" for which in runs}


def test_a_sweep_in_the_open_is_named_too(fake: FakeServer, start: Any) -> None:
    process = start(MODEL + """
batch = 16
def main():
    seed = 7
    for lr in (0.1, 0.01, 0.001):
        began, best = time.time(), 1 / (lr * 3)
        net = Net()
        net.eval()
        opt = torch.optim.SGD(net.parameters(), lr=lr)
        for step in range(3):
            opt.zero_grad(); mse(net(x), y).backward(); opt.step()
main()
""")
    assert process.communicate(timeout=120)[1] == ""
    assert [run.name for run in fake.runs.values()] == ["lr=0.1", "lr=0.01", "lr=0.001"]


def test_a_rate_is_set_live_and_a_schedule_goes_on_from_it(fake: FakeServer, start: Any) -> None:
    process = start(MODEL + """
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda step: 1.0 if step < 40 else 0.5)
for step in range(80):
    opt.zero_grad(); mse(net(x), y).backward(); opt.step(); sched.step()
    if step == 10: sys.stdin.readline()
""")
    run = until(lambda: fake.runs and fake.run.controls == {"lr": 0.1} and fake.run, 60)
    fake.ask(run, values={"lr": 0.02})

    import time

    time.sleep(1)
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.communicate(timeout=60) == ("", "")
    assert run.values("lr") == pytest.approx([0.1, 0.02, 0.01])


SEED = os.environ.get("PENTACHORON_EXPERIMENT", "/work/shared/experiment")


@pytest.mark.skipif(not os.path.isdir(os.path.join(SEED, "golden")), reason="the reference experiment is not here")
def test_the_seed_script_unmodified_becomes_twelve_runs(fake: FakeServer, start: Any, tmp_path: Any) -> None:
    with open(os.path.join(SEED, "cv_sweep_mha_testing.py")) as file:
        script = file.read()
    process = start(script)
    out, err = process.communicate(timeout=900)
    assert (process.returncode, err) == (0, "")
    assert len(fake.runs) == 12
    if os.environ.get("PENTACHORON_TEST_LONG"):
        assert out == start(script, launched=False).communicate(timeout=900)[0]
    for dim in (64, 128, 256):
        for heads in (1, 2, 4, 8):
            with open(os.path.join(SEED, "golden", f"d{dim}_h{heads}.json")) as file:
                golden = json.load(file)
            run = fake.named(f"dim={dim} n_heads={heads}")
            assert run.values("loss") == pytest.approx(golden["losses"], abs=1e-6)
            assert [step for step, _loss in run.points("loss")] == list(range(1, 51))
            assert run.status == "completed" and run.config["model"] == "MHAClassifier"
            headings = [line for line in run.output if line.startswith("D=")]
            assert headings == [f"D={dim} heads={heads} head_dim={dim // heads}"]
