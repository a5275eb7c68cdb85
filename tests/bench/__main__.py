"""Run the benchmark, or some of its parts, and print a line for each figure.

python -m tests.bench [PART …]

Needs a quiet machine for about twenty minutes. Ends with status 1 where a bar was missed.
"""

import argparse
import sys

from tests.bench import (
    browser,
    classifier,
    classroom,
    editor,
    lab,
    live,
    load,
    many,
    memory,
    queue,
    shift,
    training,
    turns,
    watching,
)
from tests.bench.line import Line

PARTS = {
    "training": training.measure,
    "browser": browser.measure,
    "live": live.measure,
    "shift": shift.measure,
    "editor": editor.measure,
    "load": load.measure,
    "queue": queue.measure,
    "memory": memory.measure,
    "classifier": classifier.measure,
    "watching": watching.measure,
    "turns": turns.measure,
    "lab": lab.measure,
    "classroom": classroom.measure,
    "many": many.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="The project's benchmark.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of: {', '.join(PARTS)} (default: all)")
    chosen = parser.parse_args().parts or list(PARTS)
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    met = [show(name) for name in PARTS if name in chosen]
    return 0 if all(met) else 1


def show(part: str) -> bool:
    """Print a part's lines as they come. A part that breaks down has missed; the others still get their turn."""
    met = True
    try:
        for line in PARTS[part]():
            print(line, flush=True)
            met = met and line.met is not False
    except Exception as error:
        message = str(error).strip() or repr(error)
        print(Line(part, f"broke down: {message.splitlines()[-1]}", "", False), flush=True)
        return False
    return met


if __name__ == "__main__":
    sys.exit(main())
