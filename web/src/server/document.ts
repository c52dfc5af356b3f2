import { lookForMissing } from "../files/missing";
import type { Document } from "../model/document";
import { fromNamed, type Named, toNamed } from "../model/file";
import type { Json } from "../model/value";
import { specs } from "../store/catalogue";
import { current, useDocument } from "../store/document";
import { tell } from "../store/notice";
import { openTab } from "../store/tab";
import { text } from "../text";
import { ask, Refused } from "./client";

/** A workflow for editors, or for scripts. */
export type Form = "workflow" | "api" | "python";

const ENDINGS: Record<Form, string> = { workflow: ".json", api: ".api.json", python: ".py" };

/** Open a file of any kind that carries a workflow. Gives false, and changes nothing, when it carries none. */
export async function openFile(file: File): Promise<boolean> {
  const document = await read(file);
  if (!document) {
    if (!/^(image|video|audio)\//.test(file.type)) tell(text.server.unreadable, "problem");
    return false;
  }
  openDocument(document, file.name.replace(/\.[^.]+$/, ""));
  // The graph is seen first, and then what it lacks.
  requestAnimationFrame(() => setTimeout(lookForMissing));
  return true;
}

/** Open a document in a tab of its own. */
export function openDocument(document: Document, name: string, place = ""): void {
  openTab({ name, place, document, changed: false });
}

/** Read a file of any kind; null when it carries no workflow. */
export async function read(file: File): Promise<Document | null> {
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

/** Write the open document as a file, for editors or for scripts, and hand it to the person. */
export async function saveFile(form: Form): Promise<void> {
  const document = current();
  const title = useDocument.getState().name;
  const name = `${title || text.untitled}${ENDINGS[form]}`;
  download(new Blob([await write(document, form, title)], { type: "application/octet-stream" }), name);
  if (form === "workflow") useDocument.setState({ saved: document });
  tell(text.server.saved(name));
}

/** The text of a document as a file. */
export async function write(document: Document, form: Form, name = ""): Promise<string> {
  const answer = await ask("/safelight/document/save", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ document: toNamed(document, specs()), format: form, name }),
  });
  return answer.text();
}

function download(blob: Blob, name: string): void {
  const link = Object.assign(document.createElement("a"), {
    href: URL.createObjectURL(blob),
    download: name,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
