"""``python -m pentachoron [options] SCRIPT|-m MODULE [ARGS…]`` and ``python -m pentachoron sync DIR``."""

from __future__ import annotations

import sys
from typing import List


def main(argv: List[str]) -> int:
    if argv[:1] == ["sync"]:
        return _sync(argv[1:])
    from ._launch import Launch, parsed

    options, arguments = parsed(argv)
    return Launch(
        options.target,
        arguments,
        is_module=options.module,
        url=options.url,
        token=options.token,
        name=options.name,
        project=options.project,
        watch_every=options.watch,
        watch_metrics=options.watch_metrics,
        wandb=options.wandb,
        git_diff=options.git_diff,
        grace=options.grace,
    ).run()


def _sync(argv: List[str]) -> int:
    import argparse

    from ._sync import sync

    parser = argparse.ArgumentParser(prog="python -m pentachoron sync", description="Sends what was left unsent.")
    parser.add_argument("folder", metavar="DIR", help="with the spools, or one of them")
    parser.add_argument("--url")
    parser.add_argument("--token")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the server may take for each (60)")
    options = parser.parse_args(argv)
    return sync(options.folder, options.url, options.token, options.seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
