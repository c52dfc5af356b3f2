import { create } from "zustand";
import { lookInto } from "../store/document";
import { show } from "../store/view";

const KEY = "safelight.mode";

const isPhone = (): boolean => matchMedia("(max-width: 40em)").matches;

/** A phone begins with the form: a graph is too small there to be worked on. Else as it was left. */
function preferred(): boolean {
  const kept = localStorage.getItem(KEY);
  const simple = kept === null ? isPhone() : kept === "simple";
  if (simple) show({ drawer: null });
  return simple;
}

/** Whether the form is shown in place of the graph. */
export const useMode = create<{ readonly simple: boolean }>(() => ({ simple: preferred() }));

export function switchMode(): void {
  const simple = !useMode.getState().simple;
  localStorage.setItem(KEY, simple ? "simple" : "graph");
  useMode.setState({ simple });
  // The form is that of the whole document.
  lookInto([]);
  show({ drawer: !simple && isPhone() ? "outline" : null, menu: null, fitting: Date.now() });
}
