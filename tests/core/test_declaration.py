"""`@node`: what a typed function's signature says, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Optional, Union

import pytest

from safelight import (
    Choice,
    Context,
    File,
    Image,
    In,
    Latent,
    Lazy,
    Many,
    Mask,
    Model,
    Number,
    Out,
    Seed,
    Text,
    Toggle,
    node,
    rename,
    socket,
)
from safelight.core.error import DeclarationError
from safelight.core.spec import REQUIRED, InputSpec, NodeSpec

Steps = Annotated[int, Number(min=1, max=100, step=1, tip="Denoising steps.")]
Flow = socket("MY_FLOW")


class Loaded(NamedTuple):
    """What a loader gives."""

    model: Annotated[Model, Out("The denoiser.")]
    vae: Annotated[Image, Out("Pixels.", name="VAE")]
    frames: Many[Image]
    steps: int


@node("Sample", category="sampling", title="Sample it", aliases=("denoise",), version=3)
def sample(
    ctx: Context,
    *,
    model: Model,
    steps: Steps = 20,
    cfg: float = 8,
    name: Literal["euler", "heun"] = "euler",
    latent: Latent,
    mask: Mask | None = None,
) -> Latent:
    """Denoise a latent.

    Step by step.
    """
    ctx.check()
    return {"samples": latent["samples"] + steps, "cfg": cfg, "name": name, "mask": mask}


def spec_of(function: Any) -> NodeSpec:
    spec = function.spec
    assert isinstance(spec, NodeSpec)
    return spec


def only_input(function: Any) -> InputSpec:
    (one,) = spec_of(function).inputs
    return one


def test_a_plain_call_of_the_function_works(tmp_path: Path) -> None:
    result = sample(Context.plain(tmp_path), model=None, latent={"samples": 1})  # type: ignore[arg-type]
    assert result == {"samples": 21, "cfg": 8, "name": "euler", "mask": None}


def test_the_inputs_keep_the_names_and_the_order_of_the_parameters() -> None:
    assert [one.name for one in spec_of(sample).inputs] == [
        "model",
        "steps",
        "cfg",
        "name",
        "latent",
        "mask",
    ]


def test_the_context_is_no_input() -> None:
    assert spec_of(sample).context == "ctx"
    assert "ctx" not in spec_of(sample).by_name


def test_the_docstring_is_the_manual_page() -> None:
    assert spec_of(sample).doc == "Denoise a latent.\n\nStep by step."


def test_words_of_the_decorator_reach_the_spec() -> None:
    spec = spec_of(sample)
    assert (spec.id, spec.category, spec.title, spec.aliases, spec.version) == (
        "Sample",
        "sampling",
        "Sample it",
        ("denoise",),
        3,
    )
    assert spec.module == __name__


def test_a_socket_is_an_input_by_wire_only() -> None:
    model = spec_of(sample).by_name["model"]
    assert (model.type, model.widget, model.default, model.required) == ("MODEL", None, REQUIRED, True)


def test_an_alias_brings_type_range_and_tip() -> None:
    steps = spec_of(sample).by_name["steps"]
    assert steps.type == "INT"
    assert steps.widget == Number(min=1, max=100, step=1, integer=True, tip="Denoising steps.")
    assert (steps.default, steps.tip) == (20, "Denoising steps.")


def test_a_plain_type_has_the_widget_of_its_type() -> None:
    @node("Plain", category="toy")
    def plain(a: int, b: float, c: str, d: bool) -> None:
        """Take one of each."""

    kinds = [(one.type, type(one.widget)) for one in spec_of(plain).inputs]
    assert kinds == [("INT", Number), ("FLOAT", Number), ("STRING", Text), ("BOOLEAN", Toggle)]
    whole, real = (one.widget for one in spec_of(plain).inputs[:2])
    assert isinstance(whole, Number)
    assert whole.integer
    assert isinstance(real, Number)
    assert not real.integer


def test_a_literal_is_a_choice_of_its_words() -> None:
    name = spec_of(sample).by_name["name"]
    assert name.type == "COMBO"
    assert name.widget == Choice(("euler", "heun"))


def test_a_literal_keeps_the_tip_of_a_choice_beside_it() -> None:
    @node("Tipped", category="toy")
    def tipped(mode: Annotated[Literal["a", "b"], Choice(tip="Which.")] = "a") -> None:
        """Choose."""

    assert only_input(tipped).widget == Choice(("a", "b"), tip="Which.")


def test_a_choice_may_be_found_when_asked() -> None:
    found: list[str] = []

    @node("Found", category="toy")
    def choose(name: Annotated[str, Choice(of=lambda: found)]) -> None:
        """Choose."""

    one = only_input(choose)
    assert isinstance(one.widget, Choice)
    found.append("late")
    assert (one.type, list(one.widget.options)) == ("COMBO", ["late"])


def test_text_seed_and_file_say_what_they_are() -> None:
    @node("Words", category="toy")
    def words(
        text: Annotated[str, Text(multiline=True)],
        seed: Annotated[int, Seed(tip="Chance.")],
        ckpt: Annotated[str, File("checkpoints")],
    ) -> None:
        """Take them."""

    text, seed, ckpt = spec_of(words).inputs
    assert (text.type, seed.type, ckpt.type) == ("STRING", "INT", "COMBO")
    assert isinstance(text.widget, Text)
    assert text.widget.multiline
    assert seed.tip == "Chance."
    assert isinstance(ckpt.widget, File)
    assert ckpt.widget.kind == "checkpoints"


@pytest.mark.parametrize("kind", [Mask | None, Optional[Mask], Union[Mask, None]])  # noqa: UP007, UP045
def test_a_socket_or_none_is_optional(kind: Any) -> None:
    @node("Optional", category="toy")
    def take(mask: kind = None) -> None:
        """Take it."""

    one = only_input(take)
    assert (one.type, one.required, one.default, one.widget) == ("MASK", False, None, None)


def test_either_of_two_sockets_is_a_union() -> None:
    @node("Either", category="toy")
    def take(value: Image | Mask) -> None:
        """Take it."""

    assert only_input(take).type == "IMAGE,MASK"


def test_any_takes_everything() -> None:
    @node("Anything", category="toy")
    def take(value: Any) -> Any:
        """Take it."""

    assert only_input(take).type == "*"
    assert spec_of(take).outputs[0].type == "*"


def test_a_plugin_can_make_a_socket_of_its_own() -> None:
    @node("Own", category="toy")
    def take(flow: Flow) -> Flow:
        """Take it."""

    assert (only_input(take).type, spec_of(take).outputs[0].type) == ("MY_FLOW", "MY_FLOW")


def test_a_socket_can_carry_a_tip() -> None:
    @node("Tip", category="toy")
    def take(image: Annotated[Image, In("What to look at.")]) -> None:
        """Take it."""

    assert only_input(take).tip == "What to look at."


def test_many_gathers_as_an_input_and_spreads_as_an_output() -> None:
    @node("Split", category="toy")
    def split(images: Many[Image]) -> Many[Image]:
        """Split."""
        return images

    assert (only_input(split).type, only_input(split).many) == ("IMAGE", True)
    assert (spec_of(split).outputs[0].type, spec_of(split).outputs[0].many) == ("IMAGE", True)
    assert spec_of(split).streams


def test_lazy_inputs_are_awaited() -> None:
    @node("Switch", category="toy")
    async def switch(condition: bool, yes: Lazy[Any], no: Lazy[Image] | None = None) -> Any:
        """Pass one."""
        return await yes if condition or no is None else await no

    spec = spec_of(switch)
    assert spec.asynchronous
    assert [one.lazy for one in spec.inputs] == [False, True, True]
    assert spec.by_name["no"].type == "IMAGE"
    assert not spec.by_name["no"].required
    assert asyncio.run(switch(True, Lazy.of(3))) == 3


def test_one_output_is_called_by_its_type() -> None:
    (output,) = spec_of(sample).outputs
    assert (output.name, output.type, spec_of(sample).single) == ("LATENT", "LATENT", True)


def test_the_fields_of_a_named_tuple_are_the_output_slots() -> None:
    @node("Load", category="toy")
    def load(name: str) -> Loaded:
        """Load."""
        raise NotImplementedError

    spec = spec_of(load)
    assert [(output.name, output.type, output.many, output.tip) for output in spec.outputs] == [
        ("model", "MODEL", False, "The denoiser."),
        ("VAE", "IMAGE", False, "Pixels."),
        ("frames", "IMAGE", True, ""),
        ("steps", "INT", False, ""),
    ]
    assert not spec.single
    assert spec.output_index("VAE") == 1


def test_none_is_no_output() -> None:
    @node("Save", category="toy", effect=True)
    def save(image: Image) -> None:
        """Save."""

    assert spec_of(save).outputs == ()
    assert spec_of(save).effect


def test_flags_say_how_results_are_kept() -> None:
    def look(inputs: Any) -> str:
        return "seen"

    @node(
        "Flags", category="toy", cached=False, per_node=True, lane="io", fingerprint=look, experimental=True
    )
    def flags() -> int:
        """Be flagged."""
        return 0

    spec = spec_of(flags)
    assert (spec.cached, spec.per_node, spec.lane, spec.fingerprint) == (False, True, "io", look)
    assert spec.experimental


def test_a_migration_renames_old_inputs() -> None:
    @node("New", category="toy", version=2, migrate={1: rename(old="new")}, deprecated="Use Newer.")
    def new(new: int = 0) -> int:
        """Be new."""
        return new

    spec = spec_of(new)
    assert spec.migrate[1]({"old": 1, "other": 2}) == {"new": 1, "other": 2}
    assert spec.deprecated == "Use Newer."


def test_aliases_and_tuples_local_to_the_caller_are_found() -> None:
    Local = Annotated[int, Number(max=3)]  # noqa: N806

    class Pair(NamedTuple):
        """Two."""

        one: Local
        other: Many[Local]

    @node("Local", category="toy")
    def take(value: Local = 1) -> Pair:
        """Take it."""
        raise NotImplementedError

    assert only_input(take).widget == Number(max=3, integer=True)
    assert [(output.type, output.many) for output in spec_of(take).outputs] == [("INT", False), ("INT", True)]


def test_a_local_alias_hides_one_of_the_module() -> None:
    Steps = Annotated[int, Number(max=3)]  # noqa: F841, N806

    @node("Hidden", category="toy")
    def take(value: Steps = 1) -> None:
        """Take it."""

    assert only_input(take).widget == Number(max=3, integer=True)


Bad = Callable[[], Any]


def unknown_name() -> Any:
    @node("Bad", category="toy")
    def bad(value: Imagee) -> None:  # type: ignore[name-defined]  # noqa: F821
        """Be bad."""


def no_annotation() -> Any:
    @node("Bad", category="toy")
    def bad(value) -> None:  # type: ignore[no-untyped-def]
        """Be bad."""


def no_socket() -> Any:
    @node("Bad", category="toy")
    def bad(value: dict[str, int]) -> None:
        """Be bad."""


def any_number_of_inputs() -> Any:
    @node("Bad", category="toy")
    def bad(*values: int) -> None:
        """Be bad."""


def unnamed_inputs() -> Any:
    @node("Bad", category="toy")
    def bad(**values: int) -> None:
        """Be bad."""


def default_out_of_range() -> Any:
    @node("Bad", category="toy")
    def bad(value: Steps = 0) -> None:
        """Be bad."""


def default_of_another_type() -> Any:
    @node("Bad", category="toy")
    def bad(value: int = 1.5) -> None:  # type: ignore[assignment]
        """Be bad."""


def default_that_is_no_choice() -> Any:
    @node("Bad", category="toy")
    def bad(value: Literal["a", "b"] = "c") -> None:  # type: ignore[assignment]
        """Be bad."""


def widget_of_another_type() -> Any:
    @node("Bad", category="toy")
    def bad(value: Annotated[str, Number(min=1)] = "") -> None:
        """Be bad."""


def no_return_annotation() -> Any:
    @node("Bad", category="toy")
    def bad(value: int):  # type: ignore[no-untyped-def]
        """Be bad."""


def bare_tuple_output() -> Any:
    @node("Bad", category="toy")
    def bad(value: int) -> tuple[Image, Mask]:
        """Be bad."""
        raise NotImplementedError


def lazy_without_async() -> Any:
    @node("Bad", category="toy")
    def bad(value: Lazy[Image]) -> None:
        """Be bad."""


def unknown_lane() -> Any:
    @node("Bad", category="toy", lane="gpu")  # type: ignore[arg-type]
    def bad() -> None:
        """Be bad."""


def socket_with_a_default() -> Any:
    @node("Bad", category="toy")
    def bad(value: Image = 3) -> None:  # type: ignore[assignment]
        """Be bad."""


def many_sockets_with_a_default() -> Any:
    @node("Bad", category="toy")
    def bad(value: Many[Image] = ()) -> None:  # type: ignore[assignment]
        """Be bad."""


def unknown_option() -> Any:
    @node("Bad", category="toy", cache=False)  # type: ignore[call-arg]
    def bad() -> None:
        """Be bad."""


def no_category() -> Any:
    @node("Bad")  # type: ignore[call-arg]
    def bad() -> None:
        """Be bad."""


@pytest.mark.parametrize(
    ("declare", "input", "words"),
    [
        (unknown_name, None, "an annotation of unknown_name.<locals>.bad cannot be resolved"),
        (no_annotation, "value", "the parameter has no annotation. Write `value: Image`, say."),
        (no_socket, "value", "names no socket or value type"),
        (any_number_of_inputs, "values", "inputs must be named parameters"),
        (unnamed_inputs, "values", "inputs must be named parameters"),
        (default_out_of_range, "value", "the default is refused: 0 is below the minimum 1"),
        (default_of_another_type, "value", "the default is refused: 1.5 is not a whole number"),
        (default_that_is_no_choice, "value", "the default is refused: 'c' is not one of its choices"),
        (widget_of_another_type, "value", "Number is a widget for INT or FLOAT, not for STRING"),
        (no_return_annotation, None, "the function does not say what it returns. Write `-> Image`"),
        (bare_tuple_output, None, "what the outputs are called. Return a NamedTuple"),
        (lazy_without_async, "value", "only an `async def` can do. Write `async def bad`"),
        (unknown_lane, None, "there is no lane 'gpu'. Choose one of 'device', 'io'."),
        (socket_with_a_default, "value", "of type IMAGE comes by wire, and its default is 3"),
        (many_sockets_with_a_default, "value", "of type IMAGE comes by wire, and its default is ()"),
        (unknown_option, None, "@node has no option 'cache'. Did you mean 'cached'?"),
        (no_category, None, "'category'. Write `@node("),
    ],
)
def test_a_bad_declaration_says_where_and_what_to_do(declare: Bad, input: str | None, words: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        declare()
    error = caught.value
    assert error.where.type == "Bad"
    assert error.where.input == input
    assert words in str(error)
    assert error.remedy


@pytest.mark.parametrize("id", ["", "  ", None, 3])
def test_a_node_type_needs_an_id(id: Any) -> None:
    with pytest.raises(DeclarationError, match="is no id for a node type") as caught:
        node(id, category="toy")
    assert caught.value.remedy


def test_the_decorator_needs_its_parentheses() -> None:
    with pytest.raises(DeclarationError, match="used without parentheses") as caught:

        @node  # type: ignore[arg-type, call-arg]
        def bare(value: int) -> int:
            """Be bare."""
            return value

    assert "bare" in str(caught.value)
    assert "@node(" in caught.value.remedy


def test_a_number_that_comes_by_wire_may_have_a_default() -> None:
    @node("Wired", category="toy")
    def take(amount: Annotated[float, In("How much.")] = 0.5, value: Any = 3) -> None:
        """Take it."""

    assert [one.default for one in spec_of(take).inputs] == [0.5, 3]
