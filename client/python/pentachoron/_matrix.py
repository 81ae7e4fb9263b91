"""One matrix and what several metrics need of it, each worked out once and on the matrix's own device."""

from __future__ import annotations

from functools import cached_property
from typing import Any

NOT_FINITE = "not finite"


class Matrix:
    """A tensor of shape (rows, columns) in float64, or in float32 on a device that has no float64 (MPS).

    Numbers are held divided by ``scale``, a power of two near the largest of them, so that squares neither overflow
    nor vanish. A matrix that is not finite is worked on as zeros; ``is_finite`` tells.
    """

    def __init__(self, tensor: Any, field: str = "tensor") -> None:
        import torch

        if tensor.dim() != 2 or tensor.is_complex():
            kind = "complex numbers" if tensor.is_complex() else str(tuple(tensor.shape))
            raise ValueError(f"{field} must be real numbers of two dimensions, (rows, columns), not {kind}")
        self.tensor = tensor.detach()
        self.rows, self.columns = (int(size) for size in tensor.shape)
        self.dtype = torch.float32 if tensor.device.type == "mps" else torch.float64
        self.epsilon = float(torch.finfo(self.dtype).eps)

    @cached_property
    def is_finite(self) -> Any:
        """A boolean on the device, as are those below."""
        return self.tensor.to(self.dtype).isfinite().all()

    @cached_property
    def scale(self) -> Any:
        import torch

        largest = self.tensor.to(self.dtype).abs().amax()
        usable = (largest > 0) & self.is_finite
        return torch.where(usable, torch.where(usable, largest, 1.0).log2().floor().exp2(), 1.0)

    @cached_property
    def scaled(self) -> Any:
        """(rows, columns)"""
        import torch

        return torch.where(self.is_finite, self.tensor.to(self.dtype) / self.scale, 0.0)

    @cached_property
    def is_zero(self) -> Any:
        return (self.scaled == 0).all()

    @cached_property
    def has_equal_rows(self) -> Any:
        return (self.scaled == self.scaled[:1]).all()

    @cached_property
    def centred(self) -> Any:
        """Without its column means: (rows, columns). The first row goes first, so that equal rows become zeros."""
        moved = self.scaled - self.scaled[:1]
        return moved - moved.mean(dim=0, keepdim=True)

    @cached_property
    def singular_values(self) -> Any:
        """Descending, in units of ``scale``: (min(rows, columns),)"""
        import torch

        return torch.linalg.svdvals(self.scaled)

    @cached_property
    def variances(self) -> Any:
        """Squared singular values of the centred matrix, descending, in units of ``scale`` squared."""
        import torch

        return torch.linalg.svdvals(self.centred).square()


def frobenius(matrix: Any) -> Any:
    """The Frobenius norm, a tensor without dimensions."""
    return matrix.square().sum().sqrt()
