"""Schema: the tables, made and changed by numbered migrations."""

from __future__ import annotations

import sqlite3

from safelight.core.error import SafelightError

FIRST = """
CREATE TABLE job(
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    number REAL NOT NULL,
    placed INTEGER NOT NULL,
    party TEXT NOT NULL,
    client_id TEXT,
    state TEXT NOT NULL DEFAULT 'queued',
    attempt INTEGER NOT NULL DEFAULT 0,
    deaths INTEGER NOT NULL DEFAULT 0,
    marker TEXT NOT NULL DEFAULT '',
    death_marker TEXT,
    worker TEXT,
    stopping INTEGER NOT NULL DEFAULT 0,
    passed INTEGER NOT NULL DEFAULT 0,
    dialect TEXT NOT NULL,
    title TEXT NOT NULL,
    workflow_id TEXT,
    models TEXT NOT NULL,
    roots TEXT NOT NULL,
    created INTEGER NOT NULL,
    started INTEGER,
    ended INTEGER,
    outputs_count INTEGER NOT NULL DEFAULT 0,
    previewable_count INTEGER NOT NULL DEFAULT 0,
    preview TEXT,
    error TEXT
);
CREATE INDEX job_place ON job(placed, party, seq) WHERE state = 'queued';
CREATE INDEX job_number ON job(placed, number, seq) WHERE state = 'queued';
CREATE INDEX job_again ON job(started) WHERE state = 'queued' AND attempt > 0;
CREATE INDEX job_state ON job(state, seq);
CREATE INDEX job_ended ON job(ended, seq) WHERE ended IS NOT NULL;
CREATE TABLE body(
    seq INTEGER PRIMARY KEY REFERENCES job ON DELETE CASCADE,
    texts TEXT NOT NULL,
    prompt TEXT NOT NULL,
    graph TEXT,
    extra_data TEXT NOT NULL
);
CREATE TABLE result(
    seq INTEGER PRIMARY KEY REFERENCES job ON DELETE CASCADE,
    outputs TEXT NOT NULL,
    meta TEXT NOT NULL,
    messages TEXT NOT NULL,
    nodes TEXT NOT NULL,
    seconds REAL NOT NULL
);
CREATE TABLE term(
    seq INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
    kind TEXT NOT NULL,
    value TEXT NOT NULL
);
CREATE INDEX term_value ON term(kind, value, seq);
CREATE INDEX term_seq ON term(seq);
CREATE TABLE turn(party TEXT PRIMARY KEY, served INTEGER NOT NULL);
CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

MIGRATIONS: tuple[str, ...] = (FIRST,)
"""Each brings the tables from the version before it to its own, the first to version 1. None ever changes."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to the newest version, each step a transaction of its own."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise SafelightError(
            f"the job store has version {version}, but this program knows {len(MIGRATIONS)}",
            remedy="Start the newer program that made it, or choose another data folder.",
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN IMMEDIATE;{script}PRAGMA user_version = {number};COMMIT;")
