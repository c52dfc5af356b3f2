import { useEffect, useState } from "react";

/** Whether a key is held with which a drag chooses what is in a box: Shift, Ctrl or Cmd. */
export function useHeld(): boolean {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    // The pointer tells of keys too: their release may have gone to another window.
    const look = (event: KeyboardEvent | PointerEvent) =>
      setHeld(event.shiftKey || event.ctrlKey || event.metaKey);
    const forget = () => setHeld(false);
    const names = ["keydown", "keyup", "pointermove", "pointerdown"] as const;
    for (const name of names) addEventListener(name, look, true);
    addEventListener("blur", forget);
    return () => {
      for (const name of names) removeEventListener(name, look, true);
      removeEventListener("blur", forget);
    };
  }, []);
  return held;
}
