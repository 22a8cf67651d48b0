"""The same Hypothesis examples everywhere; HYPOTHESIS_PROFILE=search looks for new ones."""

from __future__ import annotations

import os

import hypothesis

hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("search", deadline=None, database=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
