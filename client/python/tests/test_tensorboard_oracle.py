"""Every point that `pentachoron import` stores of event files, held against TensorBoard's own reader."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

from support.server import ROOT

pytest_plugins = ["support.frameworks"]


def test_every_point_is_that_of_tensorboards_own_reader(need: Any) -> None:
    need("torch", "tensorboard", "tensorboardX")
    oracle = os.path.join(ROOT, "test", "tensorboard", "oracle.py")
    done = subprocess.run([sys.executable, oracle], capture_output=True, text=True, timeout=600)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"(\d+) points compared, 0 differ", done.stdout)
    assert found is not None and int(found[1]) > 2000
