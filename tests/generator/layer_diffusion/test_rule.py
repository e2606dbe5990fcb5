"""The rule that makes the vectors' weights: everything else in this folder stands on it."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def test_rule_gives_the_stored_values(
    vectors: Callable[[str], dict[str, Tensor]],
    meta: dict[str, Any],
    by_rule: Callable[..., dict[str, Tensor]],
) -> None:
    heads = vectors("rule")
    for check in meta["rule_check"]:
        made = by_rule(check["salt"], {check["key"]: tuple(check["shape"])})[check["key"]]
        head = heads[f"rule.{check['index']}.head"]
        assert torch.equal(made.flatten()[: head.numel()], head), check["key"]
    delta = by_rule("rule/", {"conv_in.weight": (32, 8, 3, 3)}, delta=True)["conv_in.weight"]
    assert torch.equal(delta.flatten()[:16], heads["rule.delta.head"])
