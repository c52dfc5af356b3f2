import { useCatalogue } from "../store/catalogue";
import { ask } from "./client";

/** Bring a picture into the server's input folder; gives the value that names it. */
export async function upload(file: File): Promise<string> {
  const form = new FormData();
  form.append("image", file);
  const { name, subfolder } = (await (await ask("/upload/image", { method: "POST", body: form })).json()) as {
    name: string;
    subfolder: string;
  };
  const value = subfolder ? `${subfolder}/${name}` : name;
  offer(value);
  return value;
}

/** Let every list of pictures have the new one. */
function offer(value: string): void {
  useCatalogue.setState(({ specs }) => ({
    specs: Object.fromEntries(
      Object.entries(specs).map(([id, spec]) => {
        const has = spec.inputs.some(
          (one) => one.widget?.kind === "choice" && one.widget.upload && !one.widget.options.includes(value),
        );
        if (!has) return [id, spec];
        const inputs = spec.inputs.map((one) =>
          one.widget?.kind === "choice" && one.widget.upload
            ? { ...one, widget: { ...one.widget, options: [...one.widget.options, value] } }
            : one,
        );
        return [id, { ...spec, inputs }];
      }),
    ),
  }));
}
