"""The store: results by key, in memory and on disk. Value codec, file format and places are modules of their own."""
