import { useReactFlow } from "@xyflow/react";
import type { DragEvent } from "react";
import { useMemo } from "react";
import { freeId, newNode, putNode, setValue } from "../model/edit";
import { nodeAt } from "../model/geometry";
import { kindOf } from "../panel/viewer/film";
import { complain } from "../server/complaint";
import { openFile } from "../server/document";
import { upload } from "../server/upload";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { tell } from "../store/notice";
import { select } from "../store/selection";
import { text } from "../text";

/** What is dropped on the canvas: a file that carries a workflow is opened, a picture, film or sound on a node is chosen there. */
export function useDropping() {
  const flow = useReactFlow();
  return useMemo(
    () => ({
      onDragOver: (event: DragEvent) => {
        if (
          !event.dataTransfer.types.includes("Files") &&
          !event.dataTransfer.types.includes("text/uri-list")
        )
          return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
      },
      onDrop: (event: DragEvent) => {
        const file = event.dataTransfer.files[0];
        const address = event.dataTransfer.getData("text/uri-list");
        if (!file && !address) return;
        event.preventDefault();
        const place = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
        void take(file ?? address, place).catch(complain);
      },
    }),
    [flow],
  );
}

async function take(given: File | string, place: { x: number; y: number }): Promise<void> {
  const file = typeof given === "string" ? await fetched(given) : given;
  const node = nodeAt(current(), place, specs());
  const input = node === null ? undefined : uploadInput(node, kindOf(file.type));
  if (node !== null && input) {
    const value = await upload(file);
    apply(text.edit.value(input), setValue(node, input, value));
  } else if (!(await openFile(file))) await addReader(file, place);
}

/** The input of a node that takes files of a kind; where sounds are read, a film will do. */
const uploadInput = (node: string, kind: string): string | undefined =>
  specs()[current().nodes[node]?.type ?? ""]?.inputs.find(
    ({ widget }) =>
      widget?.kind === "choice" &&
      widget.upload !== "" &&
      (widget.upload === kind || (widget.upload === "audio" && kind === "video")),
  )?.name;

async function fetched(address: string): Promise<File> {
  const blob = await (await fetch(address)).blob();
  const name = new URL(address).searchParams.get("filename") ?? "workflow";
  return new File([blob], name, { type: blob.type });
}

/** What reads files of each kind, and by which input. */
const READERS: Readonly<Record<string, readonly [string, string]>> = {
  image: ["LoadImage", "image"],
  video: ["LoadVideo", "file"],
  audio: ["LoadAudio", "audio"],
};

/** A picture, film or sound that carries no workflow becomes a node that reads it. */
async function addReader(file: File, place: { x: number; y: number }): Promise<void> {
  const [type, input] = READERS[kindOf(file.type)] ?? [];
  if (!type || !input) return;
  const spec = specs()[type];
  if (!spec) return tell(text.server.unreadable, "problem");
  const value = await upload(file);
  const id = freeId(current());
  apply(text.edit.add(spec.title), (document) =>
    setValue(id, input, value)(putNode(newNode(id, spec, place))(document)),
  );
  select([id]);
}
