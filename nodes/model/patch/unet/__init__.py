"""Changes to how a UNet computes."""
