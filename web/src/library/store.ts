import { create } from "zustand";
import type { NodeInfo } from "../model/spec";
import { get, post } from "../server/client";
import type { FetchesTold, FetchTold, LibraryTold, ModelTold } from "../server/told";
import { fill } from "../store/catalogue";

interface State {
  readonly open: boolean;
  readonly models: readonly ModelTold[];
  readonly fetches: readonly FetchTold[];
}

/** The models that there are, as the browser of them shows them. */
export const useLibrary = create<State>(() => ({ open: false, models: [], fetches: [] }));

const PAUSE = 700;

export async function openLibrary(): Promise<void> {
  useLibrary.setState({ open: true });
  await refresh();
  void follow();
}

export const closeLibrary = (): void => useLibrary.setState({ open: false });

async function refresh(): Promise<void> {
  useLibrary.setState(await get<LibraryTold>("/safelight/models"));
}

/** Begin to fetch a model; it goes on when the browser of models is closed. */
export async function fetchModel(repository: string, file: string, kind: string): Promise<void> {
  useLibrary.setState(await post<FetchesTold>("/safelight/models/fetch", { repository, file, kind }));
  void follow();
}

let following = false;

/** Ask how far fetches are for as long as one runs; what arrived can be chosen at nodes at once. */
async function follow(): Promise<void> {
  if (following) return;
  following = true;
  const running = () => useLibrary.getState().fetches.some((one) => one.state === "running");
  const had = running();
  try {
    while (running()) {
      await new Promise((done) => setTimeout(done, PAUSE));
      useLibrary.setState(await get<FetchesTold>("/safelight/models/fetch"));
    }
    if (had) {
      await refresh();
      fill(await get<Record<string, NodeInfo>>("/object_info"));
    }
  } catch {
    // Without a connection the next opening asks again.
  } finally {
    following = false;
  }
}
