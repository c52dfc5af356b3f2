"""Nodes for programs that drive this one."""
