"""The parser: commands, options, and help that teaches by example."""

from __future__ import annotations

from argparse import (
    SUPPRESS,
    ArgumentParser,
    ArgumentTypeError,
    RawDescriptionHelpFormatter,
    _SubParsersAction,
)
from collections.abc import Callable
from pathlib import Path

from safelight import __version__
from safelight.cli import manual
from safelight.setting import PRECISIONS

PORT_MAX = 65_535
WORKERS_MAX = 64

FILE = "a workflow: the editor's JSON, API-format JSON, or a picture, film or sound that carries either"


def parser() -> ArgumentParser:
    """The parser of the whole command line."""
    top = _Parser(prog="safelight", description=manual.TOP, formatter_class=RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version", version=f"safelight {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_serve(commands)
    _add_run(commands)
    _add_check(commands)
    _add_convert(commands)
    _add_diff(commands)
    _add_nodes(commands)
    _add_models(commands)
    _add_cache(commands)
    _add_packs(commands)
    _add_new_pack(commands)
    return top


class _Parser(ArgumentParser):
    """Options are written in full, so that a new one never changes what an old command line means."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"allow_abbrev": False, **options})  # type: ignore[arg-type]


Commands = _SubParsersAction


def _command(
    commands: Commands[_Parser], name: str, brief: str, text: str, examples: str = ""
) -> ArgumentParser:
    command = commands.add_parser(
        name, help=brief, description=text, epilog=examples, formatter_class=RawDescriptionHelpFormatter
    )
    command.set_defaults(module=name)
    command.add_argument("--debug", action="store_true", help="show tracebacks and everything that is logged")
    return command


def _whole(most: int) -> Callable[[str], int]:
    """A reader of whole numbers from 0 to `most`."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= most):
            raise ArgumentTypeError(f"{text[:20]!r} is not a whole number from 0 to {most}")
        return int(text)

    return read


def _network(text: str) -> str:
    """An address or a network, as it was written."""
    import ipaddress

    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        problem = f"{text[:40]!r} is neither an address nor a network, such as 127.0.0.1 or 10.0.0.0/8"
        raise ArgumentTypeError(problem) from None
    return text


def _add_data(command: ArgumentParser, default: str | None = None) -> None:
    command.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        default=default,
        help="the folder of models, pictures and stored results (else $SAFELIGHT_DATA, else ~/safelight)",
    )
    command.add_argument(
        "--comfy",
        metavar="DIR",
        type=Path,
        default=default,
        help="a ComfyUI folder whose models, inputs, workflows and packs to use where they lie",
    )


def _add_serve(commands: Commands[_Parser]) -> None:
    serve = _command(commands, "serve", "open the editor, and serve its API", manual.SERVE)
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on (else 127.0.0.1)")
    serve.add_argument(
        "--port", type=_whole(PORT_MAX), default=8188, help="the port (else 8188; 0 for any that is free)"
    )
    _add_data(serve)
    serve.add_argument("--no-open", action="store_true", help="do not open a browser")
    serve.add_argument(
        "--workers", type=_whole(WORKERS_MAX), default=0, metavar="N", help="how many jobs run side by side"
    )
    serve.add_argument(
        "--token",
        help="what clients must show (better kept in $SAFELIGHT_TOKEN); made up if another host needs it",
    )
    serve.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a further name that the server goes by, such as that of a proxy; may be given again",
    )
    serve.add_argument(
        "--proxy",
        action="append",
        type=_network,
        default=[],
        metavar="ADDRESS",
        help="the address or network of a proxy, whose X-Forwarded-For is believed; may be given again",
    )
    serve.add_argument(
        "--front-end", type=Path, metavar="PATH", help="serve an unpacked front end of ComfyUI instead"
    )


def _add_run(commands: Commands[_Parser]) -> None:
    run = _command(commands, "run", "run a workflow", manual.RUN, manual.RUN_EXAMPLES)
    run.add_argument("file", metavar="FILE", type=Path, help=FILE)
    change = run.add_argument_group("what to run")
    change.add_argument(
        "--set",
        metavar="NODE.INPUT=VALUE",
        action="append",
        default=[],
        dest="assignments",
        help="give an input a value; may be given again",
    )
    change.add_argument(
        "--sweep",
        metavar="NODE.INPUT=A,B,C",
        action="append",
        default=[],
        dest="sweeps",
        help="run once for each value, and add a labelled contact sheet; given again: every combination",
    )
    change.add_argument(
        "--only",
        metavar="NODE",
        action="append",
        default=[],
        help="run this node and what it needs, nothing else; may be given again",
    )
    place = run.add_argument_group("where and how")
    place.add_argument("--out", metavar="DIR", type=Path, help="where pictures go (else DATA/output)")
    _add_data(place)  # type: ignore[arg-type]
    place.add_argument("--no-cache", action="store_true", help="compute everything anew, and keep nothing")
    place.add_argument(
        "--precision", choices=PRECISIONS, help="fast computes in bf16 where the processor has it in hardware"
    )
    tell = run.add_argument_group("what to tell")
    tell.add_argument("--explain", action="store_true", help="say of each node why it ran, or did not")
    tell.add_argument("--json", action="store_true", help="print one JSON object at the end")


def _add_check(commands: Commands[_Parser]) -> None:
    check = _command(commands, "check", "find every problem of a workflow without running it", manual.CHECK)
    check.add_argument("files", metavar="FILE", nargs="+", type=Path, help=FILE)
    _add_data(check)


def _add_convert(commands: Commands[_Parser]) -> None:
    convert = _command(commands, "convert", "print a workflow in another format", manual.CONVERT)
    convert.add_argument("file", metavar="FILE", type=Path, help=FILE)
    formats = ("api", "editor", "python")
    convert.add_argument("--to", choices=formats, default="api", help="the format to print (else api)")
    _add_data(convert)


def _add_diff(commands: Commands[_Parser]) -> None:
    diff = _command(commands, "diff", "say what changed between two workflows", manual.DIFF)
    diff.add_argument("old", metavar="OLD", type=Path, help=FILE)
    diff.add_argument("new", metavar="NEW", type=Path, help="what it is compared with")


def _add_nodes(commands: Commands[_Parser]) -> None:
    nodes = _command(commands, "nodes", "list the node types", manual.NODES)
    nodes.add_argument("name", metavar="NAME", nargs="?", help="a node type, such as KSampler")
    shape = nodes.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="in the shape of ComfyUI's /object_info")
    shape.add_argument(
        "--markdown", action="store_true", help="every node's page, as docs/reference.md has it"
    )
    shape.add_argument("--stubs", action="store_true", help="their types, as safelight/graph.pyi has them")
    _add_data(nodes)


def _add_models(commands: Commands[_Parser]) -> None:
    models = _command(
        commands, "models", "list models, tell about one, or fetch one", manual.MODELS, manual.MODELS_EXAMPLES
    )
    models.set_defaults(action="list", kind=None, json=False)
    _add_data(models)
    actions = models.add_subparsers(metavar="ACTION")
    listing = actions.add_parser("list", help="which models there are")
    listing.add_argument("kind", metavar="KIND", nargs="?", help="such as checkpoints or loras")
    info = actions.add_parser("info", help="everything about one model")
    info.add_argument("name", metavar="NAME", help="the model's name, or KIND/NAME where several have it")
    get = actions.add_parser("get", help="fetch a file or a repository from the Hugging Face hub")
    get.add_argument("repository", metavar="OWNER/NAME", help="the repository on the hub")
    get.add_argument(
        "file", metavar="FILE", nargs="?", help="one of its files; else all of a diffusers model"
    )
    get.add_argument("--to", metavar="KIND", help="the folder below models (else told from the file)")
    get.add_argument("--as", metavar="NAME", dest="name", help="the name to give it")
    get.add_argument("--revision", help="a branch, tag or commit")
    for action, parser in (("list", listing), ("info", info), ("get", get)):
        parser.set_defaults(action=action)
        _add_data(parser, default=SUPPRESS)  # what was said before the action holds unless said again
        if action != "get":
            parser.add_argument("--json", action="store_true", help="as JSON")


def _add_cache(commands: Commands[_Parser]) -> None:
    cache = _command(commands, "cache", "show, verify or clear the stored results", manual.CACHE)
    cache.add_argument("action", choices=("show", "verify", "clear"), nargs="?", default="show")
    _add_data(cache)


def _add_packs(commands: Commands[_Parser]) -> None:
    packs = _command(commands, "packs", "list packs of nodes, see what they do, allow them", manual.PACKS)
    packs.add_argument("action", choices=("list", "show", "allow", "forbid"), nargs="?", default="list")
    packs.add_argument("names", metavar="NAME", nargs="*", help="a pack, as its folder is called")
    _add_data(packs)


def _add_new_pack(commands: Commands[_Parser]) -> None:
    new = _command(commands, "new-pack", "write a pack of nodes to start from", manual.NEW_PACK)
    new.set_defaults(module="newpack")
    new.add_argument("name", metavar="NAME", help="what the pack is called, such as my-nodes")
    _add_data(new)
