import { setValue } from "../model/edit";
import { pictureOf } from "../model/picture";
import { viewAddress } from "../server/client";
import { upload } from "../server/upload";
import { apply, current, useDocument } from "../store/document";
import { tell } from "../store/notice";
import { closePaint, usePaint } from "../store/paint";
import { goToTab } from "../store/tab";
import { desk } from "../text/desk";
import { pictureInto } from "./under";

/** The input of a node that holds what is painted. */
export const PAINTED = "mask";
const LONG = 1024;

export const openPaint = (node: string): void => usePaint.setState({ node, tab: useDocument.getState().tab });

/** What there is to paint on: how large, what lies below, and what is painted so far. */
export interface Ground {
  readonly width: number;
  readonly height: number;
  readonly below: HTMLImageElement | null;
  readonly painted: HTMLImageElement | null;
  readonly colour: string;
}

export async function groundOf(id: string): Promise<Ground> {
  const values = current().nodes[id]?.values ?? {};
  const address = await pictureInto(id, "image");
  const below = address ? await loaded(address) : null;
  const painted = String(values[PAINTED] ?? "");
  const side = (name: string) => Math.min(4096, Math.max(64, Number(values[name] ?? 512) || 512));
  // What only a run knows comes as a small picture: its shape counts.
  const small = below && address?.startsWith("data:");
  const scale = small ? Math.max(1, LONG / Math.max(below.naturalWidth, below.naturalHeight)) : 1;
  return {
    width: below ? Math.round(below.naturalWidth * scale) : side("width"),
    height: below ? Math.round(below.naturalHeight * scale) : side("height"),
    below,
    painted: painted ? await loaded(viewAddress(pictureOf(painted))) : null,
    colour: String(values.bg_color ?? "#000000"),
  };
}

async function loaded(address: string): Promise<HTMLImageElement | null> {
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
    return image;
  } catch {
    return null;
  }
}

/** Keep what was painted as a file, and have the node lay it over its picture. */
export async function savePainting(picture: Blob): Promise<void> {
  const { node, tab } = usePaint.getState();
  const name = `painter-${node}-${Date.now()}.png`;
  const value = `${await upload(new File([picture], name, { type: "image/png" }))} [input]`;
  closePaint();
  // Another file may have come to the front meanwhile.
  goToTab(tab);
  if (useDocument.getState().tab !== tab || !current().nodes[node]) {
    tell(desk.painting.kept(value));
    return;
  }
  apply(desk.painting.title, setValue(node, PAINTED, value));
}
