"""What people see: rooms in which words, settings, sentences, pictures and pages are made."""

import os

# Before numpy is loaded, which reads this once: its matrices here are too small to be shared out
# over several cores, whose threads would only keep each other, and other readers, waiting.
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
