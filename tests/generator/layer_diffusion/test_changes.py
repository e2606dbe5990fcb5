from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from generator.layer_diffusion.changes import changing
from generator.layer_diffusion.roads import ROADS
from generator.layer_diffusion.wearing import Seen
from generator.request import Role, Task

BLENDED = ROADS["pocket"][Task.BACKGROUND][-1]
OVER_BLUE = torch.tensor([0.5, 0.0, 0.5])  # half red over blue


class Parts:
    """What `changing` needs of a model whose latents are its pictures."""

    scaling = 2.0

    def __init__(self) -> None:
        self.transparency: Any = SimpleNamespace(decode=self.decode)

    def latents(self, picture: Tensor) -> Tensor:
        return picture

    def decode(self, picture: Tensor, raw: Tensor, is_draft: bool, on_pass: Any) -> Tensor:
        on_pass(0, 1)
        assert is_draft
        assert torch.equal(raw, torch.ones_like(raw)), "raw latents are unscaled"
        alpha = torch.full_like(picture[:, :1], 0.5)
        red = torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1).expand_as(picture)
        return torch.cat([alpha, red], dim=1)


def pictures(layer: Tensor | None) -> dict[Role, Seen]:
    blue = torch.tensor([0.0, 0.0, 1.0]).view(1, 3, 1, 1).expand(1, 3, 2, 2)
    grey = torch.full((1, 3, 2, 2), 0.5)
    latent = torch.full((1, 3, 2, 2), 2.0)
    return {Role.FOREGROUND: Seen(latent, grey, layer), Role.BACKGROUND: Seen(latent, blue)}


@pytest.mark.parametrize("is_given", [False, True])
def test_what_is_made_is_added_to_the_layers_over_one_another(is_given: bool) -> None:
    planes = torch.tensor([0.5, 0.0, 0.0, 0.5]).view(1, 4, 1, 1).expand(1, 4, 2, 2)
    there = pictures(planes if is_given else None)
    parts: Any = Parts()
    change = changing(parts, BLENDED, there)
    made = torch.full((1, 3, 2, 2), 0.4)
    expected = OVER_BLUE.view(1, 3, 1, 1) + 0.4 / BLENDED.change_gain
    assert torch.allclose(change(made), expected.expand(1, 3, 2, 2))


def test_a_stage_that_makes_pictures_is_left_alone() -> None:
    parts: Any = Parts()
    made = torch.ones((1, 3, 2, 2))
    assert torch.equal(changing(parts, replace(BLENDED, change_gain=0.0), {})(made), made)
