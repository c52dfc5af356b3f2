import { ownOf } from "../model/shortcut";
import { setShortcuts, useShortcuts } from "../store/shortcut";
import { get, post } from "./client";

const PATH = "/settings/Safelight.Shortcuts";
/** Set in the browser while the server has not heard of the last change. */
const UNSENT = "safelight.keys.unsent";

let taking = false;

/** Keep the shortcuts among the server's settings too, so that a person has them in every browser. */
export function keepShortcuts(): void {
  useShortcuts.subscribe(({ own }, before) => {
    if (taking || own === before.own) return;
    localStorage.setItem(UNSENT, "1");
    void send();
  });
}

async function send(): Promise<void> {
  const { own } = useShortcuts.getState();
  try {
    await post(PATH, own);
    if (useShortcuts.getState().own === own) localStorage.removeItem(UNSENT);
  } catch {
    // The browser has them; the server hears of them when it is there again.
  }
}

/** The server is there: take what was set in another browser, unless this one has something newer. */
export async function takeShortcuts(): Promise<void> {
  if (localStorage.getItem(UNSENT) !== null) return send();
  try {
    const kept = await get<unknown>(PATH);
    if (kept === null) return Object.keys(useShortcuts.getState().own).length > 0 ? send() : undefined;
    // What was set while the server was asked is newer.
    if (localStorage.getItem(UNSENT) !== null) return;
    taking = true;
    setShortcuts(ownOf(kept));
  } catch {
    // What the browser kept counts as long as the server cannot be asked.
  } finally {
    taking = false;
  }
}
