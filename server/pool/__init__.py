"""The pool of workers: processes of this machine, watched and replaced."""
