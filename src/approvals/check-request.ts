import { isJsonObject, type JsonObject, type JsonValue } from "../internal/json.js";
import type { ApprovalKind, ApprovalRequest } from "../protocol/events/approval-request.js";

/** Returns true for a request that `thread.toJSON()` wrote. */
export function isApprovalRequest(value: unknown): value is ApprovalRequest {
  if (!isJsonObject(value)) return false;
  const { kind } = value;
  if (typeof kind !== "string" || !isKind(kind)) return false;
  return hasFields(value, base) && hasFields(value, fieldsOf[kind]);
}

function isKind(kind: string): kind is ApprovalKind {
  return Object.hasOwn(fieldsOf, kind);
}

type Check = (value: JsonValue | undefined) => boolean;
const text: Check = (value) => typeof value === "string";
const textOrNull: Check = (value) => value === null || text(value);
const object: Check = (value) => isJsonObject(value);
const objectOrNull: Check = (value) => value === null || object(value);
const present: Check = (value) => value !== undefined;
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every((entry: JsonValue) => check(entry));
const listOfTextsOrNull: Check = (value) => value === null || listOf(text)(value);

const isChange: Check = (value) => {
  if (!isJsonObject(value) || !text(value["path"])) return false;
  const { kind } = value;
  return isJsonObject(kind) && text(kind["type"]);
};
const isQuestion: Check = (value) =>
  isJsonObject(value) && ["id", "header", "question"].every((name) => text(value[name]));

type Fields = Readonly<Record<string, Check>>;

const base: Fields = {
  id: text,
  threadId: text,
  turnId: textOrNull,
  itemId: textOrNull,
  reason: textOrNull,
  requestedAt: (value) => typeof value === "number",
};

const fieldsOf: Readonly<Record<ApprovalKind, Fields>> = {
  command: {
    command: text,
    actions: listOf(object),
    workingDirectory: textOrNull,
    threadDirectory: textOrNull,
    action: text,
    network: objectOrNull,
    additionalPermissions: objectOrNull,
    proposedAmendment: listOfTextsOrNull,
    // Older versions did not store it.
    proposedBy: (value) => value === undefined || textOrNull(value),
  },
  fileChange: { changes: listOf(isChange), workingDirectory: textOrNull, grantRoot: textOrNull },
  permissions: { permissions: object, workingDirectory: text },
  mcpTool: { server: text, tool: text, arguments: present, message: text },
  elicitation: { server: text, mode: text, message: text, schema: objectOrNull, url: textOrNull },
  userInput: { questions: listOf(isQuestion) },
  tool: { tool: text, namespace: textOrNull, callId: text, arguments: present },
};

function hasFields(value: JsonObject, fields: Fields): boolean {
  return Object.entries(fields).every(([name, check]) => check(value[name]));
}
