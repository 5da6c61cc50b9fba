import { isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import { execAgentStatuses, execCollabTools, execMcpResultKeys, execSearchActions, execStatuses } from "./exec-wire.js";
import { swapKeys, swapName, type Names } from "./swap-names.js";

/** Converts one value between the two wires. `encode` reverses `decode` for every value that `decode` accepts. */
export interface ValueCodec {
  readonly decode: (value: JsonValue) => JsonValue;
  readonly encode: (value: JsonValue) => JsonValue;
}

const status = swapping(spelling(execStatuses));

/** The codecs by item type and field. All other fields have the same value on both wires. */
export const execCodecs: Readonly<Record<string, Readonly<Record<string, ValueCodec>>>> = {
  reasoning: {
    summary: {
      decode: (text) => [text],
      encode: (parts) => (Array.isArray(parts) ? parts.join("\n") : parts),
    },
  },
  commandExecution: { status },
  fileChange: {
    status,
    changes: {
      decode: eachObject((change) => ({ ...change, kind: { type: change["kind"] } })),
      encode: eachObject((change) => ({ ...change, kind: kindName(change["kind"]) })),
    },
  },
  mcpToolCall: {
    status,
    result: swapping((result) => (isJsonObject(result) ? swapKeys(execMcpResultKeys, result) : result)),
  },
  webSearch: { action: swapping(inField("type", execSearchActions)) },
  collabAgentToolCall: {
    status,
    tool: swapping(spelling(execCollabTools)),
    agentsStates: swapping((states) => {
      if (!isJsonObject(states)) return states;
      const respell = inField("status", execAgentStatuses);
      return Object.fromEntries(Object.entries(states).map(([id, state = null]) => [id, respell(state)]));
    }),
  },
};

/** A conversion that is its own inverse. */
function swapping(change: (value: JsonValue) => JsonValue): ValueCodec {
  return { decode: change, encode: change };
}

function spelling(names: Names): (value: JsonValue) => JsonValue {
  return (value) => (typeof value === "string" ? swapName(names, value) : value);
}

function inField(key: string, names: Names): (value: JsonValue) => JsonValue {
  const respell = spelling(names);
  return (value) => {
    if (!isJsonObject(value)) return value;
    const field = value[key];
    return field === undefined ? value : { ...value, [key]: respell(field) };
  };
}

function eachObject(change: (object: JsonObject) => JsonObject): (value: JsonValue) => JsonValue {
  return (value) =>
    Array.isArray(value)
      ? value.map((element: JsonValue) => (isJsonObject(element) ? change(element) : element))
      : value;
}

function kindName(kind: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(kind) ? kind["type"] : kind;
}
