import type { Document } from "../../model/document";
import type { Catalogue } from "../../model/spec";
import type { NodeRun } from "../../store/run";

/** All that a drawing of the graph shows. */
export interface Scene {
  readonly document: Document;
  readonly catalogue: Catalogue;
  readonly chosen: ReadonlySet<string>;
  readonly runs: Readonly<Record<string, NodeRun>>;
  readonly theme: string;
  readonly picture: (id: string) => CanvasImageSource | null;
}

/** How wide something must be on the screen for its name to be written on it. */
export const TITLED = 44;
