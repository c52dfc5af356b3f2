"""From files to handles without torch."""

import subprocess
import sys


def test_loading_and_planning_import_no_torch() -> None:
    code = (
        "import sys\n"
        "from safelight.diffusion import builtin, checkpoint, plan, handle, names\n"
        "found = checkpoint.load(builtin.builtin()['emoji'], 'd' * 64)\n"
        "assert type(found.clip).from_tree(found.clip.to_tree()) == found.clip\n"
        "plan.choose(device='cpu', precision='fast')\n"
        "slow = {'torch', 'diffusers', 'transformers', 'tokenizers', 'numpy'} & set(sys.modules)\n"
        "assert not slow, slow\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_submodule_is_listed_and_every_listed_one_is_there() -> None:
    from pathlib import Path

    from safelight import diffusion

    folder = Path(diffusion.__file__).parent
    there = {path.stem for path in folder.glob("[a-z]*.py")}
    there |= {path.parent.name for path in folder.glob("*/__init__.py")}
    assert there == diffusion.SUBMODULES
