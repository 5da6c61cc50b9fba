import { asObject, asText, isJsonObject } from "../internal/json.js";
import type { HostedToolCall, ToolEndpointOptions } from "../tools/tool-host.js";
import type { ToolDefinition } from "../tools/tool-definition.js";
import { failedResult, toMcpResult } from "./mcp-result.js";
import type { McpSdk } from "./mcp-sdk.js";

/** Fires when the connection that a request came by is gone, by what the SDK hands to the request's handler. */
export type ConnectionSignals = WeakMap<object, AbortSignal>;

type ToolServer = InstanceType<McpSdk["Server"]>;

/** The MCP server of one session. */
export function createToolServer(sdk: McpSdk, options: ToolEndpointOptions, gone: ConnectionSignals): ToolServer {
  const { instructions } = options;
  const tools = createNames(options.tools);
  const server = new sdk.Server({ name: "codexkit", version: "1" }, { capabilities: { tools: {} }, instructions });
  server.setRequestHandler(sdk.ListToolsRequestSchema, () => ({
    tools: [...tools()].map(([name, { description, inputSchema }]) => ({
      name,
      description,
      inputSchema: { ...inputSchema, type: "object" as const },
    })),
  }));
  server.setRequestHandler(sdk.CallToolRequestSchema, async ({ params }, { signal, authInfo }) => {
    const definition = tools().get(params.name);
    if (definition === undefined) return failedResult(`There is no tool ${JSON.stringify(params.name)}.`);
    const disconnected = authInfo === undefined ? undefined : gone.get(authInfo);
    const signals = disconnected === undefined ? [signal] : [signal, disconnected];
    const call: HostedToolCall = {
      definition,
      arguments: asObject(params.arguments),
      ...readCaller(params._meta),
      signal: AbortSignal.any(signals),
    };
    try {
      return toMcpResult(await options.call(call));
    } catch {
      // What the host's own code says when it fails is not the model's business.
      return failedResult("The tool failed.");
    }
  });
  return server;
}

/** Worked out anew only when the set is another one. */
function createNames(definitions: ToolEndpointOptions["tools"]): () => ReadonlyMap<string, ToolDefinition> {
  let known: readonly ToolDefinition[] = [];
  let names = byHostedName(known);
  return () => {
    const now = definitions();
    if (now !== known) [known, names] = [now, byHostedName(now)];
    return names;
  };
}

/**
 * MCP names have no namespaces. Where two tools would get one name by that, the later one is numbered: none hides the
 * other.
 */
function byHostedName(definitions: readonly ToolDefinition[]): ReadonlyMap<string, ToolDefinition> {
  const tools = new Map<string, ToolDefinition>();
  for (const definition of definitions) {
    const { namespace, name } = definition;
    const plain = namespace === null ? name : `${namespace}__${name}`;
    let hosted = plain;
    for (let number = 2; tools.has(hosted); number += 1) hosted = `${plain}_${number}`;
    tools.set(hosted, definition);
  }
  return tools;
}

function readCaller(meta: unknown): Pick<HostedToolCall, "threadId" | "turnId" | "callId"> {
  const told = isJsonObject(meta) ? meta : {};
  const turn = told["x-codex-turn-metadata"];
  return {
    threadId: asText(told["threadId"]),
    turnId: isJsonObject(turn) ? asText(turn["turn_id"]) : null,
    callId: asText(told["callId"]),
  };
}
