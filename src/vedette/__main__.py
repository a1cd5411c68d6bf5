"""Start vedette. The version is answered here, before anything is imported: it is what scripts ask most often."""

from __future__ import annotations

import sys

from vedette import __version__


def main() -> int:
    """Run the command line with the process's arguments and return its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"vedette {__version__}")
        return 0
    try:
        from vedette.cli import main as run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
