"""Run: one execution of a graph, demand-driven from its roots.

A cell is demanded; it is found in the store, or its sources are demanded and it runs when they are there.
All of that is bookkeeping under one lock; bodies run without it, in their lanes. The thread that starts the
run is the device lane, so that a chain of plain nodes never changes threads. There is no recursion: depth
costs nothing.

A `Run` is made of: the `Demand` (which cells are wanted, and what they wait for), the `Schedule` (what is
due, in which lane), the `Bodies` (calling them), the `Delivery` (what they gave), the `Faults` (what they
raised), the `Trails` (files that results depend on), the `Account` (what the user is told) and the `Flow` of
streams.
"""
