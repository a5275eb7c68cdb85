"""A worker on this machine for a lab, for as long as the process runs.

python -m mnist_model.engine.join_lab ADDRESS

Where the scheduler at the address is gone, or not there yet, it waits for it.
"""

import asyncio
import signal
import sys

from distributed import Nanny
from distributed.comm import get_address_host
from distributed.security import Security
from distributed.utils import get_ip

from mnist_model.engine import settings
from mnist_model.engine.security import security, unreachable
from mnist_model.engine.settings import WORKER
from mnist_model.engine.version import version
from mnist_model.runs.errors import NoWorkers

PAUSE = 3  # seconds between two looks for a scheduler


async def join(address: str) -> None:
    """Work for the scheduler at an address, and for the next one there when it is gone. Raises NoWorkers."""
    protection, said = security(address), ""
    print(f"Looking for the scheduler at {address}. Ctrl-C ends that.", flush=True)
    while True:
        try:
            async with _nanny(address, protection) as nanny:
                print(said := "Working for it.", flush=True)
                await nanny.finished()
            why = f"The scheduler at {address} is gone."
        except (OSError, RuntimeError) as error:  # Dask wraps some of the first in the second
            why = str(unreachable(address, error))
        if why != said:
            print(said := why, "Looking again every few seconds.", flush=True)
        await asyncio.sleep(PAUSE)


def _nanny(address: str, protection: Security) -> Nanny:
    """A worker's process and what starts it again; both listen only where the scheduler can reach them."""
    host = get_ip(get_address_host(address))
    able = {version(): 1}
    return Nanny(address, host=host, dashboard_address="127.0.0.1:0", resources=able, security=protection, **WORKER)


def main() -> None:
    """The program: until Ctrl-C, or with a sentence of why it cannot."""
    settings.apply()
    signal.signal(signal.SIGTERM, lambda *_: settings.leave())
    try:
        asyncio.run(join(sys.argv[1]))
    except KeyboardInterrupt:
        settings.leave()
    except NoWorkers as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
