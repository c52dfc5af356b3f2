"""A process that has imported torch, and forks a child for each command line that it is given.

A child is a process like any other: it can be killed, and the next one knows nothing of it but what is on
disk. It only starts in milliseconds where a fresh interpreter imports torch for ten seconds. Each line of
standard input is `{"argv": [...], "out": path, "err": path}`, answered by the child's pid, or
`{"wait": true}`, answered by its exit code. `python zygote.py SECONDS` keeps a half-done run that often.
"""

from __future__ import annotations

import json
import os
import signal
import sys

import diffusers.models.autoencoders.autoencoder_kl
import diffusers.models.unets.unet_2d_condition
import torch
import transformers

from safelight import cli, diffusion
from safelight.core import checkpoint

LOADED = (
    diffusers,
    torch,
    transformers,
    diffusion.sampling,
    diffusion.vae,
    diffusion.text,
    diffusion.picture,
)


def run(argv: list[str], out: str, err: str) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name, number in ((out, 1), (err, 2)):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    code = cli.main(argv)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def answer(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main() -> None:
    checkpoint.INTERVAL = float(sys.argv[1])
    child = 0
    answer("ready")
    for line in sys.stdin:
        request = json.loads(line)
        if "wait" in request:
            answer(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            continue
        child = os.fork()
        if child == 0:
            run(request["argv"], request["out"], request["err"])
        answer(child)


main()
