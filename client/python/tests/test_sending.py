"""What arrives, over a line that loses answers, servers that come and go, and programs that are killed: all, once."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from typing import Any

import pytest

import pentachoron
from pentachoron import _warn
from support.fake_server import FakeServer
from support.server import until

pytest_plugins = ["support.fakes"]


@pytest.fixture
def begin(fake: FakeServer, tmp_path: Any, monkeypatch: Any) -> Any:
    """Begins a run in this process."""
    monkeypatch.setenv("PENTACHORON_DIR", str(tmp_path / "spool"))
    monkeypatch.setattr(_warn, "_told", set())
    runs = []

    def make(**init: Any) -> Any:
        runs.append(pentachoron.init(url=fake.url, **init))
        return runs[-1]

    yield make
    for run in runs:
        run.finish(seconds=0)


def left(folder: Any) -> list[str]:
    return os.listdir(folder / "spool")


def test_answers_lost_after_storing_and_requests_lost_before(fake: FakeServer, begin: Any, tmp_path: Any) -> None:
    fake.lose = 3
    run = begin(name="n")
    for step in range(300):
        if step % 20 == 0:
            fake.lose, fake.drop = 1 - step // 20 % 2, step // 20 % 2
        run.log({"x": step}, step=step)
        run.output([{"text": f"line {step}"}])
        time.sleep(0.005)
    run.finish(seconds=30)
    assert fake.run.points("x") == [(step, step) for step in range(300)]
    assert fake.run.output == [f"line {step}" for step in range(300)]
    assert [state["status"] for state in fake.run.states] == ["completed"]
    assert left(tmp_path) == []


def test_a_server_that_comes_and_goes_twenty_times(fake: FakeServer, begin: Any) -> None:
    run = begin()
    step = 0
    for _round in range(20):
        until_time = time.monotonic() + 0.15
        while time.monotonic() < until_time:
            run.log({"x": step}, step=step)
            step += 1
            time.sleep(0.002)
        fake.kill()
        time.sleep(0.05)
        fake.start()
    run.finish(seconds=30)
    assert fake.run.values("x") == list(range(step))


def test_another_server_in_its_place_is_told_everything(fake: FakeServer, begin: Any) -> None:
    run = begin(name="n", config={"a": 1})
    run.describe(summary={"best": 2})
    for step in range(10):
        run.log({"x": step}, step=step)
        run.output([{"text": str(step)}])
    until(lambda: fake.runs and len(fake.run.frames) >= 9 and len(fake.run.lines) == 10)
    fake.replace()
    run.log({"x": 10}, step=10)
    run.finish(seconds=30)
    assert fake.run.values("x") == list(range(11))
    assert fake.run.output == [str(step) for step in range(10)]
    assert (fake.run.name, fake.run.config, fake.run.summary) == ("n", {"a": 1}, {"best": 2})


def test_a_slow_server_costs_the_training_nothing(fake: FakeServer, begin: Any) -> None:
    fake.delay = 0.5
    run = begin()
    costs = []
    for step in range(2000):
        began = time.perf_counter()
        run.log({"loss": 1 / (step + 1), "acc": 0.5}, step=step)
        costs.append(time.perf_counter() - began)
    print(f"a call costs {statistics.median(costs) * 1e6:.1f} us at the median, {sorted(costs)[-20] * 1e6:.0f} at 99 %")
    fake.delay = 0
    run.finish(seconds=30)
    assert len(fake.run.points("loss")) == 2000


def test_prints_between_steps_share_requests(fake: FakeServer, begin: Any) -> None:
    fake.delay = 0.05
    run = begin()
    for step in range(500):
        run.log({"x": step}, step=step)
        run.output([{"text": f"step {step}"}])
        time.sleep(0.001)
    run.finish(seconds=30)
    assert len(fake.run.frames) == len(fake.run.lines) == 500
    assert fake.requests < 60


def test_what_is_held_for_merging_survives_a_kill(fake: FakeServer, start: Any, settings: Any) -> None:
    process = start("""
        import pentachoron, time
        run = pentachoron.init(id="mine")
        run.log({"a": 1}, step=1)
        run.log({"b": 2}, step=1)
        print("ready", flush=True)
        time.sleep(60)
    """, launched=False)
    process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    folder = settings["PENTACHORON_DIR"]
    (name,) = os.listdir(folder)
    with open(os.path.join(folder, name), "ab") as file:
        file.write(b'{"kind":"frame","seq":1,"step":2,"val')
    done = subprocess.run(
        [sys.executable, "-m", "pentachoron", "sync", folder], env=settings, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert [(frame["step"], frame["values"]) for frame in fake.run.frames] == [(1, {"a": 1, "b": 2})]
    assert os.listdir(folder) == []


def test_sync_leaves_what_a_program_still_writes(fake: FakeServer, begin: Any, settings: Any, tmp_path: Any) -> None:
    run = begin()
    run.log({"x": 1})
    done = subprocess.run(
        [sys.executable, "-m", "pentachoron", "sync", str(tmp_path / "spool")],
        env=settings, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, "still runs" in done.stderr) == (1, True)
    run.log({"x": 2})
    run.finish(seconds=30)
    assert fake.run.values("x") == [1, 2]


def test_viewers_are_offered_what_the_program_obeys_by_then(fake: FakeServer, begin: Any) -> None:
    run = begin()
    until(lambda: fake.runs)
    assert fake.run.accepts == ["pause", "resume", "stop"]
    run.checkpoint_handlers([])
    run.on_checkpoint(lambda: None)
    run.on_checkpoint(lambda: None)
    until(lambda: "checkpoint" in fake.run.accepts)
    run.control("lr", 0.1)
    until(lambda: fake.run.accepts == ["pause", "resume", "stop", "checkpoint", "set"])
    assert fake.run.controls == {"lr": 0.1}
    framework = begin()
    framework.checkpoint_handlers([print])
    framework.checkpoint_handlers([])
    framework.finish(seconds=30)
    assert fake.runs[framework.id].accepts == ["pause", "resume", "stop"]
    assert sum("accepts" in change for change in fake.runs[run.id].patches) == 2


def test_frames_of_one_step_merge_until_a_name_comes_again(fake: FakeServer, begin: Any) -> None:
    run = begin()
    run.log({"a": 1}, step=5)
    run.log({"b": 2}, step=5)
    run.log({"a": 3}, step=5)
    run.log({"c": 4}, commit=False)
    run.log({"d": 5})
    run.log({"e": 6})
    until(lambda: fake.runs and len(fake.run.frames) == 3)
    run.finish()
    found = [(frame["step"], frame["values"]) for frame in fake.run.frames]
    assert found == [(5, {"a": 1, "b": 2}), (5, {"a": 3, "c": 4, "d": 5}), (6, {"e": 6})]


def test_a_frame_goes_out_after_a_second(fake: FakeServer, begin: Any) -> None:
    run = begin()
    run.log({"a": 1}, step=1)
    until(lambda: fake.runs and len(fake.run.frames) == 1, 5)
    run.log({"b": 2}, step=1)
    run.finish()
    assert [frame["values"] for frame in fake.run.frames] == [{"a": 1}, {"b": 2}]


def test_names_steps_and_values_of_every_kind_are_taken(fake: FakeServer, begin: Any) -> None:
    run = begin(name="a\u202eb\n" + "\U0001f525" * 300, tags=["x" * 99], config={"big": "y" * 70_000, "nan": float("nan")})
    run.log({"\U0001f525" * 200: 1, "a\x00b": 2, "": 3, "n" * 500: 4}, step=1)
    numpy = pytest.importorskip("numpy")
    run.log({"f": numpy.float32(0.5), "i": numpy.int64(2)}, step=numpy.int64(3))
    run.log({"big": 10**400, "true": True}, step=4.5)
    run.log({f"s{index}": index for index in range(2500)}, step=6)
    run.log({"x": 1}, step=float("nan"))
    run.output([{"text": "z" * 10_000}, {"text": "\ud800 lone"}])
    run.summary["best"] = {"of": [1, 2]}
    run.finish(seconds=30)
    told = {name: value for frame in fake.run.frames for name, value in frame["values"].items()}
    assert told["f"] == 0.5 and told["i"] == 2 and told["big"] == "Infinity" and told["true"] == 1
    assert sum(name.startswith("s") and name[1:].isdigit() for name in told) == 2500
    assert fake.run.status == "completed"
    # How it was described was too large, and is the one thing that is refused.
    fake.violations[:] = [each for each in fake.violations if "config is too large" not in each and "body has" not in each]


def test_a_frame_that_is_refused_keeps_none_from_arriving(fake: FakeServer, begin: Any, capfd: Any) -> None:
    run = begin()
    run.log({"x": 0}, step=0)
    run.spool.append("frame", step=1, at=1, values={"x\u0000": 1}, whole=1)
    run.log({"x": 2}, step=2)
    run.finish(seconds=30)
    assert fake.run.points("x") == [(0, 0), (2, 2)]
    assert fake.violations and "does not take a frame" in capfd.readouterr().err
    fake.violations.clear()


def test_a_token_is_asked_for(fake: FakeServer, begin: Any, capfd: Any, tmp_path: Any) -> None:
    fake.token = "secret"
    run = begin()
    run.log({"x": 1})
    run.finish(seconds=10)
    assert "a token is needed" in capfd.readouterr().err
    run = begin(token="secret")
    run.log({"x": 2})
    run.finish(seconds=10)
    assert fake.run.values("x") == [2]
    assert len(left(tmp_path)) == 1
    with open(tmp_path / "spool" / left(tmp_path)[0]) as file:
        assert "secret" not in file.read()


def test_without_a_server_the_end_is_not_long_in_coming(fake: FakeServer, begin: Any, tmp_path: Any) -> None:
    fake.kill()
    run = begin()
    run.log({"x": 1})
    time.sleep(2)
    began = time.monotonic()
    run.finish()
    assert time.monotonic() - began < 5
    assert len(left(tmp_path)) == 1


def test_a_pause_holds_over_a_server_that_goes(fake: FakeServer, start: Any) -> None:
    process = start("""
        import pentachoron, time
        run = pentachoron.init(id="mine")
        step = 0
        while True:
            run.log({"x": step}, step=step)
            step += 1
            time.sleep(0.01)
    """, launched=False)
    run = until(lambda: fake.runs and len(fake.run.frames) > 3 and fake.run)
    fake.ask(run, control="pause")
    until(lambda: run.status == "paused")
    frames = len(run.frames)
    fake.kill()
    time.sleep(0.5)
    fake.start()
    time.sleep(1)
    assert len(run.frames) == frames and process.poll() is None
    fake.ask(run, control="run")
    until(lambda: len(run.frames) > frames)
    fake.ask(run, control="stop")
    assert process.wait(30) == 0
    assert [state["status"] for state in run.states] == ["paused", "running", "stopped"]


def test_the_spool_is_json_lines(fake: FakeServer, begin: Any) -> None:
    fake.kill()
    run = begin(name="n")
    run.log({"x": float("inf")})
    with open(run.spool.path) as file:
        kinds = [json.loads(line)["kind"] for line in file]
    assert kinds == ["open", "frame"]
