"""Speed, measured: ``python -m benchmarks.model`` and ``python -m benchmarks.page``."""

import view

assert view  # leaves matrices to one thread, as the server does
