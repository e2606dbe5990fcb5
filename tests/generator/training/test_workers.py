import pytest
import torch

from generator.training.workers import TooManyProcessesError, Workers


def test_one_process_has_the_whole_batch_and_its_own_gradients() -> None:
    workers = Workers()
    assert workers.count == 1
    assert workers.is_first
    batch, weight = torch.arange(6.0), torch.nn.Parameter(torch.tensor(2.0))
    (mine,) = workers.mine(batch)
    assert torch.equal(mine.cpu(), batch)
    loss = (mine.cpu() * weight).mean()
    assert workers.learn(loss, 6, [weight]) == loss.item()
    assert weight.grad == batch.mean()


def test_rows_are_dealt_out_whole_and_to_everyone() -> None:
    workers = Workers()
    workers.count = 3
    dealt = []
    for workers.rank in range(3):
        dealt.append(list(workers.rows(8)))
    assert dealt == [[0, 3, 6], [1, 4, 7], [2, 5]]
    with pytest.raises(TooManyProcessesError, match="3 processes cannot share a batch of 2"):
        workers.rows(2)
