import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { allow, first } from "../../../src/approvals/rules/approval-rule.js";
import { match } from "../../../src/approvals/rules/match.js";
import { ApprovalViolatedError, partialResultOf, type Thread, type ThreadEvent } from "../../../src/index.js";
import { addFile, message, type ModelRequest, patch, respond, shell } from "../../../src/testing/index.js";
import { openRealCodex } from "../real-codex.js";
import { agentKinds, agentScript, tokens } from "./agent-script.js";

/** Allows one command and one new file. */
const policy = first(match({ command: ["git", "--version"] }, allow()), match({ path: "made" }, allow()));

const allowed = () => shell("git --version", { callId: "same", escalate: true });
/** The file is named after the caller's thread. */
const declined = ({ threadId }: ModelRequest) =>
  shell(`touch proof-${threadId ?? ""}`, { callId: "same", escalate: true });
const declinedPatch = ({ threadId }: ModelRequest) =>
  patch([addFile(`proof-${threadId ?? ""}`, "x\n")], { callId: "same" });

interface Played {
  readonly events: readonly ThreadEvent[];
  readonly error: unknown;
}

async function play(thread: Thread): Promise<Played> {
  const events: ThreadEvent[] = [];
  try {
    for await (const event of thread.runStreamed("Delegate")) events.push(event);
    return { events, error: null };
  } catch (error) {
    return { events, error };
  }
}

const agentIdOf = (events: readonly ThreadEvent[]) =>
  events.flatMap((event) => (event.type === "codexkit.agent.started" ? [event.agentThreadId] : []))[0];

describe.each(agentKinds)("two calls with one id in one response of a sub-agent (%s)", (namespace, model) => {
  const pairs = {
    "a declined and an allowed command": (request: ModelRequest) => [declined(request), allowed()],
    "an allowed and a declined command": (request: ModelRequest) => [allowed(), declined(request)],
    "an allowed command and a declined patch": (request: ModelRequest) => [allowed(), declinedPatch(request)],
  };
  it.each(Object.entries(pairs))("[T2] %s end the turn: neither is released", { timeout: 60_000 }, async (_, calls) => {
    const agent = (step: number, request: ModelRequest) =>
      step === 0 ? respond(...calls(request), tokens) : respond(message("Seen."), tokens);
    await using stand = await openRealCodex("app-server", agentScript({ namespace, agent }));
    const threads = [1, 2, 3].map(() => stand.codex.startThread({ ...stand.thread, model, onApproval: policy }));
    const played = await Promise.all(threads.map(play));
    expect(await readdir(stand.workTree)).toEqual([]);
    for (const { events, error } of played) {
      const threadId = agentIdOf(events);
      expect(error).toMatchObject({ code: "APPROVAL_VIOLATED", threadId, itemId: "same", violation: "repeatedId" });
      expect(ApprovalViolatedError.isInstance(error) && partialResultOf(error)?.status).toBe("interrupted");
      const violated = events.filter(({ type }) => type === "codexkit.approval.violated");
      expect(violated).toMatchObject([{ threadId, itemId: "same" }]);
    }
  });

  it("[T2] of which one is the turn's own are decided one by one", async () => {
    let root: string | null = null;
    await using stand = await openRealCodex(
      "app-server",
      agentScript({
        namespace,
        root: (step, request) => {
          root = request.threadId;
          return step === 1 ? respond(allowed(), tokens) : respond(message("Done."), tokens);
        },
        agent: (step, request) => (step === 0 ? respond(declined(request), tokens) : respond(message("Seen."), tokens)),
      }),
    );
    const { error } = await play(stand.codex.startThread({ ...stand.thread, model, onApproval: policy }));
    expect(error).toBeNull();
    expect(await readdir(stand.workTree)).toEqual([]);
    const own = stand.model.requests.filter(({ threadId }) => threadId === root);
    expect(own.at(-1)?.output("same")).toContain("git version");
  });
});
