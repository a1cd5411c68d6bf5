"""Compile every kernel into the cache: `make setup` calls it, so that no first run waits for the compiler."""

from __future__ import annotations

import subprocess
import sys

SHARES = (
    ("vedette.kernels.json", "vedette.kernels.pack"),
    ("vedette.kernels.csv", "vedette.kernels.utf8"),
    ("vedette.kernels.kv", "vedette.kernels.windows"),
)
"""What each of the processes imports, and so compiles, beside what that imports itself: about as long each."""


def main() -> int:
    """Compile every kernel, in several processes at once, because one uses one core only. Return the worst exit code."""
    print("compiling kernels, once ...", file=sys.stderr, flush=True)
    running = [subprocess.Popen([sys.executable, "-c", f"import {', '.join(share)}"]) for share in SHARES]
    return max(process.wait() for process in running)


if __name__ == "__main__":
    sys.exit(main())
