/** How well a text answers a query: 0 for not at all, more for better. Letters must come in order. */
export function score(query: string, text: string): number {
  const wanted = query.toLowerCase();
  const found = text.toLowerCase();
  if (wanted === "") return 1;
  if (found === wanted) return 1000;
  if (found.startsWith(wanted)) return 800 - found.length;
  const at = found.indexOf(wanted);
  if (at >= 0) return (startsWord(text, at) ? 600 : 400) - at - found.length / 10;
  return scattered(wanted, text, found);
}

const startsWord = (text: string, at: number): boolean =>
  at === 0 ||
  /[\s_\-/(.:]/.test(text[at - 1] ?? "") ||
  (/[A-Z0-9]/.test(text[at] ?? "") && /[a-z]/.test(text[at - 1] ?? ""));

function scattered(wanted: string, text: string, found: string): number {
  let at = -1;
  let points = 200;
  for (const letter of wanted) {
    if (letter === " ") continue;
    const next = nextPlace(letter, at + 1, text, found);
    if (next < 0) return 0;
    if (!startsWord(text, next) && next !== at + 1) points -= 12;
    points -= Math.min(10, next - at - 1) / 4;
    at = next;
  }
  return Math.max(0, points - found.length / 10);
}

/** The next place of a letter, rather at the beginning of a word than in the middle of one. */
function nextPlace(letter: string, from: number, text: string, found: string): number {
  const first = found.indexOf(letter, from);
  if (first < 0 || first === from) return first;
  for (let at = first; at >= 0; at = found.indexOf(letter, at + 1)) if (startsWord(text, at)) return at;
  return first;
}

/** A thing that can be searched: its name counts most, then other names, then where it stands, then what it says. */
export interface Entry {
  readonly name: string;
  readonly others?: readonly string[];
  readonly place?: string;
  readonly text?: string;
}

/** How well an entry answers a query, all words of which must be found somewhere. */
export function rank(query: string, entry: Entry): number {
  const whole = best(query, entry);
  const words = query.trim().split(/\s+/);
  if (words.length < 2) return whole;
  let sum = 0;
  for (const word of words) {
    const one = best(word, entry);
    if (one === 0) return whole;
    sum += one;
  }
  return Math.max(whole, (sum / words.length) * 0.8);
}

function best(query: string, entry: Entry): number {
  const name = score(query, entry.name);
  const others = Math.max(0, ...(entry.others ?? []).map((one) => score(query, one) * 0.75));
  const place = score(query, entry.place ?? "") > 300 ? 120 : 0;
  const at = query.length >= 3 ? (entry.text ?? "").toLowerCase().indexOf(query.toLowerCase()) : -1;
  return Math.max(name, others, place, at >= 0 ? 80 : 0);
}

/** The entries that answer a query, best first. */
export function search<T>(
  query: string,
  entries: readonly T[],
  read: (entry: T) => Entry,
  bonus: (entry: T) => number = () => 0,
): T[] {
  return entries
    .map((entry) => ({ entry, points: rank(query, read(entry)) }))
    .filter((one) => one.points > 0)
    .map((one) => ({ ...one, points: one.points + bonus(one.entry) }))
    .sort(
      (one, other) => other.points - one.points || read(one.entry).name.localeCompare(read(other.entry).name),
    )
    .map((one) => one.entry);
}
