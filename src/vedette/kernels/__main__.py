"""Compile every kernel into object files: `make setup` calls it, so that no first run waits for the compiler."""

from __future__ import annotations

import subprocess
import sys

from vedette.kernels import objects

SHARES = (("json", "pack"), ("csv", "dissect"), ("kv", "utf8", "windows"))
"""The modules that each of the processes compiles: about as long each."""

BUILD = "import pathlib, vedette.kernels as k; k.building = pathlib.Path({!r}); import {}"


def main(arguments: list[str]) -> int:
    """Compile every kernel into a folder, by default the cache, in several processes, because one uses one core only. Return the worst exit code."""
    print("compiling kernels, once ...", file=sys.stderr, flush=True)
    shares = [", ".join(f"vedette.kernels.{module}" for module in share) for share in SHARES]
    folder = arguments[0] if arguments else str(objects())
    running = [subprocess.Popen([sys.executable, "-c", BUILD.format(folder, share)]) for share in shares]
    return max(process.wait() for process in running)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
