"""The engine: specs, graph, validation, keys, stores and execution. It never imports torch."""
