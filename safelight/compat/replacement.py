"""Replacement: node types that were given up, and what does their work now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from safelight.compat.loop import unroll
from safelight.compat.notice import Notice
from safelight.core.error import Where
from safelight.core.graph import Graph, Node
from safelight.core.registry import Registry


@dataclass(frozen=True, slots=True)
class Replacement:
    """`old` becomes `new`: inputs are renamed, and fixed values added.

    `widgets` are the old widgets in the order in which files list their values.
    """

    old: str
    new: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    widgets: tuple[str, ...] = ()


REPLACEMENTS = (
    Replacement(
        "ResizeImagesByLongerEdge",
        "ImageScaleToMaxDimension",
        {"longer_edge": "largest_size", "images": "image"},
        {"upscale_method": "lanczos"},
        ("longer_edge",),
    ),
    Replacement("ImageBatch", "BatchImagesNode", {"image1": "images.image0", "image2": "images.image1"}),
    Replacement(
        "ImageScaleBy",
        "ResizeImageMaskNode",
        {"image": "input", "scale_by": "resize_type.multiplier", "upscale_method": "scale_method"},
        {"resize_type": "scale by multiplier"},
        ("upscale_method", "scale_by"),
    ),
    Replacement(
        "T2IAdapterLoader",
        "ControlNetLoader",
        {"t2i_adapter_name": "control_net_name"},
        widgets=("t2i_adapter_name",),
    ),
    Replacement("Load3DAnimation", "Load3D"),
    Replacement("Preview3DAnimation", "Preview3D"),
    Replacement(
        "SDV_img2vid_Conditioning",
        "SVD_img2vid_Conditioning",
        widgets=("width", "height", "video_frames", "motion_bucket_id", "fps", "augmentation_level"),
    ),
    Replacement("ConditioningAverage ", "ConditioningAverage", widgets=("conditioning_to_strength",)),
)
BY_OLD: Mapping[str, Replacement] = {one.old: one for one in REPLACEMENTS}


def replace_nodes(graph: Graph, registry: Registry) -> tuple[Graph, list[Notice]]:
    """The graph with given-up node types replaced where the old one is unknown, and its loops written out."""
    nodes: dict[str, Node] = {}
    notices: list[Notice] = []
    for id, node in graph.nodes.items():
        change = BY_OLD.get(node.type)
        if change is None or node.type in registry or change.new not in registry:
            nodes[id] = node
            continue
        inputs = {change.renamed.get(name, name): value for name, value in node.inputs.items()}
        nodes[id] = Node(change.new, {**inputs, **change.fixed}, node.title)
        where = Where(node=id, type=node.type, title=node.title or None)
        notices.append(Notice(f"it was replaced by {change.new}", where, node.type, change.new))
    unrolled, told = unroll(Graph(nodes) if notices else graph, registry)
    return unrolled, [*notices, *told]
