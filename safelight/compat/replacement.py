"""Replacement: node types that were given up, and what does their work now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from safelight.compat.notice import Notice
from safelight.core.error import Where
from safelight.core.graph import Graph, Node
from safelight.core.registry import Registry
from safelight.core.shape import lay
from safelight.core.spec import NodeSpec


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
    """The graph with given-up node types and inputs of older versions renewed."""
    nodes: dict[str, Node] = {}
    notices: list[Notice] = []
    for id, node in graph.nodes.items():
        where = Where(node=id, type=node.type, title=node.title or None)
        change, spec = BY_OLD.get(node.type), registry.find(node.type)
        nodes[id] = node
        if spec is not None and (newer := migrated(node, spec)) is not node:
            nodes[id] = newer
            notices.append(Notice(f"its inputs are of an older version; {spec.version} is the newest", where))
        elif spec is None and change is not None and change.new in registry:
            inputs = {change.renamed.get(name, name): value for name, value in node.inputs.items()}
            nodes[id] = Node(change.new, {**inputs, **change.fixed}, node.title)
            notices.append(Notice(f"it was replaced by {change.new}", where, node.type, change.new))
    return Graph(nodes) if notices else graph, notices


def migrated(node: Node, spec: NodeSpec) -> Node:
    """The node with the inputs of the newest version of its type; itself if it has them already.

    Files note no versions, so an input that the type does not have now is what tells an older one.
    """
    known = {one.name for one in lay(spec, node.inputs)} if spec.migrate else set()
    if not spec.migrate or known.issuperset(node.inputs):
        return node
    inputs = dict(node.inputs)
    for version in range(1, spec.version):
        step = spec.migrate.get(version)
        inputs = step(inputs) if step is not None else inputs
    return node if inputs == node.inputs else Node(node.type, inputs, node.title)
