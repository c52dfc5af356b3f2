import { complain } from "../server/complaint";
import { openFile } from "../server/document";
import { text } from "../text";

const ID = "open-file";

/** The field behind "Open": a file that carries a workflow. */
export function FileInput() {
  const take = (field: HTMLInputElement) => {
    const file = field.files?.[0];
    field.value = "";
    if (file) void openFile(file).catch(complain);
  };
  return (
    <input
      id={ID}
      type="file"
      hidden
      aria-label={text.command.open}
      accept=".json,image/*,video/*,audio/*"
      onChange={(event) => take(event.target)}
    />
  );
}

export const pickFile = (): void => document.getElementById(ID)?.click();
