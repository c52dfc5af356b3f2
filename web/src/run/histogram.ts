import { useEffect, useState } from "react";
import { levels, pictureWire } from "../model/histogram";
import { sourceOf } from "../model/source";
import { current, useDocument } from "../store/document";
import { isBusy, useJobs } from "../store/job";
import { useTabs } from "../store/tab";
import { valueAt } from "./glance";

/** The levels of the picture that a node's curve changes, as the last run made it; null where none did. */
export function useHistogram(node: string): readonly number[] | null {
  const busy = useJobs(isBusy);
  const owners = useTabs((state) => state.owners);
  const links = useDocument((state) => state.history.document.links);
  const [heights, setHeights] = useState<readonly number[] | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the wires and the runs are what it is found by
  useEffect(() => {
    if (busy) return;
    let here = true;
    void look(node).then((found) => here && setHeights(found));
    return () => {
      here = false;
    };
  }, [node, busy, owners, links]);
  return heights;
}

async function look(node: string): Promise<readonly number[] | null> {
  const wire = pictureWire(current(), node);
  const facts = wire ? await valueAt(sourceOf(current(), wire)) : "unrun";
  if (facts === "unrun" || !facts.picture) return null;
  const image = new Image();
  image.src = facts.picture;
  try {
    await image.decode();
  } catch {
    return null;
  }
  const pen = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext("2d");
  pen?.drawImage(image, 0, 0);
  const pixels = pen?.getImageData(0, 0, image.naturalWidth, image.naturalHeight);
  return pixels ? levels(pixels) : null;
}
