import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import type { ApprovalHandler, ApprovalRequest } from "codexkit";

interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/** Asks whoever sits at the terminal; only `y` is a yes. Where nobody can answer, everything is declined. */
export function approveAt(terminal: Terminal): ApprovalHandler {
  let last: Promise<unknown> = Promise.resolve();
  return async (request, { signal }) => {
    if (terminal.input.isTTY !== true) return { decision: "decline", reason: "nobody is at the terminal" };
    // One question after the other: else one answer would be taken for two.
    const answer = last.then(() => ask(`Allow ${describe(request)}? [y/N] `, { ...terminal, signal }));
    last = answer.catch(() => undefined);
    return (await answer) === "y" ? { decision: "accept" } : { decision: "decline", reason: "the user said no" };
  };
}

/** The signal fires when the answer is wanted no longer: the turn ended, or the time is up. */
async function ask(question: string, { input, output, signal }: Terminal & { readonly signal: AbortSignal }) {
  const reader = createInterface({ input, output, terminal: false });
  // Ctrl-D is no answer, and no yes.
  const ended = once(reader, "close", { signal }).then(() => "");
  try {
    return (await Promise.race([reader.question(question, { signal }), ended])).trim();
  } finally {
    reader.close();
  }
}

/** JSON shows control characters as they are written, so that no command can hide behind them. */
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
