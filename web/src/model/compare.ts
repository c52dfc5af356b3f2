/** A run's graph as the server keeps it: nodes by id, with values and wires by name. */
export type Prompt = Readonly<
  Record<string, { class_type: string; inputs: Record<string, unknown>; _meta?: { title?: string } }>
>;

/** One thing in which two runs differ; what is undefined was not there. */
export interface Difference {
  readonly node: string;
  readonly title: string;
  readonly input: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** All in which two runs differ, node by node. */
export function differences(one: Prompt, other: Prompt): Difference[] {
  const ids = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return ids.flatMap((id) => between(id, one, other));
}

function between(id: string, one: Prompt, other: Prompt): Difference[] {
  const [a, b] = [one[id], other[id]];
  const named = b ?? a;
  const title = named?._meta?.title || named?.class_type || id;
  if (a?.class_type !== b?.class_type)
    return [{ node: id, title, input: "", before: a?.class_type, after: b?.class_type }];
  const names = [...new Set([...Object.keys(a?.inputs ?? {}), ...Object.keys(b?.inputs ?? {})])];
  return names
    .map((input) => ({
      node: id,
      title,
      input,
      before: shown(a?.inputs[input], one),
      after: shown(b?.inputs[input], other),
    }))
    .filter((difference) => difference.before !== difference.after);
}

/** A value as a person reads it; a wire by the node that it comes from. */
function shown(value: unknown, prompt: Prompt): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && value[0] in prompt) {
    const source = prompt[value[0]];
    return `${source?._meta?.title || source?.class_type} (${value[0]}.${value[1]})`;
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What a search of the history asks for: `seed:7`, `model:name`, a number alone for a seed, and else words of prompts. */
export function searchOf(words: string): Record<string, string> {
  const rest: string[] = [];
  const asked: Record<string, string> = {};
  for (const word of words.trim().split(/\s+/)) {
    const named = /^(seed|model|state):(\S+)$/i.exec(word);
    if (named?.[1] && named[2]) asked[named[1].toLowerCase()] = named[2];
    else if (/^\d{1,20}$/.test(word) && !asked.seed) asked.seed = word;
    else if (word) rest.push(word);
  }
  return rest.length > 0 ? { ...asked, text: rest.join(" ") } : asked;
}
