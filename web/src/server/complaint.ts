import { tell } from "../store/notice";
import { text } from "../text";
import { Offline } from "./client";

/** Say what went wrong: what the server refused, or that it cannot be reached. */
export function complain(problem: unknown): void {
  const away = problem instanceof Offline;
  tell(away ? text.server.away : text.server.failed((problem as Error).message), "problem");
}
