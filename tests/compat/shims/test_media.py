"""Films and sounds of packs are the program's own: their nodes take each other's, and show what they save."""

from __future__ import annotations

from typing import Any

import torch

from safelight.core.graph import Graph, Link
from safelight.diffusion import film

PACK = """
from fractions import Fraction
from io import BytesIO
import torch
from comfy_api.latest import ComfyExtension, Input, InputImpl, Types, io, ui

class Backwards(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(node_id="Backwards", category="toys", inputs=[io.Video.Input("video")],
            outputs=[io.Video.Output(), io.String.Output()])
    @classmethod
    def execute(cls, video: Input.Video):
        parts = video.get_components()
        made = InputImpl.VideoFromComponents(Types.VideoComponents(
            images=parts.images.flip(0), audio=parts.audio, frame_rate=Fraction(parts.frame_rate)))
        assert isinstance(video, Input.Video) and isinstance(made, Input.Video)
        data = BytesIO()
        made.save_to(data, format=Types.VideoContainer.MP4, codec=Types.VideoCodec.H264, metadata={"by": [1]})
        again = InputImpl.VideoFromFile(data)
        cut = again.as_trimmed(0.25, 0.25, strict_duration=False)
        words = [again.get_dimensions(), again.get_duration(), again.get_frame_count(),
            float(again.get_frame_rate()), "mp4" in again.get_container_format(), cut.get_frame_count(),
            Types.VideoContainer.get_extension("auto")]
        return io.NodeOutput(made, str(words), ui=None)

class Heard(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(node_id="Heard", category="toys", is_output_node=True,
            inputs=[io.Audio.Input("audio")], outputs=[], hidden=[io.Hidden.prompt, io.Hidden.extra_pnginfo])
    @classmethod
    def execute(cls, audio):
        shown = ui.AudioSaveHelper.get_save_audio_ui(audio, "heard", cls, format="opus", quality="64k")
        return io.NodeOutput(ui=shown)

class Toys(ComfyExtension):
    async def get_node_list(self): return [Backwards, Heard]

async def comfy_entrypoint(): return Toys()
"""


def test_a_pack_takes_makes_and_cuts_the_programs_films(house: Any) -> None:
    house.load({"toys/__init__.py": PACK})
    graph = Graph()
    picture = graph.add("p", "EmptyImage", width=32, height=16, batch_size=12, color=0xFF0000)
    made = graph.add("v", "CreateVideo", images=picture, fps=12)
    graph.add("b", "Backwards", video=made)
    graph.add("g", "GetVideoComponents", video=Link("b", 0))
    words = house.value(graph, "b", 1)
    assert words == "[(32, 16), 1.0, 12, 12.0, True, 3, 'mp4']"
    assert isinstance(house.value(graph, "b"), film.FilmFrames)
    assert torch.equal(house.value(graph, "g"), house.value(graph, "p"))


def test_a_pack_shows_the_sounds_that_it_saves(house: Any) -> None:
    house.load({"toys/__init__.py": PACK})
    graph = Graph()
    sound = graph.add("e", "EmptyAudio", duration=0.25)
    graph.add("h", "Heard", audio=sound)
    shown = house.run(graph, "h").raise_for_error().nodes["h"].shown
    assert shown == {"audio": [{"filename": "heard_00001_.opus", "subfolder": "", "type": "output"}]}
    assert (house.engine.folders.root("output") / "heard_00001_.opus").stat().st_size > 100
