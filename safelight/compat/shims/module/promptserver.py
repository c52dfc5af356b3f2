"""`server`: PromptServer as packs know it; messages go to the pages, routes to whoever serves them."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

from safelight.compat.shims.call import current
from safelight.compat.shims.host import HOST
from safelight.compat.shims.module.routes import Routes, in_application, of_pack


class BinaryEventTypes:
    PREVIEW_IMAGE = 1
    UNENCODED_PREVIEW_IMAGE = 2
    TEXT = 3
    PREVIEW_IMAGE_WITH_METADATA = 4


class Queue:
    """The queue lies with the server; here it is empty."""

    def get_current_queue(self) -> tuple[list[Any], list[Any]]:
        return [], []

    def get_history(self, *given: Any, **named: Any) -> dict[str, Any]:
        return {}

    def get_tasks_remaining(self) -> int:
        return 0

    def set_flag(self, name: str, data: Any) -> None:
        """Models and memory are let go of when they are in the way."""

    def put(self, item: Any) -> None:
        raise NotImplementedError("a pack cannot queue prompts from inside a worker; POST /prompt does")


class PromptServer:
    """The one server of the process."""

    instance: PromptServer

    def __init__(self, loop: Any = None) -> None:
        from aiohttp import web

        self.routes = Routes()
        self.app = web.Application()
        self.supports = ["custom_nodes_from_web"]
        self.prompt_queue = Queue()
        self.on_prompt_handlers: list[Any] = []
        self.sockets: dict[str, Any] = {}
        self.sockets_metadata: dict[str, Any] = {}
        self.number = 0
        self.port = 8188
        self.address = "127.0.0.1"
        self.web_root = ""
        self.last_prompt_id = ""
        self.messages: asyncio.Queue[Any] | None = None
        self.user_manager = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """A loop on a thread of its own, started when first asked for."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, name="safelight-packs", daemon=True).start()
        return self._loop

    @property
    def client_id(self) -> str | None:
        return HOST.client

    @client_id.setter
    def client_id(self, value: str | None) -> None:
        HOST.client = value

    @property
    def last_node_id(self) -> str | None:
        call = current()
        return call.context.node if call is not None else None

    @last_node_id.setter
    def last_node_id(self, value: Any) -> None:
        """It follows from what runs."""

    def send_sync(self, event: Any, data: Any, sid: str | None = None) -> None:
        HOST.send(str(event), data, sid if sid is not None else HOST.client)

    async def send(self, event: Any, data: Any, sid: str | None = None) -> None:
        self.send_sync(event, data, sid)

    send_json = send_bytes = send_image = send

    def send_progress_text(self, text: Any, node_id: Any, sid: str | None = None) -> None:
        self.send_sync("progress_text", {"nodeId": str(node_id), "text": str(text)}, sid)

    def add_on_prompt_handler(self, handler: Any) -> None:
        self.on_prompt_handlers.append(handler)

    def add_routes(self) -> None:
        """They are served beside the server's own."""

    def trigger_on_prompt(self, json_data: Any) -> Any:
        for handler in self.on_prompt_handlers:
            json_data = handler(json_data)
        return json_data

    def declared(self) -> list[Any]:
        """All routes of packs; of two that are alike the later one counts."""
        return [*self.routes, *in_application(self.app)]

    def put(self, routes: list[Any], handlers: list[Any]) -> None:
        """Have these routes and prompt handlers and no others."""
        from aiohttp import web

        self.app = web.Application()
        self.routes.keep(routes)
        self.on_prompt_handlers[:] = handlers

    def leave_out(self, module: str, folder: Path) -> None:
        """Take out what a pack declared, so that it can declare it anew."""
        routes = [one for one in self.declared() if not of_pack(one, module, folder)]
        self.put(routes, [one for one in self.on_prompt_handlers if not of_pack(one, module, folder)])

    def queue_updated(self) -> None:
        """The server tells."""

    def get_queue_info(self) -> dict[str, Any]:
        return {"exec_info": {"queue_remaining": 0}}

    def node_info(self, node_class: str) -> dict[str, Any]:
        from safelight.compat.catalogue import node_info

        return node_info(HOST.registry.get(node_class), HOST.folders.names)


PromptServer.instance = PromptServer()


def __getattr__(name: str) -> Any:
    match name:
        case "web" | "aiohttp":
            import aiohttp

            return aiohttp.web if name == "web" else aiohttp
        case "nodes" | "folder_paths" | "execution":
            return __import__(name)
    raise AttributeError(name)
