"""A client of Dask's for a place: a scheduler elsewhere, or a cluster of this machine's own that ends with it."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import warnings
from collections.abc import AsyncIterator
from typing import Any

from grader import scratch
from grader.cluster.address import REACH_SECONDS, Place, nobody
from grader.course import CourseError

CLOSE_SECONDS = 5.0
NO_PAGES = {"dashboard_address": None, "worker_dashboard_address": None}


@contextlib.asynccontextmanager
async def connected(place: Place) -> AsyncIterator[Any]:
    """A client, in this event loop.

    Raises
    ------
    CourseError
        If no scheduler answers there, or it is not one that understands this client.
    """
    distributed: Any = importlib.import_module("distributed")
    _quiet()
    async with contextlib.AsyncExitStack() as held:
        try:
            at: Any = place.address
            if place.workers:
                at = await held.enter_async_context(_own(distributed, place))
            client = distributed.Client(
                at,
                asynchronous=True,
                timeout=REACH_SECONDS,
                security=None if place.workers else _security(distributed, place),
            )
            held.push_async_callback(_close, client)
            # Its own deadline is not kept while somebody listens and says nothing.
            async with asyncio.timeout(2 * REACH_SECONDS):
                await client
        except (OSError, TimeoutError, ValueError, RuntimeError, TypeError) as problem:
            # Dask tells a refused certificate, another protocol and silence apart in the cause, if at all.
            said = " ".join(str(problem.__cause__ or problem).split())[:200]
            raise CourseError(nobody(place, said or "it says nothing")) from None
        _quiet()
        yield client


async def _close(client: Any) -> None:
    """Close a client, also one whose scheduler is gone or was none."""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(CLOSE_SECONDS):
            await client.close(timeout=1)


def _own(distributed: Any, place: Place) -> Any:
    """Workers of this machine, a process each, that nobody else of this machine can talk to."""
    return distributed.LocalCluster(
        n_workers=place.workers, threads_per_worker=1, processes=True, asynchronous=True, host="127.0.0.1",
        protocol="tls://", security=distributed.Security.temporary(), memory_limit=None,
        local_directory=scratch.folder(), silence_logs=logging.CRITICAL, **NO_PAGES,
    )  # fmt: skip


def _security(distributed: Any, place: Place) -> Any:
    """What TLS needs: files that were named, or what Dask's own configuration says."""
    if not (place.ca_file or place.cert or place.key):
        return None
    return distributed.Security(
        require_encryption=True, tls_ca_file=place.ca_file or None, tls_client_cert=place.cert or None,
        tls_client_key=place.key or None,
    )  # fmt: skip


def _quiet() -> None:
    """Keep Dask's own words off the terminal: what matters of them is said in one line by us."""
    warnings.filterwarnings("ignore", module="distributed")
    for name in ("distributed", *(n for n in logging.root.manager.loggerDict if n.startswith("distributed"))):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL + 1)
    logging.getLogger("tornado").setLevel(logging.CRITICAL + 1)
