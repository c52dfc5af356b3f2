"""Workflow: a workflow in Python. Load a file, set inputs by title, run it, take the pictures.

from safelight import Workflow

flow = Workflow.load("workflows/text_to_image.json")
flow["What to show"].text = "a rocket"
made = flow.run()
made.images[0].show()
"""

from __future__ import annotations

import atexit
import io
import os
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safelight import graph as building
from safelight import home
from safelight.compat import Document, Ready, assign, find, make_ready, refusals, target, to_prompt
from safelight.core.cancel import Cancel
from safelight.core.engine import Engine
from safelight.core.error import BadInput, DocumentError, Problems, SafelightError, Where
from safelight.core.event import Listener
from safelight.core.folder import Folders
from safelight.core.graph import Graph
from safelight.core.registry import Registry
from safelight.core.report import Report, Result
from safelight.core.validation import roots_of, validate
from safelight.setting import Settings
from safelight.worker import open_engine

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass
class Made:
    """What a run made."""

    result: Result
    titles: Mapping[str, str]
    folders: Folders = field(repr=False)

    @property
    def seconds(self) -> float:
        """How long the run took."""
        return self.result.seconds

    @property
    def nodes(self) -> dict[str, Report]:
        """By id what became of each node, and why."""
        return self.result.nodes

    @cached_property
    def files(self) -> list[Path]:
        """The files that it saved or showed, in the order of its nodes; also those found from before."""
        return [
            self.folders.root(entry.get("type", "output")) / entry.get("subfolder", "") / entry["filename"]
            for entry in self._shown()
            if isinstance(entry, Mapping) and "filename" in entry
        ]

    @cached_property
    def images(self) -> list[Image]:
        """The pictures among its files, opened."""
        import PIL.Image

        found: list[Image] = []
        for path in self.files:
            try:
                found.append(PIL.Image.open(io.BytesIO(path.read_bytes())))
            except PIL.UnidentifiedImageError:
                continue
        return found

    @property
    def texts(self) -> list[str]:
        """The texts that it showed."""
        return [entry for entry in self._shown() if isinstance(entry, str)]

    def _shown(self) -> list[Any]:
        return [
            entry
            for report in self.result.nodes.values()
            for entries in report.shown.values()
            for entry in entries
        ]


class Inputs:
    """One node of a workflow; its inputs are attributes."""

    def __init__(self, workflow: Workflow, id: str) -> None:
        object.__setattr__(self, "_workflow", workflow)
        object.__setattr__(self, "_id", id)

    def __getattr__(self, name: str) -> Any:
        workflow: Workflow = object.__getattribute__(self, "_workflow")
        return workflow.get(object.__getattribute__(self, "_id"), name)

    def __setattr__(self, name: str, value: Any) -> None:
        workflow: Workflow = object.__getattribute__(self, "_workflow")
        workflow.put(object.__getattribute__(self, "_id"), name, value)


class Workflow:
    """A workflow: a saved file, or a graph built by calling node types (see `safelight.graph`)."""

    def __init__(self, document: Document, registry: Registry | None = None) -> None:
        self.document = document
        self.registry = registry or building.builtin()

    @classmethod
    def load(cls, file: str | os.PathLike[str]) -> Workflow:
        """Read a workflow file in any dialect, or a picture that carries one. Raises DocumentError."""
        return cls(Document.read(file))

    @classmethod
    def of(cls, *roots: building.Node | building.Output) -> Workflow:
        """The workflow that runs these nodes, with all that feeds them."""
        return cls.of_graph(building.collect(roots))

    @classmethod
    def of_graph(cls, graph: Graph) -> Workflow:
        """The workflow of a graph. Raises DocumentError if it is empty."""
        if not graph.nodes:
            raise DocumentError("it holds no nodes", remedy="Give it at least one node that saves or shows.")
        return cls(Document(to_prompt(graph)))

    def __getitem__(self, name: str) -> Inputs:
        """The node that `name` means: an id, a title or a type. GraphError if it means none or several."""
        return Inputs(self, find(self.document, name, self.registry))

    def get(self, node: str, name: str) -> Any:
        """The value of an input; a `Link` if another node gives it. Raises BadInput if there is none."""
        entry = self.graph.nodes.get(node)
        if entry is not None and name in entry.inputs:
            return entry.inputs[name]
        _, one = target(self.document, self.registry, f"{node}.{name}")
        return one.default

    def put(self, node: str, name: str, value: Any) -> None:
        """Give an input another value. Raises BadInput for one that it does not take."""
        id, one = target(self.document, self.registry, f"{node}.{name}")
        saved = self.document.node(id)
        where = Where(node=id, type=saved.type, input=name, title=saved.title or None)
        if one.widget is None:
            raise BadInput(name, f"it takes {one.type} from a node, not a value", where=where)
        refusal = one.widget.refusal(value)
        if refusal:
            raise BadInput(name, *refusal, where=where)
        assign(self.document, self.registry, id, one.name, value)

    @property
    def graph(self) -> Graph:
        """The graph that it means now."""
        return self.ready(Folders(home.locate())).graph

    def ready(self, folders: Folders) -> Ready:
        """The workflow made ready to run with the files of these folders."""
        return make_ready(self.document, self.registry, folders)

    def save(self, file: str | os.PathLike[str]) -> Path:
        """Write it as JSON, in the dialect that it has."""
        path = Path(file)
        path.write_text(self.document.write(), encoding="utf-8")
        return path

    def run(
        self,
        *,
        only: Iterable[str] = (),
        data: str | os.PathLike[str] | None = None,
        engine: Engine | None = None,
        listener: Listener | None = None,
        cancel: Cancel | None = None,
    ) -> Made:
        """Run it, or `only` the nodes that these names mean; nothing is computed twice.

        `data` is the data folder (see `safelight.home.locate`), whose engine stays open for the next run;
        `engine` is one of your own. Raises Problems before anything is run if it cannot be, and what ended
        the run early (NodeFailed, Cancelled).
        """
        engine = engine or opened(home.locate(data))
        ready = self.ready(engine.folders)
        wanted = [find(ready.graph, name, engine.registry) for name in only]
        _check(ready.graph, engine, wanted)
        result = engine.run(
            ready.graph,
            wanted or None,
            listener=listener,
            cancel=cancel,
            prompt=ready.prompt,
            workflow=ready.workflow,
        )
        result.raise_for_error()
        return Made(result, ready.titles, engine.folders)


def _check(graph: Graph, engine: Engine, wanted: list[str]) -> None:
    found = validate(graph, engine.registry, wanted or roots_of(graph, engine.registry), engine.folders)
    problems: list[SafelightError] = [*found.problems]
    problems += refusals(graph, engine.folders, [id for id, _, _ in found.order])
    if problems:
        raise Problems(problems)


_engines: dict[Path, Engine] = {}


def opened(data: Path) -> Engine:
    """The engine over a data folder; it is opened once and closed when the program ends."""
    if data not in _engines:
        home.prepare(data)
        engine = open_engine(data, Settings.read(data))
        atexit.register(closing(engine).__exit__)
        _engines[data] = engine
    return _engines[data]
