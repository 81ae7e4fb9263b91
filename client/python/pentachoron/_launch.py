"""Runs a script as plain Python would, with a session that watches it.

The script's ``__main__``, its arguments, its search path, what it prints, its traceback and its exit code are those that
it would have without us.
"""

from __future__ import annotations

import importlib.util
import os
import runpy
import signal
import sys
import threading
import traceback
from types import CodeType, ModuleType, TracebackType
from typing import Any, List, Optional, Tuple

from ._metadata import about
from ._output import Teed
from ._session import Session, session
from ._warn import guarded, warn_once

_OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))


class Launch:
    """One script or module, with what was asked of us about it."""

    def __init__(
        self,
        target: str,
        arguments: List[str],
        *,
        is_module: bool = False,
        url: Optional[str] = None,
        token: Optional[str] = None,
        name: Optional[str] = None,
        project: Optional[str] = None,
        watch_every: int = 0,
        watch_metrics: Tuple[str, ...] = ("cv",),
        wandb: str = "auto",
        git_diff: bool = False,
        grace: float = 10.0,
    ) -> None:
        self.target = target
        self.arguments = arguments
        self.is_module = is_module
        self.grace = grace
        self.wandb = wandb
        own = session()
        assert own is not None
        self.session: Session = own
        command = ["python", *(["-m"] if is_module else []), target, *arguments]
        default_project = target if is_module else os.path.splitext(os.path.basename(target))[0]
        own.is_launched = True
        own.watch_every = watch_every
        own.watch_metrics = watch_metrics
        own.defaults = {
            "project": project or default_project,
            "name": name,
            "url": url,
            "token": token,
            "about": about(command, git_diff=git_diff),
        }

    def run(self) -> int:
        """Answers the exit code; what the script raises is shown as plain Python shows it."""
        _prepare_path(self.target, self.is_module)
        teed = Teed(lambda: self.session.current)
        self.session.on_begin(teed.begun)
        self.session.on_begin(lambda run: self._enforce(run))
        _install_hooks(self.session, self.wandb)
        sys.argv = [self.target, *self.arguments]
        teed.begin()
        self._end_on_signal()
        code, message = 0, None
        try:
            self._execute()
        except SystemExit as exit_:
            code = _exit_code(exit_)
        except KeyboardInterrupt:
            code, message = 130, "interrupted"
            _show(*sys.exc_info())
        except BaseException:
            code, message = 1, _traceback(*sys.exc_info())
            _show(*sys.exc_info())
        _run_exit_functions()
        teed.end()
        guarded(self.session.close, code, message)
        if code == 130 and message is not None:
            # As plain Python ends: by the signal, so that a shell sees it.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGINT)
        return code

    def _execute(self) -> None:
        if self.is_module:
            _run_module(self.target)
            return
        code = _code_of(self.target)
        module = ModuleType("__main__")
        module.__spec__ = None
        module.__file__ = self.target
        module.__builtins__ = __builtins__  # type: ignore[attr-defined]
        # It stays: what is pickled at exit is looked up there.
        sys.modules["__main__"] = module
        exec(code, module.__dict__)

    def _enforce(self, run: Any) -> None:
        """A script that does not come to a step in time is asked by the system's own means."""
        timer: List[threading.Timer] = []

        def heard() -> None:
            if run.control_state.asked == "stop" and not timer and not run.is_finished:
                timer.append(threading.Timer(self.grace, late))
                timer[0].daemon = True
                timer[0].start()

        def late() -> None:
            if not run.is_finished and not run.stop_requested:
                warn_once("grace", f"no step in {self.grace:g} s: the script is ended by SIGTERM")
                run.stop_requested = True
                os.kill(os.getpid(), signal.SIGTERM)

        run.control_state.heard = heard

    def _end_on_signal(self) -> None:
        """SIGTERM ends a script at once, and without a word, unless it handles it: the word is ours then."""
        if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGTERM"):
            return
        if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
            return

        def ended(number: int, _frame: Any) -> None:
            guarded(self.session.close, 128 + number, f"ended by {signal.Signals(number).name}", 2.0)
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

        signal.signal(signal.SIGTERM, ended)


def _install_hooks(own: Session, wandb: str) -> None:
    from . import _torch
    from .integrations import install

    guarded(_torch.install, own)
    guarded(install, wandb)


def _prepare_path(target: str, is_module: bool) -> None:
    """``sys.path[0]`` is that of the script, not that of ``-m pentachoron``."""
    if not getattr(sys.flags, "safe_path", False):
        here = os.getcwd()
        if sys.path and sys.path[0] in ("", here, _OWN_FOLDER):
            sys.path.pop(0)
        sys.path.insert(0, here if is_module else os.path.dirname(os.path.realpath(target)))


def _code_of(path: str) -> CodeType:
    with open(path, "rb") as file:
        return compile(file.read(), path, "exec", dont_inherit=True)


def _run_module(name: str) -> None:
    if importlib.util.find_spec(name) is None:
        raise SystemExit(f"{sys.executable}: No module named {name}")
    # runpy gives the module's own spec to __main__, which is what pickling and relative imports need.
    runpy._run_module_as_main(name, alter_argv=True)  # type: ignore[attr-defined]


def _exit_code(exit_: SystemExit) -> int:
    if exit_.code is None:
        return 0
    if isinstance(exit_.code, int):
        return exit_.code & 0xFF
    print(exit_.code, file=sys.stderr)
    return 1


def _without_own_frames(trace: Optional[TracebackType]) -> Optional[TracebackType]:
    while trace is not None and os.path.dirname(os.path.abspath(trace.tb_frame.f_code.co_filename)) == _OWN_FOLDER:
        trace = trace.tb_next
    return trace


def _show(kind: Any, error: Any, trace: Any) -> None:
    """By the script's own hook, if it has one."""
    trimmed = _without_own_frames(trace)
    try:
        sys.excepthook(kind, error.with_traceback(trimmed), trimmed)
    except Exception:
        traceback.print_exception(kind, error, trimmed)


def _traceback(kind: Any, error: Any, trace: Any) -> str:
    return "".join(traceback.format_exception(kind, error, _without_own_frames(trace)))


def _run_exit_functions() -> None:
    """What threads of the script do until the end, and what it prints there, is its run's, too."""
    threading._shutdown()  # type: ignore[attr-defined]


def parsed(argv: List[str]) -> Tuple[Any, List[str]]:
    """Our own flags, and what begins with the script: that is the script's."""
    import argparse

    parser = argparse.ArgumentParser(
        prog="python -m pentachoron",
        description="Runs an unchanged training script and shows it on a Pentachoron page, from where it can be paused.",
        epilog="python -m pentachoron sync DIR sends what was left unsent.",
        allow_abbrev=False,
    )
    parser.add_argument("--url", help="of the server; PENTACHORON_URL, else http://127.0.0.1:4317")
    parser.add_argument("--token", help="to begin runs with; PENTACHORON_TOKEN, which no list of processes shows")
    parser.add_argument("--name", help="of the run")
    parser.add_argument("--project", help="of the run; the script's name unless given")
    parser.add_argument(
        "--watch", nargs="?", type=_steps, const=100, default=0, metavar="EVERY",
        help="measure every weight matrix every so many steps (100)",
    )
    parser.add_argument(
        "--watch-metrics", type=_metrics, default=None, metavar="A,B",
        help="what of it: cv (unless given), effective_rank and others of pentachoron.metrics",
    )
    parser.add_argument("--wandb", choices=("auto", "both", "off"), default="auto", help="what becomes of W&B calls")
    parser.add_argument("--git-diff", action="store_true", help="keep the checkout's changes with the run")
    parser.add_argument(
        "--grace", type=float, default=10.0, metavar="SECONDS", help="how long a stop waits for the next step (10)"
    )
    parser.add_argument("-m", dest="module", action="store_true", help="what follows is a module's name")
    parser.add_argument("target", metavar="SCRIPT", help="the script, or after -m the module")
    end = _first_of_script(argv, parser)
    options = parser.parse_args(argv[: end + 1])
    if options.watch_metrics is not None and not options.watch:
        parser.error("--watch-metrics needs --watch, which says how often")
    options.watch_metrics = options.watch_metrics or ("cv",)
    return options, argv[end + 1 :]


def _steps(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError("EVERY must be at least 1")
    return value


def _metrics(text: str) -> Tuple[str, ...]:
    import argparse

    from ._watch import watched

    try:
        return watched([name.strip() for name in text.split(",")])
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _first_of_script(argv: List[str], parser: Any) -> int:
    """Where the script's name stands: all behind it is its own, whatever it looks like."""
    takes_value = {"--url", "--token", "--name", "--project", "--wandb", "--grace", "--watch-metrics"}
    index = 0
    while index < len(argv):
        word = argv[index]
        if word in takes_value:
            index += 2
        elif word == "--watch":
            index += 2 if index + 1 < len(argv) and argv[index + 1].isdigit() else 1
        elif word.startswith("-"):
            index += 1
        else:
            return index
    return len(argv) - 1
