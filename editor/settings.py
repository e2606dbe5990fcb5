"""What is set for the program from outside. It keeps nothing yet that a user chose for good."""

import os


def backend_name() -> str:
    """Return which engine makes layers: the real one, unless `ACETATE_BACKEND` names another.

    Tests name `fake`, so that they run without weights.
    """
    return os.environ.get("ACETATE_BACKEND", "layer_diffusion")
