import type { KeyboardEvent } from "react";

const REACHED =
  "button:not(:disabled), a[href], input:not(:disabled), select, textarea, video, [tabindex='0']";

/** Keep the focus within what lies over everything else: after its last part comes its first. */
export function keepFocus(event: KeyboardEvent): void {
  if (event.key !== "Tab") return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(REACHED)].filter(
    (one) => one.getClientRects().length > 0,
  );
  const [first, last] = [all[0], all.at(-1)];
  const now = document.activeElement;
  if (!first || !last) return;
  const outside = now === event.currentTarget;
  if (event.shiftKey ? outside || now === first : now === last) {
    (event.shiftKey ? last : first).focus();
    event.preventDefault();
  }
}
