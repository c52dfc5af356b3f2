/** A file of the server's input, output or temporary folder. */
export interface PictureFile {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: string;
}

/** A file value such as `sub/name.png [output]` as the file that it names. */
export function pictureOf(value: string): PictureFile {
  const found = /^(.*?)(?: \[(input|output|temp)\])?$/.exec(value);
  const path = found?.[1] ?? value;
  const cut = path.lastIndexOf("/");
  return {
    filename: path.slice(cut + 1),
    subfolder: cut < 0 ? "" : path.slice(0, cut),
    type: found?.[2] ?? "input",
  };
}

/** The value by which an input names a file. */
export function nameOf({ filename, subfolder, type }: PictureFile): string {
  const path = subfolder ? `${subfolder}/${filename}` : filename;
  return type === "input" ? path : `${path} [${type}]`;
}

/** Each file once, where it comes first: a run that had nothing to do shows what an earlier one made. */
export function distinct<T extends PictureFile>(files: readonly T[]): T[] {
  const seen = new Map<string, T>();
  for (const one of files) if (!seen.has(nameOf(one))) seen.set(nameOf(one), one);
  return [...seen.values()];
}
