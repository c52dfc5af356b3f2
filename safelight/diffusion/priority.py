"""Priority: an encoder must not take the processor from everything else on the machine.

SVT-AV1 gives its threads, and the one that opens it, a real-time policy where the process may, as root does
in a container. They would then starve the server, the browser and whatever else runs there.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

TASKS = Path("/proc/self/task")


class Priority:
    """The scheduling that this process had when this was made, to come back to."""

    def __init__(self) -> None:
        self._known = hasattr(os, "sched_getscheduler")
        if self._known:
            self._policy, self._param = os.sched_getscheduler(0), os.sched_getparam(0)

    def keep(self) -> None:
        """Bring every thread back to it if the calling one was raised since."""
        if not self._known or os.sched_getscheduler(0) == self._policy:
            return
        threads = [int(task.name) for task in TASKS.iterdir()] if TASKS.is_dir() else []
        for thread in [*threads, 0]:
            with suppress(OSError):  # it ended meanwhile
                os.sched_setscheduler(thread, self._policy, self._param)
