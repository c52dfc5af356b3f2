import { create } from "zustand";

export interface Notice {
  readonly id: number;
  readonly words: string;
  readonly kind: "plain" | "problem";
}

/** Short words at the edge of the screen; screen readers say them. */
export const useNotices = create<{ notices: readonly Notice[] }>(() => ({ notices: [] }));

let last = 0;

export function tell(words: string, kind: Notice["kind"] = "plain"): void {
  last += 1;
  const notice = { id: last, words, kind };
  useNotices.setState(({ notices }) => ({
    notices: [...notices.filter((one) => one.words !== words).slice(-2), notice],
  }));
  setTimeout(() => dismiss(notice.id), kind === "problem" ? 12_000 : 3500);
}

/** Take back what was said of problems: they are over. */
export const calm = (): void =>
  useNotices.setState(({ notices }) => ({ notices: notices.filter((one) => one.kind !== "problem") }));

export const dismiss = (id: number): void =>
  useNotices.setState(({ notices }) => ({ notices: notices.filter((one) => one.id !== id) }));
