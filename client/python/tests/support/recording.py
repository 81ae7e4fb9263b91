"""A session that keeps what integrations tell it, in the order in which they do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Callable


class RecordingSession:
    """Answers as the session does, with no server behind it."""

    def __init__(self) -> None:
        self.begun: list[dict[str, Any]] = []
        self.frames: list[dict[str, Any]] = []
        self.configs: dict[str, Any] = {}
        self.summaries: dict[str, Any] = {}
        self.described: dict[str, Any] = {}
        self.notes: list[str] = []
        self.watched: list[Any] = []
        self.finished: list[Any] = []
        self.boundaries: list[str] = []
        self.current: Any | None = None
        self.stop_requested = False
        self.stop_handler: Callable[[], None] | None = None
        self.checkpoint_handler: Callable[[], None] | None = None

    def begin(self, source: str, **init: Any) -> Any:
        self.begun.append({"source": source, **init})
        self.configs.update(init.get("config") or {})
        run_id = init.get("id") or f"run-{len(self.begun)}"
        self.current = SimpleNamespace(id=run_id, name=init.get("name") or run_id, url=f"http://127.0.0.1/{run_id}")
        return self.current

    def log(self, data: Any, step: Any = None, commit: bool = True, source: str = "", at: Any = None) -> None:
        self.frames.append({"data": dict(data), "step": step, "commit": commit, "source": source, "at": at})

    def config(self, values: Any) -> None:
        self.configs.update(values)

    def summary(self, values: Any) -> None:
        self.summaries.update(values)

    def describe(self, **fields: Any) -> None:
        self.described.update(fields)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def watch(self, model: Any, every: int) -> None:
        self.watched.append((model, every))

    def finish(self, source: str, exit_code: int = 0) -> None:
        self.finished.append((source, exit_code))
        self.current = None

    def step_boundary(self, where: str = "step") -> None:
        self.boundaries.append(where)
        if self.stop_requested and self.stop_handler is not None:
            self.stop_handler()

    def on_stop(self, handler: Callable[[], None] | None) -> None:
        self.stop_handler = handler

    def on_checkpoint(self, handler: Callable[[], None] | None) -> None:
        self.checkpoint_handler = handler

    # What tests ask for.

    def points(self, name: str) -> list[Any]:
        """The (step, value) pairs of one series."""
        return [(frame["step"], frame["data"][name]) for frame in self.frames if name in frame["data"]]
