import { useEffect, useState } from "react";
import { useViewer } from "../../store/viewer";
import { text } from "../../text";
import { type Apart, measure } from "./differ";
import type { Pixel } from "./pixel";

/** The values of the pixel under the pointer, how far two pictures are apart, and else which keys there are. */
export function Probe({ pixels }: { pixels: readonly Pixel[] }) {
  const other = useViewer((state) => state.other !== null);
  const apart = useApart();
  const [first] = pixels;
  return (
    <footer className="viewer-probe">
      {apart && <span role="status">{text.viewer.apart(apart.part, apart.most)}</span>}
      {first && (
        <span>
          {first.x}, {first.y}
        </span>
      )}
      {pixels.map(({ values }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the first and the second picture
        <span key={index} className="viewer-values">
          <i style={{ background: `rgb(${values.slice(0, 3).join(" ")})` }} />
          {values.map((value, at) => `${"RGBA"[at]} ${value}`).join("  ")}
        </span>
      ))}
      {!first && <span>{other ? text.viewer.keysBoth : text.viewer.keys}</span>}
    </footer>
  );
}

/** How far the two pictures are apart, while their difference is shown. */
function useApart(): Apart | null {
  const { picture, other, comparison } = useViewer();
  const [apart, setApart] = useState<Apart | null>(null);
  useEffect(() => {
    setApart(null);
    if (comparison !== "difference" || !picture || !other) return;
    let here = true;
    const images = [...document.querySelectorAll<HTMLImageElement>(".viewer-pane img")];
    Promise.all(images.map((one) => one.decode()))
      .then(() => {
        const [one, two] = images;
        if (here && one && two) setApart(measure(one, two));
      })
      .catch(() => undefined); // What cannot be drawn is not measured.
    return () => {
      here = false;
    };
  }, [picture, other, comparison]);
  return apart;
}
