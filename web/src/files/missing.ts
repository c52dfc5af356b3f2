import { toNamed } from "../model/file";
import { post } from "../server/client";
import { specs } from "../store/catalogue";
import { current } from "../store/document";
import { type Missing, useFiles } from "./dialog";

/** Ask the server what the document needs that is not here, and say it. */
export async function lookForMissing(): Promise<void> {
  const document = current();
  useFiles.setState({ missing: null });
  try {
    const { types, models } = await post<Missing>("/safelight/check", {
      workflow: toNamed(document, specs()),
    });
    if (types.length + models.length > 0 && current() === document)
      useFiles.setState({ missing: { types, models } });
  } catch {
    // A workflow that cannot be checked is still open; a run says what is wrong with it.
  }
}
