"""Speed, measured: ``python -m benchmarks.model`` and ``python -m benchmarks.page``."""
