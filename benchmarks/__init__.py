"""The measured claims about speed, one command each: ``python -m benchmarks.model`` and ``.page``."""
