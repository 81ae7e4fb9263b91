"""Under ``python -m pentachoron`` a script does what it does without, and is told of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from typing import Any

import pytest

from support.server import Server, until

SCRIPTS = {
    "prints and exits": ("import sys\nprint('out'); print('err', file=sys.stderr); sys.exit(5)", 5),
    "exits with a text": ("import sys\nsys.exit('no data')", 1),
    "raises": ("def f():\n    raise ValueError('bad')\nprint('x')\nf()", 1),
    "has a hook of its own": ("import sys\nsys.excepthook = lambda *a: print('mine', a[0].__name__)\n1 / 0", 1),
    "pickles its own class at exit": (
        "import atexit, pickle\nclass C: pass\natexit.register(lambda: print(len(pickle.dumps(C())) > 0))\n", 0),
    "is __main__": ("import sys\nprint(__name__, sys.argv, __spec__, 'pentachoron' in sys.path[0])", 0),
    "has a syntax error": ("def (:\n", 1),
    "uses processes": (
        "import multiprocessing as m\ndef f(x): return x * x\n"
        "if __name__ == '__main__':\n    m.set_start_method('spawn')\n    print(m.Pool(1).map(f, [2]))", 0),
}


@pytest.mark.parametrize("what", SCRIPTS)
def test_a_script_that(what: str, program: Any) -> None:
    script, code = SCRIPTS[what]
    bare = program(script, launched=False, arguments=["--flag", "-m"])
    expected = bare.communicate(timeout=60)
    own = program(script, "--name", "n", arguments=["--flag", "-m"])
    out, err = own.communicate(timeout=60)
    assert (own.returncode, out) == (code, expected[0]) == (bare.returncode, out)
    assert err == expected[1]


LOGGING = "import pentachoron, time, sys\nrun = pentachoron.init(id='mine')\nrun.log({'x': 1})\n"


def test_what_is_printed_is_the_run_s(server: Server, program: Any) -> None:
    script = "print('before')\n" + LOGGING + "print('after'); print('oops', file=sys.stderr)\nprint('50%\\r100%')\n"
    assert program(script).wait(60) == 0
    until(lambda: server.run("mine")["status"] == "completed")
    assert server.output("mine") == ["before", "after", "oops", "100%"]


def test_an_exception_fails_the_run_with_its_traceback(server: Server, program: Any) -> None:
    program(LOGGING + "raise RuntimeError('out of luck')\n").wait(60)
    told = server.run("mine")
    assert told["status"] == "failed"
    assert told["error"]["code"] == "program_failed"
    message = told["error"]["message"]
    assert "RuntimeError: out of luck" in message and "_launch.py" not in message


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_the_script_as_ever_and_the_run_says_so(name: str, server: Server, program: Any) -> None:
    process = program(LOGGING + "print('ready', flush=True)\ntime.sleep(60)\n")
    process.stdout.readline()
    process.send_signal(getattr(signal, name))
    assert process.wait(60) == -getattr(signal, name)
    told = until(lambda: server.run("mine")["status"] == "failed" and server.run("mine"))
    assert told["error"]["message"] == {"SIGTERM": "ended by SIGTERM", "SIGINT": "interrupted"}[name]


def test_a_kill_leaves_the_run_to_be_silent_and_not_failed(server: Server, program: Any) -> None:
    process = program(LOGGING + "print('ready', flush=True)\ntime.sleep(60)\n")
    process.stdout.readline()
    until(lambda: server.runs() and server.run("mine")["step"] == 0 and "x" in server.run("mine")["series"])
    process.kill()
    process.wait()
    time.sleep(0.5)
    assert server.run("mine")["status"] == "running"


def test_a_stop_that_no_step_obeys_ends_the_script_after_the_grace(server: Server, program: Any) -> None:
    process = program(LOGGING + "print('ready', flush=True)\ntime.sleep(60)\n", "--grace", "0.5")
    process.stdout.readline()
    until(lambda: server.runs())
    server.post("/api/runs/mine/stop")
    assert process.wait(30) == -signal.SIGTERM
    until(lambda: server.run("mine")["status"] == "stopped")


def test_secrets_of_the_command_line_stay_there(server: Server, program: Any) -> None:
    arguments = ["--api-key", "abc123", "--token=xyz", "--lr", "0.1", "hf_abcdefghijkl"]
    program("import pentachoron\npentachoron.init(id='mine').log({'x': 1})\n", arguments=arguments).wait(60)
    command = server.run("mine")["command"]
    assert "--lr 0.1" in command
    assert not any(secret in command for secret in ("abc123", "xyz", "hf_"))


def test_a_module_runs_as_python_m_runs_it(server: Server, environment: Any, tmp_path: Any) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("")
    (tmp_path / "pack" / "train.py").write_text("import sys\nfrom . import other\nprint(__name__, other.x, sys.argv[1:])\n")
    (tmp_path / "pack" / "other.py").write_text("x = 3\n")
    for launcher in ([], ["-m", "pentachoron"]):
        command = [sys.executable, *launcher, "-m", "pack.train", "a"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
        assert (done.stdout, done.stderr) == ("__main__ 3 ['a']\n", "")


def test_the_wheel_installs_and_uninstalls(server: Server, tmp_path: Any) -> None:
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    pip = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    page = urllib.request.urlopen(f"{server.url}/python/").read().decode()
    name = page.split('href="')[1].split('"')[0]
    subprocess.run([*pip, "install", "-q", "--no-index", f"{server.url}/python/{name}"], check=True)
    code = "import pentachoron; print(pentachoron.__version__)"
    done = subprocess.run([str(environment / "bin" / "python"), "-c", code], capture_output=True, text=True, check=True)
    assert name == f"pentachoron-{done.stdout.strip()}-py3-none-any.whl"
    shown = subprocess.run([*pip, "uninstall", "-y", "pentachoron"], capture_output=True, text=True, check=True)
    assert "Successfully uninstalled" in shown.stdout
    assert not os.path.exists(next(environment.glob("lib/*/site-packages")) / "pentachoron")
