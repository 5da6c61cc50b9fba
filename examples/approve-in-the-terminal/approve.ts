import { once } from "node:events";
import type { ApprovalHandler, ApprovalRequest } from "codexkit";

interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/** Asks whoever sits at the terminal; only `y` is a yes. Where nobody can answer, everything is declined. */
export function approveAt(terminal: Terminal): ApprovalHandler {
  let last: Promise<unknown> = Promise.resolve();
  return async (request, { signal }) => {
    const { isTTY, readable } = terminal.input;
    if (isTTY !== true || !readable) return { decision: "decline", reason: "nobody is at the terminal" };
    // One question after the other: else one answer would be taken for two.
    const answer = last.then(() => ask(`Allow ${describe(request)}? [y/N] `, { ...terminal, signal }));
    last = answer.catch(() => undefined);
    return (await answer) === "y" ? { decision: "accept" } : { decision: "decline", reason: "the user said no" };
  };
}

/** What is typed, to the end of the line. The signal fires when it is wanted no longer: the turn ended, or the time is up. */
async function ask(question: string, { input, output, signal }: Terminal & { readonly signal: AbortSignal }) {
  output.write(question);
  input.resume();
  try {
    // Ctrl-D ends the input, which is no answer and no yes.
    const typed = Promise.race([once(input, "data", { signal }), once(input, "end", { signal })]);
    const [line] = (await typed) as [Buffer?];
    return (line ?? "").toString().trim();
  } finally {
    input.pause();
  }
}

/** As JSON line ends and escapes are seen, so that no command can hide behind them. */
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
