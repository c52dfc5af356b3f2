"""Flow: what a run does where outputs give many values; other runs use no more of it than `begin`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import perf_counter
from typing import TYPE_CHECKING, Any

from safelight.core.cell import DONE, NEW, Cell, Wake
from safelight.core.graph import Link, Node
from safelight.core.key import SLOTS, digest, item_key
from safelight.core.outcome import Blocked, Item
from safelight.core.socket import Many
from safelight.core.spec import InputSpec, NodeSpec
from safelight.core.store.record import Record
from safelight.core.store.tier import Found
from safelight.core.stream import Collector, Feed, FeedId, March, Tap

if TYPE_CHECKING:
    from safelight.core.run import Run, Work

CALLS = -1
"""The slot of a tapped node that stands for its calls themselves."""


class Flow:
    """The streams of one run: feeds, mapped nodes, and the marches through them."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.streaming = False
        self.feeds: dict[FeedId, Feed] = {}
        self.mapped: dict[str, tuple[FeedId, ...]] = {}
        self.tapped: set[str] = set()
        self.cells: dict[tuple[str, int], Cell] = {}
        """One cell per index of nodes that run once per item."""
        self.marches: list[March] = []
        self.finishing: dict[int, Callable[[], None]] = {}
        self.parked: list[March] = []
        self.collectors: dict[Tap, Collector] = {}
        self.opened: dict[tuple[str, int | None], dict[int, Iterator[Any]]] = {}
        self.tallies: dict[tuple[str, int | None], dict[int, int]] = {}
        self.works: dict[tuple[str, int | None], Work] = {}
        """Calls whose items are still being taken, so that their contexts may still be told things."""
        self.awaited: dict[tuple[str, int | None], list[Tap]] = {}

    # -- the shape of the graph

    def chart(self, order: Iterable[tuple[str, Node, NodeSpec]]) -> None:
        """Find out which nodes run once per item, and of which feeds; nodes are given sources first."""
        self.streaming = True
        for id, node, spec in order:
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
            if eager:
                self.mapped[id] = tuple(eager)
            elif lazy:
                self.tapped.add(id)
                self.feeds[(id, CALLS)] = Feed((id, CALLS), None, tapped=True)
            for slot, output in enumerate(spec.outputs):
                if output.many or id in self.tapped:
                    self.feeds[(id, slot)] = Feed((id, slot), self.mapped.get(id), tapped=id in self.tapped)

    def feeds_of(self, tap: Tap) -> tuple[FeedId, ...]:
        """The feeds that an output depends on item by item; none if it is a single value."""
        return (tap,) if tap in self.feeds else self.mapped.get(tap[0], ())

    def ends(self, root: str) -> int:
        """How often `begin` will call back for a root."""
        spec = self.run.specs[root]
        many = sum(output.many for output in spec.outputs)
        return many if many and root not in self.tapped else 1

    def begin(self, root: str, done: Callable[[], None]) -> None:
        """Demand a root; `done` is called when it is complete, once for each output that gives many."""
        run = self.run
        spec = run.specs[root]
        if root in self.tapped:
            self._march(March(self.run, ((root, CALLS),)), done)
        elif spec.streams:
            for slot, output in enumerate(spec.outputs):
                if output.many:
                    self._march(March(self.run, ((root, slot),)), done)
        elif root in self.mapped:
            self._march(March(self.run, self.mapped[root], root=root), done)
        else:
            cell = run.cell(root)
            cell.users += 1
            run.open += 1
            wake = Wake(done)
            run.wait_for_cell(cell, wake)
            if not wake.release():
                done()

    def _march(self, march: March, done: Callable[[], None]) -> None:
        self.run.open += 1
        self.marches.append(march)
        self.finishing[id(march)] = done
        self.run.calls.append(march.step)

    # -- marches

    def slowest(self) -> int:
        """The lowest index that any march is at."""
        return min((march.index for march in self.marches), default=0)

    def busy(self) -> bool:
        """Whether anything but marches is going on."""
        return bool(self.run.device) or self.run.inflight > 0

    def unpark(self) -> bool:
        """Let marches that were too far ahead go on; tells whether there were any."""
        parked, self.parked = self.parked, []
        self.run.calls.extend(march.step for march in parked)
        return bool(parked)

    def march_finished(self, march: March) -> None:
        """A march came to the end of its stream."""
        self.marches.remove(march)
        self.unpark()
        if march.collector is not None:
            collector = march.collector
            collector.done = True
            for wake in collector.waiters:
                wake.pending -= 1
                if not wake.pending:
                    self.run.ready(wake)
            collector.waiters = []
        self.finishing.pop(id(march), lambda: None)()

    def prune(self) -> None:
        """Let go of items and cells that no march will ask for again."""
        low = self.slowest()
        for feed in self.feeds.values():
            if self.run.specs[feed.id[0]].cached:
                feed.forget(low)
        done = sorted(place for place, cell in self.cells.items() if cell.state == DONE and cell.spec.cached)
        newest = dict(done)
        for place in done:
            if place[1] < low and place[1] != newest[place[0]] and not self._is_cursor(place):
                del self.cells[place]
        if self.parked:
            self.unpark()

    def _is_cursor(self, place: tuple[str, int]) -> bool:
        """Whether a feed still has to take items from a mapped producer's cell."""
        slots = range(CALLS, len(self.run.specs[place[0]].outputs))
        feeds = (self.feeds.get((place[0], slot)) for slot in slots)
        return any(feed is not None and feed.cursor <= place[1] for feed in feeds)

    # -- indices

    def settle_index(self, feeds: Iterable[FeedId], index: int, wake: Wake) -> None:
        """Hold `wake` back until it is known for each feed whether it has an item at `index`."""
        for id in feeds:
            feed = self.feeds[id]
            if not feed.reaches(index + 1):
                wake.pending += 1
                feed.wakes.append((index + 1, wake))
                self.pull(feed)

    def index_exists(self, feeds: Iterable[FeedId], index: int) -> bool:
        """Whether the streams, matched, have something at `index`; that must be settled."""
        lengths = [len(self.feeds[id].keys) for id in feeds]
        return bool(lengths) and min(lengths) > 0 and max(lengths) > index

    def place(self, id: str, index: int) -> int:
        """The cell of a mapped node that stands for `index`: that one, or its last."""
        return min(index, max(len(self.feeds[feed].keys) for feed in self.mapped[id]) - 1)

    def cell_at(self, id: str, index: int) -> Cell:
        """The cell of a mapped node at an index that exists, and those of the mapped nodes before it."""
        cells = self.cells
        known = cells.get((id, index))
        if known is not None:
            return known
        pending = [(id, index)]
        while pending:
            name, at = pending[-1]
            if (name, at) in cells:
                pending.pop()
                continue
            missing = [place for place in self._mapped_sources(name, at) if place not in cells]
            if missing:
                pending.extend(missing)
                continue
            pending.pop()
            node, spec = self.run.nodes[name], self.run.specs[name]
            key = self.run.engine.keys.of_item(name, node, spec, self._stand_ins(name, at), at)
            cell = cells[(name, at)] = Cell(name, node, spec, key)
            cell.index = at
        return cells[(id, index)]

    def _mapped_sources(self, id: str, index: int) -> Iterator[tuple[str, int]]:
        for name, link in self.run.nodes[id].links:
            one = self.run.specs[id].by_name.get(name)
            if one is None or one.many or one.lazy or (link.node, link.slot) in self.feeds:
                continue
            if link.node in self.mapped:
                yield link.node, self.place(link.node, index)

    def _stand_ins(self, id: str, index: int | None) -> dict[str, bytes]:
        """What stands for each link in the key of one item's cell."""
        found: dict[str, bytes] = {}
        run = self.run
        for name, link in run.nodes[id].links:
            one = run.specs[id].by_name.get(name)
            if one is None:
                continue
            tap = (link.node, link.slot)
            found[name] = SLOTS[link.slot] + run.keys[link.node]
            if not self.feeds_of(tap) or index is None:
                continue
            if one.many:
                found[name] = b"M" + found[name]
            elif one.lazy:
                found[name] = b"Z%d;" % index + found[name]
            elif tap in self.feeds:
                feed = self.feeds[tap]
                found[name] = b"I" + feed.keys[feed.place(index)]
            else:
                place = (link.node, self.place(link.node, index))
                found[name] = SLOTS[link.slot] + self.cells[place].key
        return found

    # -- demand

    def wire(self, cell: Cell, stack: list[Cell]) -> None:
        """Demand everything that a cell's eager inputs need."""
        wake: Any = cell
        for name, link in cell.node.links:
            one = cell.spec.by_name.get(name)
            if one is None or one.lazy:
                continue
            tap = (link.node, link.slot)
            if one.many and self.feeds_of(tap):
                self.collect(tap, wake)
            elif tap in self.feeds:
                assert cell.index is not None
                self.fetch(self.feeds[tap], cell.index, wake)
            else:
                source = self.source(link.node, cell.index)
                if source.state != DONE:
                    source.wait(cell)
                    if source.state == NEW:
                        stack.append(source)

    def source(self, id: str, index: int | None) -> Cell:
        """The cell that a link from `id` means for a consumer at `index`."""
        if id in self.mapped:
            assert index is not None
            return self.cell_at(id, self.place(id, index))
        return self.run.cell(id)

    def want_item(self, tap: Tap, index: int, wake: Wake) -> None:
        """Hold `wake` back until the value at `index` is there."""
        if tap in self.feeds:
            self.fetch(self.feeds[tap], index, wake)
        else:
            self.run.wait_for_cell(self.source(tap[0], index), wake)

    def item(self, tap: Tap, index: int) -> Any:
        """The value at `index`, which was wanted before."""
        if tap in self.feeds:
            feed = self.feeds[tap]
            return feed.values[feed.place(index)]
        record = self.source(tap[0], index).record
        assert record is not None
        return record.outputs[tap[1]]

    def value(self, cell: Cell, link: Link) -> Any:
        """What a link brings to a cell."""
        return self.item((link.node, link.slot), cell.index if cell.index is not None else 0)

    def key_of(self, cell: Cell, link: Link) -> bytes:
        """The key under which what a link brings is stored."""
        tap = (link.node, link.slot)
        if tap in self.feeds and cell.index is not None:
            feed = self.feeds[tap]
            return feed.keys[feed.place(cell.index)]
        if link.node in self.mapped and cell.index is not None:
            return self.source(link.node, cell.index).key
        return self.run.keys[link.node]

    def trail_to(self, cell: Cell) -> dict[str, str]:
        """The files that a cell's sources depend on and that no key names."""
        trail: dict[str, str] = {}
        for name, link in cell.node.links:
            one = cell.spec.by_name.get(name)
            if one is not None:
                tap = (link.node, link.slot)
                gathered = self.collectors.get(tap) if one.many else None
                trail.update(self.trail_of(tap, cell.index) if gathered is None else gathered.trail)
        return trail

    def trail_of(self, tap: Tap, index: int | None) -> tuple[tuple[str, str], ...]:
        """The files that one value depends on and that no key names."""
        if tap in self.feeds:
            feed = self.feeds[tap]
            return feed.trails.get(feed.place(index or 0), ())
        place = (tap[0], self.place(tap[0], index or 0)) if tap[0] in self.mapped else None
        source = self.run.cells.get(tap[0]) if place is None else self.cells.get(place)
        return source.record.trail if source is not None and source.record is not None else ()

    def is_there(self, cell: Cell, one: InputSpec, link: Link) -> bool:
        """Whether what a link brings can be taken now: made, and not let go of or spoiled since."""
        tap = (link.node, link.slot)
        if one.many and self.feeds_of(tap):
            return self.collectors[tap].done
        if tap in self.feeds:
            feed = self.feeds[tap]
            return feed.place(cell.index or 0) in feed.values
        if link.node in self.mapped:
            source = self.cells.get((link.node, self.place(link.node, cell.index or 0)))
        else:
            source = self.run.cells.get(link.node)
        if source is None or source.state != DONE:
            return False
        record = source.record
        if self.run.spoiled and record is not None and record.marks and record.changed():
            self.spoil(cell, link)  # a body changed a tensor that this node had handed on
            return False
        return True

    def spoil(self, cell: Cell, link: Link) -> None:
        """Forget a value that a body changed in place, so that whoever else needs it has it made again."""
        tap = (link.node, link.slot)
        if tap in self.feeds:
            feed = self.feeds[tap]
            feed.values.pop(feed.place(cell.index or 0), None)
        elif link.node in self.mapped:
            self.cells.pop((link.node, self.place(link.node, cell.index or 0)), None)
        else:
            self.run.cells.pop(link.node, None)

    # -- gathering

    def collect(self, tap: Tap, wake: Any) -> Collector:
        """Hold `wake` back until every value of a stream is gathered."""
        collector = self.collectors.get(tap)
        if collector is None:
            collector = self.collectors[tap] = Collector(tap)
            self._march(March(self.run, self.feeds_of(tap), collector=collector), self.run.root_done)
        if not collector.done:
            wake.pending += 1
            collector.waiters.append(wake)
        return collector

    def collected(self, cell: Cell, link: Link) -> Any:
        """The list for an input that gathers."""
        tap = (link.node, link.slot)
        if self.feeds_of(tap):
            return self.collectors[tap].outcome
        value = self.run.value(cell, link)
        if value.__class__ is Blocked:
            return value
        return list(value) if isinstance(value, (list, Many)) else [value]

    # -- lazy inputs

    def reach(self, cell: Cell, one: InputSpec, link: Link, wake: Wake) -> None:
        """Hold `wake` back until it is known whether a lazy input's stream has an item for the cell."""
        feeds = self.feeds_of((link.node, link.slot))
        if feeds and not one.many:
            self.awaited.setdefault((cell.id, cell.index), []).append((link.node, link.slot))
            self.settle_index(feeds, cell.index or 0, wake)

    def is_empty(self, cell: Cell, one: InputSpec, link: Link) -> bool:
        """Whether a lazy input's stream has no items at all."""
        feeds = self.feeds_of((link.node, link.slot))
        return bool(feeds) and not one.many and not self.index_exists(feeds, 0)

    def want(self, cell: Cell, one: InputSpec, link: Link, wake: Wake) -> None:
        """Hold `wake` back until a lazy input's value is there."""
        tap = (link.node, link.slot)
        if not self.feeds_of(tap):
            source = self.run.cell(link.node)
            source.users += 1
            self.run.wait_for_cell(source, wake)
        elif one.many:
            self.collect(tap, wake)
        else:
            self.want_item(tap, cell.index or 0, wake)

    # -- producing

    def pull(self, feed: Feed) -> None:
        """Make a feed's next item, unless that is under way."""
        if not feed.pulling and not feed.ended:
            feed.pulling = True
            self.run.calls.append(lambda: self._next_item(feed))

    def _next_item(self, feed: Feed) -> None:
        if feed.live is not None:
            self._in_lane(feed, lambda: self._take_item(feed))
            return
        wake = Wake(lambda: self._next_call(feed))
        self._settle_call(feed, wake)
        if not wake.release():
            self._next_call(feed)

    def _settle_call(self, feed: Feed, wake: Wake) -> None:
        """Hold `wake` back until it is known whether the producer has another call to make."""
        if feed.sources is not None:
            self.settle_index(feed.sources, feed.cursor, wake)
        elif feed.tapped and feed.cursor:
            for tap in self.awaited.get((feed.id[0], feed.cursor - 1), ()):
                self.settle_index(self.feeds_of(tap), feed.cursor, wake)

    def _has_call(self, feed: Feed) -> bool:
        if feed.sources is not None:
            return self.index_exists(feed.sources, feed.cursor)
        if feed.tapped and feed.cursor:
            taps = self.awaited.get((feed.id[0], feed.cursor - 1), ())
            return any(self.index_exists(self.feeds_of(tap), feed.cursor) for tap in taps)
        return feed.cursor == 0

    def _next_call(self, feed: Feed) -> None:
        """Demand the producer's cell whose items come next."""
        if not self._has_call(feed):
            self._end(feed)
            return
        cell = feed.cell = self._producer(feed, feed.cursor)
        wake = Wake(lambda: self._called(feed, cell))
        self.run.wait_for_cell(cell, wake)
        if not wake.release():
            self._called(feed, cell)

    def _producer(self, feed: Feed, index: int) -> Cell:
        id = feed.id[0]
        if feed.sources is not None:
            return self.cell_at(id, index)
        if not feed.tapped:
            return self.run.cell(id)
        cells = self.cells
        if (id, index) not in cells:
            node, spec = self.run.nodes[id], self.run.specs[id]
            key = self.run.engine.keys.of_item(id, node, spec, self._stand_ins(id, index), index)
            cell = cells[(id, index)] = Cell(id, node, spec, key)
            cell.index = index
            cell.forced = (
                True  # which inputs it awaits, and so how often it runs, is known by running it only
            )
        return cells[(id, index)]

    def _called(self, feed: Feed, cell: Cell) -> None:
        """The producer's cell is done: its items are known from the store, or come one by one."""
        id, slot = feed.id
        assert cell.record is not None
        counts = cell.record.counts
        spec = self.run.specs[id]
        if slot == CALLS or not spec.outputs[slot].many:
            if slot == CALLS or cell.record.outputs[slot].__class__ is not Blocked or not self._is_end(cell):
                value = None if slot == CALLS else cell.record.outputs[slot]
                index = feed.add(item_key(cell.key, slot + 1, 0), (cell.index, 0))
                feed.values[index] = value
                feed.trails[index] = cell.record.trail
            feed.cursor += 1
        elif counts is not None and slot in counts:
            named = cell.record.items.get(slot)
            for place in range(counts[slot]):
                key = item_key(cell.key, slot, place) if named is None else bytes.fromhex(named[place])
                feed.add(key, (cell.index, place))
            feed.cursor += 1
        elif cell.record.outputs[slot].__class__ is Blocked:
            index = feed.add(item_key(cell.key, slot, 0), (cell.index, 0))
            feed.values[index] = cell.record.outputs[slot]
            feed.cursor += 1
        else:
            feed.live = self.opened[(cell.id, cell.index)].pop(slot)
            feed.position = 0
        self._notify(feed)

    def _is_end(self, cell: Cell) -> bool:
        """Whether a tapped node's call came to nothing because the stream that it awaited is empty."""
        taps = self.awaited.get((cell.id, cell.index), ())
        return any(not self.index_exists(self.feeds_of(tap), 0) for tap in taps)

    def _in_lane(self, feed: Feed, call: Callable[[], None]) -> None:
        if self.run.specs[feed.id[0]].lane == "io":
            self.run.submit(call)
        else:
            self.run.device.append(call)

    def _take_item(self, feed: Feed) -> None:
        """Take one item from the producer, in its lane."""
        cell = feed.cell
        assert cell is not None
        assert feed.live is not None
        started = perf_counter()
        try:
            self.run.job.cancel.check()
            value = next(feed.live)
        except StopIteration:
            self._call_over(feed, cell)
            return
        except BaseException as error:
            self.run.failed(cell, error, None)
            return
        seconds = perf_counter() - started
        key, value, trail = self._identify(feed, cell, value)
        self._keep_item(cell, key, value, seconds, trail)
        with self.run.turn:
            index = feed.add(key, (cell.index, feed.position))
            feed.values[index] = value
            feed.trails[index] = trail
            feed.position += 1
            self.run.reports[cell.id].seconds += seconds
            self._notify(feed)
            self.run.pump()
            self.run.wake()

    def _identify(self, feed: Feed, cell: Cell, value: Any) -> tuple[bytes, Any, tuple[tuple[str, str], ...]]:
        """An item's key, the item itself, and the files that it depends on beside what its key names."""
        slot = feed.id[1]
        if value.__class__ is not Item:
            return item_key(cell.key, slot, feed.position), value, self._trail_now(cell)
        prefix = self.run.engine.keys.prepare(cell.spec).prefix
        key = digest(b"named", prefix, b"%d;" % slot, value.key.encode("utf-8", "surrogatepass"))
        self._trail_now(cell)  # what was read is part of the call's own record all the same
        return key, value.value, tuple(self.trail_to(cell).items())

    def _trail_now(self, cell: Cell) -> tuple[tuple[str, str], ...]:
        """What the items that a call gives now depend on: all that it read so far."""
        work, record = self.works.get((cell.id, cell.index)), cell.record
        if work is None or record is None:
            return ()
        if work.context is not None and len(work.context.reads) > len(record.reads):
            work.note(record)
            self.run.note_trail(cell, work, record)
        return record.trail

    def _keep_item(
        self, cell: Cell, key: bytes, value: Any, seconds: float, trail: tuple[tuple[str, str], ...]
    ) -> None:
        if cell.spec.cached and cell.id not in self.run.tainted and not self.run.job.fresh:
            record = Record((value,), cell.spec.id, seconds)
            record.trail = trail
            self.run.store.put(key, record, passing=True)

    def _call_over(self, feed: Feed, cell: Cell) -> None:
        """One call gave its last item: when all its outputs did, the call itself is a result."""
        with self.run.turn:
            feed.live = None
            feed.cursor += 1
            tally = self.tallies.setdefault((cell.id, cell.index), {})
            tally[feed.id[1]] = feed.position
            many = sum(output.many for output in cell.spec.outputs)
            if len(tally) == many and cell.record is not None and cell.record.counts is None:
                cell.record.counts = tally
                cell.record.items = self._names(cell, tally)
                self.opened.pop((cell.id, cell.index), None)
                self._close(cell, cell.record)
            self._notify(feed)
            self.run.pump()
            self.run.wake()

    def _names(self, cell: Cell, tally: dict[int, int]) -> dict[int, tuple[str, ...]]:
        """The keys of a call's items, for slots where they are not made from their places."""
        names: dict[int, tuple[str, ...]] = {}
        for slot in tally:
            feed = self.feeds[(cell.id, slot)]
            mine = [
                key for key, origin in zip(feed.keys, feed.origins, strict=True) if origin[0] == cell.index
            ]
            if any(key != item_key(cell.key, slot, place) for place, key in enumerate(mine)):
                names[slot] = tuple(key.hex() for key in mine)
        return names

    def _close(self, cell: Cell, record: Record) -> None:
        """All items of a call were taken: what its context was told meanwhile is part of the result."""
        work = self.works.pop((cell.id, cell.index))
        work.note(record)
        if self.run.trailing or record.reads:
            self.run.note_trail(cell, work, record)
        self.run.reports[cell.id].add(record)
        self.run.keep(cell, record)

    def finish(self) -> None:
        """Report what calls told whose items were not all taken."""
        for place, work in self.works.items():
            told = Record(())
            work.note(told)
            self.run.reports[place[0]].add(told)

    def _end(self, feed: Feed) -> None:
        feed.ended = True
        self._notify(feed)

    def _notify(self, feed: Feed) -> None:
        """Wake whom the feed now reaches; go on for the others."""
        feed.pulling = False
        waiting = []
        for count, wake in feed.wakes:
            if feed.reaches(count):
                wake.pending -= 1
                if not wake.pending:
                    self.run.ready(wake)
            else:
                waiting.append((count, wake))
        feed.wakes = waiting
        if waiting:
            self.pull(feed)

    def open(self, cell: Cell, outputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """Set a producer's many-valued outputs aside as iterators; their slots are None in its record."""
        iterators: dict[int, Iterator[Any]] = {}
        rest = list(outputs)
        for slot, output in enumerate(cell.spec.outputs):
            value = outputs[slot]
            if output.many and value.__class__ is not Blocked:
                iterators[slot] = iter(value if isinstance(value, (Many, list, tuple, Iterator)) else [value])
                rest[slot] = None
        self.opened[(cell.id, cell.index)] = iterators
        return tuple(rest)

    # -- items that were made before

    def fetch(self, feed: Feed, index: int, wake: Any) -> None:
        """Hold `wake` back until the value that stands for `index` is in memory."""
        place = feed.place(index)
        if place in feed.values:
            return
        found = self.run.store.find(feed.keys[place]) if not self.run.job.fresh else None
        if isinstance(found, Found):
            feed.values[place] = found.record.outputs[0]
            feed.trails[place] = found.record.trail
            return
        wake.pending += 1
        self._replay(feed, place, wake)

    def _replay(self, feed: Feed, place: int, wake: Any) -> None:
        """Make a dropped item again, by the producer's body; items on the way are skipped."""
        call, position = feed.origins[place]
        live = feed.replay
        if live is not None and live[0].index == call and live[2] <= position:
            self._in_lane(feed, lambda: self._skip_to(feed, place, wake))
            return
        old = self._producer(feed, call if call is not None else 0)
        again = Cell(old.id, old.node, old.spec, old.key)
        again.index = old.index
        again.forced = True
        done = Wake(lambda: self._replayed(feed, again, place, wake))
        self.run.wait_for_cell(again, done)
        if not done.release():
            self._replayed(feed, again, place, wake)

    def _replayed(self, feed: Feed, cell: Cell, place: int, wake: Any) -> None:
        slot = feed.id[1]
        iterators = self.opened.get((cell.id, cell.index), {})
        if slot not in iterators:  # one value of a tapped node's call, not one of many
            assert cell.record is not None
            feed.values[place] = None if slot == CALLS else cell.record.outputs[slot]
            self._arrived(wake)
            return
        feed.replay = (cell, iterators.pop(slot), 0)
        self._in_lane(feed, lambda: self._skip_to(feed, place, wake))

    def _skip_to(self, feed: Feed, place: int, wake: Any) -> None:
        assert feed.replay is not None
        cell, items, position = feed.replay
        wanted = feed.origins[place][1]
        try:
            while position < wanted:
                next(items)
                position += 1
            value = next(items)
        except BaseException as error:
            self.run.failed(cell, error, None)
            return
        value = value.value if value.__class__ is Item else value
        self._keep_item(cell, feed.keys[place], value, 0.0, self._trail_now(cell))
        with self.run.turn:
            feed.replay = (cell, items, position + 1)
            feed.values[place] = value
            self._arrived(wake)
            self.run.pump()
            self.run.wake()

    def _arrived(self, wake: Any) -> None:
        wake.pending -= 1
        if not wake.pending:
            self.run.ready(wake)
