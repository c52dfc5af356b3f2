"""What the command line says of its commands, with examples."""

from __future__ import annotations

TOP = """\
Run node graphs for diffusion models. A second run computes only what changed.

  safelight serve
  safelight run workflows/text_to_image.json
  safelight run workflows/text_to_image.json --set KSampler.seed=2 --explain
"""

RUN = """\
Run a workflow. Pictures go to the output folder; their paths are printed on standard output.

Results are kept, on disk as well. So a second run computes only what changed, and a run that was stopped in
the middle of sampling, by whatever, goes on from the last step that was kept.
"""

RUN_EXAMPLES = """\
examples:
  change an input; a node is named by its title, its type or its id:
      safelight run art.json --set KSampler.steps=30 --set "What to show.text=a red fox"
  see why each node ran, or did not have to:
      safelight run art.json --explain
  compare settings, every combination, on a labelled contact sheet:
      safelight run art.json --sweep KSampler.cfg=2,4,8 --sweep KSampler.seed=1,2,3
      (a value with a comma goes in double quotes: --sweep 'Prompt.text="a fox, red",a hen')
  compute one node and what it needs, and look at what comes out:
      safelight run art.json --only VAEDecode
  run a picture again that was made before:
      safelight run ~/safelight/output/art_00001_.png
  use it in a script (everything but one JSON object goes to standard error):
      safelight run art.json --json | jq -r '.outputs[].path'

exit codes: 0 done, 1 failed while running, 2 the workflow is invalid, 130 cancelled (Ctrl+C; twice kills)
"""

SERVE = """\
Open the editor in a browser, and serve its API (ComfyUI's clients can use it too). Jobs are kept in the data
folder: what was queued runs also after a crash. Only this machine can reach the server unless --host says
otherwise, and then clients must show a token.
"""

CHECK = """\
Find every problem of workflows without running them: the node, the input, the reason and the remedy; which
node types and which models are missing. Needs no torch, and less than a second.
"""

CONVERT = """\
Print a workflow in another format: `api` is JSON by node id, as scripts and HTTP clients use it; `editor` is
what the editor opens (a file in the API format is laid out for that); `python` is a script that builds the
same graph.
"""

DIFF = """\
Say in words what changed between two workflows, or between the workflows of two pictures: values, wires,
nodes.
Exit code 0 if both compute the same, 1 if not.
"""

NODES = """\
List the node types by menu. With a NAME, print that node's page: its inputs with their ranges, and its
outputs.
"""

PACKS = """\
Packs of nodes lie in DATA/custom_nodes, and in the custom_nodes of a ComfyUI folder that is used. A pack is
code: none of it runs before you have allowed it.

  list     the packs, and what their code could reach (the default)
  show     what a pack has and what its code could do, with file and line; nothing of it is run
  allow    let packs run from now on
  forbid   take that back
"""

NEW_PACK = """\
Write a pack that works at once into DATA/custom_nodes: a typed node, its test, a README and a
pyproject.toml. It is allowed, for it is yours.
"""

CACHE = """\
Look after the results that are kept on disk, so that nothing is computed twice.

  show     how many there are, by node type, how large and how old (the default)
  verify   read each one whole, and say which are damaged
  clear    delete them all, and the half-done sampling runs with them
"""

MODELS = """\
Look after models: checkpoints, LoRAs, ControlNets and all others.

  list     which there are, of what family and how large (the default)
  info     everything about one: its hash, the words that call it, where it lies
  get      fetch a file, or a whole diffusers repository, from the Hugging Face hub
"""

MODELS_EXAMPLES = """\
examples:
  use the models of programs that are there already (kept as a setting: "comfy" and "a1111" in settings.json):
      safelight models --comfy ~/ComfyUI
  fetch a LoRA; its folder is told from the file itself:
      safelight models get OWNER/NAME pixel-art.safetensors
  fetch a diffusers repository as one model:
      safelight models get OWNER/NAME
"""
