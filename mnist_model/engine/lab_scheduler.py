"""The scheduler of a lab, which gives the jobs of its servers to the workers that have joined it.

python -m mnist_model.engine.lab_scheduler ADDRESS

The host of the address is the interface to listen on: tls://0.0.0.0:8786 for all of them, tcp://127.0.0.1:8786 for this
machine alone.
"""

import asyncio
import contextlib
import signal
import sys

from distributed import Scheduler

from mnist_model.engine import settings
from mnist_model.engine.security import security
from mnist_model.runs.errors import NoWorkers


async def schedule(address: str) -> None:
    """Be the scheduler at an address until the process ends. Raises NoWorkers, and OSError where it cannot listen."""
    protection = security(address)
    async with Scheduler(host=address, security=protection, dashboard=False, dashboard_address="127.0.0.1:0") as made:
        print(f"The scheduler of a lab is at {made.address}.")
        print(f"  On every machine that is to train:  make worker CLUSTER={made.address}")
        print(f"  To serve the app with them:         MNIST_CLUSTER={made.address} make run", flush=True)
        await made.finished()


def main() -> None:
    """The program: until the process ends, or with a sentence of why it cannot."""
    settings.apply()
    signal.signal(signal.SIGTERM, lambda *_: settings.leave())
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(schedule(sys.argv[1]))
    except (NoWorkers, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
