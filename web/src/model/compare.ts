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

/** All in which two runs differ, node by node, wherever a node stands: in a subgraph or outside of it. */
export function differences(one: Prompt, other: Prompt): Difference[] {
  const pairs = new Map(paired(one, other));
  const known = new Map([...pairs].map(([here, there]) => [there, here]));
  const here = Object.entries(one).flatMap(([id, a]) =>
    between({ id, a, b: other[pairs.get(id) ?? ""], one, other, known }),
  );
  const added = Object.entries(other).filter(([id]) => !known.has(id));
  return [...here, ...added.flatMap(([id, b]) => between({ id, a: undefined, b, one, other, known }))];
}

type Ran = Prompt[string];

/** What is the same node in two runs: by its id, by its id within a subgraph, or as the one that is most like it. */
function paired(one: Prompt, other: Prompt): [string, string][] {
  const left = new Set(Object.keys(other));
  const found = new Map<string, string>();
  const match = (choose: (id: string, node: Ran) => string | undefined) => {
    for (const [id, node] of Object.entries(one)) {
      const partner = found.has(id) ? undefined : choose(id, node);
      if (partner === undefined) continue;
      found.set(id, partner);
      left.delete(partner);
    }
  };
  const last = (id: string) => id.slice(id.lastIndexOf(":") + 1);
  const fits = (node: Ran) => (id: string) => left.has(id) && other[id]?.class_type === node.class_type;
  match((id, node) => (fits(node)(id) ? id : undefined));
  match((id, node) => [...left].find((there) => last(there) === last(id) && fits(node)(there)));
  match((_, node) => {
    const score = (id: string) => likeness(node, other[id] as Ran);
    return [...left].filter(fits(node)).sort((a, b) => score(b) - score(a))[0];
  });
  return [...found];
}

/** How many values two nodes of one type share; a title that somebody gave counts for more. */
function likeness(one: Ran, other: Ran): number {
  const title = one._meta?.title !== undefined && one._meta.title === other._meta?.title ? 4 : 0;
  const values = Object.entries(one.inputs).filter(
    ([name, value]) => !Array.isArray(value) && value === other.inputs[name],
  );
  return title + values.length;
}

interface Two {
  readonly id: string;
  readonly a: Ran | undefined;
  readonly b: Ran | undefined;
  readonly one: Prompt;
  readonly other: Prompt;
  /** By the id of a node of the other run: what it is called in the one. */
  readonly known: ReadonlyMap<string, string>;
}

function between({ id, a, b, one, other, known }: Two): Difference[] {
  const named = b ?? a;
  const title = named?._meta?.title || named?.class_type || id;
  if (!a || !b) return [{ node: id, title, input: "", before: a?.class_type, after: b?.class_type }];
  const names = [...new Set([...Object.keys(a.inputs), ...Object.keys(b.inputs)])];
  return names.flatMap((input) => {
    const before = shown(a.inputs[input], one);
    const after = shown(b.inputs[input], other);
    const called = shown(b.inputs[input], other, known);
    return before === after || before === called ? [] : [{ node: id, title, input, before, after }];
  });
}

/** A value as a person reads it; a wire by the node that it comes from, which may be known by another id. */
function shown(
  value: unknown,
  prompt: Prompt,
  known: ReadonlyMap<string, string> = new Map(),
): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && value[0] in prompt) {
    const source = prompt[value[0]];
    return `${source?._meta?.title || source?.class_type} (${known.get(value[0]) ?? value[0]}.${value[1]})`;
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
