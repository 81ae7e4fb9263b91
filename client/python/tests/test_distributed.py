"""Two processes that train one model by gloo: all ranks pause, go on, change rates and stop at the same optimizer step."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any

import pytest

from support.fake_server import FakeServer
from support.server import until

pytest.importorskip("torch.distributed")
pytest_plugins = ["support.fakes"]

# Each rank notes every step with its time and rate; a rank that is one step ahead would wait in the all-reduce for 5 s,
# and fail.
SCRIPT = """
import datetime, os, sys, time, torch
import torch.distributed as dist
torch.set_num_threads(1)
dist.init_process_group("gloo", timeout=datetime.timedelta(seconds=5))
rank = dist.get_rank()
torch.manual_seed(0)
net = torch.nn.Linear(8, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.randn(16, 8, generator=torch.Generator().manual_seed(rank))
notes = open(f"rank{rank}.txt", "w", buffering=1)
try:
    for step in range(1, 100_000):
        opt.zero_grad()
        loss = net(x).square().mean()
        loss.backward()
        for parameter in net.parameters():
            dist.all_reduce(parameter.grad)
        notes.write(f"{step} {time.time()} {opt.param_groups[0]['lr']}\\n")
        opt.step()
        time.sleep(0.002 * (1 + rank))
finally:
    notes.write(f"left after {step}\\n")
"""


def begin(settings: Any, folder: Any, rank: int, port: int, launched: bool = True) -> Any:
    (folder / "script.py").write_text(SCRIPT)
    environment = {
        **settings, "RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port),
    }  # fmt: skip
    command = [sys.executable, *(["-m", "pentachoron"] if launched else []), "script.py"]
    return subprocess.Popen(
        command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def free_port() -> int:
    import socket

    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return int(own.getsockname()[1])


def notes(folder: Any, rank: int) -> list[list[str]]:
    lines = (folder / f"rank{rank}.txt").read_text().splitlines()
    return [line.split() for line in lines if line and line[0].isdigit() and len(line.split()) == 3]


def test_a_pause_longer_than_the_group_s_timeout(fake: FakeServer, settings: Any, tmp_path: Any) -> None:
    port = free_port()
    ranks = [begin(settings, tmp_path, rank, port) for rank in (0, 1)]
    try:
        run = until(lambda: fake.runs and len(fake.run.frames) > 10 and fake.run, 120)
        fake.ask(run, control="pause")
        until(lambda: run.status == "paused", 30)
        time.sleep(0.5)
        at = [len(notes(tmp_path, rank)) for rank in (0, 1)]
        assert at[0] == at[1]
        time.sleep(8)
        assert [len(notes(tmp_path, rank)) for rank in (0, 1)] == at
        assert [rank.poll() for rank in ranks] == [None, None]
        fake.ask(run, control="run")
        until(lambda: run.status == "running")
        until(lambda: min(len(notes(tmp_path, rank)) for rank in (0, 1)) > at[0] + 20)

        fake.ask(run, values={"lr": 0.025})
        until(lambda: 0.025 in run.values("lr"))
        time.sleep(1)

        fake.ask(run, control="stop")
        for rank in ranks:
            out, err = rank.communicate(timeout=60)
            assert (rank.returncode, out) == (0, ""), err
        assert run.status == "stopped"
        last = [(tmp_path / f"rank{rank}.txt").read_text().splitlines()[-1] for rank in (0, 1)]
        assert last[0] == last[1] and last[0].startswith("left after")
        rates = [[note[2] for note in notes(tmp_path, rank)] for rank in (0, 1)]
        assert rates[0] == rates[1] and {"0.1", "0.025"} == set(rates[0])
        # One rank tells, and the run is one.
        assert len(fake.runs) == 1
    finally:
        for rank in ranks:
            if rank.poll() is None:
                rank.kill()
            rank.communicate()


def test_pauses_again_and_again(fake: FakeServer, settings: Any, tmp_path: Any) -> None:
    port = free_port()
    ranks = [begin(settings, tmp_path, rank, port) for rank in (0, 1)]
    try:
        run = until(lambda: fake.runs and len(fake.run.frames) > 10 and fake.run, 120)
        for _round in range(5):
            fake.ask(run, control="pause")
            until(lambda: run.status == "paused", 30)
            time.sleep(0.2)
            at = [len(notes(tmp_path, rank)) for rank in (0, 1)]
            assert at[0] == at[1]
            fake.ask(run, control="run")
            until(lambda: run.status == "running" and len(notes(tmp_path, 0)) > at[0], 30)  # noqa: B023
        # A stop out of a pause, too, is all ranks' own.
        fake.ask(run, control="pause")
        until(lambda: run.status == "paused", 30)
        fake.ask(run, control="stop")
        for rank in ranks:
            assert (rank.wait(60), rank.stdout.read()) == (0, "")
        assert run.status == "stopped"
    finally:
        for rank in ranks:
            if rank.poll() is None:
                rank.kill()
            rank.communicate()


@pytest.mark.skipif(not os.environ.get("PENTACHORON_TEST_LONG"), reason="takes long")
def test_under_torchrun(fake: FakeServer, settings: Any, tmp_path: Any) -> None:
    (tmp_path / "script.py").write_text(SCRIPT.replace("100_000", "60"))
    command = [
        sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-port", str(free_port()),
        "-m", "pentachoron", "script.py",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=tmp_path, env=settings, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(fake.run.values("loss")) == 59 and fake.run.status == "completed"
