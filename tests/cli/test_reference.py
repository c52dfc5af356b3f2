"""The node reference in docs/ is made from the nodes, and is current."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from safelight import Image, Number, Registry, node
from safelight.cli.reference import reference

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/reference.md"


def test_the_reference_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == reference(Registry().load("nodes")), (
        "Run: safelight nodes --markdown > docs/reference.md"
    )


def test_the_command_prints_it(command: Any) -> None:
    assert command("nodes", "--markdown").out == reference(Registry().load("nodes"))


def test_a_page_says_what_a_node_takes_and_gives() -> None:
    amount = Annotated[float, Number(min=0.0, max=1.0, tip="How much | how little.")]

    @node("Fade", category="image/some color", deprecated="Use Dim.", experimental=True)
    def fade(*, image: Image, mask: Image | None = None, amount: amount = 0.5) -> Image:  # type: ignore[valid-type]
        """Take colour out of a picture.

        Slowly.
        """
        return image

    page = reference(Registry([fade.spec]))  # type: ignore[attr-defined]
    assert "- [image/some color](#imagesome-color) (1)" in page
    assert "### Fade\n\n`Fade` · experimental\n\nDeprecated: Use Dim.\n\nTake colour out" in page
    assert "| `image` | IMAGE | (a wire) |  |" in page
    assert "| `mask` | IMAGE | (may be left open) |  |" in page
    assert r"| `amount` | FLOAT | 0.5 | How much \| how little. 0.0 to 1.0. |" in page
    assert "| `IMAGE` | IMAGE |  |" in page
