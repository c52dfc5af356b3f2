import { useStoreApi } from "@xyflow/react";
import { useEffect } from "react";

const REST = 150;

/**
 * While the view is shifted and not scaled, all that is on the canvas is one layer that the browser need not draw anew.
 * Zooming such a layer would blur it, so that it is one no longer than the shifting lasts.
 */
export function PanLayer() {
  const flow = useStoreApi();
  useEffect(() => {
    let resting = 0;
    const mark = (panning: boolean) => {
      flow.getState().domNode?.toggleAttribute("data-panning", panning);
    };
    const stop = flow.subscribe((state, before) => {
      if (state.transform === before.transform) return;
      clearTimeout(resting);
      const panning = state.transform[2] === before.transform[2];
      mark(panning);
      if (panning) resting = window.setTimeout(mark, REST, false);
    });
    return () => {
      clearTimeout(resting);
      stop();
    };
  }, [flow]);
  return null;
}
