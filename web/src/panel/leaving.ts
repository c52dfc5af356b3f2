import { useEffect } from "react";

/** Have the browser ask before the page is left or loaded anew, while something would be lost. */
export function useAskToLeave(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [on]);
}
