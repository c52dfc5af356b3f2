"""The built-in nodes: a folder is a menu, a file an entry in it. Bodies reach torch, declarations do not."""
