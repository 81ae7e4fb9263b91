"""What scripts wrap pictures, tables and files in: kept as they were given, sent nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ._inert import Inert


class Media:
    """Keeps what it was made of, and answers any further use with an object that does nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._args = args
        self._kwargs = kwargs

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self.__dict__.get("_kwargs", {}):
            return self._kwargs[name]
        return Inert(f"wandb.{type(self).__name__}.{name}")


def _kind(name: str) -> type:
    return type(name, (Media,), {"__doc__": f"W&B's ``{name}``, kept and sent nowhere.", "__module__": "wandb"})


Image, Video, Audio = _kind("Image"), _kind("Video"), _kind("Audio")
Histogram, Html, Object3D = _kind("Histogram"), _kind("Html"), _kind("Object3D")
Molecule, Plotly, Graph = _kind("Molecule"), _kind("Plotly"), _kind("Graph")
Classes, Api = _kind("Classes"), _kind("Api")


class Table(Media):
    """A table that scripts fill row by row and read back."""

    def __init__(
        self,
        columns: list[Any] | None = None,
        data: Any = None,
        rows: Any = None,
        dataframe: Any = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if dataframe is not None:
            columns = list(dataframe.columns)
            data = dataframe.values.tolist()
        elif data is not None and hasattr(data, "tolist"):
            data = data.tolist()
        self.data: list[list[Any]] = [list(row) for row in (data if data is not None else rows or [])]
        if columns is None:
            columns = ["Input", "Output", "Expected"]
        self.columns: list[Any] = list(columns)

    def add_data(self, *row: Any) -> None:
        """Adds a row."""
        if len(row) != len(self.columns):
            raise ValueError(f"This table expects {len(self.columns)} columns: {self.columns}, found {len(row)}")
        self.data.append(list(row))

    def add_row(self, *row: Any) -> None:
        """Adds a row."""
        self.add_data(*row)

    def add_column(self, name: str, data: Any, optional: bool = False) -> None:
        """Adds a column, one value a row."""
        values = list(data)
        if self.data and len(values) != len(self.data):
            raise ValueError(f"Expected length {len(self.data)}, got {len(values)}")
        if not self.data:
            self.data = [[] for _ in values]
        self.columns.append(name)
        for row, value in zip(self.data, values):
            row.append(value)

    def get_column(self, name: str, convert_to: str | None = None) -> list[Any]:
        """A column's values."""
        at = self.columns.index(name)
        return [row[at] for row in self.data]

    def iterrows(self) -> Iterator[tuple[int, list[Any]]]:
        """The rows with their numbers."""
        return iter(enumerate(self.data))


class Artifact(Media):
    """A named set of files, of which only the name is kept."""

    def __init__(self, name: str = "", type: str = "", *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.type = type
        self.metadata = kwargs.get("metadata") or {}

    def new_file(self, name: str, mode: str = "w", encoding: str | None = None) -> Any:
        """An open file whose content is not kept."""
        import os

        return open(os.devnull, mode, encoding=encoding)

    def wait(self, *args: Any, **kwargs: Any) -> Artifact:
        """Answers at once."""
        return self


EvalTable = type("EvalTable", (Table,), {"__module__": "wandb"})

NAMES = (
    "Image", "Video", "Audio", "Histogram", "Html", "Object3D", "Molecule", "Plotly", "Graph",
    "Classes", "Api", "Table", "EvalTable", "Artifact",
)  # fmt: skip
