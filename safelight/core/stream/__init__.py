"""Streams: outputs that give many values, and the nodes that run once per item.

A `Feed` is one output slot that gives many. Its items are made one at a time, when somebody asks. A node
that takes items without gathering them is *mapped*: it has a cell per index. Streams of different length
that meet are matched by index, the shorter repeating its last item; an empty one leaves nothing to run. A
`March` leads one consumer (a mapped root, or a gathering input) from index to index, so that only few items
stand in memory.

A run has one `Flow`, which is made of: the `Chart` (which nodes run per item, of which feeds), the `Items`
(their cells), the `Supply` (what a link brings), the `Production` (the next item of a feed), the `Calls`
(bodies whose items are being taken), the `Replay` (items made again), the `Gathering` (inputs that take all)
and the `Pace` (how far each consumer is). Runs without streams use no more of it than `Flow.begin`.
"""
