"""Train the model: `python -m transcriber.training --out DIR [--share 0.01] [--seed N]`."""

import argparse
import os
from pathlib import Path


def main() -> None:
    """Train and print the SHA-256 of every file, as `sha256sum` does."""
    parser = argparse.ArgumentParser(
        prog="python -m transcriber.training",
        description="Train the model of names on the project's own text. Minutes on one core.",
    )
    parser.add_argument("--out", type=Path, required=True, help="directory to write the model to")
    parser.add_argument("--share", type=float, default=1.0, help="part of the text to use (0 to 1)")
    parser.add_argument("--seed", type=int, default=7, help="number that the text is drawn from")
    options = parser.parse_args()
    # One thread adds in one order: the same bytes every time.
    os.environ["OMP_NUM_THREADS"] = "1"
    from transcriber.training.train import listed, train

    print(listed(train(options.out, options.share, options.seed)), end="")


if __name__ == "__main__":
    main()
