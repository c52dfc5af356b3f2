"""What becomes of ComfyUI's packs: `python -m bench.packs DIR` loads each pack of a folder by itself.

For each node type it says whether it registers, whether its choices load, and whether it runs on inputs that
are made up: defaults, small pictures, files of each kind, the model that ships and small ones beside it, and
what other nodes of the pack give. `--out FILE` keeps every node's outcome; a further run goes on there, and
tries again only what `--only`, `--nodes` or `--cause` name, or whatever is missing.

`--graphs` runs the graphs of `bench/packs/recipe.json` instead: a few nodes of well-known packs, wired to our
own loader and sampler. `--from FILE` prints the table of a former run.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from bench.packs import table
from bench.packs.kept import Kept
from bench.packs.process import measured
from bench.packs.recipe import read


def main() -> int:
    """Read the command line, and measure or report."""
    args = _parser().parse_args()
    kept = Kept(args.out or args.source)
    if args.source:
        print(table.outcomes(kept.packs))
        return 0
    there = sorted(path.name for path in args.folder.iterdir() if path.is_dir())
    if args.graphs:
        names = [name for name in read() if name in there and name in (args.only or there)]
        todo = dict.fromkeys(names, "graphs")
    else:
        todo = {name: kept.todo(name, args) for name in args.only or there}
    with ThreadPoolExecutor(args.jobs) as pool:
        jobs = {
            pool.submit(measured, args.folder, name, nodes): name
            for name, nodes in todo.items()
            if nodes is not None
        }
        for done in as_completed(jobs):
            kept.add(jobs[done], done.result())
            print(f"{jobs[done]}: done", file=sys.stderr, flush=True)
    if args.graphs:
        print(table.graphs({name: kept.packs[name] for name in todo}))
    else:
        print(table.outcomes({name: kept.packs[name] for name in todo if name in kept.packs}))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.packs", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="a folder with a folder for each pack")
    parser.add_argument("--only", action="append", default=[], help="a pack to try (again)")
    parser.add_argument("--nodes", default="", help="of those, these node types: A,B")
    parser.add_argument("--cause", default="", help="try nodes again whose outcome was one of these: A,B")
    parser.add_argument("--out", type=Path, help="where outcomes are kept")
    parser.add_argument("--from", dest="source", type=Path, help="print what is kept there, and try nothing")
    parser.add_argument("--graphs", action="store_true", help="run graphs with nodes of the packs")
    parser.add_argument("--jobs", type=int, default=1, help="how many packs at a time")
    return parser


if __name__ == "__main__":
    sys.exit(main())
