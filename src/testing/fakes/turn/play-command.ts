import { type JsonObject, isJsonObject } from "../../../internal/json.js";
import { settledOrAborted } from "../../script/hold.js";
import type { FakeItem } from "./turn-writer.js";
import { quoteWord } from "./quote-word.js";
import { readText } from "../read-params.js";
import type { CallingTurn, PlannedCall } from "./calling-turn.js";

type CommandItem = Extract<FakeItem, { readonly type: "commandExecution" }>;

/** Plays a shell command: asks for approval where codex would, then does what the outcome declares. */
export async function playCommand(args: JsonObject, planned: PlannedCall, turn: CallingTurn): Promise<string> {
  const { writer } = turn;
  const { approvalPolicy } = writer.thread.settings;
  const escalates = args["sandbox_permissions"] === "require_escalated";
  if (escalates && approvalPolicy === "never") return "approval policy is Never; reject command";
  const item = toItem(args, planned, writer.thread.settings.cwd);
  if (approvalPolicy === "untrusted" || escalates) {
    writer.start({ ...item, processId: null, source: "agent" });
    const decision = await askApproval("item/commandExecution/requestApproval", approvalParams(args, item), turn);
    if (decision !== "accept") {
      const status = decision === "failed" ? "failed" : "declined";
      writer.complete({ ...item, processId: null, source: "agent", status });
      return decision === "failed" ? "approval request failed" : "rejected by user";
    }
  } else {
    writer.start(item);
  }
  const run = runCommand(item, planned, turn);
  await settledOrAborted(run, turn.signal);
  return turn.signal.aborted ? "" : await run;
}

/** Runs to its end also when the turn is interrupted, as the commands of codex do. */
async function runCommand(item: CommandItem, { outcome }: PlannedCall, turn: CallingTurn): Promise<string> {
  const { thread, port, ids } = turn.writer;
  const ended = new AbortController();
  const { id: itemId, command, cwd, processId } = item;
  const end = (): void => ended.abort();
  thread.background.set(itemId, { itemId, processId: processId ?? "", command, cwd, end });
  const { output = "", exitCode = 0, durationMs = 1 } = outcome;
  if (output !== "") port.notify("item/commandExecution/outputDelta", { ...ids, itemId, delta: output });
  await outcome.hold?.wait(ended.signal);
  thread.background.delete(itemId);
  const code = ended.signal.aborted ? -1 : exitCode;
  turn.writer.complete({
    ...item,
    status: outcome.status ?? (code === 0 ? "completed" : "failed"),
    aggregatedOutput: output === "" ? null : output,
    exitCode: code,
    durationMs,
  });
  return `Process exited with code ${String(code)}\nOutput:\n${output}`;
}

function toItem(args: JsonObject, { callId }: PlannedCall, cwd: string): CommandItem {
  const script = readText(args["cmd"]) ?? "";
  return {
    type: "commandExecution",
    id: callId,
    pluginId: null,
    scriptPath: null,
    command: `/bin/bash -lc ${quoteWord(script)}`,
    cwd: readText(args["workdir"]) ?? cwd,
    processId: String(10_000 + Math.floor(Math.random() * 90_000)),
    source: "unifiedExecStartup",
    status: "inProgress",
    commandActions: [{ type: "unknown", command: script }],
    aggregatedOutput: null,
    exitCode: null,
    durationMs: null,
  };
}

function approvalParams(args: JsonObject, item: CommandItem): JsonObject {
  const words = (readText(args["cmd"]) ?? "").split(/\s+/).filter((word) => word !== "");
  return {
    kind: "command",
    itemId: item.id,
    startedAtMs: Date.now(),
    environmentId: "local",
    reason: readText(args["justification"]) ?? null,
    command: item.command,
    cwd: item.cwd,
    commandActions: [{ type: "unknown", command: readText(args["cmd"]) ?? "" }],
    proposedExecpolicyAmendment: words,
    availableDecisions: ["accept", { acceptWithExecpolicyAmendment: { execpolicy_amendment: words } }, "cancel"],
  };
}

/**
 * Asks the client for an approval with all that codex sends around it. `cancel` and an answer that came too late have
 * interrupted the turn; an answer that codex does not know is `failed`.
 */
export async function askApproval(
  method: "item/commandExecution/requestApproval" | "item/fileChange/requestApproval",
  params: JsonObject,
  turn: CallingTurn,
): Promise<"accept" | "decline" | "cancel" | "failed"> {
  const { writer } = turn;
  writer.status({ type: "active", activeFlags: ["waitingOnApproval"] });
  const { id, answer } = writer.port.request(method, { ...writer.ids, ...params });
  await settledOrAborted(answer, turn.signal);
  if (turn.signal.aborted) return "cancel";
  const decision = readDecision(await answer);
  writer.port.notify("serverRequest/resolved", { threadId: writer.thread.id, requestId: id });
  writer.status({ type: "active", activeFlags: [] });
  if (decision === "cancel") turn.interrupt();
  return decision;
}

function readDecision(answer: JsonObject): "accept" | "decline" | "cancel" | "failed" {
  const result = answer["result"];
  const decision = isJsonObject(result) ? result["decision"] : undefined;
  if (decision === "accept" || decision === "acceptForSession" || isJsonObject(decision)) return "accept";
  return decision === "decline" || decision === "cancel" ? decision : "failed";
}
