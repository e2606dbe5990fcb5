"""What all tests share: how hypothesis runs, and documents to begin with."""

import os

from hypothesis import HealthCheck, settings

from editor.ui.lasting import make_lasting

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
make_lasting()  # tests use more of Qt than a person in a day

settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("house")
