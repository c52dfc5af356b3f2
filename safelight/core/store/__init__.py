"""The store: results by key, in memory and on disk; value codec, file format and places stand apart."""
