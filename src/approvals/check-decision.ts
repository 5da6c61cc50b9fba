import { isJsonObject, type JsonValue, parseJson, type JsonObject } from "../internal/json.js";
import type { ApprovalDecision } from "./approval-decision.js";
import type { ApprovalKind, ApprovalRequest, ElicitationApprovalRequest } from "../protocol/events/approval-request.js";
import { grantOf, type CheckedPart } from "./check-permissions.js";
import { fitsForm, isFlatForm } from "./fits-form.js";
import { splitCommand } from "./rules/split-command.js";

type CheckedDecision =
  { readonly ok: true; readonly decision: ApprovalDecision } | { readonly ok: false; readonly problem: string };

/**
 * Checks a value as a decision about the request. Returns a complete copy with all defaults, or the problem. Never throws. A
 * field that the request does not accept is a problem, so that a misspelled name (`permission` for `permissions`) cannot
 * grant more than intended.
 */
export function checkDecision(request: ApprovalRequest, value: unknown): CheckedDecision {
  try {
    return { ok: true, decision: readDecision(request, copyOf(value)) };
  } catch (error) {
    return { ok: false, problem: error instanceof Unfit ? error.message : "it could not be read" };
  }
}

/** The problem of a decision. Its message never contains text of the caller's objects. */
class Unfit extends Error {}

type Fields = Readonly<Record<string, JsonValue | undefined>>;

function copyOf(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Unfit(`it is ${nameOf(value)}`);
  const copy = parseJson(JSON.stringify(value));
  if (!isJsonObject(copy)) throw new Unfit("it is not a plain object");
  return copy;
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}

const refusals = ["decline", "cancel", "defer"];
const offered: Readonly<Record<ApprovalKind, readonly string[]>> = {
  command: ["accept", "acceptForSession", "acceptWithPolicyAmendment", ...refusals],
  fileChange: ["accept", "acceptForSession", ...refusals],
  permissions: ["accept", "acceptForSession", ...refusals],
  mcpTool: ["accept", "acceptForSession", ...refusals],
  elicitation: ["accept", ...refusals],
  userInput: ["answer", ...refusals],
  tool: ["accept", "acceptForSession", ...refusals],
};

function readDecision(request: ApprovalRequest, fields: Fields): ApprovalDecision {
  const { decision } = fields;
  if (typeof decision !== "string") throw new Unfit("it has no `decision`");
  if (!offered[request.kind].includes(decision))
    throw new Unfit(`\`${decision.slice(0, 40)}\` is not a decision for ${request.kind}`);
  const allowed = ["decision", ...fieldsOf(request.kind, decision)];
  const unknown = Object.keys(fields).find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw new Unfit(`it has the unknown field \`${unknown.slice(0, 40)}\``);
  switch (decision) {
    case "accept":
      return readAccept(request, fields);
    case "acceptForSession":
      if (request.kind !== "permissions") return { decision };
      return { decision, permissions: unwrap(grantOf(request.permissions, fields["permissions"])) };
    case "acceptWithPolicyAmendment":
      return { decision, amendment: readAmendment(request, fields["amendment"]) };
    case "answer":
      return { decision, answers: readAnswers(request, fields["answers"]) };
    case "decline":
    case "cancel":
      return { decision, ...readReason(fields["reason"]) };
    default:
      return { decision: "defer" };
  }
}

/** The fields that a decision may have besides its name. */
function fieldsOf(kind: ApprovalKind, decision: string): readonly string[] {
  switch (decision) {
    case "accept":
      return kind === "permissions" ? ["permissions"] : kind === "elicitation" ? ["content"] : [];
    case "acceptForSession":
      return kind === "permissions" ? ["permissions"] : [];
    case "acceptWithPolicyAmendment":
      return ["amendment"];
    case "answer":
      return ["answers"];
    case "decline":
    case "cancel":
      return ["reason"];
    default:
      return [];
  }
}

function readAccept(request: ApprovalRequest, fields: Fields): ApprovalDecision {
  const decision = "accept";
  switch (request.kind) {
    case "permissions":
      return { decision, permissions: unwrap(grantOf(request.permissions, fields["permissions"])) };
    case "elicitation": {
      const content = unwrap(checkContent(request, fields["content"]));
      return content === null ? { decision } : { decision, content };
    }
    default:
      return { decision };
  }
}

/** Returns all words of the command, or the given prefix, which must not allow more than the proposed one. */
function readAmendment(request: ApprovalRequest, value: JsonValue | undefined): readonly string[] {
  const proposed = request.kind === "command" ? request.proposedAmendment : null;
  if (proposed === null || proposed.length === 0) throw new Unfit("codex proposed no amendment");
  if (value === undefined) return wholeCommand(request);
  const words: readonly unknown[] = Array.isArray(value) ? value : [];
  const texts = words.filter((word): word is string => typeof word === "string");
  if (texts.length === 0 || texts.length < words.length) throw new Unfit("its `amendment` is not a list of words");
  if (!proposed.every((word, at) => texts[at] === word))
    throw new Unfit("its `amendment` does not begin with the proposed prefix");
  return texts;
}

function wholeCommand(request: ApprovalRequest): readonly string[] {
  const words = request.kind === "command" ? splitCommand(request.command) : null;
  if (words === null) throw new Unfit("it needs an `amendment`, because the command is not one plain command");
  return words;
}

function readAnswers(
  request: ApprovalRequest,
  value: JsonValue | undefined,
): Readonly<Record<string, string | readonly string[]>> {
  const ids = request.kind === "userInput" ? request.questions.map(({ id }) => id) : [];
  if (!isJsonObject(value)) throw new Unfit("it has no `answers`");
  for (const id of Object.keys(value))
    if (!ids.includes(id)) throw new Unfit("it answers a question that was not asked");
  return Object.fromEntries(
    ids.map((id): [string, string | readonly string[]] => {
      const answer = Object.hasOwn(value, id) ? value[id] : undefined;
      if (answer === undefined) throw new Unfit("a question has no answer");
      if (typeof answer === "string") return [id, answer];
      const texts: readonly unknown[] = Array.isArray(answer) ? answer : [null];
      const strings = texts.filter((text): text is string => typeof text === "string");
      if (strings.length < texts.length) throw new Unfit("an answer is neither a string nor a list of strings");
      return [id, strings];
    }),
  );
}

function readReason(value: JsonValue | undefined): { readonly reason?: string } {
  if (value === undefined) return {};
  if (typeof value !== "string") throw new Unfit("its `reason` is not a string");
  return { reason: value };
}

function unwrap<T>(part: CheckedPart<T>): T {
  if (!part.ok) throw new Unfit(part.problem);
  return part.value;
}

/** Returns content that fits the form of an MCP server: `{}` for a form without fields, `null` for a page to open. */
function checkContent(
  { mode, schema }: ElicitationApprovalRequest,
  value: JsonValue | undefined,
): CheckedPart<JsonObject | null> {
  if (mode === "url")
    return value === undefined
      ? { ok: true, value: null }
      : { ok: false, problem: "a page to open accepts no `content`" };
  if (schema === null)
    return { ok: false, problem: `the mode ${JSON.stringify(mode.slice(0, 40))} can only be declined` };
  if (!isFlatForm(schema)) return { ok: false, problem: "a form with more than plain fields can only be declined" };
  const content = value ?? {};
  if (!isJsonObject(content)) return { ok: false, problem: "its `content` is not an object" };
  if (!fitsForm(content, schema)) return { ok: false, problem: "its `content` does not fit the schema of the request" };
  return { ok: true, value: content };
}
