"""``python -m view``: start the dashboard and open it, as ``streamlit run app.py`` does.

The difference is the end: Ctrl-C stops it without a word. Options are Streamlit's:
``python -m view --server.port 8600``. It answers this computer alone unless it is told otherwise:
``--server.address 0.0.0.0`` (every computer that can reach this one).
"""

from __future__ import annotations

import sys

import click
from streamlit.web import cli

from view.pages import ROOT


def main(*options: str) -> int:
    """Serve until somebody stops it; 0 if that was Ctrl-C."""
    try:
        cli.main(["run", str(ROOT / "app.py"), *options], standalone_mode=False)
    except click.Abort:  # what becomes of Ctrl-C
        return 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
