"""`python -m detente` is the command `detente`."""

import os
import sys

if __name__ == "__main__":
    # Python looks for modules in the current folder first, which may be a case of somebody
    # else's that holds a yaml.py; the command `detente` does not.
    if not sys.flags.safe_path and sys.path and sys.path[0] == os.getcwd():  # noqa: PTH109
        del sys.path[0]

from detente.cli import main

if __name__ == "__main__":
    main()
