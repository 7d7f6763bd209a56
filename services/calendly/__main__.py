"""Start the Calendly simulator: `python -m services.calendly`."""

from __future__ import annotations

import logging
import signal
import sys

from cheroot.wsgi import Server

from services.calendly.app import create_app
from services.calendly.clock import Clock
from services.calendly.deliveries import CONNECTIONS, Deliveries
from services.calendly.posting import Poster
from services.calendly.settings import Settings
from services.calendly.store import Store
from services.private_files import keep_private

THREADS = 8


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    settings = Settings.from_env()
    keep_private(settings.data_dir)
    store = Store(settings.data_dir / "calendly.sqlite")
    clock = Clock(store.clock(), store.keep_clock)
    clock.set()
    deliveries = Deliveries(store, clock, Poster(CONNECTIONS), settings.deliver_to)
    deliveries.start()
    app = create_app(settings, store, clock, deliveries)
    server = Server((settings.host, settings.port), app, numthreads=THREADS, shutdown_timeout=1)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.safe_start()


if __name__ == "__main__":
    main()
