"""The tasks, done in ComfyUI's official front end before the same server, with its default workflow."""

from __future__ import annotations

from bench.web.graph import Point
from bench.web.person import Person

PATIENCE = 1200
"""Half seconds for which a run is waited for."""
STARTED = "() => window.app?.graph?.nodes?.length > 0"
WHERE = """([type, what, name, nth]) => {
  const node = app.graph.nodes.filter((one) => one.type === type)[nth];
  const at = {
    title: () => [node.pos[0] + 60, node.pos[1] - 14],
    in: () => node.getConnectionPos(true, node.inputs.findIndex((one) => one.name === name)),
    out: () => node.getConnectionPos(false, node.outputs.findIndex((one) => one.name === name)),
    widget: () => {
      const one = node.widgets.find((one) => one.name === name);
      return [node.pos[0] + node.size[0] * 0.7, node.pos[1] + (one.last_y ?? one.y) + 10];
    },
    ground: () => [node.pos[0] + node.size[0] / 2, node.pos[1] + node.size[1] + 60],
  }[what]();
  const { scale, offset } = app.canvas.ds;
  const box = app.canvas.canvas.getBoundingClientRect();
  return [(at[0] + offset[0]) * scale + box.x, (at[1] + offset[1]) * scale + box.y];
}"""
"""Where a part of a node is on the screen."""


def begin(one: Person) -> None:
    """A new visitor's window, the tour done, with a picture that is small enough to be made quickly."""
    one.page.goto(one.url)
    one.until(STARTED)
    one.page.wait_for_timeout(2500)
    one.page.evaluate(
        """async () => {
          await app.loadGraphData((await import('./scripts/defaultGraph.js').catch(() => ({}))).defaultGraph);
          const size = app.graph.nodes.find((one) => one.type === 'EmptyLatentImage');
          size.widgets[0].value = 64;
          size.widgets[1].value = 64;
          app.canvas.ds.scale = 0.8;
          app.canvas.ds.offset = [120, 60];
          app.canvas.setDirty(true, true);
        }"""
    )
    one.page.wait_for_timeout(800)


def at(one: Person, type: str, what: str, name: str = "", nth: int = 0) -> Point:
    """Where a part of a node is on the screen."""
    x, y = one.page.evaluate(WHERE, [type, what, name, nth])
    return x, y


def ran(one: Person) -> int:
    """How many runs ended well."""
    total: int = one.page.request.get(f"{one.url}/safelight/history?state=done").json()["total"]
    return total


def made(one: Person, count: int) -> None:
    """Wait until so many runs ended well."""
    for _ in range(PATIENCE):
        if ran(one) >= count:
            return
        one.page.wait_for_timeout(500)
    raise SystemExit("a run did not end")


def run(one: Person) -> None:
    """Press the key that runs, and wait for the end."""
    before = ran(one)
    one.press("Control+Enter")
    made(one, before + 1)


def value(one: Person, type: str, name: str, words: str) -> None:
    """Enter a number: a double click opens a field for it."""
    one.click(at(one, type, "widget", name), times=2)
    one.page.wait_for_timeout(300)
    one.press("Control+a")
    one.write(words)
    one.press("Enter")
    one.page.wait_for_timeout(200)


def text_to_image(one: Person) -> None:
    """Another prompt, and a run."""
    one.click(one.page.locator("textarea.comfy-multiline-input").first)
    one.press("Control+a")
    one.write("a penguin on a yellow background")
    run(one)


def other_size(one: Person) -> None:
    """Another width and height, and a run."""
    value(one, "EmptyLatentImage", "width", "80")
    value(one, "EmptyLatentImage", "height", "56")
    assert one.page.evaluate(
        "app.graph.nodes.find((one) => one.type === 'EmptyLatentImage').widgets[1].value === 56"
    )
    run(one)


def other_seed(one: Person) -> None:
    """The same with another seed."""
    with one.unseen():
        run(one)
    run(one)


def add(one: Person, words: str) -> None:
    """Add a node: a double click on the ground opens the search."""
    before = one.page.evaluate("app.graph.nodes.length")
    one.click(at(one, "VAEDecode", "ground"), times=2)
    one.page.locator("input.p-autocomplete-input, .comfy-vue-node-search-container input").first.wait_for()
    one.write(words)
    one.page.wait_for_timeout(900)
    one.press("Enter")
    one.until("(count) => app.graph.nodes.length === count", before + 1)
    one.page.wait_for_timeout(300)


def wire(one: Person, start: Point, end: Point) -> None:
    """Lay a wire."""
    one.drag(start, end)
    one.page.wait_for_timeout(200)


def add_lora(one: Person) -> None:
    """A LoRA between model and sampler."""
    add(one, "LoraLoaderModelOnly")
    wire(
        one, at(one, "CheckpointLoaderSimple", "out", "MODEL"), at(one, "LoraLoaderModelOnly", "in", "model")
    )
    wire(one, at(one, "LoraLoaderModelOnly", "out", "MODEL"), at(one, "KSampler", "in", "model"))
    assert fed_by(one, "KSampler", "model") == "LoraLoaderModelOnly"


def upscale(one: Person) -> None:
    """An upscaler before the picture is saved."""
    add(one, "Upscale Image By")
    wire(one, at(one, "VAEDecode", "out", "IMAGE"), at(one, "ImageScaleBy", "in", "image"))
    wire(one, at(one, "ImageScaleBy", "out", "IMAGE"), at(one, "SaveImage", "in", "images"))
    assert fed_by(one, "SaveImage", "images") == "ImageScaleBy"


def fed_by(one: Person, type: str, name: str) -> str:
    """The type of the node that an input is connected with."""
    found: str = one.page.evaluate(
        """([type, name]) => {
          const node = app.graph.nodes.find((one) => one.type === type);
          const link = node.inputs.find((one) => one.name === name).link;
          const found = app.graph.links.get ? app.graph.links.get(link) : app.graph.links[link];
          return app.graph.getNodeById(found.origin_id).type;
        }""",
        [type, name],
    )
    return found


def why_it_failed(one: Person) -> None:
    """A run that cannot be, and what helps."""
    with one.unseen():
        one.page.evaluate(
            "() => { const node = app.graph.nodes.find((one) => one.type === 'VAEDecode');"
            " node.disconnectInput(node.inputs.findIndex((one) => one.name === 'vae')); }"
        )
    one.press("Control+Enter")
    dialog = one.page.get_by_role("dialog").first
    dialog.wait_for()
    one.press("Escape")
    dialog.wait_for(state="hidden")
    wire(one, at(one, "CheckpointLoaderSimple", "out", "VAE"), at(one, "VAEDecode", "in", "vae"))
    run(one)


def bypass(one: Person) -> None:
    """A node that is passed by."""
    one.click(at(one, "KSampler", "title"))
    one.press("Control+b")
    one.until("() => app.graph.nodes.find((one) => one.type === 'KSampler').mode === 4")


def into_subgraph(one: Person) -> None:
    """Two nodes made one."""
    one.click(at(one, "KSampler", "title"))
    one.click(at(one, "VAEDecode", "title"), keys=("Control",))
    one.press("Control+Shift+E")
    one.until("() => app.graph.nodes.some((one) => one.subgraph)")


def take_back(one: Person) -> None:
    """Three deletions taken back."""
    with one.unseen():
        for type in ("EmptyLatentImage", "VAEDecode", "SaveImage"):
            one.click(at(one, type, "title"))
            one.press("Delete")
            one.page.wait_for_timeout(400)
        gone = one.page.evaluate("app.graph.nodes.length")
    for _ in range(3):
        one.press("Control+z")
        one.page.wait_for_timeout(500)
    one.until("(gone) => app.graph.nodes.length === gone + 3", gone)


def four_seeds(one: Person) -> None:
    """Four pictures with four seeds."""
    one.click(one.page.get_by_label("Batch Count").or_(one.page.locator(".batch-count input")).first, times=2)
    one.write("4")
    one.press("Enter")
    before = ran(one)
    one.press("Control+Enter")
    made(one, before + 4)
