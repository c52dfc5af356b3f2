import { viewAddress } from "../server/client";
import { openFile } from "../server/document";
import { tell } from "../store/notice";
import type { Picture } from "../store/run";
import { text } from "../text";

/** Open the workflow that a picture of an earlier run carries. */
export async function openPicture(picture: Picture): Promise<void> {
  try {
    const blob = await (await fetch(viewAddress(picture))).blob();
    if (!(await openFile(new File([blob], picture.filename, { type: blob.type }))))
      tell(text.server.unreadable, "problem");
  } catch (problem) {
    tell(text.server.failed((problem as Error).message), "problem");
  }
}
