"""The geometry of a model's weight matrices, measured in a thread while the training goes on.

What is measured is copied at a step and worked out later, on the CPU. The same simplices are drawn for every matrix of
as many rows and at every step, so that a value changes when the weights do and not by chance.
"""

from __future__ import annotations

import queue
import threading
from typing import Any, Dict, Iterable, List, Optional, Tuple, Union

from ._cv import MAX_ROWS
from ._warn import guarded, warn_once
from .metrics import METRICS, fewest, known, measure, only_samples

#: Copies that wait to be measured: a training that is faster than that skips a measurement and says so once.
MOST_WAITING = 2


def watched(metrics: Union[str, Iterable[str]]) -> Tuple[str, ...]:
    """The names, or a ValueError for one that is unknown or that weights alone do not have."""
    names = (metrics,) if isinstance(metrics, str) else tuple(metrics)
    of_weights = [name for name, metric in METRICS.items() if "labels" not in metric.needs]
    for name in names:
        if name in METRICS and name not in of_weights:
            raise ValueError(
                f"metrics must not hold {name}: it needs features and their labels, "
                "which a watch of weights has not; pentachoron.metrics.measure takes them"
            )
    return known(names, of_weights)


class Watch:
    """Measures every weight matrix by its parameter's name: the CV as ``cv/NAME``, others as ``cv/NAME:METRIC``.

    A matrix that a metric has no value for is left out. CVs need a copy of the first 512 rows alone, other metrics one
    of the whole matrix, made at the step; those that compare keep one more in the CPU's memory for the measurement
    before (``cka_previous``, ``update_norm``), and one for the first (``cka_initial``).
    """

    def __init__(
        self,
        run: Any,
        model: Any,
        every: int = 1,
        metrics: Union[str, Iterable[str]] = ("cv",),
        steps: int = 0,
    ) -> None:
        """``steps``: made so far, from which it counts on."""
        if every < 1:
            raise ValueError(f"every must be a whole number from 1, not {every}")
        self._metrics = watched(metrics)
        import torch

        self._torch = torch
        self._run = run
        self._model = model
        self._every = every
        self._steps = steps
        self._waiting: "queue.Queue[Optional[Tuple[float, List[Tuple[str, Any]]]]]" = queue.Queue(MOST_WAITING)
        self._rows = MAX_ROWS if only_samples(self._metrics) else None
        self._needs = {need for name in self._metrics for need in METRICS[name].needs}
        #: By parameter, where a metric needs it: what was measured last, and what was measured first.
        self._earlier: Dict[str, Any] = {}
        self._initial: Dict[str, Any] = {}
        self._thread = threading.Thread(target=self._measure, name="pentachoron-watch", daemon=True)
        self._thread.start()
        self._hook = self._follow()
        self._copy(steps)

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
                # On a device the copy is put on its own queue of work. Rows beyond the first 512 are in no simplex.
                (name, parameter.detach()[: self._rows].clone())
                for name, parameter in self._model.named_parameters()
                if parameter.dim() == 2 and self._has_value(*parameter.shape)
            ]
        self._waiting.put((step, matrices))

    def _has_value(self, rows: int, columns: int) -> bool:
        needed = [fewest(name) for name in self._metrics]
        return any(rows >= fewest_rows and columns >= fewest_columns for fewest_rows, fewest_columns in needed)

    def _measure(self) -> None:
        while True:
            entry = self._waiting.get()
            if entry is None:
                return
            step, matrices = entry
            values: Dict[str, float] = {}
            for name, matrix in matrices:
                values.update(guarded(self._values, name, matrix) or {})
            if values and not self._run.is_finished:
                guarded(self._run._log, values, step, True, None)

    def _values(self, name: str, copy: Any) -> Dict[str, float]:
        matrix = copy.cpu()
        earlier, initial = self._earlier.get(name), self._initial.get(name)
        if "earlier" in self._needs:
            self._earlier[name] = matrix
        if "initial" in self._needs:
            self._initial.setdefault(name, matrix)
        found = measure(matrix, self._metrics, earlier=earlier, initial=initial)
        return {
            f"cv/{name}" if metric == "cv" else f"cv/{name}:{metric}": measured.value
            for metric, measured in found.items()
            if measured.value is not None
        }
