import type { MouseEvent } from "react";
import { placeOf } from "../canvas/camera";
import type { Picture } from "../store/run";
import { show } from "../store/view";

/** What an element takes that shows a picture: the right button on it, or the menu key, opens its menu. */
export const pictureMenu = (picture: Picture, row: readonly Picture[] = [picture], node = "") => ({
  "data-picture": "",
  onContextMenu: (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const screen = { x: event.clientX, y: event.clientY };
    show({ menu: { screen, place: placeOf(screen), target: { kind: "picture", picture, row, node } } });
  },
});

/** Open the menu of the picture that an element is or holds; tells whether there is one. */
export function openPictureMenu(element: Element | null | undefined): boolean {
  const picture = element?.closest("[data-picture]") ?? element?.querySelector("[data-picture]");
  if (!picture) return false;
  const box = picture.getBoundingClientRect();
  const at = {
    clientX: box.left + Math.min(box.width / 2, 40),
    clientY: box.top + Math.min(box.height / 2, 40),
  };
  picture.dispatchEvent(new globalThis.MouseEvent("contextmenu", { bubbles: true, cancelable: true, ...at }));
  return true;
}
