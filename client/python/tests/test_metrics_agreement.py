"""The same numbers as the server's: both are held against one oracle, which is kept with the server's tests."""

from __future__ import annotations

import importlib.util
import json
import pathlib
from typing import Any, Dict

import pytest

torch = pytest.importorskip("torch")
np = pytest.importorskip("numpy")

from pentachoron.metrics import gaussian_null, measure  # noqa: E402

FOLDER = pathlib.Path(__file__).parents[3] / "test" / "fixtures" / "geometry"
ORACLE = json.loads((FOLDER / "oracle.json").read_text(encoding="utf-8"))
#: Drawn from streams of their own: the server's tests have another one than torch.
DRAWN = {"cv", "cv_3", "cv_4", "cv_6", "cv_7", "cv_8"}


def load_maker() -> Any:
    spec = importlib.util.spec_from_file_location("make_oracle", FOLDER / "make_oracle.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER = load_maker()


def matrix(recipe: Dict[str, Any]) -> Any:
    if "values" in recipe:
        values = np.array(recipe["values"]).reshape(recipe["rows"], recipe["columns"])
    else:
        _, values = MAKER.made(**recipe)
    tensor = torch.from_numpy(np.array(values, dtype=np.float64))
    return tensor.float() if recipe["single"] else tensor


def agree(found: Dict[str, Any], expected: Dict[str, Any]) -> None:
    for name, told in expected.items():
        value, se = (told.get("value"), told.get("se")) if isinstance(told, dict) else (told, None)
        assert found[name].value == pytest.approx(value, rel=1e-5, abs=1e-9), name
        if se is not None:
            assert found[name].se == pytest.approx(se, rel=1e-5), name


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: case["name"])
def test_metrics_of_a_matrix(case: Dict[str, Any]) -> None:
    expected = {name: value for name, value in case["values"].items() if name not in DRAWN}
    earlier = matrix(case["earlier"]) if "earlier" in case else None
    agree(measure(matrix(case["matrix"]), list(expected), earlier=earlier), expected)


@pytest.mark.parametrize("case", ORACLE["collapses"], ids=lambda case: case["name"])
def test_neural_collapse(case: Dict[str, Any]) -> None:
    features, weight, bias = (matrix(case[part]) for part in ("matrix", "weight", "bias"))
    labels = torch.tensor(case["labels"])
    found = measure(features, list(case["values"]), labels=labels, weight=weight, bias=bias[0])
    agree(found, case["values"])


@pytest.mark.parametrize("case", ORACLE["nulls"], ids=lambda case: f"{case['rows']} x {case['columns']}")
def test_what_chance_gives(case: Dict[str, Any]) -> None:
    for name, value in case["values"].items():
        assert gaussian_null(name, case["rows"], case["columns"]) == pytest.approx(value, rel=1e-9), name
