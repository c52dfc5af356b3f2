const KEY = "safelight.used";

const read = (): Record<string, number> => {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Record<string, number>;
  } catch {
    return {};
  }
};

const counts = read();

/** How often a node type was added. */
export const used = (id: string): number => counts[id] ?? 0;

export function noteUse(id: string): void {
  counts[id] = used(id) + 1;
  localStorage.setItem(KEY, JSON.stringify(counts));
}
