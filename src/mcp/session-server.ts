import { asObject, asText, isJsonObject, parseJson, toWellFormedJson, toWellFormedText } from "../internal/json.js";
import type { ServedToolCall, ToolEndpointOptions } from "../tools/tool-server.js";
import type { ToolDefinition } from "../tools/tool-definition.js";
import { failedResult, toMcpResult } from "./mcp-result.js";
import type { McpSdk } from "./mcp-sdk.js";
import { anySignal } from "../internal/abort/any-signal.js";

/** Signals that abort when a request's connection closes, by the `authInfo` that the SDK passes to the request's handler. */
export type ConnectionSignals = WeakMap<object, AbortSignal>;

type McpServer = InstanceType<McpSdk["Server"]>;

/** Creates the MCP server of one session. */
export function createSessionServer(sdk: McpSdk, options: ToolEndpointOptions, gone: ConnectionSignals): McpServer {
  const instructions = toWellFormedText(options.instructions);
  const tools = createNames(options.tools);
  const server = new sdk.Server({ name: "codexkit", version: "1" }, { capabilities: { tools: {} }, instructions });
  server.setRequestHandler(sdk.ListToolsRequestSchema, () => ({
    tools: [...tools()].map(([name, { description, inputSchema }]) => ({
      name,
      description: toWellFormedText(description),
      inputSchema: { ...asObject(parseJson(toWellFormedJson(inputSchema))), type: "object" as const },
    })),
  }));
  server.setRequestHandler(sdk.CallToolRequestSchema, async ({ params }, { signal, authInfo }) => {
    const definition = tools().get(params.name);
    if (definition === undefined) return failedResult(`There is no tool ${JSON.stringify(params.name)}.`);
    const disconnected = authInfo === undefined ? undefined : gone.get(authInfo);
    const signals = disconnected === undefined ? [signal] : [signal, disconnected];
    const call: ServedToolCall = {
      definition,
      arguments: asObject(params.arguments),
      ...readCaller(params._meta),
      signal: anySignal(signals),
    };
    try {
      return toMcpResult(await options.call(call));
    } catch {
      // The model must not see the error text of the host program.
      return failedResult("The tool failed.");
    }
  });
  return server;
}

/** Returns the tools by name, computed again only if the list is a new one. */
function createNames(definitions: ToolEndpointOptions["tools"]): () => ReadonlyMap<string, ToolDefinition> {
  let known: readonly ToolDefinition[] = [];
  let names = byServedName(known);
  return () => {
    const now = definitions();
    if (now !== known) [known, names] = [now, byServedName(now)];
    return names;
  };
}

/** MCP names have no namespaces. If two tools would have the same name, the later one gets a number. */
function byServedName(definitions: readonly ToolDefinition[]): ReadonlyMap<string, ToolDefinition> {
  const tools = new Map<string, ToolDefinition>();
  for (const definition of definitions) {
    const { namespace, name } = definition;
    const plain = namespace === null ? name : `${namespace}__${name}`;
    let served = plain;
    for (let number = 2; tools.has(served); number += 1) served = `${plain}_${number}`;
    tools.set(served, definition);
  }
  return tools;
}

function readCaller(meta: unknown): Pick<ServedToolCall, "threadId" | "parentThreadId" | "turnId" | "callId"> {
  const known = isJsonObject(meta) ? meta : {};
  const turn = asObject(known["x-codex-turn-metadata"]);
  return {
    threadId: asText(known["threadId"]),
    parentThreadId: asText(turn["parent_thread_id"]),
    turnId: asText(turn["turn_id"]),
    callId: asText(known["callId"]),
  };
}
