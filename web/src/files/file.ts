import { ask, get, Refused } from "../server/client";
import { openDocument, openFile, read, write } from "../server/document";
import { current, useDocument } from "../store/document";
import { tell } from "../store/notice";
import { allTabs, dropTab, front, goToTab, tabChanged } from "../store/tab";
import { text } from "../text";
import { file as say } from "../text/file";
import { useFiles } from "./dialog";
import { lookForMissing } from "./missing";

const FOLDER = "workflows";
const ENDING = ".json";

/** A workflow that can be opened by its name. */
export interface Entry {
  readonly name: string;
  readonly kind: "saved" | "template";
  /** Milliseconds since 1970; 0 where it is not known. */
  readonly modified: number;
}

const address = (name: string): string => `/userdata/${encodeURIComponent(`${FOLDER}/${name}${ENDING}`)}`;

/** The workflows that there are: those that were saved, the newest first, then those that ship. */
export async function workflows(): Promise<Entry[]> {
  const [saved, shipped] = await Promise.all([savedOnes(), get<string[]>("/safelight/templates")]);
  return [...saved, ...shipped.map((name): Entry => ({ name, kind: "template", modified: 0 }))];
}

async function savedOnes(): Promise<Entry[]> {
  try {
    const files = await get<{ path: string; modified: number }[]>(
      `/userdata?dir=${FOLDER}&recurse=true&full_info=true`,
    );
    return files
      .filter((one) => one.path.endsWith(ENDING))
      .map(
        (one): Entry => ({ name: one.path.slice(0, -ENDING.length), kind: "saved", modified: one.modified }),
      )
      .sort((one, other) => other.modified - one.modified);
  } catch (problem) {
    // Nothing was saved yet: there is no folder.
    if (problem instanceof Refused && problem.status === 404) return [];
    throw problem;
  }
}

/** Open a workflow of the list. One that is open already is brought to the front. */
export async function openEntry({ name, kind }: Entry): Promise<void> {
  const there = kind === "saved" && allTabs().find((one) => one.place === name);
  if (there) return goToTab(there.id);
  const path = kind === "saved" ? address(name) : `/templates/${encodeURIComponent(name)}${ENDING}`;
  const blob = await (await ask(path)).blob();
  const file = new File([blob], `${shortOf(name)}${ENDING}`, { type: "application/json" });
  if (kind === "template") {
    await openFile(file);
    return;
  }
  const document = await read(file);
  if (!document) return tell(text.server.unreadable, "problem");
  openDocument(document, name, name);
  await lookForMissing();
}

const shortOf = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** Save what is in front: where it was saved before, else by its name; a name is asked for where it has none. */
export async function save(): Promise<void> {
  const { name, place } = useDocument.getState();
  if (!name.trim()) askName();
  else await saveAs(name, name === place);
}

export const askName = (): void =>
  useFiles.setState({ naming: { name: useDocument.getState().name, taken: false } });

/** Save under a name. One that is taken is replaced only when that is wanted; else it is asked. */
export async function saveAs(wanted: string, replace: boolean): Promise<void> {
  const name = wanted.trim().replace(/\.json$/, "");
  const document = current();
  const { tab } = useDocument.getState();
  const written = await write(document, "workflow");
  try {
    await ask(`${address(name)}?overwrite=${replace}`, { method: "POST", body: written });
  } catch (problem) {
    if (!(problem instanceof Refused) || problem.status !== 409) throw problem;
    useFiles.setState({ naming: { name, taken: true } });
    return;
  }
  if (useDocument.getState().tab === tab) useDocument.setState({ name, place: name, saved: document });
  useFiles.setState({ naming: null });
  tell(say.done(name));
}

/** Close a tab; one that holds changes only when that is wanted. */
export function closeTab(id: string = front().id): void {
  const tab = allTabs().find((one) => one.id === id);
  if (tab && tabChanged(tab)) useFiles.setState({ closing: id });
  else dropTab(id);
}

/** Save a tab, then close it; it stays while its name is asked. */
export async function saveAndClose(id: string): Promise<void> {
  useFiles.setState({ closing: null });
  goToTab(id);
  await save();
  if (useDocument.getState().tab === id && !tabChanged(front())) dropTab(id);
}
