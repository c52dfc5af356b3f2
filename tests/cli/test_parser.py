"""The command line's own grammar and its help."""

from __future__ import annotations

from typing import Any

import pytest

import safelight
from safelight.cli.parser import parser


@pytest.mark.parametrize("name", ["run", "check", "convert", "nodes", "cache"])
def test_each_command_explains_itself(command: Any, name: str) -> None:
    done = command(name, "--help")
    assert done.code == 0
    assert done.out.startswith(f"usage: safelight {name}")
    assert "--debug" in done.out


def test_the_help_of_run_teaches_by_example(command: Any) -> None:
    text = command("run", "--help").out
    for word in ("--set KSampler.steps=30", "--sweep KSampler.cfg=2,4,8", "--only VAEDecode", "exit codes:"):
        assert word in text


@pytest.mark.parametrize("argv", [[], ["fly"], ["run"], ["run", "a.json", "--expl"], ["cache", "burn"]])
def test_what_is_not_understood_is_refused(command: Any, argv: list[str]) -> None:
    done = command(*argv)
    assert (done.code, done.out) == (2, "")
    assert "usage: safelight" in done.err


@pytest.mark.parametrize("option", ["--port", "--workers"])
@pytest.mark.parametrize("number", ["99999", "-1", "8e3", "9" * 5000])
def test_a_number_that_cannot_be_meant_is_refused_and_not_made_into_another(
    command: Any, option: str, number: str
) -> None:
    done = command("serve", "--no-open", option, number)
    assert done.code == 2
    assert f"argument {option}: " in done.err
    assert "is not a whole number from 0 to" in done.err


@pytest.mark.parametrize("address", ["studio.example", "127.0.0.1:80", ""])
def test_a_proxy_that_is_no_address_is_refused(command: Any, address: str) -> None:
    done = command("serve", "--no-open", "--proxy", address)
    assert done.code == 2
    assert "neither an address nor a network" in done.err


def test_the_version_is_the_package_s(command: Any) -> None:
    assert command("--version").out == f"safelight {safelight.__version__}\n"


@pytest.mark.parametrize("words", [("--data", "D", "list", "loras"), ("list", "loras", "--data", "D")])
def test_the_folders_of_models_can_be_said_before_and_after_what_is_to_be_done(
    words: tuple[str, ...],
) -> None:
    args = parser().parse_args(
        ["models", *words, "--comfy", "C"] if words[0] == "list" else ["models", "--comfy", "C", *words]
    )
    assert (str(args.data), str(args.comfy), args.action, args.kind) == ("D", "C", "list", "loras")
