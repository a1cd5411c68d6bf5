"""How long the tests marked `fuzz` go on, and with what dice."""

from __future__ import annotations

import os
import random
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FUZZ_SECONDS = float(os.environ.get("VEDETTE_FUZZ_SECONDS", "60"))


def dice_for(seconds: float) -> Iterator[random.Random]:
    """Yield dice of other seeds than last time, until the time is over."""
    end = time.monotonic() + seconds
    seed = random.SystemRandom().randrange(2**32)
    while time.monotonic() < end:
        seed += 1
        yield random.Random(seed)
