import type { Document } from "../model/document";
import { fromNamed, type Named, toNamed } from "../model/file";
import type { Json } from "../model/value";
import { current, open, useDocument } from "../store/document";
import { tell } from "../store/notice";
import { forgetRun } from "../store/run";
import { selectNothing } from "../store/selection";
import { show } from "../store/view";
import { text } from "../text";
import { ask, Refused } from "./client";

/** Open a file of any kind that carries a workflow. Gives false, and changes nothing, when it carries none. */
export async function openFile(file: File): Promise<boolean> {
  const document = await read(file);
  if (!document) {
    if (!file.type.startsWith("image/")) tell(text.server.unreadable, "problem");
    return false;
  }
  openDocument(document, file.name.replace(/\.[^.]+$/, ""));
  return true;
}

export function openDocument(document: Document, name: string): void {
  forgetRun();
  selectNothing();
  open(document, name);
  show({ fitting: Date.now() });
}

async function read(file: File): Promise<Document | null> {
  if (file.name.endsWith(".json") || file.type === "application/json") {
    const named = byName(await file.text());
    if (named) return fromNamed(named);
  }
  try {
    const answer = await ask("/safelight/document/open", {
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body: file,
    });
    const { document } = (await answer.json()) as { document: Named };
    return fromNamed(document);
  } catch (problem) {
    if (problem instanceof Refused && problem.status < 500) return null;
    throw problem;
  }
}

/** A document by name, which the server need not translate. */
function byName(content: string): Record<string, Json> | null {
  try {
    const json = JSON.parse(content) as Record<string, Json>;
    return json.format === "safelight" && json.clip !== true ? json : null;
  } catch {
    return null;
  }
}

/** Write the open document as a workflow file, `workflow` for editors or `api` for scripts, and hand it to the person. */
export async function saveFile(form: "workflow" | "api"): Promise<void> {
  const document = current();
  const name = `${useDocument.getState().name || text.untitled}${form === "api" ? ".api" : ""}.json`;
  const answer = await ask("/safelight/document/save", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ document: toNamed(document), format: form }),
  });
  download(await answer.blob(), name);
  if (form === "workflow") useDocument.setState({ saved: document });
  tell(text.server.saved(name));
}

function download(blob: Blob, name: string): void {
  const link = Object.assign(document.createElement("a"), {
    href: URL.createObjectURL(blob),
    download: name,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
