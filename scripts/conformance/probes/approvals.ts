import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ApprovalDecision, ApprovalHandler, ApprovalRequest, CodexConfigObject } from "../../../src/index.js";
import { addFile, functionCall, message, type ModelItem, patch, respond, shell } from "../../../src/testing/index.js";
import { observe } from "../observe.js";
import type { Probe } from "../probe.js";
import type { ProbeStage } from "../stage.js";
import { mcpServer } from "./work.js";

const touch = shell("touch made", { callId: "call", escalate: true, justification: "May I?" });
const write = patch([addFile("made", "hello\n")], { callId: "call" });
const question = {
  id: "colour",
  header: "Colour",
  question: "Which?",
  options: [
    { label: "Blue", description: "b" },
    { label: "Red", description: "r" },
  ],
};
const asksUser = functionCall("request_user_input", { questions: [question] }, { callId: "call" });
const asksUserConfig = { features: { default_mode_request_user_input: true } };
const wanted = { permissions: { network: { enabled: true } }, reason: "To look it up" };
const asksPermissions = functionCall("request_permissions", wanted, { callId: "call" });
const asksPermissionsConfig = { features: { request_permissions_tool: true } };
const works = functionCall("work", {}, { callId: "call", namespace: "mcp__asking" });
const greets = functionCall("greet", {}, { callId: "call", namespace: "mcp__asking" });
const mcpConfig = { mcp_servers: mcpServer };

interface Asking {
  readonly id: string;
  readonly feature: string;
  readonly call: ModelItem;
  readonly config?: CodexConfigObject;
  readonly decide: ApprovalDecision | ((request: ApprovalRequest) => ApprovalDecision);
  readonly expected: Probe["expected"];
  readonly since?: string;
}

const made = { files: ["made"], status: "completed" };
const notMade = { files: [], status: "completed", output: /rejected by user/ };
const ended = { files: [], status: "interrupted", output: null };
const greetDecision =
  (decision: ApprovalDecision) =>
  ({ kind }: ApprovalRequest): ApprovalDecision =>
    kind === "mcpTool" ? { decision: "accept" } : decision;
const ada: ApprovalDecision = { decision: "accept", content: { name: "Ada" } };

const askings: readonly Asking[] = [
  {
    id: "command.accept",
    feature: "approval of a command",
    call: touch,
    decide: { decision: "accept" },
    expected: { ...made, kinds: ["command"] },
  },
  {
    id: "command.decline",
    feature: "approval of a command",
    call: touch,
    decide: { decision: "decline" },
    expected: notMade,
  },
  {
    id: "command.cancel",
    feature: "approval of a command",
    call: touch,
    decide: { decision: "cancel" },
    expected: ended,
  },
  {
    id: "patch.accept",
    feature: "approval of a patch",
    call: write,
    decide: { decision: "accept" },
    expected: { ...made, kinds: ["fileChange"], asked: /hello/ },
  },
  {
    id: "patch.decline",
    feature: "approval of a patch",
    call: write,
    decide: { decision: "decline" },
    expected: notMade,
  },
  { id: "patch.cancel", feature: "approval of a patch", call: write, decide: { decision: "cancel" }, expected: ended },
  {
    id: "amendment.accept",
    feature: "policy amendment",
    call: touch,
    decide: { decision: "acceptWithPolicyAmendment" },
    expected: { ...made, rules: /"touch", "made"/ },
  },
  {
    id: "permissions.accept",
    feature: "permissions",
    call: asksPermissions,
    config: asksPermissionsConfig,
    decide: { decision: "accept" },
    expected: { kinds: ["permissions"], output: /enabled.{1,5}true/ },
  },
  {
    id: "permissions.decline",
    feature: "permissions",
    call: asksPermissions,
    config: asksPermissionsConfig,
    decide: { decision: "decline" },
    expected: { status: "completed", output: /^(?!.*enabled.{1,5}true)/ },
  },
  {
    id: "questions.answer",
    feature: "questions to the user",
    call: asksUser,
    config: asksUserConfig,
    decide: { decision: "answer", answers: { colour: "Blue" } },
    expected: { kinds: ["userInput"], output: /Blue/ },
  },
  {
    id: "questions.decline",
    feature: "questions to the user",
    call: asksUser,
    config: asksUserConfig,
    decide: { decision: "decline" },
    expected: { status: "completed", output: /^(?!.*Blue)/ },
  },
  {
    id: "mcp-tool.accept",
    feature: "approval of an MCP tool",
    since: "0.167.0",
    call: works,
    config: mcpConfig,
    decide: { decision: "accept" },
    expected: { asked: /"server":"asking","tool":"work"/, output: /worked/ },
  },
  {
    id: "mcp-tool.decline",
    feature: "approval of an MCP tool",
    call: works,
    config: mcpConfig,
    decide: { decision: "decline" },
    expected: { status: "completed", output: /reject/ },
  },
  {
    id: "elicitation.accept",
    feature: "elicitation",
    since: "0.167.0",
    call: greets,
    config: mcpConfig,
    decide: greetDecision(ada),
    expected: { asked: /Who are you\?/, output: /Ada/ },
  },
  {
    id: "elicitation.decline",
    feature: "elicitation",
    call: greets,
    config: mcpConfig,
    decide: greetDecision({ decision: "decline" }),
    expected: { status: "completed", output: /^(?!.*Ada)/ },
  },
];

async function ask(stage: ProbeStage, { config = {}, decide }: Asking): Promise<unknown> {
  const asked: ApprovalRequest[] = [];
  const onApproval: ApprovalHandler = (request) => {
    asked.push(request);
    return typeof decide === "function" ? decide(request) : decide;
  };
  const thread = stage.thread({ config, approvalPolicy: "on-request", onApproval });
  const { status } = await observe(thread.runStreamed("Work"));
  const folder = join(stage.home, "rules");
  const names = existsSync(folder) ? await readdir(folder) : [];
  const rules = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return {
    status,
    asked: JSON.stringify(asked),
    kinds: asked.map(({ kind }) => kind),
    files: await readdir(stage.workTree),
    output: stage.model.requests[1]?.output("call") ?? null,
    rules: rules.join(""),
  };
}

/** Every kind of request of codex, with the decisions that change its effect. */
export const approvalProbes: readonly Probe[] = [
  ...askings.map((asking): Probe => {
    const { id, feature, call, expected, since } = asking;
    return {
      id: `approval.${id}`,
      feature,
      transports: ["app-server"],
      ...(since === undefined ? {} : { since }),
      model: () => [respond(call), respond(message("Done."))],
      play: (stage) => ask(stage, asking),
      expected,
    };
  }),
  {
    id: "approval.without-handler",
    feature: "approval of a command",
    transports: ["app-server"],
    model: () => [respond(touch), respond(message("Done."))],
    play: async (stage) => {
      const seen = await observe(stage.thread({ approvalPolicy: "on-request" }).runStreamed("Work"));
      return { kinds: seen.kinds, files: await readdir(stage.workTree), status: seen.status };
    },
    expected: { kinds: /codexkit\.request\.refused/, files: [], status: "completed" },
  },
  {
    id: "approval.exec-declines",
    feature: "approval of a command",
    transports: ["exec"],
    model: () => [respond(touch), respond(message("Done."))],
    play: async (stage) => {
      const { status } = await observe(stage.thread().runStreamed("Work"));
      return { status, files: await readdir(stage.workTree), output: stage.model.requests[1]?.output("call") };
    },
    expected: { status: "completed", files: [], output: /approval|reject|not allowed/i },
  },
];
