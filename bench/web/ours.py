"""The tasks, done in Safelight's editor. Each begins with the graph that a new visitor sees."""

from __future__ import annotations

import json

from bench.web.graph import Point, document
from bench.web.person import Person

PATIENCE = 1200
"""Half seconds for which a run is waited for."""
STARTED = "() => document.querySelectorAll('article.node').length >= 8"
PICTURE = '.react-flow__node[data-id="8"] .node-picture img'


def node(id: str) -> str:
    """The selector of a node."""
    return f'.react-flow__node[data-id="{id}"]'


def begin(one: Person) -> None:
    """A new visitor's window."""
    one.page.goto(one.url)
    one.until(STARTED)
    one.page.wait_for_timeout(500)


def socket(one: Person, id: str, handle: str) -> Point:
    """Where a socket is."""
    box = one.page.locator(f'{node(id)} .dot[data-handleid="{handle}"]').bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def title(one: Person, id: str) -> Point:
    """Where a node is taken by its title."""
    box = one.page.locator(f"{node(id)} .node-head").bounding_box()
    return box["x"] + 90, box["y"] + 10


def middle(start: Point, end: Point) -> Point:
    """Between two places."""
    return (start[0] + end[0]) / 2, (start[1] + end[1]) / 2


def made(one: Person, count: int) -> None:
    """Wait until so many runs ended well."""
    for _ in range(PATIENCE):
        if ran(one) >= count:
            return
        one.page.wait_for_timeout(500)
    raise SystemExit("a run did not end")


def ran(one: Person) -> int:
    """How many runs ended well."""
    total: int = one.page.request.get(f"{one.url}/safelight/history?state=done").json()["total"]
    return total


def run(one: Person) -> None:
    """Press the key that runs, and wait for the picture."""
    before = ran(one)
    one.press("Control+Enter")
    made(one, before + 1)


def kept(one: Person, seed: str) -> None:
    """A run of the scene, which is not counted."""
    with one.unseen():
        field = one.page.get_by_role("spinbutton", name="seed", exact=True)
        one.click(field)
        one.write(seed)
        one.press("Enter")
        run(one)


def wires(one: Person) -> int:
    """How many wires are drawn."""
    count: int = one.page.locator(".react-flow__edge").count()
    return count


def template(one: Person, name: str) -> None:
    """Open one of the workflows that ship, by its name."""
    one.press("Control+o")
    one.write(name)
    one.page.locator(".palette-row", has_text=name).first.wait_for()
    one.press("Enter")


def text_to_image(one: Person) -> None:
    """Another prompt, and a run."""
    one.click(one.page.locator(f"{node('3')} textarea"))
    one.press("Control+a")
    one.write("a penguin on a yellow background")
    run(one)


def other_size(one: Person) -> None:
    """Another width and height, and a run."""
    for name, value in (("width", "80"), ("height", "56")):
        one.click(one.page.get_by_role("spinbutton", name=name, exact=True))
        one.write(value)
        one.press("Enter")
    run(one)


def other_seed(one: Person) -> None:
    """The same with another seed."""
    kept(one, "11")
    one.click(one.page.get_by_role("button", name="New random number"))
    run(one)


def image_to_image(one: Person) -> None:
    """A picture of mine, changed."""
    template(one, "image to image")
    one.page.get_by_role("button", name="image: Choose a file").wait_for()
    button = one.page.get_by_role("button", name="image: Choose a file")
    one.choose_file(one.page.sample, lambda: one.click(button))
    run(one)


def insert(one: Person, words: str, wire: tuple[float, float], inward: int) -> None:
    """Add the node that some words find, and drop it on a wire at a place, its corner so far before that."""
    one.click((900.0, 700.0), times=2)
    one.write(words)
    one.press("Enter")
    one.until("() => document.querySelectorAll('article.node').length >= 9")
    one.page.wait_for_timeout(300)
    before = wires(one)
    x, y = wire
    head = title(one, "9")
    corner = one.page.locator(node("9")).bounding_box()
    one.drag(head, (x + head[0] - corner["x"] - inward, y + head[1] - corner["y"] - 6))
    assert wires(one) == before + 1


def add_lora(one: Person) -> None:
    """A LoRA between model and sampler."""
    insert(one, "lora model only", middle(socket(one, "2", "out:0"), socket(one, "6", "in:model")), 20)


def inpaint(one: Person) -> None:
    """A region painted over."""
    template(one, "inpaint")
    button = one.page.get_by_role("button", name="image: Paint a mask")
    button.wait_for()
    one.page.wait_for_timeout(500)
    one.click(button)
    sheet = one.page.locator(".mask-sheet")
    sheet.locator("canvas").wait_for()
    box = sheet.bounding_box()
    line = [(box["x"] + box["width"] * part, box["y"] + box["height"] / 2) for part in (0.3, 0.7)]
    one.drag(line[0], line[1])
    one.click(one.page.get_by_role("button", name="Use this mask"))
    run(one)


def upscale(one: Person) -> None:
    """An upscaler before the picture is saved."""
    insert(one, "upscale image by", middle(socket(one, "7", "out:0"), socket(one, "8", "in:images")), 30)


def why_it_failed(one: Person) -> None:
    """A run that cannot be, and what helps."""
    with one.unseen():
        start = socket(one, "7", "in:vae")
        one.drag(start, (start[0], start[1] + 330))
    one.press("Control+Enter")
    one.click(one.page.get_by_role("button", name="Connect VAE of"))
    run(one)


def compare_seeds(one: Person) -> None:
    """Two seeds, side by side."""
    kept(one, "21")
    kept(one, "22")
    one.press("g")
    runs = one.page.locator(".past > li")
    for place in (0, 1):
        one.click(runs.nth(place).get_by_role("button", name="Compare"))
    one.page.get_by_text("One thing differs").wait_for()
    one.click(one.page.get_by_role("button", name="Compare their pictures"))
    one.page.locator(".viewer-stage img").nth(1).wait_for()


def yesterday(one: Person) -> None:
    """The workflow of a picture that was made before."""
    kept(one, "31")
    begin(one)
    one.press("g")
    one.click(one.page.locator(".past > li").first.get_by_role("button", name="Open its workflow"))
    one.page.locator('[aria-label=seed][aria-valuetext="31"]').wait_for()


def run_to_here(one: Person) -> None:
    """A run as far as one node."""
    one.click(one.page.locator(f"{node('6')} .node-title"))
    before = ran(one)
    one.press("Shift+Enter")
    made(one, before + 1)


def four_seeds(one: Person) -> None:
    """Four pictures with four seeds."""
    one.count.clicks += 2  # a list is opened and an entry chosen
    one.page.get_by_label("seed: What happens").select_option("increment")
    one.click(one.page.get_by_label("How many times"), times=2)
    one.write("4")
    before = ran(one)
    one.press("Control+Enter")
    made(one, before + 4)


def bypass(one: Person) -> None:
    """A node that is passed by."""
    one.click(one.page.locator(f"{node('6')} .node-title"))
    one.press("Control+b")
    one.page.locator(f'{node("6")} article[data-mode="bypassed"]').wait_for()


def find(one: Person) -> None:
    """A node among five hundred."""
    with one.unseen():
        one.page.set_input_files(
            "#open-file", {"name": "many.json", "mimeType": "application/json", "buffer": many()}
        )
        one.page.locator("canvas.far:not([hidden])").wait_for()
    one.press("Control+f")
    one.write("thing 391")
    one.press("Enter")
    one.page.locator("article[data-selected]").wait_for()


def many() -> bytes:
    """A file with five hundred nodes."""
    return json.dumps(document(500)).encode()


def into_subgraph(one: Person) -> None:
    """Two nodes made one."""
    one.click(one.page.locator(f"{node('6')} .node-title"))
    one.click(one.page.locator(f"{node('7')} .node-title"), keys=("Shift",))
    one.press("Control+Shift+E")
    one.page.locator(".node[data-subgraph]").wait_for()


def save_as(one: Person) -> None:
    """Saved under a name."""
    one.press("Control+Shift+s")
    one.page.get_by_role("textbox", name="Name", exact=True).wait_for()
    one.press("Control+a")
    one.write("mine")
    one.press("Enter")
    one.page.get_by_text("Saved mine").wait_for()


def export(one: Person) -> None:
    """Exported for the API."""
    with one.page.expect_download():
        one.press("Control+Alt+e")


def take_back(one: Person) -> None:
    """Three deletions taken back."""
    with one.unseen():
        for id in ("5", "7", "8"):
            one.click(one.page.locator(f"{node(id)} .node-title"))
            one.press("Delete")
    for _ in range(3):
        one.press("Control+z")
    one.until("() => document.querySelectorAll('article.node').length === 8")


def into_form(one: Person) -> None:
    """An input shown in the form."""
    row = one.page.locator(f'{node("6")} [data-input="sampler_name"]')
    row.hover()
    one.click(row.get_by_role("button", name="Show sampler_name in the form"))
    one.click(one.page.get_by_role("button", name="Form", exact=True))
    one.page.get_by_role("group", name="sampler name", exact=True).wait_for()


def another_sampler(one: Person) -> None:
    """Another sampler, found by its name."""
    one.click(one.page.get_by_role("combobox", name="sampler_name"))
    one.write("2m sde heun")
    one.press("Enter")
    one.page.get_by_role("combobox", name="sampler_name").get_by_text("dpmpp_2m_sde_heun").wait_for()
