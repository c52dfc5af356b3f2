import { demote, isPromoted, promote } from "../model/form";
import { Icon } from "../panel/Icon";
import { specs } from "../store/catalogue";
import { apply, current, useDocument } from "../store/document";
import { simple as say } from "../text/simple";

/** Put an input into the form, or take it out. */
export function togglePromoted(node: string, input: string): void {
  const there = isPromoted(current(), node, input);
  apply(
    there ? say.demote : say.promote,
    there ? demote(node, input, specs()) : promote(node, input, specs()),
  );
}

/** The pin at a widget: whether the form asks for it. */
export function PinButton({ node, input }: { node: string; input: string }) {
  const on = useDocument((state) => isPromoted(state.history.document, node, input));
  const inside = useDocument((state) => state.history.document.inside !== "");
  if (inside) return null;
  const words = on ? say.promoted(input) : say.promotable(input);
  return (
    <button
      type="button"
      className="pin-button"
      tabIndex={-1}
      aria-pressed={on}
      aria-label={words}
      title={words}
      onClick={() => togglePromoted(node, input)}
    >
      <Icon name="pin" />
    </button>
  );
}
