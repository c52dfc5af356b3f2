"""Hooks: LoRAs that belong to a prompt, act where it acts, and may change in strength over the steps."""
