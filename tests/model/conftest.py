"""The same Hypothesis examples everywhere; `SEARCH=20 pytest tests/model` looks for new ones."""

from __future__ import annotations

import hypothesis

from tests.model.agree import SEARCH

hypothesis.settings.register_profile(
    "model", deadline=None, derandomize=SEARCH == 1, database=None, print_blob=SEARCH > 1
)
hypothesis.settings.load_profile("model")
