"""Where and how a run is trained: host, command line without its secrets, git, packages, GPUs."""

from __future__ import annotations

import os
import platform
import re
import shlex
import subprocess
import sys
from typing import Any, Dict, List, Optional

_SECRET = re.compile(r"(token|secret|passw|api[-_]?key|credential|private)", re.IGNORECASE)
_LOOKS_SECRET = re.compile(r"^(sk-|hf_|ghp_|gho_|github_pat_|xox|AKIA|eyJ)[\w.-]{8,}|://[^/\s:@]+:[^/\s@]+@")
#: Of what is installed, what tells most of a training; all of it would be hundreds of names.
_TELLING = (
    ("torch", "torchvision", "numpy", "transformers", "accelerate", "lightning", "pytorch-lightning", "datasets")
    + ("jax", "flax", "keras", "tensorflow", "deepspeed", "peft", "trl", "wandb", "tensorboard", "scikit-learn")
)


def about(command: Optional[List[str]] = None, *, git_diff: bool = False) -> Dict[str, Any]:
    """What is told of this process: ``host``, ``command`` and, in a checkout, ``git``."""
    told: Dict[str, Any] = {"host": host(), "command": redacted(command if command is not None else _command())}
    found = git(git_diff)
    if found is not None:
        told["git"] = found
    return told


def host() -> Dict[str, Any]:
    told: Dict[str, Any] = {
        "hostname": platform.node(),
        "os": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "cpus": os.cpu_count() or 0,
        "pid": os.getpid(),
        "folder": os.getcwd(),
        "packages": packages(),
    }
    memory = _memory_bytes()
    if memory is not None:
        told["memoryBytes"] = memory
    found = gpus()
    if found:
        told["gpus"] = found
    return told


def memory_use() -> Dict[str, float]:
    """Of this process, in GB, as far as it can be told without waiting for a device."""
    told: Dict[str, float] = {}
    try:
        with open("/proc/self/statm") as file:
            told["system/memory_gb"] = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e9
    except (OSError, ValueError, AttributeError, IndexError):
        pass
    cuda = getattr(sys.modules.get("torch"), "cuda", None)
    if cuda is not None and cuda.is_initialized():
        told["system/gpu_memory_gb"] = cuda.memory_allocated() / 1e9
        told["system/gpu_memory_peak_gb"] = cuda.max_memory_allocated() / 1e9
    return told


def packages() -> Dict[str, str]:
    """Versions of the packages that tell most of a training, of those that are installed."""
    from importlib import metadata

    found: Dict[str, str] = {}
    for name in _TELLING:
        try:
            found[name] = metadata.version(name)
        except Exception:
            continue
    return found


def gpus() -> List[str]:
    """Names and memory of the GPUs, as the driver tells; none where there is no driver."""
    query = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader"]
    return [line.strip() for line in _output_of(query).splitlines() if line.strip()]


def git(with_diff: bool = False) -> Optional[Dict[str, Any]]:
    """Commit, branch and whether files are changed; None outside of a checkout."""
    commit = _output_of(["git", "rev-parse", "HEAD"]).strip()
    if not re.fullmatch(r"[0-9a-f]{40,64}", commit):
        return None
    changed = _output_of(["git", "status", "--porcelain", "--untracked-files=no"])
    told: Dict[str, Any] = {
        "commit": commit,
        "branch": _output_of(["git", "rev-parse", "--abbrev-ref", "HEAD"]).strip(),
        "isChanged": bool(changed.strip()),
    }
    if with_diff:
        diff = _output_of(["git", "diff", "HEAD"])
        told["diff"] = diff if len(diff) <= 40_000 else diff[:40_000] + "\n… cut off"
    return told


def redacted(command: List[str]) -> str:
    """The command line, with what looks like a secret left out."""
    shown: List[str] = []
    hides_next = False
    for part in command:
        flag, is_set, value = part.partition("=")
        if hides_next and not part.startswith("-"):
            shown.append("…")
        elif is_set and _SECRET.search(flag) and value:
            shown.append(f"{flag}=…")
        elif _LOOKS_SECRET.search(part):
            shown.append("…")
        else:
            shown.append(part)
        hides_next = not is_set and part.startswith("-") and bool(_SECRET.search(part))
    return " ".join(part if part == "…" or part.endswith("=…") else shlex.quote(part) for part in shown)[:10_000]


def _command() -> List[str]:
    return [os.path.basename(sys.executable or "python"), *(getattr(sys, "orig_argv", None) or ["", *sys.argv])[1:]]


def _output_of(command: List[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=2, check=False, errors="replace")
        return done.stdout if done.returncode == 0 else ""
    except Exception:
        return ""


def _memory_bytes() -> Optional[int]:
    try:
        return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except Exception:
        return None
