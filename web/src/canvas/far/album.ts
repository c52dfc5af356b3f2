import { pictureAddress } from "../../node/picture";

const SMALL = 160;

/** Small copies of the pictures that nodes show, loaded when they are first asked for. */
export class Album {
  private readonly kept = new Map<string, ImageBitmap | null>();
  private open = true;

  constructor(private readonly changed: () => void) {}

  readonly of = (id: string): ImageBitmap | null => {
    const address = pictureAddress(id);
    if (address === null) return null;
    const known = this.kept.get(address);
    if (known !== undefined) return known;
    this.kept.set(address, null);
    void this.load(address);
    return null;
  };

  close(): void {
    this.open = false;
    for (const picture of this.kept.values()) picture?.close();
    this.kept.clear();
  }

  private async load(address: string): Promise<void> {
    try {
      const blob = await (await fetch(address)).blob();
      const picture = await createImageBitmap(blob, { resizeWidth: SMALL, resizeQuality: "medium" });
      if (!this.open) return picture.close();
      this.kept.set(address, picture);
      this.changed();
    } catch {
      // A picture that is not there leaves its place empty; the node itself says so when it is near.
    }
  }
}
