"""`comfyui_version`: the version of the interface that is spoken here."""

__version__ = "0.33.0"
