"""The geometry of a model's weight matrices, measured in a thread while the training goes on.

What is measured is copied at a step; the volumes are worked out later. The same fives of rows are drawn for every
matrix of as many rows and at every step, so that a value changes when the weights do and not by chance.
"""

from __future__ import annotations

import queue
import threading
from typing import Any, Dict, List, Optional, Tuple

from ._cv import MAX_ROWS, sample, volumes_cv
from ._warn import guarded, warn_once

#: Copies that wait to be measured: a training that is faster than that skips a measurement and says so once.
MOST_WAITING = 2


class Watch:
    """Measures every matrix of at least 5 rows and 4 columns by its parameter's name, as ``cv/NAME``."""

    def __init__(self, run: Any, model: Any, every: int = 1) -> None:
        if every < 1:
            raise ValueError(f"every must be a whole number from 1, not {every}")
        import torch

        self._torch = torch
        self._run = run
        self._model = model
        self._every = every
        self._steps = 0
        self._waiting: "queue.Queue[Optional[Tuple[float, List[Tuple[str, Any]]]]]" = queue.Queue(MOST_WAITING)
        self._samples: Dict[int, Any] = {}
        self._thread = threading.Thread(target=self._measure, name="pentachoron-watch", daemon=True)
        self._thread.start()
        self._hook = self._follow()
        self._copy(0)

    def _follow(self) -> Any:
        """Counts the steps of whichever optimizer trains the model."""
        from torch.optim.optimizer import register_optimizer_step_post_hook

        own = {id(parameter) for parameter in self._model.parameters()}

        def stepped(optimizer: Any, _args: Any, _kwargs: Any) -> None:
            first = next((p for group in optimizer.param_groups for p in group["params"]), None)
            if id(first) in own:
                guarded(self.step)

        return register_optimizer_step_post_hook(stepped)

    def step(self) -> None:
        """Counts a step, and measures if it is due."""
        if self._run.is_finished:
            self.remove()
            return
        self._steps += 1
        if self._steps % self._every == 0:
            self._copy(self._steps)

    def remove(self) -> None:
        """Measures no more."""
        self._hook.remove()
        try:
            self._waiting.put_nowait(None)
        except queue.Full:
            pass

    def _copy(self, step: float) -> None:
        if self._waiting.full():
            warn_once("watch-late", "measuring takes longer than the steps between; some are left out: a larger EVERY helps")
            return
        with self._torch.no_grad():
            matrices = [
                # Rows beyond the first 512 are never drawn. On a device the copy is put on its own queue of work.
                (name, parameter.detach()[:MAX_ROWS].clone())
                for name, parameter in self._model.named_parameters()
                if parameter.dim() == 2 and parameter.shape[0] >= 5 and parameter.shape[1] >= 4
            ]
        self._waiting.put((step, matrices))

    def _measure(self) -> None:
        while True:
            entry = self._waiting.get()
            if entry is None:
                return
            step, matrices = entry
            values: Dict[str, float] = {}
            for name, matrix in matrices:
                value = guarded(self._cv, matrix)
                if value is not None:
                    values[f"cv/{name}"] = value
            if values and not self._run.is_finished:
                guarded(self._run._log, values, step, True, None)

    def _cv(self, matrix: Any) -> Optional[float]:
        rows = matrix.shape[0]
        if rows not in self._samples:
            self._samples[rows] = sample(rows)
        return volumes_cv(matrix.cpu()[self._samples[rows]])
