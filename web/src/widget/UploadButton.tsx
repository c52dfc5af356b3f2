import { useRef } from "react";
import type { Upload } from "../model/spec";
import type { Value } from "../model/value";
import { Icon } from "../panel/Icon";
import { complain } from "../server/complaint";
import { upload } from "../server/upload";
import { text } from "../text";

interface Props {
  readonly name: string;
  readonly kind: Upload;
  readonly set: (value: Value) => void;
}

/** Brings a picture, a film or a sound from this computer to the server and chooses it. */
export function UploadButton({ name, kind, set }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const take = async (files: FileList | null) => {
    const file = files?.[0];
    if (!file) return;
    try {
      set(await upload(file));
    } catch (problem) {
      complain(problem);
    }
  };
  return (
    <>
      <button
        type="button"
        className="field-button"
        title={text.widget.upload}
        aria-label={`${name}: ${text.widget.upload}`}
        onClick={() => field.current?.click()}
      >
        <Icon name="upload" />
      </button>
      <input
        ref={field}
        type="file"
        accept={kind === "audio" ? "audio/*,video/*" : `${kind}/*`}
        hidden
        onChange={(event) => void take(event.target.files)}
      />
    </>
  );
}
