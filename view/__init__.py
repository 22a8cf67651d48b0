"""What the pages share: words, numbers, the frame around them, and the server's own answers."""

import os

# Before numpy is loaded, which reads this once: its matrices here are too small to be shared out
# over several cores, whose threads would only keep each other, and other readers, waiting.
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
