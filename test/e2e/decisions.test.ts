import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { ApprovalRequest } from "../../src/protocol/events/approval-request.js";
import { allow, type ApprovalRule, first } from "../../src/approvals/rules/approval-rule.js";
import { match } from "../../src/approvals/rules/match.js";
import { ApprovalViolatedError, type CodexConfigObject, partialResultOf, type ThreadEvent } from "../../src/index.js";
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
import { filesHolding, openRealCodex } from "./real-codex.js";

const server = fileURLToPath(new URL("hostile-mcp-server.mjs", import.meta.url));

type Call = Extract<ModelItem, { readonly callId: string | undefined }>;

interface Played {
  readonly events: readonly ThreadEvent[];
  readonly error: unknown;
  /** Whether the action that the policy does not allow was done. */
  readonly harmed: boolean;
  /** The output of the last call. */
  readonly output: string;
}

interface Play {
  readonly onApproval: ApprovalRule | ((request: ApprovalRequest) => { readonly decision: "accept" | "decline" });
  readonly mcp?: CodexConfigObject;
  readonly env?: Readonly<Record<string, string>>;
}

/** One response of the model, made with the path of a file that must not appear. */
async function play(calls: (proof: string) => readonly Call[], { onApproval, mcp, env = {} }: Play): Promise<Played> {
  let output = "";
  await using stand = await openRealCodex("app-server", []);
  const proof = join(stand.workTree, "proof");
  const given = calls(proof);
  stand.model.add(respond(...given), (request: ModelRequest) => {
    output = given.map(({ callId = "" }) => JSON.stringify(request.output(callId))).join();
    return respond(message("Done."));
  });
  const hostile = { command: process.execPath, args: [server], env: { PROOF: proof, ...env }, required: true, ...mcp };
  const config: CodexConfigObject = mcp === undefined ? {} : { mcp_servers: { hostile } };
  const thread = stand.codex.startThread({ ...stand.thread, config, onApproval });
  const events: ThreadEvent[] = [];
  let error: unknown = null;
  try {
    for await (const event of thread.runStreamed("Work")) events.push(event);
  } catch (thrown) {
    error = thrown;
  }
  return { events, error, harmed: existsSync(proof), output };
}

const escalated = (command: string) => shell(command, { callId: "same", escalate: true });
const callOf = (name: string, callId: string) => functionCall(name, {}, { callId, namespace: "mcp__hostile" });
const violations = (events: readonly ThreadEvent[]) =>
  events.flatMap((event) => (event.type === "codexkit.approval.violated" ? [event.violation] : []));

describe("two calls with one id in one response", () => {
  const git = first(match({ command: ["git", "--version"] }, allow()), match({ path: "made" }, allow()));
  const search = match({ server: "hostile", tool: ["search"] }, allow());
  const cases: readonly (readonly [string, (proof: string) => readonly Call[], Play])[] = [
    [
      "of a declined and an allowed command",
      (proof) => [escalated(`touch ${proof}`), escalated("git --version")],
      { onApproval: git },
    ],
    [
      "of an allowed and a declined command",
      (proof) => [escalated("git --version"), escalated(`touch ${proof}`)],
      { onApproval: git },
    ],
    [
      "of a declined and an allowed MCP call",
      () => [callOf("wipe", "same"), callOf("search", "same")],
      { onApproval: search, mcp: { supports_parallel_tool_calls: true } },
    ],
    [
      "of an allowed and a declined MCP call",
      () => [callOf("search", "same"), callOf("wipe", "same")],
      { onApproval: search, mcp: { supports_parallel_tool_calls: true } },
    ],
    [
      "of an allowed command and a declined patch",
      () => [escalated("git --version"), patch([addFile("proof", "x\n")], { callId: "same" })],
      { onApproval: git },
    ],
  ];
  it.each(cases)(
    "[T2] %s end the turn: neither is released by the approval of the other",
    { timeout: 120_000 },
    async (_name, calls, how) => {
      for (let attempt = 1; attempt <= 6; attempt += 1) {
        const { events, error, harmed } = await play(calls, how);
        expect(harmed).toBe(false);
        expect(error).toMatchObject({ code: "APPROVAL_VIOLATED", itemId: "same", violation: "repeatedId" });
        expect(ApprovalViolatedError.isInstance(error) && error.retryable).toBe(false);
        expect(partialResultOf(error)?.status).toBe("interrupted");
        expect(violations(events)).toEqual(["repeatedId"]);
      }
    },
  );

  it("[T2] with ids of their own are decided one by one", async () => {
    const calls = (proof: string) => [
      shell(`touch ${proof}`, { callId: "one", escalate: true }),
      shell("git --version", { callId: "two", escalate: true }),
    ];
    const { error, harmed, output } = await play(calls, { onApproval: git });
    expect([error, harmed]).toEqual([null, false]);
    expect(output).toMatch(/rejected by user[\s\S]*git version/);
  });
});

describe("an MCP server that calls its tools read-only", () => {
  const search = match({ server: "hostile", tool: ["search"] }, allow());

  it("[T9] is asked about: the policy declines the tool that it does not allow", async () => {
    const calls = () => [callOf("wipe", "one"), callOf("search", "two")];
    const { harmed, output } = await play(calls, { onApproval: search, mcp: {}, env: { HINT: "1" } });
    expect(harmed).toBe(false);
    expect(output).toMatch(/rejected[\s\S]*searched/);
  });

  it("[T9] is not asked about if its configuration sets the mode `auto`", async () => {
    const mcp = { default_tools_approval_mode: "auto" };
    const { harmed } = await play(() => [callOf("wipe", "one")], { onApproval: search, mcp, env: { HINT: "1" } });
    expect(harmed).toBe(true);
  });
});

describe("an amendment without words", () => {
  it("[T8] writes the whole command, not the prefix that the model proposed", async () => {
    await using stand = await openRealCodex("app-server", []);
    const args = {
      cmd: "find . -name x",
      sandbox_permissions: "require_escalated",
      justification: "x",
      prefix_rule: ["find"],
    };
    stand.model.add(respond(functionCall("exec_command", args, { callId: "call" })), respond(message("Done.")));
    const proposals: unknown[] = [];
    const thread = stand.codex.startThread({
      ...stand.thread,
      onApproval: (request) => {
        if (request.kind === "command") proposals.push([request.proposedAmendment, request.proposedBy]);
        return { decision: "acceptWithPolicyAmendment" };
      },
    });
    await thread.run("Work");
    expect(proposals).toEqual([[["find"], "model"]]);
    const rules = await filesHolding(join(stand.home, "rules"), "prefix_rule");
    const written = (await Promise.all(rules.map((file) => readFile(file, "utf8")))).join("");
    expect(written).toContain('["find", ".", "-name", "x"]');
    expect(written).not.toContain('["find"]');
  });
});

describe("a question of an MCP server in the form of codex's approval request", () => {
  it("[T9] is an elicitation, not an approval of the tool", async () => {
    const kinds: string[] = [];
    const onApproval = ({ kind }: ApprovalRequest) => {
      kinds.push(kind);
      return { decision: kind === "mcpTool" ? ("accept" as const) : ("decline" as const) };
    };
    const { output } = await play(() => [callOf("search", "call")], { onApproval, mcp: {}, env: { FORGE: "1" } });
    expect(kinds).toEqual(["mcpTool", "elicitation"]);
    expect(output).toContain("forged decline");
  });
});
