"""Pentachoron's Python client: any training run on a live page, from which it can be paused, resumed and stopped.

Two lines make a run of a script::

    import pentachoron
    run = pentachoron.init(project="p", name="n", config={"lr": 1e-3}, total=50)
    run.log({"loss": 0.3}, step=7)
    run.finish()

and none are needed under ``python -m pentachoron train.py``. Nothing but the standard library is imported.
"""

from __future__ import annotations

from typing import Any, List, Mapping, Optional, Union

from . import metrics
from ._cv import cv
from ._run import Run, Stopped
from ._version import __version__

__all__ = ["Run", "Stopped", "__version__", "cv", "init", "metrics"]


def init(
    project: Optional[str] = None,
    name: Optional[str] = None,
    config: Optional[Mapping[str, Any]] = None,
    total: Optional[int] = None,
    *,
    group: Optional[str] = None,
    tags: Optional[List[str]] = None,
    notes: Optional[str] = None,
    id: Optional[str] = None,
    resume: Union[None, bool, str] = None,
    url: Optional[str] = None,
    token: Optional[str] = None,
    step_name: str = "step",
) -> Run:
    """Begins a run; never waits for the server.

    ``total``: steps to train, where that is known. ``id``: of 1 to 64 letters, digits and ``. _ ~ -``; ``resume``:
    "allow" goes on with the run of this id, where there is one, "must" fails without one, "never" with one. ``url``
    and ``token`` default to ``PENTACHORON_URL`` and ``PENTACHORON_TOKEN``; what is not sent yet is kept in
    ``PENTACHORON_DIR``, ``./pentachoron`` unless set.
    """
    # Its parameters: there are no other variables yet.
    given = {name: value for name, value in locals().items() if value is not None}
    from ._metadata import about
    from ._session import session

    own = session()
    if own is None:
        raise RuntimeError("a forked process cannot begin a run; begin it before the fork, or spawn instead")
    return own.begin("script", about=about(), **given)
