import type { Refusal } from "../model/wire";
import { text } from ".";

/** Why a wire cannot be laid, in words. */
export function refused(refusal: Refusal): string {
  return refusal.reason === "type"
    ? text.refuse.type(refusal.gives, refusal.takes)
    : text.refuse[refusal.reason];
}
