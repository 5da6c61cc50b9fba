import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { ApprovalDecision, ApprovalHandler } from "../../src/approvals/approval-decision.js";
import type { ApprovalRequest } from "../../src/protocol/events/approval-request.js";
import { allow, type ApprovalRule, deny, first } from "../../src/approvals/rules/approval-rule.js";
import { match } from "../../src/approvals/rules/match.js";
import type { CodexConfigObject, ThreadEvent } from "../../src/index.js";
import {
  addFile,
  functionCall,
  message,
  type ModelItem,
  type ModelRequest,
  patch,
  respond,
  shell,
} from "../../src/testing/index.js";
import { openRealCodex } from "./real-codex.js";

interface Outcome {
  readonly asked: readonly ApprovalRequest[];
  readonly events: readonly ThreadEvent[];
  /** The output of the call in the next model request; null if there was none. */
  readonly output: string | null;
  readonly status: string | undefined;
  readonly files: readonly string[];
  readonly rules: string;
}

interface Play {
  readonly onApproval?: ApprovalHandler | ApprovalRule;
  readonly approvalTimeoutMs?: number;
  readonly config?: CodexConfigObject;
}

/** One call of the model in a read-only thread, and its outcome. */
async function play(call: ModelItem, { onApproval, approvalTimeoutMs, config = {} }: Play): Promise<Outcome> {
  let output: string | null = null;
  const steps = [
    respond(call),
    (request: ModelRequest) => {
      output = JSON.stringify(request.output("call"));
      return respond(message("Done."));
    },
  ];
  await using stand = await openRealCodex("app-server", steps);
  const asked: ApprovalRequest[] = [];
  const handler: ApprovalHandler | ApprovalRule | undefined =
    typeof onApproval === "function"
      ? (request, context) => {
          asked.push(request);
          return onApproval(request, context);
        }
      : onApproval;
  const events: ThreadEvent[] = [];
  const thread = stand.codex.startThread({
    ...stand.thread,
    config,
    approvalPolicy: "on-request",
    ...(handler === undefined ? {} : { onApproval: handler }),
    ...(approvalTimeoutMs === undefined ? {} : { approvalTimeoutMs }),
  });
  for await (const event of thread.runStreamed("Work")) events.push(event);
  const end = events.find((event) => event.type === "turn.completed");
  const folder = join(stand.home, "rules");
  const rules = existsSync(folder)
    ? await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")))
    : [];
  return {
    asked,
    events,
    output,
    status: end?.turn.status,
    files: await readdir(stand.workTree),
    rules: rules.join(""),
  };
}

const touch = shell("touch made", { callId: "call", escalate: true, justification: "May I?" });
const write = patch([addFile("made", "hello\n")], { callId: "call" });
const say =
  (decision: ApprovalDecision): ApprovalHandler =>
  () =>
    decision;
const resolved = (events: readonly ThreadEvent[]) =>
  events.flatMap((event) => (event.type === "codexkit.approval.resolved" ? [[event.decision, event.by]] : []));

describe("an approval on the real binary", () => {
  it.each([
    ["a command", touch, "command"],
    ["a patch", write, "fileChange"],
  ] as const)(
    "[A2.5] of %s: accept runs it, decline informs the model, cancel ends the turn",
    async (_name, call, kind) => {
      for (const decision of ["accept", "acceptForSession"] as const) {
        const yes = await play(call, { onApproval: say({ decision }) });
        expect(yes.asked.map((request) => request.kind)).toEqual([kind]);
        expect([yes.files, yes.status]).toEqual([["made"], "completed"]);
        expect(resolved(yes.events)).toEqual([[decision, "handler"]]);
        expect(yes.rules).toBe("");
      }
      const no = await play(call, { onApproval: say({ decision: "decline", reason: "not today" }) });
      expect([no.files, no.status]).toEqual([[], "completed"]);
      expect(no.output).toMatch(/rejected by user/);
      const end = await play(call, { onApproval: say({ decision: "cancel" }) });
      expect([end.files, end.status, end.output]).toEqual([[], "interrupted", null]);
      expect(resolved(end.events)).toEqual([["cancel", "handler"]]);
    },
  );

  it("[A2.5] of a patch shows its diff", async () => {
    const { asked } = await play(write, { onApproval: say({ decision: "decline" }) });
    expect(asked[0]?.kind === "fileChange" && asked[0].changes[0]).toMatchObject({
      path: expect.stringMatching(/^\/.*\/tree\/made$/) as unknown,
      kind: { type: "add" },
      diff: expect.stringContaining("hello") as unknown,
    });
  });

  it("[A2.5] that amends the policy writes the displayed rule, and other decisions write none", async () => {
    const { asked, files, rules } = await play(touch, { onApproval: say({ decision: "acceptWithPolicyAmendment" }) });
    expect(asked[0]).toMatchObject({ proposedAmendment: ["touch", "made"], reason: "May I?" });
    expect(files).toEqual(["made"]);
    expect(rules).toContain('["touch", "made"]');
  });

  const failing: readonly (readonly [string, Play, string])[] = [
    ["there is no handler", {}, "default"],
    ["no rule matches", { onApproval: match({ command: "git status" }, allow()) }, "default"],
    [
      "the handler throws",
      {
        onApproval: () => {
          throw new Error("sk-not-for-the-model");
        },
      },
      "failure",
    ],
    [
      "the handler answers nonsense",
      { onApproval: () => Reflect.apply(String, undefined, ["yes"]) as never },
      "failure",
    ],
    ["the handler never settles", { onApproval: () => new Promise(() => undefined), approvalTimeoutMs: 50 }, "timeout"],
  ];
  it.each(failing)(
    "[A2.5] fails closed if %s: the model is informed, the turn continues",
    async (_how, options, by) => {
      const { events, files, status, output } = await play(touch, options);
      expect([files, status]).toEqual([[], "completed"]);
      expect(output).toMatch(/rejected by user/);
      expect(output).not.toContain("sk-");
      expect(resolved(events)).toEqual([["decline", by]]);
      expect(events.some(({ type }) => type === "codexkit.request.refused")).toBe(by === "default");
    },
  );

  it("[A2.5] by rules: allows a plain command, and not the same command with a suffix", async () => {
    const onApproval = first(match({ commandPrefix: "touch made" }, allow()), deny());
    expect((await play(touch, { onApproval })).files).toEqual(["made"]);
    const quoted = shell(`touch made 'it is "quoted" $HOME'`, { callId: "call", escalate: true });
    expect((await play(quoted, { onApproval })).files).toEqual(['it is "quoted" $HOME', "made"]);
    for (const line of [
      "touch made; touch evil",
      "touch made && touch evil",
      "touch made $(touch evil)",
      "touch made\ntouch evil",
    ]) {
      const { files, output } = await play(shell(line, { callId: "call", escalate: true }), { onApproval });
      expect(files, line).toEqual([]);
      expect(output, line).toMatch(/rejected by user/);
    }
  });

  it("[A2.5] by rules: does not allow a command in a folder whose configuration the model has written", async () => {
    const head = "mkdir -p sub/.git/objects sub/.git/refs && echo 'ref: refs/heads/main' > sub/.git/HEAD";
    const monitor = "printf '[core]\\n\\tfsmonitor = \"touch ../../evil; false\"\\n' > sub/.git/config";
    const status = (callId: string, workdir: string) => shell("git status", { callId, workdir, escalate: true });
    const asked: [string | null, string][] = [];
    await using stand = await openRealCodex("app-server", [
      respond(shell(`${head} && ${monitor}`)),
      respond(status("there", "sub")),
      respond(status("here", ".")),
      respond(message("Done.")),
    ]);
    const thread = stand.codex.startThread({
      ...stand.thread,
      sandboxMode: "workspace-write",
      onApproval: match({ command: ["git", "status"] }, allow()),
    });
    for await (const event of thread.runStreamed("Work"))
      if (event.type === "codexkit.approval.resolved") asked.push([event.itemId, event.decision]);
    expect(asked).toEqual([
      ["there", "decline"],
      ["here", "accept"],
    ]);
    expect(existsSync(join(stand.workTree, "sub", ".git", "config"))).toBe(true);
    expect(existsSync(join(stand.workTree, "..", "evil"))).toBe(false);
  });

  it("[A2.5] by rules: globs begin at the thread's working directory", async () => {
    const onApproval = first(match({ path: "ma*" }, allow()), deny());
    expect((await play(write, { onApproval })).files).toEqual(["made"]);
    const { files } = await play(patch([addFile("made", "x\n"), addFile("other", "x\n")], { callId: "call" }), {
      onApproval,
    });
    expect(files).toEqual([]);
  });

  it("[A2.5] of questions to the user: the model receives the answers, and none if the questions are declined", async () => {
    const questions = [
      {
        id: "colour",
        header: "Colour",
        question: "Which?",
        options: [
          { label: "Blue", description: "b" },
          { label: "Red", description: "r" },
        ],
      },
    ];
    const call = functionCall("request_user_input", { questions }, { callId: "call" });
    const config = { features: { default_mode_request_user_input: true }, suppress_unstable_features_warning: true };
    const answered = await play(call, { config, onApproval: say({ decision: "answer", answers: { colour: "Blue" } }) });
    expect(answered.asked).toMatchObject([{ kind: "userInput", questions: [{ id: "colour" }] }]);
    expect(answered.output).toContain("Blue");
    const declined = await play(call, { config, onApproval: say({ decision: "decline" }) });
    expect([declined.status, declined.output?.includes("Blue")]).toEqual(["completed", false]);
    const ended = await play(call, { config, onApproval: say({ decision: "cancel" }) });
    expect([ended.status, ended.output]).toEqual(["interrupted", null]);
  });

  const server = fileURLToPath(new URL("../../scripts/conformance/asking-mcp-server.mjs", import.meta.url));
  const mcp = { mcp_servers: { asking: { command: process.execPath, args: [server], required: true } } };
  const callOf = (name: string, more = {}): ModelItem =>
    functionCall(name, {}, { callId: "call", namespace: "mcp__asking", ...more });

  it("[A2.5] of an MCP server's tool: accept runs it, decline and cancel do not, and cancel ends the turn", async () => {
    const work = callOf("work");
    for (const decision of ["accept", "acceptForSession"] as const) {
      const { asked, output } = await play(work, { config: mcp, onApproval: say({ decision }) });
      expect(asked).toMatchObject([{ kind: "mcpTool", server: "asking", tool: "work" }]);
      expect(output).toContain("worked");
    }
    const rules = await play(work, { config: mcp, onApproval: match({ server: "asking", tool: "work" }, allow()) });
    expect(rules.output).toContain("worked");
    for (const onApproval of [say({ decision: "decline" }), match({ tool: "work" }, allow())]) {
      const no = await play(work, { config: mcp, onApproval });
      expect(no.output).toMatch(/rejected/);
      expect(no.status).toBe("completed");
    }
    const ended = await play(work, { config: mcp, onApproval: say({ decision: "cancel" }) });
    expect(ended.status).toBe("interrupted");
  });

  it("[A2.5] of an MCP server's question: content that fits reaches it, other content declines", async () => {
    const greet = callOf("greet");
    const answering = (decision: ApprovalDecision): ApprovalHandler => {
      return ({ kind }) => (kind === "mcpTool" ? { decision: "accept" } : decision);
    };
    const accepted = await play(greet, {
      config: mcp,
      onApproval: answering({ decision: "accept", content: { name: "Ada" } }),
    });
    expect(accepted.asked).toMatchObject([
      { kind: "mcpTool", server: "asking", tool: "greet" },
      { kind: "elicitation", server: "asking", message: "Who are you?" },
    ]);
    expect(accepted.output).toContain("Ada");
    const onApproval = answering({ decision: "accept", content: { name: 7 } });
    const wrong = await play(greet, { config: mcp, onApproval });
    expect(wrong.output).toContain("decline null");
    expect(resolved(wrong.events)).toEqual([
      ["accept", "handler"],
      ["decline", "failure"],
    ]);
    const ruled = await play(greet, { config: mcp, onApproval: allow() });
    expect(ruled.output).toContain("decline null");
    const ended = await play(greet, { config: mcp, onApproval: answering({ decision: "cancel" }) });
    expect(ended.status).toBe("interrupted");
  });

  it("[A2.5] of permissions: grants the requested permissions or fewer, and none if declined", async () => {
    const config = { features: { request_permissions_tool: true }, suppress_unstable_features_warning: true };
    const given = { permissions: { network: { enabled: true } }, reason: "To look it up" };
    const call = functionCall("request_permissions", given, { callId: "call" });
    const yes = await play(call, { config, onApproval: say({ decision: "accept" }) });
    expect(yes.asked).toMatchObject([{ kind: "permissions", permissions: { network: { enabled: true } } }]);
    expect(yes.output).toMatch(/enabled.{1,5}true/);
    const session = await play(call, { config, onApproval: say({ decision: "acceptForSession" }) });
    expect(session.output).toMatch(/session/);
    for (const decision of [{ decision: "decline" }, { decision: "accept", permissions: {} }] as const) {
      const no = await play(call, { config, onApproval: say(decision) });
      expect([no.status, /enabled.{1,5}true/.test(no.output ?? "")]).toEqual(["completed", false]);
    }
    const ended = await play(call, { config, onApproval: say({ decision: "cancel" }) });
    expect(ended.status).toBe("interrupted");
  });

  it("[A2.5] that was deferred is listed in the interruptions, and continues when it is decided", async () => {
    await using stand = await openRealCodex("app-server", [respond(touch), respond(message("Done."))]);
    const thread = stand.codex.startThread({ ...stand.thread, onApproval: say({ decision: "defer" }) });
    const turn = thread.runStreamed("Work");
    for await (const event of turn) {
      if (event.type !== "codexkit.approval.requested") continue;
      await expect.poll(() => thread.interruptions.list().length).toBe(1);
      thread.interruptions.get(event.approvalId)?.decide({ decision: "accept" });
    }
    expect((await turn.result()).finalResponse).toBe("Done.");
    expect(await readdir(stand.workTree)).toEqual(["made"]);
  });
});
