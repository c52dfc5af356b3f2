"""`safelight run`: run a workflow, or a sweep of them, and tell what came of it."""

from __future__ import annotations

import warnings
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from safelight import home
from safelight.cli import sweep
from safelight.cli.account import Account
from safelight.cli.explanation import explanation, legend
from safelight.cli.interrupt import interruptible
from safelight.cli.output import Output, outputs_of
from safelight.cli.progress import Progress
from safelight.cli.speech import tell
from safelight.cli.variation import Axis, Variation, read_axis, read_change, variations
from safelight.compat import Document, find, refusals
from safelight.core.cancel import Cancel
from safelight.core.engine import Engine
from safelight.core.error import Problems
from safelight.core.graph import Graph
from safelight.core.report import Result
from safelight.core.validation import roots_of, validate
from safelight.setting import Settings
from safelight.worker import open_engine


def main(args: Namespace) -> int:
    """Run what the command line asks for; returns the exit code."""
    if not args.debug:
        warnings.simplefilter("ignore")  # libraries warn about each other, which nobody here can act on
    account, cancel = Account(args.json, keeps=not args.no_cache), Cancel()
    with interruptible(cancel, account.give_up):
        try:
            _run(args, account, cancel)
        except BrokenPipeError:
            raise  # nobody reads what would be told
        except Exception as error:
            if args.debug:
                raise
            account.fail(error)
        return account.close()


def _run(args: Namespace, account: Account, cancel: Cancel) -> None:
    document = Document.read(args.file)
    data = home.locate(args.data)
    home.prepare(data)
    settings = Settings.read(data)
    if args.precision:
        settings = replace(settings, precision=args.precision)
    with closing(open_engine(data, settings, output=args.out)) as engine:
        session = _Session(args, account, cancel, engine)
        changes = [read_change(document, engine.registry, text) for text in args.assignments]
        axes = [read_axis(document, engine.registry, text) for text in args.sweeps]
        planned = list(variations(document, engine.registry, engine.folders, changes, axes))
        session.check(planned)
        made = [(one.label, outputs) for one in planned if (outputs := session.run(one)) is not None]
        if axes and account.status == "done":
            session.make_sheet(made, axes, planned[0])
        session.explain_terms()


class _Session:
    """The runs of one command over one engine."""

    def __init__(self, args: Namespace, account: Account, cancel: Cancel, engine: Engine) -> None:
        self.args = args
        self.account = account
        self.cancel = cancel
        self.engine = engine

    def check(self, planned: Sequence[Variation]) -> None:
        """See that every variation can be run before the first is."""
        for one in planned:
            roots = self._roots(one.graph) or roots_of(one.graph, self.engine.registry)
            found = validate(one.graph, self.engine.registry, roots, self.engine.folders)
            texts = refusals(one.graph, self.engine.folders, [id for id, _, _ in found.order])
            if found.problems or texts:
                self.account.note(one.notices)
                raise Problems([*found.problems, *texts])

    def run(self, one: Variation) -> list[Output] | None:
        """Run one variation; None if one before it failed."""
        if self.account.status != "done":
            return None
        self.account.note(one.notices)
        if one.changes:
            tell(f"{one.label}:")
        asked = self._roots(one.graph)
        result = self._result(one.graph, asked, one)
        outputs = outputs_of(result, one.graph, self.engine.registry, self.engine.folders, asked)
        swept = {change.name: change.value for change in one.changes} if one.changes else None
        self.account.add(result, outputs, swept)
        self._explain(result, one)
        return outputs

    def make_sheet(
        self, made: Sequence[tuple[str, list[Output]]], axes: Sequence[Axis], one: Variation
    ) -> None:
        """Lay the first picture of each variation out on one sheet."""
        graph = sweep.sheet_graph(made, axes, Path(self.args.file).stem)
        if graph.nodes:
            self.engine.registry.collect(sweep)
            result = self._result(graph, (), one)
            self.account.add(result, outputs_of(result, graph, self.engine.registry, self.engine.folders, ()))

    def _roots(self, graph: Graph) -> list[str]:
        return [find(graph, name, self.engine.registry) for name in self.args.only]

    def _result(self, graph: Graph, asked: Iterable[str], one: Variation) -> Result:
        progress = Progress(self._names(graph, one))
        try:
            return self.engine.run(
                graph,
                list(asked) or None,
                listener=progress,
                cancel=self.cancel,
                prompt=one.prompt,
                workflow=one.workflow,
                fresh=self.args.no_cache,
            )
        finally:
            progress.close()

    def _names(self, graph: Graph, one: Variation) -> dict[str, str]:
        """What nodes are called: by title, with the id where several share it."""
        names = {}
        for id, node in graph.nodes.items():
            spec = self.engine.registry.find(node.type)
            names[id] = one.titles.get(id) or node.title or (spec.title if spec else "") or node.type
        called = Counter(names.values())
        return {id: name if called[name] == 1 else f"{name} ({id})" for id, name in names.items()}

    def _explain(self, result: Result, one: Variation) -> None:
        if self.args.explain:
            head = [f"{one.label}:"] if one.changes else []
            self._print([*head, *explanation(result.nodes, self._names(one.graph, one))])

    def explain_terms(self) -> None:
        """Say once, at the end, what the tables' words mean."""
        if self.args.explain:
            self._print(legend(self.account.nodes))

    def _print(self, lines: Iterable[str]) -> None:
        for line in lines:
            tell(line) if self.args.json else print(line)
