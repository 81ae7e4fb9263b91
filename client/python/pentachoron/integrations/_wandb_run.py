"""The stand-in's ``Run``: what scripts and frameworks call on a W&B run, told to the session."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from . import _link
from ._inert import Inert
from ._logged import mapping, numbers
from ._wandb_dicts import Config, Summary
from .._warn import warn_once

# What frameworks call their own count of steps; where it is logged it is the x of what comes with it.
STEP_NAMES = ("train/global_step", "trainer/global_step")


class StepCount:
    """Counts steps as W&B does, and finds the step of what is logged.

    A call without a step ends the present step; one with a step leaves it open, so that more can
    be added. Where a script names no step at all the answer is None, and the session counts.
    """

    def __init__(self) -> None:
        self.step = 0
        self.metric: str | None = None
        self._explicit = False
        self._seen: float | None = None
        self._lock = threading.Lock()

    def place(self, values: Mapping[str, float], step: int | None, commit: bool | None) -> tuple[float | None, bool]:
        """The step at which values belong, and whether it is complete with them."""
        with self._lock:
            done = step is None if commit is None else bool(commit)
            if step is not None:
                self._explicit = True
                self.step = max(self.step, int(step))
                x: float | None = step
            else:
                x = self._named(values)
                if x is None and self._explicit:
                    x = self.step
            if done:
                self.step += 1
            return x, done

    def _named(self, values: Mapping[str, float]) -> float | None:
        for name in (self.metric, *STEP_NAMES):
            if name is not None and name in values:
                self._seen = values[name]
                break
        # What comes without the name (a summary at the end, a sample) belongs to where training is.
        return self._seen

    def define(self, name: str, step_metric: Any) -> None:
        """Takes a step metric that holds for all names; one for a few names stays a series."""
        if name == "*" and step_metric is not None:
            self.metric = str(getattr(step_metric, "name", step_metric))


class Metric:
    """What ``define_metric`` answers."""

    def __init__(self, name: str, step_metric: Any = None) -> None:
        self.name = name
        self.step_metric = step_metric


class Run:
    """A run as scripts know it from W&B. It holds no network: all goes to the session."""

    def __init__(self, source: str = "wandb", **init: Any) -> None:
        self._source = source
        self._init = init
        self._steps = StepCount()
        self._finished = False
        self._label_done: dict[str, Any] = {}
        settings = init.get("settings")
        given = init.get("name") or getattr(settings, "run_name", None) or os.environ.get("WANDB_NAME")
        tags = init.get("tags") or _list(os.environ.get("WANDB_TAGS"))
        self.project = init.get("project") or os.environ.get("WANDB_PROJECT") or "uncategorized"
        self.entity = init.get("entity") or os.environ.get("WANDB_ENTITY") or ""
        self.group = init.get("group") or os.environ.get("WANDB_RUN_GROUP") or ""
        self.job_type = init.get("job_type") or os.environ.get("WANDB_JOB_TYPE") or ""
        wanted = init.get("id") or os.environ.get("WANDB_RUN_ID")
        resume = _resume(init.get("resume") or os.environ.get("WANDB_RESUME"), wanted)
        config = mapping(init.get("config")) if not isinstance(init.get("config"), str) else {}
        only, without = init.get("config_include_keys"), init.get("config_exclude_keys") or ()
        config = {k: v for k, v in config.items() if (only is None or k in only) and k not in without}
        self.start_time = time.time()
        own = _link.begin(
            source,
            project=self.project if self.project != "uncategorized" else None,
            name=given,
            config=config,
            id=wanted,
            resume=resume,
            group=self.group or None,
            tags=list(tags) if tags else None,
            notes=init.get("notes") or os.environ.get("WANDB_NOTES"),
        )
        self.id = str(getattr(own, "id", None) or wanted or secrets.token_hex(4))
        self._own = own
        self._name = given or getattr(own, "name", None) or self.id
        self._notes = init.get("notes")
        self._tags: tuple[str, ...] = tuple(tags or ())
        self.config = Config()
        self.config.update_locked(config)
        object.__setattr__(self.config, "_tell", _link.config)
        self.summary = Summary(_link.summary)
        self.resumed = bool(getattr(own, "resumed", False))
        self.settings = settings if settings is not None else Inert("settings")
        self.sweep_id = None
        self.sweep_url = None
        self.mode = "online"
        self.offline = False
        self.disabled = False
        self._attach_id = self.id

    # What a run is called and where it is.

    @property
    def name(self) -> str:
        """The run's name; setting it renames the run."""
        return self._name

    @name.setter
    def name(self, text: str) -> None:
        self._name = text
        _link.describe(name=text)

    @property
    def notes(self) -> str | None:
        """The run's notes; setting them changes them on the page."""
        return self._notes

    @notes.setter
    def notes(self, text: str) -> None:
        self._notes = text
        _link.describe(notes=text)

    @property
    def tags(self) -> tuple[str, ...]:
        """The run's tags; setting them changes them on the page."""
        return self._tags

    @tags.setter
    def tags(self, tags: Sequence[str]) -> None:
        self._tags = tuple(tags)
        _link.describe(tags=list(self._tags))

    @property
    def url(self) -> str:
        """The run's address on the page."""
        return str(getattr(self._own, "url", None) or "")

    @property
    def dir(self) -> str:
        """A folder for the run's files, made when first asked for."""
        return _link.folder("files", self.id)

    @property
    def path(self) -> str:
        """Entity, project and id, as W&B writes them."""
        return "/".join(part for part in (self.entity, self.project, self.id) if part)

    @property
    def step(self) -> int:
        """The step that is being filled."""
        return self._steps.step

    project_url = url

    def get_url(self) -> str:
        """The run's address on the page."""
        return self.url

    get_project_url = get_url

    def project_name(self) -> str:
        """The project's name."""
        return self.project

    # What a script tells.

    def log(
        self, data: Mapping[str, Any], step: int | None = None, commit: bool | None = None, sync: Any = None
    ) -> None:
        """Sends numbers; without ``commit`` a call without a step ends the step, one with a step does not."""
        if not isinstance(data, Mapping):
            raise ValueError("wandb.log must be passed a dictionary")
        if self._finished:
            raise UsageError(f"Run ({self.id}) is finished. The call to `log` will be ignored.")
        values, texts = numbers(data, self._source)
        x, done = self._steps.place(values, step, commit)
        if texts:
            self.summary.update(texts)
        self.summary.remember(values)
        _link.log(self._source, values, x, done)
        _link.log_boundary()

    def define_metric(self, name: str, step_metric: Any = None, *rest: Any, **more: Any) -> Metric:
        """Takes note of the x axis where it is one for all names."""
        self._steps.define(name, step_metric)
        return Metric(name, step_metric)

    def watch(
        self, models: Any, criterion: Any = None, log: Any = "gradients", log_freq: int = 1000, *rest: Any, **more: Any
    ) -> None:
        """Measures the models' weight matrices every ``log_freq`` steps; gradients are not kept."""
        for model in models if isinstance(models, (list, tuple)) else [models]:
            _link.watch(model, every=log_freq)

    def unwatch(self, models: Any = None) -> None:
        """Does nothing: what is watched is off the critical path, and ends with the run."""

    def alert(self, title: str, text: str = "", level: Any = None, wait_duration: Any = None) -> None:
        """Writes the alert into the run's log; nobody is sent a message."""
        _link.note(f"{title}: {text}" if text else title)

    def save(self, glob_str: Any = None, base_path: Any = None, policy: str = "live") -> Any:
        """Leaves files where they are: Pentachoron keeps none. Answers no names."""
        warn_once("wandb:save", "wandb.save: files stay where they are, Pentachoron stores none")
        return []

    def finish(self, exit_code: int | None = None, quiet: bool | None = None) -> None:
        """Ends the run."""
        if self._finished:
            return
        self._finished = True
        _forget(self)
        _link.finish(self._source, exit_code or 0)

    join = finish

    def __enter__(self) -> Run:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.finish(exit_code=0 if kind is None else 1)

    # What is known and has no effect here.

    def _label(self, *args: Any, **kwargs: Any) -> None:
        """Takes the framework's name, which W&B counts and Pentachoron does not."""

    def mark_preempting(self) -> None:
        """Does nothing: a run that is silent is shown as silent."""

    def status(self) -> Any:
        """Answers an object without content."""
        return Inert("wandb.run.status")

    def to_html(self, *args: Any, **kwargs: Any) -> str:
        """A link to the run."""
        return f'<a href="{self.url}">{self.url}</a>'

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        warn_once(f"wandb:run:{name}", f"wandb.run.{name} is not known to the stand-in and does nothing")
        return Inert(f"wandb.run.{name}")


class Error(Exception):
    """The base of the errors that scripts catch."""


class UsageError(Error):
    """A call that W&B refuses."""


class CommError(Error):
    """What W&B raises when it cannot be reached; never raised here."""


def _list(text: str | None) -> Sequence[str] | None:
    return [part.strip() for part in text.split(",") if part.strip()] if text else None


def _resume(given: Any, wanted: str | None) -> str | None:
    """W&B's word for going on with a run; an id without one goes on too, since no curve is thrown away."""
    if given in ("must", "never"):
        return str(given)
    return "allow" if given or wanted else None


def _forget(run: Run) -> None:
    from . import _wandb_module

    _wandb_module.run_ended(run)
