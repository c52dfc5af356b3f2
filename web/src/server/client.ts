import type { Picture } from "../store/run";

/** Where the server's API is, seen from the page; the editor may stand under a path of a proxy. */
export const api = (path: string): string =>
  new URL(path.startsWith("/safelight/") ? path.slice(1) : `api${path}`, document.baseURI).toString();

/** Something that the server refused, with what it said. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly answer: unknown,
    message: string,
  ) {
    super(message);
  }
}

/** The server cannot be reached. */
export class Offline extends Error {}

/** Ask the server; an answer that is no success is thrown as `Refused`. */
export async function ask(path: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(api(path), options);
  } catch (problem) {
    throw new Offline(String(problem));
  }
  if (response.ok) return response;
  const body = await response.text();
  let answer: unknown = body;
  try {
    answer = JSON.parse(body);
  } catch {
    // Not every refusal is JSON: the text itself is then what the server said.
  }
  throw new Refused(
    response.status,
    answer,
    messageOf(answer) || `${response.status} ${response.statusText}`,
  );
}

function messageOf(answer: unknown): string {
  if (typeof answer === "string") return answer.slice(0, 300);
  const error = (answer as { error?: unknown } | null)?.error;
  if (typeof error === "string") return error;
  const { message, problem } = (error ?? answer ?? {}) as { message?: unknown; problem?: unknown };
  return String(message ?? problem ?? "");
}

export const get = async <T>(path: string): Promise<T> => (await ask(path)).json() as Promise<T>;

export const post = async <T>(path: string, body: unknown): Promise<T> => {
  const response = await ask(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  return (answer === "" ? null : JSON.parse(answer)) as T;
};

/** The address of a picture. */
export function viewAddress(picture: Picture, extra: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    filename: picture.filename,
    subfolder: picture.subfolder,
    type: picture.type,
    ...extra,
  });
  return api(`/view?${query}`);
}
