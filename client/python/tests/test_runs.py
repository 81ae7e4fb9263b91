"""The two-line client against the real server: what is logged arrives once and in order, whatever happens meanwhile."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from support.server import Server, until

BEGIN = """
import os, sys, time, math
import pentachoron
run = pentachoron.init(project="p", name="toy", config={"lr": 0.1, "net": {"dim": 8}}, total=50, id="mine", tags=["a"])
"""


def test_tells_what_is_logged_under_its_step(server: Server, program: Any) -> None:
    script = BEGIN + """
run.log({"loss": 3})
run.log({"loss": 2, "val": {"acc": 0.5}})
run.log({"a": 1}, commit=False)
run.log({"b": 2})
run.log({"late": math.nan, "large": math.inf}, step=1)
run.log({"loss": 9}, step=7)
run.log({"acc": 1}, step=7)
run.log({"loss": 10}, step=7)
run.config["batch"] = 4
run.summary["best"] = 0.5
run.finish()
"""
    assert program(script, launched=False).wait(60) == 0
    told = server.run("mine")
    assert told["status"] == "completed"
    assert told["config"] == {"lr": 0.1, "net": {"dim": 8}, "batch": 4}
    assert (told["summary"], told["total"], told["project"], told["tags"]) == ({"best": 0.5}, 50, "p", ["a"])
    frames = server.get("/api/runs/mine/frames")
    columns = frames["columns"][1:]
    rows = [{n: v for n, v in zip(columns, row[1:]) if v is not None and n not in ("at", "seconds")} | {"": row[0]}
            for row in frames["rows"]]
    assert rows == [
        {"loss": 3, "": 0}, {"loss": 2, "val/acc": 0.5, "": 1}, {"a": 1, "b": 2, "": 2},
        {"late": "NaN", "large": "Infinity", "": 1}, {"loss": 9, "acc": 1, "": 7}, {"loss": 10, "": 7},
    ]
    assert os.listdir(os.path.join(os.path.dirname(server.data), "spool")) == []


def test_a_server_that_dies_twenty_times_loses_and_doubles_nothing(server: Server, program: Any) -> None:
    script = BEGIN + """
for step in range(2000):
    run.log({"x": step}, step=step)
    time.sleep(0.005)
run.finish(seconds=90)
"""
    process = program(script, launched=False)
    until(lambda: server.runs())
    for _round in range(20):
        time.sleep(0.3)
        server.kill()
        server.start()
    assert process.wait(180) == 0, process.stderr.read()
    frames = server.get("/api/runs/mine/frames")
    column = frames["columns"].index("x")
    assert [row[column] for row in frames["rows"]] == list(range(2000))
    assert server.run("mine")["status"] == "completed"


def test_what_a_killed_program_left_is_sent_by_sync_once(server: Server, program: Any, environment: Any) -> None:
    script = BEGIN + """
for step in range(1000):
    run.log({"x": step}, step=step, commit=True)
run.log({"x": -1}, step=5000)
print("logged", flush=True)
time.sleep(60)
"""
    server.kill()
    process = program(script, launched=False)
    assert process.stdout.readline() == "logged\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    folder = environment["PENTACHORON_DIR"]
    (spool,) = os.listdir(folder)
    with open(os.path.join(folder, spool), "ab") as file:
        file.write(b'{"kind":"frame","seq":')
    server.start()
    sync = [sys.executable, "-m", "pentachoron", "sync", folder]
    for expected in ("1 of 1 sent", "0 of 0 sent"):
        done = subprocess.run(sync, env=environment, capture_output=True, text=True, timeout=60)
        assert (done.returncode, expected in done.stderr) == (0, True), done.stderr
    assert list(server.series("mine", "x").values()) == [*range(1000), -1]


def test_without_a_server_a_program_goes_on_and_keeps_what_it_logged(program: Any, environment: Any, server: Server) -> None:
    server.close()
    process = program(BEGIN + "run.log({'x': 1})\nprint('done')\n", launched=False)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "done\n")
    assert "sync" in err
    assert len(os.listdir(environment["PENTACHORON_DIR"])) == 1


def test_pause_resume_set_checkpoint_and_stop_take_hold_at_a_log_call(server: Server, program: Any) -> None:
    script = BEGIN + """
run.on_checkpoint(lambda: print("checkpoint", flush=True))
try:
    while True:
        lr = run.control("lr", 1e-3)
        run.log({"lr": lr})
        time.sleep(0.01)
finally:
    print("left", flush=True)
"""
    process = program(script, launched=False)
    until(lambda: server.runs() and server.run("mine")["step"] > 3)
    server.post("/api/runs/mine/pause")
    until(lambda: server.run("mine")["status"] == "paused")
    rows = len(server.get("/api/runs/mine/frames")["rows"])
    time.sleep(0.5)
    assert len(server.get("/api/runs/mine/frames")["rows"]) == rows
    server.post("/api/runs/mine/resume")
    until(lambda: server.run("mine")["status"] == "running")
    server.post("/api/runs/mine/set", {"name": "lr", "value": 0.5})
    until(lambda: server.run("mine")["controls"] == {"lr": 0.5})
    server.post("/api/runs/mine/checkpoint")
    assert process.stdout.readline() == "checkpoint\n"
    server.post("/api/runs/mine/stop")
    assert process.wait(60) == 0
    assert process.stdout.read() == "left\n"
    assert server.run("mine")["status"] == "stopped"
    assert 0.5 in server.series("mine", "lr").values()


def test_a_resumed_run_is_a_branch_of_the_same_run(server: Server, program: Any) -> None:
    for steps in ("0, 10", "5, 12"):
        script = BEGIN.replace('tags=["a"]', 'resume="allow"') + f"""
for step in range({steps}): run.log({{"x": step}}, step=step)
run.finish()
"""
        assert program(script, launched=False).wait(60) == 0
    (run,) = server.runs()
    assert [(seam["kind"], seam["seq"], seam["step"]) for seam in run["seams"]] == [("resume", 10, 9)]
    assert [row[0] for row in server.get("/api/runs/mine/frames")["rows"]] == [*range(10), *range(5, 12)]


def test_what_is_no_number_is_warned_of_once(server: Server, program: Any) -> None:
    process = program(BEGIN + "for _ in range(3): run.log({'note': 'text', 'x': 1})\n", launched=False)
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err.count("note is no number")) == (0, 1)
    assert list(server.series("mine", "x")) == [0, 1, 2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_tells_nothing_and_ends_like_any(server: Server, program: Any) -> None:
    script = BEGIN + """
run.log({"x": 1})
child = os.fork()
if child == 0: sys.exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    out, err = program(script, launched=False).communicate(timeout=60)
    assert (out, err) == ("3\n", "")
    assert server.run("mine")["status"] == "completed"


def test_a_call_costs_less_than_fifty_microseconds(server: Server, program: Any) -> None:
    script = BEGIN + """
costs = []
for step in range(20_000):
    began = time.perf_counter()
    run.log({"loss": 1 / (step + 1), "acc": 0.5}, step=step)
    costs.append(time.perf_counter() - began)
costs.sort()
print(f"{costs[len(costs) // 2] * 1e6:.1f} us at the median, {costs[-200] * 1e6:.0f} at 99 %")
run.finish(seconds=120)
"""
    out, err = program(script, launched=False).communicate(timeout=180)
    print(out)
    assert math.isclose(len(server.series("mine", "loss")), 20_000)
    assert err == ""
