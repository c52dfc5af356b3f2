/** The part of Markdown that notes use: headings, lists, code, emphasis and links. Everything else is plain text. */
export type Span =
  | { kind: "text" | "strong" | "em" | "code"; text: string }
  | { kind: "link"; text: string; address: string };

export type Block =
  | { kind: "heading"; level: number; spans: Span[] }
  | { kind: "list"; numbered: boolean; items: Span[][] }
  | { kind: "code"; text: string }
  | { kind: "text"; spans: Span[] };

export function markdown(source: string): Block[] {
  const lines = source.replaceAll("\r\n", "\n").split("\n");
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) at = readBlock(lines, at, blocks);
  return blocks;
}

const FENCE = /^\s*```/;
const HEADING = /^(#{1,6})\s+(.*)$/;
const ITEM = /^\s*([-*+]|\d+[.)])\s+(.*)$/;

/** Read one block that begins at a line; gives the line after it. */
function readBlock(lines: string[], at: number, into: Block[]): number {
  const line = lines[at] ?? "";
  if (line.trim() === "") return at + 1;
  if (FENCE.test(line)) return readCode(lines, at + 1, into);
  const heading = HEADING.exec(line);
  if (heading) {
    into.push({ kind: "heading", level: (heading[1] ?? "").length, spans: spans(heading[2] ?? "") });
    return at + 1;
  }
  return ITEM.test(line) ? readList(lines, at, into) : readText(lines, at, into);
}

function readCode(lines: string[], from: number, into: Block[]): number {
  let at = from;
  while (at < lines.length && !FENCE.test(lines[at] ?? "")) at++;
  into.push({ kind: "code", text: lines.slice(from, at).join("\n") });
  return at + 1;
}

function readList(lines: string[], from: number, into: Block[]): number {
  const items: Span[][] = [];
  const numbered = /\d/.test(ITEM.exec(lines[from] ?? "")?.[1] ?? "");
  let at = from;
  for (; at < lines.length; at++) {
    const item = ITEM.exec(lines[at] ?? "");
    if (!item) break;
    items.push(spans(item[2] ?? ""));
  }
  into.push({ kind: "list", numbered, items });
  return at;
}

function readText(lines: string[], from: number, into: Block[]): number {
  let at = from;
  while (at < lines.length && plain(lines[at] ?? "")) at++;
  into.push({ kind: "text", spans: spans(lines.slice(from, at).join("\n")) });
  return at;
}

const plain = (line: string): boolean =>
  line.trim() !== "" && !HEADING.test(line) && !ITEM.test(line) && !FENCE.test(line);

const MARK = /\*\*(.+?)\*\*|\*(.+?)\*|_(.+?)_(?!\w)|`(.+?)`|\[([^\]]+)\]\(([^)\s]+)\)/g;

function spans(line: string): Span[] {
  const out: Span[] = [];
  let at = 0;
  for (const found of line.matchAll(MARK)) {
    if (found.index > at) out.push({ kind: "text", text: line.slice(at, found.index) });
    out.push(spanOf(found));
    at = found.index + found[0].length;
  }
  if (at < line.length) out.push({ kind: "text", text: line.slice(at) });
  return out;
}

/** Only addresses of the web become links: a note comes from a stranger's file. */
function spanOf([whole, strong, star, dash, code, words, address]: RegExpExecArray | RegExpMatchArray): Span {
  if (strong !== undefined) return { kind: "strong", text: strong };
  const em = star ?? dash;
  if (em !== undefined) return { kind: "em", text: em };
  if (code !== undefined) return { kind: "code", text: code };
  if (words !== undefined && /^https?:\/\//.test(address ?? ""))
    return { kind: "link", text: words, address: address ?? "" };
  return { kind: "text", text: whole ?? "" };
}
