"""Twenty tasks, done in Safelight's editor and in ComfyUI's, with all that hands do counted.

`python -m bench.web.tasks` does each of ours, and of ComfyUI's those that its front end can do before our
server; it prints the table of `docs/tasks.md`. The rest was counted by hand, from the steps that are named.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from bench.serving import serving
from bench.web import ours, theirs
from bench.web.person import Count, Person
from safelight.diffusion.builtin import builtin

WIDTH, HEIGHT = 1440, 900
PATIENCE = 90_000
MODEL = "v1-5-pruned-emaonly-fp16.safetensors"
Doing = Callable[[Person], None]


@dataclass(frozen=True)
class Steps:
    """What a task takes, counted by hand from its steps; None where no way was found without a pack."""

    count: Count | None
    why: str


@dataclass(frozen=True)
class Task:
    """A task, and how it is done in both."""

    words: str
    ours: Doing
    theirs: Doing | Steps


NEVER = "none found"
TASKS = (
    Task("a picture of something else: a prompt, run", ours.text_to_image, theirs.text_to_image),
    Task("another width and height, run", ours.other_size, theirs.other_size),
    Task("the same with another seed", ours.other_seed, theirs.other_seed),
    Task(
        "image to image with a picture of mine",
        ours.image_to_image,
        Steps(Count(clicks=6, keys=1), "menu, templates, category, template, upload, file, run"),
    ),
    Task("put a LoRA between model and sampler", ours.add_lora, theirs.add_lora),
    Task(
        "paint over a region, run",
        ours.inpaint,
        Steps(
            Count(clicks=7, drags=1, keys=1),
            "menu, templates, category, template, right click, mask editor, paint, save, run",
        ),
    ),
    Task("put an upscaler before saving", ours.upscale, theirs.upscale),
    Task("find why it failed, mend it, run", ours.why_it_failed, theirs.why_it_failed),
    Task("two seeds side by side", ours.compare_seeds, Steps(None, NEVER)),
    Task(
        "yesterday's picture's workflow",
        ours.yesterday,
        Steps(Count(clicks=2, keys=1), "the queue's panel, right click on the picture, load"),
    ),
    Task(
        "run as far as the sampler",
        ours.run_to_here,
        Steps(Count(clicks=5, drags=2, keys=2, texts=2), "only output nodes can be run to: add two first"),
    ),
    Task("four pictures, the seed counted on", ours.four_seeds, theirs.four_seeds),
    Task("bypass a node", ours.bypass, theirs.bypass),
    Task("find a node among 500", ours.find, Steps(None, NEVER)),
    Task("make two nodes one", ours.into_subgraph, theirs.into_subgraph),
    Task(
        "save it under a name",
        ours.save_as,
        Steps(Count(clicks=0, keys=3, texts=1), "Ctrl+S, all of the name chosen, the name, Enter"),
    ),
    Task(
        "export it for the API",
        ours.export,
        Steps(Count(clicks=4), "menu, file, export for the API, confirm"),
    ),
    Task("take three deletions back", ours.take_back, theirs.take_back),
    Task("show an input in a form for others", ours.into_form, Steps(None, NEVER)),
    Task(
        "another sampler by its name",
        ours.another_sampler,
        Steps(Count(clicks=1, keys=1, texts=1), "the list, a part of the name, Enter"),
    ),
)


def main(words: list[str]) -> None:
    """Do the tasks and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.web.tasks")
    parser.add_argument("--only", default="", help="tasks whose words contain this")
    parser.add_argument("--editor", type=Path, help="a built editor other than web/dist")
    args = parser.parse_args(words)
    tasks = [task for task in TASKS if args.only in task.words]
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        folder = Path(name)
        Image.radial_gradient("L").convert("RGB").resize((64, 64)).save(folder / "mine.png")
        page = ["--front-end", str(args.editor)] if args.editor else []
        mine, _ = stack.enter_context(serving(folder / "ours", *page))
        other = front_end(folder, stack)
        for task in tasks:
            done = perform(browser, mine, folder, task.ours, ours.begin)
            if isinstance(task.theirs, Steps):
                told, note = task.theirs.count, task.theirs.why
            else:
                told = perform(browser, other, folder, task.theirs, theirs.begin) if other else None
                note = "done" if other else "its package is not installed"
            print(row(task.words, done, told, note), flush=True)
        browser.close()


def chromium() -> str | None:
    """The system's Chromium; else Playwright's own."""
    return shutil.which("chromium") or shutil.which("google-chrome")


def front_end(folder: Path, stack: ExitStack) -> str:
    """A server with ComfyUI's front end, whose default model is ours; empty without its package."""
    package = find_spec("comfyui_frontend_package")
    if package is None or package.origin is None:
        return ""
    shutil.copytree(builtin()["emoji"], folder / "theirs" / "models" / "checkpoints" / MODEL)
    static = Path(package.origin).parent / "static"
    address, _ = stack.enter_context(serving(folder / "theirs", "--front-end", str(static)))
    return address


def perform(browser: Any, url: str, folder: Path, doing: Doing, begin: Doing) -> Count:
    """Do a task in a new visitor's window, and count it."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.set_default_timeout(PATIENCE)
    page.request.post(f"{url}/api/settings", data={"Comfy.TutorialCompleted": True})
    page.sample = str(folder / "mine.png")
    person = Person(page, url)
    begin(person)
    person.count = Count()
    doing(person)
    page.close()
    return person.count


def row(words: str, mine: Count, other: Count | None, note: str) -> str:
    """A row of the table."""
    return f"| {words} | {shown(mine)} | {shown(other) if other else '–'} | {note} |"


def shown(count: Count) -> str:
    """A count in words, its sum first."""
    parts = {"clicks": count.clicks, "drags": count.drags, "keys": count.keys, "texts": count.texts}
    told = ", ".join(f"{value} {name if value > 1 else name[:-1]}" for name, value in parts.items() if value)
    return f"**{count.total}**: {told}"


if __name__ == "__main__":
    main(sys.argv[1:])
