import { once } from "node:events";
import type { ApprovalHandler, ApprovalRequest } from "codexkit";

interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/** Asks in the terminal; only `y` accepts. Declines every request if there is no terminal. */
export function approveAt(terminal: Terminal): ApprovalHandler {
  let last: Promise<unknown> = Promise.resolve();
  return async (request, { signal }) => {
    const { isTTY, readable } = terminal.input;
    if (isTTY !== true || !readable) return { decision: "decline", reason: "nobody is at the terminal" };
    // Asks one question after another, so that one answer is not taken for two.
    const answer = last.then(() => ask(`Allow ${describe(request)}? [y/N] `, { ...terminal, signal }));
    last = answer.catch(() => undefined);
    return (await answer) === "y" ? { decision: "accept" } : { decision: "decline", reason: "the user said no" };
  };
}

/** Reads one line. `signal` aborts if the decision is no longer needed: the turn ended, or the time is up. */
async function ask(question: string, { input, output, signal }: Terminal & { readonly signal: AbortSignal }) {
  output.write(question);
  input.resume();
  try {
    // Ctrl-D ends the input without an answer, which declines.
    const typed = Promise.race([once(input, "data", { signal }), once(input, "end", { signal })]);
    const [line] = (await typed) as [Buffer?];
    return (line ?? "").toString().trim();
  } finally {
    input.pause();
  }
}

/** JSON shows line ends and escapes, so that they cannot hide a part of a command. */
function describe(request: ApprovalRequest): string {
  switch (request.kind) {
    case "command":
      return `the command ${JSON.stringify(request.command)} in ${request.workingDirectory ?? "?"}`;
    case "fileChange":
      return `changes to ${JSON.stringify(request.changes.map(({ path }) => path))}`;
    case "tool":
      return `the tool ${request.tool} with ${JSON.stringify(request.arguments)}`;
    default:
      return `${request.kind}: ${JSON.stringify(request)}`;
  }
}
