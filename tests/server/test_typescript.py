"""The types that the editor knows the server's answers by are those that the server publishes."""

from __future__ import annotations

from pathlib import Path

from server.typescript import declarations

TOLD = Path(__file__).resolve().parents[2] / "web" / "src" / "server" / "told.ts"


def test_the_editor_knows_the_answers_as_the_server_publishes_them() -> None:
    what = "run: python -m server.typescript > web/src/server/told.ts"
    assert TOLD.read_text(encoding="utf-8") == declarations(), what


def test_a_record_is_an_interface_with_what_its_fields_mean() -> None:
    told = declarations()
    assert (
        "export interface QueueTold {\n  readonly paused: boolean;\n  readonly running: readonly JobListed[];"
        in told
    )
    assert '  readonly state: "queued" | "running" | "done" | "failed" | "cancelled";' in told
    assert "  /** Milliseconds since 1970. */\n  readonly execution_start_time?: number;" in told
    assert "  readonly client_id: string | null;" in told
