import { asText, type JsonObject } from "../../../internal/json.js";
import { settledOrAborted } from "../../script/hold.js";
import type { FakeItem } from "./turn-writer.js";
import { quoteWord } from "./quote-word.js";
import { askApproval } from "./ask-approval.js";
import type { CallingTurn, PlannedCall } from "./calling-turn.js";

type CommandItem = Extract<FakeItem, { readonly type: "commandExecution" }>;

/** Plays a shell command: asks for an approval if codex would, then reports the declared outcome. Resolves with its output. */
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

/** Runs the command to its end even if the turn is interrupted, like codex. */
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
  const script = asText(args["cmd"]) ?? "";
  return {
    type: "commandExecution",
    id: callId,
    pluginId: null,
    scriptPath: null,
    command: `/bin/bash -lc ${quoteWord(script)}`,
    cwd: asText(args["workdir"]) ?? cwd,
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
  const words = (asText(args["cmd"]) ?? "").split(/\s+/).filter((word) => word !== "");
  return {
    kind: "command",
    itemId: item.id,
    startedAtMs: Date.now(),
    environmentId: "local",
    reason: asText(args["justification"]) ?? null,
    command: item.command,
    cwd: item.cwd,
    commandActions: [{ type: "unknown", command: asText(args["cmd"]) ?? "" }],
    proposedExecpolicyAmendment: words,
    availableDecisions: ["accept", { acceptWithExecpolicyAmendment: { execpolicy_amendment: words } }, "cancel"],
  };
}
