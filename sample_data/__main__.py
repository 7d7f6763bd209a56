"""`python -m sample_data`: write the recorded set anew, or a sample of another size elsewhere."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from sample_data import generator, recorded


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m sample_data", description=__doc__)
    parser.add_argument("--seed", type=int, default=generator.SEED)
    parser.add_argument("--days", type=int, default=7, help="days from 2026-01-14 on")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--scale", type=float, default=1.0, help="times the published counts")
    size.add_argument("--per-day", type=int, help="the same number of objects every day")
    parser.add_argument("--output", type=Path, default=recorded.FOLDER)
    chosen = parser.parse_args(arguments)
    wanted = generator.quotas(chosen.days, chosen.scale, chosen.per_day)
    made = generator.deliveries(chosen.seed, wanted)
    recorded.write(recorded.files(made, chosen.seed), chosen.output)
    kinds = Counter(delivery.kind for delivery in made)
    counts = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    sys.stdout.write(f"{len(made)} deliveries ({counts}) in {chosen.output}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
