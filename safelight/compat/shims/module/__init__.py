"""ComfyUI's modules as packs know them, each expressed in what is ours. Named in `finder.MODULES`."""
