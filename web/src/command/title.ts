import { specs } from "../store/catalogue";
import { current } from "../store/document";

/** What a node is called: by its own title, else by that of its type. */
export function nodeTitle(id: string): string {
  const node = current().nodes[id];
  return node?.title || specs()[node?.type ?? ""]?.title || node?.type || id;
}
