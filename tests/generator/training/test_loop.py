from pathlib import Path

from generator.training.loop import log_line


def test_a_log_is_one_table_that_goes_on_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "codec.csv"
    log_line(path, step=50, loss=0.1234567, task=None)
    log_line(path, step=100, loss=0.1, task=0.25)
    assert path.read_text() == "step,loss,task\n50,0.12346,\n100,0.1,0.25\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_log_with_other_columns_is_moved_aside_and_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "codec.csv"
    log_line(path, step=50, loss=0.5)
    log_line(path, step=50, loss=0.5, seconds=1.0)
    log_line(path, step=100)
    assert path.read_text() == "step\n100\n"
    assert (tmp_path / "codec-1.csv").read_text() == "step,loss\n50,0.5\n"
    assert (tmp_path / "codec-2.csv").read_text() == "step,loss,seconds\n50,0.5,1.0\n"
