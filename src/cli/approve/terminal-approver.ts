import type { ApprovalDecision, ApprovalHandler } from "../../index.js";
import type { ApprovalRequestedEvent } from "../../protocol/index.js";
import type { CliHost } from "../cli-host.js";
import { describeApproval } from "../render/describe-approval.js";

/** Asks the user at the terminal. */
export interface TerminalApprover {
  readonly onApproval: ApprovalHandler;
  /** Called after the request has been printed. The question follows only then. */
  readonly shown: (event: ApprovalRequestedEvent) => void;
  readonly close: () => void;
}

/**
 * Asks one question at a time and accepts only `y` and `yes`. Without a terminal for question and answer, declines every
 * request. Ignores input that was typed before the question.
 */
export function createTerminalApprover(host: CliHost): TerminalApprover {
  const { stdin, errTerminal } = host;
  if (!stdin.isTerminal || errTerminal === null) return nobodyThere;
  const prompter = createPrompter(host);
  const requests = new Map<string, Meeting>();
  const requestOf = (id: string): Meeting => {
    const meeting = requests.get(id) ?? createMeeting();
    requests.set(id, meeting);
    return meeting;
  };
  return {
    async onApproval({ id }, { signal }) {
      const { promise, resolve } = requestOf(id);
      if (signal.aborted) resolve(null);
      else signal.addEventListener("abort", () => resolve(null), { once: true });
      const event = await promise;
      if (event === null) return { decision: "decline" };
      const answer = await prompter.ask(`Allow ${describeApproval(event.request)}? [y/N] `, signal);
      return decide(answer);
    },
    shown: (event) => requestOf(event.approvalId).resolve(event),
    close: () => prompter.close(),
  };
}

const nobodyThere: TerminalApprover = {
  onApproval: () => ({ decision: "decline", reason: "There is no terminal for the question." }),
  shown: () => undefined,
  close: () => undefined,
};

function decide(answer: string | null): ApprovalDecision {
  if (answer === null) return { decision: "decline", reason: "There was no answer." };
  return /^y(?:es)?$/i.test(answer.trim())
    ? { decision: "accept" }
    : { decision: "decline", reason: "The user declined." };
}

/** Joins the handler's call and the printed event of one request, in either order. Null if the request was withdrawn. */
interface Meeting {
  readonly promise: Promise<ApprovalRequestedEvent | null>;
  readonly resolve: (event: ApprovalRequestedEvent | null) => void;
}

function createMeeting(): Meeting {
  let resolve: Meeting["resolve"] = () => undefined;
  const promise = new Promise<ApprovalRequestedEvent | null>((settle) => (resolve = settle));
  return { promise, resolve: (event) => resolve(event) };
}

interface Prompter {
  /** Returns the typed line, or null if the input ended or the signal aborted. */
  ask(question: string, signal: AbortSignal): Promise<string | null>;
  close(): void;
}

function createPrompter({ stdin, err }: CliHost): Prompter {
  const input = stdin.open();
  let answer: ((line: string | null) => void) | null = null;
  let isOver = false;
  let last: Promise<unknown> = Promise.resolve();

  function take(line: string | null): void {
    const waiting = answer;
    answer = null;
    waiting?.(line);
  }

  function end(): void {
    isOver = true;
    take(null);
  }

  async function askNow(question: string, signal: AbortSignal): Promise<string | null> {
    if (isOver || signal.aborted) return null;
    err(question);
    const giveUp = (): void => take(null);
    signal.addEventListener("abort", giveUp, { once: true });
    const line = await new Promise<string | null>((resolve) => (answer = resolve));
    signal.removeEventListener("abort", giveUp);
    if (line === null) err("\n");
    return line;
  }

  const read = createLineReader(take);
  input.on("data", read).on("end", end).on("error", end);
  return {
    ask(question, signal) {
      const asked = last.then(() => askNow(question, signal));
      last = asked;
      return asked;
    },
    close() {
      end();
      input.off("data", read).pause();
    },
  };
}

/** An answer is never longer. */
const longestAnswer = 1_000;

function createLineReader(take: (line: string) => void): (chunk: unknown) => void {
  let begun = "";
  return (chunk) => {
    const lines = `${begun}${String(chunk)}`.split("\n");
    begun = lines.pop()?.slice(0, longestAnswer) ?? "";
    for (const line of lines) take(line);
  };
}
