import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { scratchFolder } from "../../../scripts/house/scratch-folder.js";
import { resolveCodex } from "../../../src/client/resolve-codex.js";
import { isJsonObject, type JsonObject } from "../../../src/internal/json.js";
import { loadToolServer } from "../../../src/mcp/load-tool-server.js";
import type { ThreadEvent } from "../../../src/protocol/index.js";
import { createScriptedModel, type ScriptEntry } from "../../../src/testing/index.js";
import { type AnswerRequest, runTurn } from "../../../src/thread/turn/run-turn.js";
import type { ToolDefinition } from "../../../src/tools/tool-definition.js";
import type { StoredTools } from "../../../src/tools/stored-tools.js";
import { createExecTransport } from "../../../src/transport/exec/exec-transport.js";
import type { CodexConfigObject, ThreadOptions } from "../../../src/transport/transport.js";

const scratch = scratchFolder("e2e");

export interface ToolThreadOptions {
  readonly tools?: readonly ToolDefinition[] | (() => readonly ToolDefinition[]);
  readonly stored?: StoredTools | "unknown";
  readonly threadId?: string;
  readonly options?: ThreadOptions;
}

/** The real binary on exec without a client: a transport, its turns, and a function in place of the tools. */
export async function openToolStand(
  steps: readonly ScriptEntry[],
  client: { readonly config?: CodexConfigObject; readonly configOverrides?: readonly string[] } = {},
) {
  const model = await createScriptedModel(steps, { strict: false });
  const root = join(scratch, randomUUID());
  const [home, workTree] = [join(root, "home"), join(root, "tree")];
  await mkdir(home, { recursive: true });
  await mkdir(workTree);
  const { config, env } = model.codexOptions({ codexHome: home });
  const transport = createExecTransport({
    client: { ...client, config: { ...config, ...client.config } },
    env,
    locate: () => resolveCodex(),
    warn: () => undefined,
    createToolServer: loadToolServer,
  });
  onTestFinished(async () => {
    await transport.close();
    await model.close();
    await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  });
  const openThread = ({ tools = [], stored = {}, threadId, options }: ToolThreadOptions = {}) =>
    transport.openThread({
      threadId: threadId ?? null,
      options: { model: "gpt-5.5", workingDirectory: workTree, ...options },
      tools: { definitions: typeof tools === "function" ? tools : () => tools, stored },
    });
  return { model, home, workTree, transport, openThread };
}

type Connection = ReturnType<Awaited<ReturnType<typeof openToolStand>>["openThread"]>;

/** Runs one turn to its end and returns its events. */
export async function runToolTurn(connection: Connection, answer: AnswerRequest): Promise<ThreadEvent[]> {
  const turn = connection.openTurn({ input: [{ type: "text", text: "Go" }], options: {}, outputSchema: null });
  const events: ThreadEvent[] = [];
  try {
    await runTurn(turn, {
      emit: (batch) => void events.push(...batch),
      item: () => null,
      stop: () => undefined,
      answer,
    });
  } finally {
    await turn.close();
  }
  return events;
}

/** Answers every tool call with the text that `compute` returns. */
export function answerWith(
  compute: (params: JsonObject, signal: AbortSignal) => string | Promise<string>,
): AnswerRequest {
  return async ({ params }, { signal }) => {
    const text = await compute(isJsonObject(params) ? params : {}, signal);
    return { kind: "result", result: { success: true, contentItems: [{ type: "inputText", text }] } };
  };
}

export const mathTool: ToolDefinition = {
  name: "math_tool",
  namespace: null,
  description: "Adds two numbers",
  inputSchema: {
    type: "object",
    properties: { x: { type: "number" }, y: { type: "number" } },
    required: ["x", "y"],
    additionalProperties: false,
  },
};

export const sum = ({ arguments: args }: JsonObject): string =>
  isJsonObject(args) ? String(Number(args["x"]) + Number(args["y"])) : "no arguments";
