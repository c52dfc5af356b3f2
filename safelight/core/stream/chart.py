"""Chart: which nodes of a graph run once per item, and of which feeds."""

from __future__ import annotations

from collections.abc import Iterable

from safelight.core.graph import Node
from safelight.core.spec import NodeSpec
from safelight.core.stream.feed import CALLS, Feed, FeedId, Tap


class Chart:
    """The feeds, the nodes mapped over them, and those that take streams by lazy inputs only."""

    def __init__(self) -> None:
        self.streaming = False
        """Whether there is any stream in the graph."""
        self.feeds: dict[FeedId, Feed] = {}
        self.mapped: dict[str, tuple[FeedId, ...]] = {}
        self.tapped: set[str] = set()

    def extend(self, order: Iterable[tuple[str, Node, NodeSpec]]) -> None:
        """Find out which nodes run once per item, and of which feeds; nodes are given sources first."""
        self.streaming = True
        for id, node, spec in order:
            eager, lazy = self._streams_into(node, spec)
            if eager:
                self.mapped[id] = eager
            elif lazy:
                self.tapped.add(id)
                self.feeds[(id, CALLS)] = Feed((id, CALLS), None, tapped=True)
            for slot, output in enumerate(spec.outputs):
                if output.many or id in self.tapped:
                    self.feeds[(id, slot)] = Feed((id, slot), self.mapped.get(id), tapped=id in self.tapped)

    def _streams_into(self, node: Node, spec: NodeSpec) -> tuple[tuple[FeedId, ...], bool]:
        """The feeds of a node's inputs that take items, and whether lazy inputs take any."""
        eager: dict[FeedId, None] = {}
        lazy = False
        for name, link in node.links:
            one = spec.by_name.get(name)
            if one is None or one.many:
                continue
            feeds = self.feeds_of((link.node, link.slot))
            if one.lazy:
                lazy = lazy or bool(feeds)
            else:
                eager.update(dict.fromkeys(feeds))
        return tuple(eager), lazy

    def feeds_of(self, tap: Tap) -> tuple[FeedId, ...]:
        """The feeds that an output depends on item by item; none if it is a single value."""
        return (tap,) if tap in self.feeds else self.mapped.get(tap[0], ())

    def index_exists(self, feeds: Iterable[FeedId], index: int) -> bool:
        """Whether the streams, matched, have something at `index`; that must be settled."""
        lengths = [len(self.feeds[id].keys) for id in feeds]
        return bool(lengths) and min(lengths) > 0 and max(lengths) > index

    def place(self, id: str, index: int) -> int:
        """The cell of a mapped node that stands for `index`: that one, or its last."""
        return min(index, max(len(self.feeds[feed].keys) for feed in self.mapped[id]) - 1)
