import { useEffect, useState } from "react";
import { linkInto } from "../model/document";
import { sourceOf } from "../model/source";
import { pictureAddress } from "../node/picture";
import { current, useDocument } from "../store/document";
import { isBusy, useJobs } from "../store/job";
import { useTabs } from "../store/tab";
import { valueAt } from "./glance";

/** Where a picture is that goes into an input of a node: what its node shows, else as the last run made it. */
export function usePictureInto(node: string, input: string): string | null {
  const busy = useJobs(isBusy);
  const owners = useTabs((state) => state.owners);
  const links = useDocument((state) => state.history.document.links);
  const [picture, setPicture] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the wires and the runs are what it is found by
  useEffect(() => {
    if (busy) return;
    let here = true;
    void pictureInto(node, input).then((found) => here && setPicture(found));
    return () => {
      here = false;
    };
  }, [node, input, busy, owners, links]);
  return picture;
}

/** The same, asked once. */
export async function pictureInto(node: string, input: string): Promise<string | null> {
  const wire = linkInto(current(), node, input);
  if (!wire) return null;
  const shown = pictureAddress(wire.from);
  if (shown) return shown;
  const facts = await valueAt(sourceOf(current(), wire));
  return facts === "unrun" ? null : (facts.picture ?? null);
}
