"""``make soak``: half of what the platform bears, for long: no error, and memory that stays after the warm-up.

python -m tests.bench.soak MINUTES
"""

import json
import sys

from tests.bench.capacity import WORDS, asked, capacity
from tests.bench.sandbox import sandbox

SCENARIO = "mixed"


def main() -> int:
    """Find the capacity, then soak at half of it."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    with sandbox() as box:
        borne = capacity(box.home, SCENARIO)
        rate = max(1.0, borne / 2)
        print(f"capacity {borne:g}/s; soaking at {rate:g}/s for {minutes:g} minutes", flush=True)
        words = (*WORDS[:-2], "--shape", "soak", "--rate", f"{rate:g}", "--duration", f"{minutes * 60:g}")
        code, run = asked(box.home, "load", "run", SCENARIO, *words)
    print(json.dumps(run, indent=1, ensure_ascii=False))
    return code


if __name__ == "__main__":
    sys.exit(main())
