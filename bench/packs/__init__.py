"""What becomes of ComfyUI's packs: see `python -m bench.packs --help`."""
