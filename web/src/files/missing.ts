import { toNamed } from "../model/file";
import { goneChoices } from "../model/gone";
import type { NodeInfo } from "../model/spec";
import { get, post } from "../server/client";
import type { CheckTold, Lacking } from "../server/told";
import { fill, specs } from "../store/catalogue";
import { current } from "../store/document";
import { file as say } from "../text/file";
import { type Missing, useFiles } from "./dialog";

/** Ask the server what the document needs that is not here, and say it. */
export async function lookForMissing(): Promise<void> {
  const document = current();
  // What is not among the choices may have come since they were asked for.
  if (goneChoices(document, specs()).length > 0)
    await get<Record<string, NodeInfo>>("/object_info").then(fill, () => undefined);
  const gone = goneChoices(document, specs()).map(
    ({ name, nodes, input }): Lacking => ({ name, nodes, text: say.gone(input) }),
  );
  useFiles.setState({ missing: null });
  let told: Missing = { types: [], models: [] };
  try {
    told = await post<CheckTold>("/safelight/check", { workflow: toNamed(document, specs()) });
  } catch {
    // A workflow that cannot be checked is still open; a run says what is wrong with it.
  }
  const models = [...told.models, ...gone.filter((one) => !told.models.some((two) => two.name === one.name))];
  if (told.types.length + models.length > 0 && current() === document)
    useFiles.setState({ missing: { types: told.types, models } });
}
