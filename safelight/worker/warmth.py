"""Warmth: imports what the first model needs, before anybody asks for it, and in nobody's way.

It takes seconds, in a thread of its own: jobs that need nothing of it run meanwhile. Two threads must not
import parts of one library at a time, so a body that may import some waits for the part that is under way,
and the thread goes on when the job has ended.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Sequence
from threading import Condition, Thread
from time import perf_counter

from safelight.core.event import Event, NodeStarted
from safelight.core.graph import Graph
from safelight.core.registry import Registry
from safelight.core.socket import ANY
from safelight.core.spec import NodeSpec

logger = logging.getLogger("safelight.worker")
MODULES = (
    "torch",
    *(f"safelight.diffusion.{name}" for name in ("sampling", "trajectory", "vae", "text", "picture")),
    "diffusers.utils",
    "diffusers.models.modeling_utils",
    "transformers.modeling_utils",
    "scipy.stats",
    "diffusers.models.transformers",
    "diffusers.models.autoencoders.autoencoder_kl",
    "diffusers.models.unets.unet_2d_condition",
)
"""What takes seconds to import when the first model is loaded, in parts, so that no wait is long."""
LIGHT = frozenset({"STRING", "INT", "FLOAT", "BOOLEAN", "COMBO", ANY})
"""Types whose nodes compute with nothing that was imported here."""
BUILT_IN = "nodes."


class Warmth:
    """The imports. `imported` is told each module when it is there, and the seconds that it took."""

    def __init__(self, imported: Callable[[str, float], None], modules: Sequence[str] = MODULES) -> None:
        self._imported, self._modules = imported, modules
        self._turn = Condition()
        self._busy = self._held = False
        self.done = False

    def start(self) -> None:
        """Begin."""
        Thread(target=self._work, name="safelight-warm", daemon=True).start()

    def hold(self) -> None:
        """Import no more until `release`; returns when what is under way is there."""
        with self._turn:
            self._held = True
            self._turn.wait_for(lambda: not self._busy)

    def release(self) -> None:
        """Go on."""
        with self._turn:
            self._held = False
            self._turn.notify_all()

    def before_bodies(self, graph: Graph, registry: Registry) -> Callable[[Event], None]:
        """A listener to a run that holds the imports before the first body that may need them itself."""

        def heard(event: Event) -> None:
            if isinstance(event, NodeStarted) and not self.done:
                node = graph.nodes.get(event.node)
                if node is None or not is_light(registry.find(node.type)):
                    self.hold()

        return heard

    def _work(self) -> None:
        for name in self._modules:
            with self._turn:
                self._turn.wait_for(lambda: not self._held)
                self._busy = True
            try:
                self._import(name)
            finally:
                with self._turn:
                    self._busy = False
                    self._turn.notify_all()
        self.done = True

    def _import(self, name: str) -> None:
        started = perf_counter()
        try:
            importlib.import_module(name)
        except Exception:
            logger.exception("%s cannot be imported, which the first job that needs it will find too", name)
        else:
            self._imported(name, perf_counter() - started)


def is_light(spec: NodeSpec | None) -> bool:
    """Whether a node type handles texts and numbers only."""
    if spec is None or not spec.module.startswith(BUILT_IN):
        return False
    return LIGHT.issuperset([*(one.type for one in spec.inputs), *(one.type for one in spec.outputs)])
