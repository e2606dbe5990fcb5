"""The kernels, compiled once on a machine and kept in the user's cache folder."""

import pytest

from editor.render import native


@pytest.fixture(scope="session")
def kernels() -> None:
    """Wait until the kernels are loaded."""
    native.prepare().join()
    assert native.ready()
