"""Start vedette. The version is answered here, before anything is imported: it is what scripts ask most often."""

from __future__ import annotations

import os
import sys

from vedette import __version__

ALLOCATIONS = 100_000
"""New objects between two looks for garbage: with Python's 700, importing our libraries alone starts hundreds of them."""


def main() -> int:
    """Run the command line with the process's arguments and return its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"vedette {__version__}")
        return 0
    import gc

    gc.set_threshold(ALLOCATIONS)
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # NumPy's own threads, of no use here, spin on the cores that read
    try:
        from vedette.cli import main as command

        return command(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


def run() -> None:
    """Run the command line and end the process at once: taking the interpreter and its libraries apart takes nearly a tenth of a second."""
    code = main()
    import atexit

    atexit._run_exitfuncs()  # what the end of the interpreter would do first: temporary folders are removed
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        code = code or 1
    os._exit(code)


if __name__ == "__main__":
    run()
