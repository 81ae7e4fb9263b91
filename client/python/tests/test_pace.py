"""A thousand logs a second: all arrive in order, none twice, and neither side's memory grows with them.

For six seconds; for a minute where ``PENTACHORON_TEST_LONG`` is set.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import pytest

from support.server import Server

SECONDS = 60 if os.environ.get("PENTACHORON_TEST_LONG") else 6
#: Of numbers that wait, which a longer time must not add to.
MOST_GROWN_MB = 12

LOGGING = """
import array, json, os, subprocess, sys, time
import pentachoron
def resident_mb():
    # Not the peak that the system keeps: on Linux that begins with the peak of whoever started this process.
    if os.path.exists("/proc/self/statm"):
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(os.getpid())])) / 2**10
seconds = int(sys.argv[1])
run = pentachoron.init(id="mine")
costs = array.array("d", [1.0]) * (1000 * seconds)
held_mb = []
began = time.monotonic()
for step in range(1000 * seconds):
    before = time.perf_counter()
    run.log({"loss": step, "acc": 0.5, "lr": 1e-3}, step=step)
    costs[step] = time.perf_counter() - before
    if step % 500 == 499:
        held_mb.append(resident_mb())
    ahead = began + (step + 1) / 1000 - time.monotonic()
    if ahead > 0:
        time.sleep(ahead)
logged = time.monotonic()
run.finish(seconds=60)
ordered = sorted(costs)
print(json.dumps({
    "logs_per_second": len(costs) / (logged - began), "seconds_until_stored": time.monotonic() - logged,
    "median_us": 1e6 * ordered[len(costs) // 2], "p99_us": 1e6 * ordered[len(costs) * 99 // 100],
    "peak_mb": max(held_mb), "grown_mb": max(held_mb[4:]) - max(held_mb[:4])}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="its memory is not told there")
def test_a_thousand_logs_a_second(server: Server, program: Any) -> None:
    process = program(LOGGING, launched=False, arguments=[str(SECONDS)])
    out, err = process.communicate(timeout=10 * SECONDS + 120)
    assert (process.returncode, err) == (0, "")
    measured = json.loads(out)
    print({name: round(value, 1) for name, value in measured.items()}, f"in {SECONDS} s")
    frames = server.get("/api/runs/mine/frames", 120)
    column = frames["columns"].index("loss")
    assert [(row[0], row[column]) for row in frames["rows"]] == [(step, step) for step in range(1000 * SECONDS)]
    assert server.run("mine")["status"] == "completed"
    assert measured["grown_mb"] < MOST_GROWN_MB
