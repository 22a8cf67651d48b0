"""Random tests that judge the result and not the machine's speed; the same examples everywhere."""

from hypothesis import settings

settings.register_profile("view", deadline=None, max_examples=60, derandomize=True, database=None)
settings.load_profile("view")
