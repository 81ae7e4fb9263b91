"""Neural collapse (NC1 to NC4): how a classifier's last features gather at their classes' means.

Features are the rows of a matrix, of N samples in D columns. A class is there if it has a sample; the others count
nowhere, and neither do their rows of the classifier's weight, but for what NC4 lets it answer.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Optional

from ._matrix import NOT_FINITE, Matrix, frobenius
from ._measured import Pending, Result


class Collapse:
    """Features with their labels and, for NC3 and NC4, the classifier that they go to."""

    def __init__(self, features: Matrix, labels: Any, weight: Optional[Matrix] = None, bias: Any = None) -> None:
        import torch

        device = features.tensor.device
        given = torch.as_tensor(labels, device=device)
        if given.dim() != 1 or given.is_floating_point() or given.is_complex() or len(given) != features.rows:
            raise ValueError(f"labels must be {features.rows} whole numbers, one for each row of tensor")
        self.features = features
        self.labels = given.long()
        # The one wait for the device: a label out of range would end a CUDA program.
        least, most = torch.stack([self.labels.amin(), self.labels.amax()]).tolist() if features.rows else (0, 0)
        self.classes = most + 1 if weight is None else weight.rows
        if least < 0 or most >= self.classes:
            of = "from 0" if weight is None else f"of 0 to {self.classes - 1}, as weight has {self.classes} rows"
            raise ValueError(f"labels must be {of}, not {least if least < 0 else most}")
        if weight is not None and weight.columns != features.columns:
            raise ValueError(f"weight must have {features.columns} columns, as tensor has, not {weight.columns}")
        self.weight = weight
        self.bias = None if bias is None else torch.as_tensor(bias, device=device).detach().to(features.dtype)
        if self.bias is not None and tuple(self.bias.shape) != (self.classes,):
            raise ValueError(f"bias must be {self.classes} numbers, one for each row of weight")

    @cached_property
    def moved(self) -> Any:
        """Features less the first one: (N, D), in units of their scale. Nothing here depends on the origin."""
        return self.features.scaled - self.features.scaled[:1]

    @cached_property
    def counts(self) -> Any:
        import torch

        zeros = torch.zeros(self.classes, device=self.moved.device, dtype=self.moved.dtype)
        return zeros.index_add(0, self.labels, torch.ones_like(self.moved[:, 0]))

    @cached_property
    def present(self) -> Any:
        """Which classes have samples: (C,)"""
        return self.counts > 0

    @cached_property
    def means(self) -> Any:
        """Of the classes, from the first feature on, zeros where there is no sample: (C, D)"""
        import torch

        zeros = torch.zeros(self.classes, self.moved.shape[1], device=self.moved.device, dtype=self.moved.dtype)
        return zeros.index_add(0, self.labels, self.moved) / self.counts.clamp(min=1)[:, None]

    @cached_property
    def centred_means(self) -> Any:
        """Less the mean of the class means: (C, D). Twice, since the first time leaves what rounding makes of it."""
        present = self.present[:, None]
        count = present.sum()
        once = (self.means - self.means.sum(dim=0) / count) * present
        return (once - once.sum(dim=0) / count) * present

    @cached_property
    def within(self) -> Any:
        """Features less the mean of their class: (N, D)"""
        return self.moved - self.means[self.labels]

    @cached_property
    def failures(self) -> Any:
        """Why none of the four has a value. Class means are equal if they differ by no more than rounding makes them."""
        rounding = self.features.epsilon * max(self.moved.shape) * self.moved.abs().amax()
        equal = self.centred_means.abs().amax() <= rounding
        return ((self.present.sum() < 2, "fewer than 2 classes"), (equal, "all class means equal"))


def nc1(of: Collapse) -> Result:
    """Variability within the classes over that between them, tr(S_W pinv(S_B)) / C, by the SVD of the means."""
    import torch

    means = of.centred_means
    _, sigma, axes = torch.linalg.svd(means, full_matrices=False)
    # C means less their mean have no more than C - 1 directions, whatever rounding says of the next.
    directions = torch.arange(1, len(sigma) + 1, device=sigma.device) < of.present.sum()
    count = torch.stack([of.present.sum().to(sigma.dtype), torch.full_like(sigma[0], means.shape[1])]).amax()
    counted = directions & (sigma > count * of.features.epsilon * sigma[0])
    along = (of.within @ axes.T).square().sum(dim=0) / of.features.rows
    parts = torch.where(counted, along / torch.where(counted, sigma, 1.0).square(), 0.0)
    return Pending(parts.sum(), None, of.failures)


def nc2(of: Collapse) -> Result:
    """Distance of the means' Gram matrix, of norm 1, to that of a simplex whose corners are equally far apart."""
    import torch

    means = of.centred_means
    gram = means @ means.T
    count = of.present.sum().to(gram.dtype)
    pairs = of.present[:, None] & of.present[None, :]
    ideal = (torch.eye(of.classes, device=gram.device, dtype=gram.dtype) - 1 / count) / (count - 1).sqrt()
    apart = torch.where(pairs, gram / frobenius(gram) - ideal, 0.0)
    return Pending(frobenius(apart), None, of.failures)


def nc3(of: Collapse) -> Result:
    """Squared distance of the classifier's weight to the means, both of norm 1: 0 where they are dual, 2 by chance."""
    assert of.weight is not None
    weight = of.weight.scaled * of.present[:, None]
    means = of.centred_means
    apart = weight / frobenius(weight) - means / frobenius(means)
    zero = (weight == 0).all()
    failures = (*of.failures, (~of.weight.is_finite, NOT_FINITE), (zero, "weight all zero"))
    return Pending(apart.square().sum(), None, failures)


def nc4(of: Collapse) -> Result:
    """Share of the samples to which the classifier gives another class than that of the nearest mean."""
    import torch

    assert of.weight is not None
    features, weight = of.features, of.weight
    answers = (features.scaled * features.scale) @ (weight.scaled * weight.scale).T
    unusable = ~weight.is_finite
    if of.bias is not None:
        answers = answers + of.bias
        unusable = unusable | ~of.bias.isfinite().all()
    distances = torch.cdist(of.moved, of.means, compute_mode="donot_use_mm_for_euclid_dist")
    nearest = distances.masked_fill(~of.present[None, :], float("inf")).argmin(dim=1)
    share = (answers.argmax(dim=1) != nearest).to(features.dtype).mean()
    return Pending(share, (share * (1 - share) / features.rows).sqrt(), (*of.failures, (unusable, NOT_FINITE)))
