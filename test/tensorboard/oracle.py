"""Every point that `pentachoron import` stores, held against TensorBoard's own reader (reservoir off).

Writes folders with torch's SummaryWriter, where torch is there, and with tensorboardX: several tags, several files of
one run, hparams, text between the scalars. Needs tensorboard and tensorboardX.

    python test/tensorboard/oracle.py [LOGDIR …]    # with folders of your own: those instead
"""

import json
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict

import numpy
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util import tensor_util

BIN = os.path.join(os.path.dirname(__file__), "..", "..", "server", "bin.js")

SERIES = 3  # step, at and seconds come before them


def write_folders(base):
    writers = []
    try:
        from torch.utils.tensorboard import SummaryWriter

        writers.append(("torch", SummaryWriter))
    except ImportError:
        print("torch is not there: its writer is not tried")
    from tensorboardX import SummaryWriter as WriterX

    writers.append(("tensorboardX", WriterX))
    chance = random.Random(5)
    for name, writer_class in writers:
        folder = os.path.join(base, name)
        for begin, end in ((0, 400), (400, 700), (700, 1000)):
            writer = writer_class(folder)
            for step in range(begin, end):
                writer.add_scalar("loss/train", math.exp(-step / 300) + chance.random() / 10, step)
                if step % 3 == 0:
                    writer.add_scalar("lr", 10 ** chance.uniform(-9, 9), step)
                if step % 50 == 0:
                    writer.add_scalars("pair", {"a": step, "b": -step}, step)
                    writer.add_text("note", f"step {step}", step)
                    writer.add_histogram("weights", numpy.array([chance.random() for _ in range(9)]), step)
            for value in (float("nan"), float("inf"), -float("inf"), 0.0, 1e-45, 3.4e38):
                writer.add_scalar("odd", value, end)
            writer.close()
            time.sleep(1.1)  # the names of files hold seconds
        writer = writer_class(folder)
        if name == "torch":
            for step in range(20):
                writer.add_scalar("new style", step / 7, step, new_style=True)
                writer.add_scalar("double", step / 7, step, new_style=True, double_precision=True)
        writer.add_hparams({"lr": 0.1, "net": "resnet", "bias": True}, {"hparam/accuracy": 0.9})
        writer.close()


def expected_points(folder):
    """By tag, step and value in the order of the files, as TensorBoard has them."""
    accumulator = EventAccumulator(folder, size_guidance={"scalars": 0, "tensors": 0}, purge_orphaned_data=False)
    accumulator.Reload()
    points = defaultdict(list)
    for tag in accumulator.Tags()["scalars"]:
        points[tag] += [(event.step, event.value) for event in accumulator.Scalars(tag)]
    for tag in accumulator.Tags()["tensors"]:
        if accumulator.SummaryMetadata(tag).plugin_data.plugin_name != "scalars":
            continue
        for event in accumulator.Tensors(tag):
            points[tag].append((event.step, float(tensor_util.make_ndarray(event.tensor_proto).item())))
    return dict(points)


def stored_points(url, run_id):
    points = defaultdict(list)
    with urllib.request.urlopen(f"{url}/api/runs/{run_id}/frames?format=json") as answer:
        history = json.load(answer)
    for row in history["rows"]:
        for tag, value in zip(history["columns"][SERIES:], row[SERIES:]):
            if value is not None:
                points[tag].append((row[0], float(value)))
    return dict(points)


def same(one, other):
    return one[0] == other[0] and (one[1] == other[1] or (math.isnan(one[1]) and math.isnan(other[1])))


def main():
    work = tempfile.mkdtemp(prefix="pentachoron-oracle-")
    folders = sys.argv[1:]
    if not folders:
        folders = [os.path.join(work, "logs")]
        write_folders(folders[0])
    data = os.path.join(work, "data")
    for folder in folders:
        subprocess.run(["node", BIN, "import", folder, "--data", data], check=True, stderr=subprocess.DEVNULL)
    server = subprocess.Popen(
        ["node", BIN, "serve", "--port", "0", "--data", data], stderr=subprocess.PIPE, text=True
    )
    try:
        url = next(word for line in server.stderr for word in line.split() if word.startswith("http://"))
        with urllib.request.urlopen(f"{url}/api/runs") as answer:
            runs = {(run["group"], run["name"]): run for run in json.load(answer)["runs"]}
        total = differing = 0
        for folder in folders:
            real = os.path.realpath(folder)
            for path, _, files in os.walk(real):
                if not any("tfevents" in file for file in files):
                    continue
                expected = expected_points(path)
                if not expected:
                    continue
                name = os.path.relpath(path, real)
                run = runs[real, os.path.basename(real) if name == "." else name]
                stored = stored_points(url, run["id"])
                for tag in sorted(set(expected) | set(stored)):
                    ours, theirs = stored.get(tag, []), expected.get(tag, [])
                    total += len(theirs)
                    wrong = abs(len(ours) - len(theirs)) + sum(not same(*pair) for pair in zip(ours, theirs))
                    differing += wrong
                    if wrong:
                        print(f"{name}: {tag}: {wrong} of {len(theirs)} differ, e.g. {ours[:2]} for {theirs[:2]}")
                print(f"{name}: {sum(map(len, expected.values()))} points of {len(expected)} tags, config {run['config']}")
        print(f"{total} points compared, {differing} differ")
        return 1 if differing or not total else 0
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
