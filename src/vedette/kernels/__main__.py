"""Compile every kernel into object files: `make setup` calls it, so that no first run waits for the compiler."""

from __future__ import annotations

import os
import subprocess
import sys

from vedette.kernels import FOLDER, objects

SHARES = (("json", "pack"), ("csv", "dissect"), ("kv", "utf8", "windows"))
"""The modules that each of the processes compiles: about as long each."""

BUILD = "import vedette.kernels as k; k.building = True; import {}"


def main() -> int:
    """Compile every kernel, in several processes at once, because one uses one core only. Return the worst exit code."""
    print("compiling kernels, once ...", file=sys.stderr, flush=True)
    shares = [", ".join(f"vedette.kernels.{module}" for module in share) for share in SHARES]
    place = os.environ | {FOLDER: str(objects())}
    running = [subprocess.Popen([sys.executable, "-c", BUILD.format(share)], env=place) for share in shares]
    return max(process.wait() for process in running)


if __name__ == "__main__":
    sys.exit(main())
