"""What a build adds to the Python packages: the workflows that ship, and the editor once there is one."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShipData(BuildHookInterface[Any]):
    """Puts `workflows/` and the built editor inside the wheel's `safelight` package.

    An editable install needs neither copy: there both are found beside the package, in the checkout.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folders that a wheel carries; an editor that was not built stops a release."""
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        ship = build_data["force_include"]
        ship[str(root / "workflows")] = "safelight/workflows"
        if (root / "web").is_dir():
            editor = root / "web" / "dist"
            if not (editor / "index.html").is_file():
                raise FileNotFoundError(
                    f"{editor} holds no built editor. Run `npm ci && npm run build` in web/."
                )
            ship[str(editor)] = "safelight/web"
