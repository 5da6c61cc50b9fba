import type { ModelRequest } from "./model-request.js";
import type { RequestMatcher } from "./script-entry.js";

/** Describes a step in one line, by the names of the functions that created it. */
export function describeStep(step: unknown): string {
  if (typeof step === "function") return step.name === "" ? "a step function" : `step function ${step.name}`;
  const fields = fieldsOf(step);
  const type = fields.get("type");
  if (type === "repeat") return `repeat(${describeStep(fields.get("step"))})`;
  if (type === "httpError") return `fail(${String(fields.get("status"))})`;
  if (type === "raw") return "raw(...)";
  if (type === "execRun") return `execRun(${describeAll(fields.get("actions"))})`;
  const end = fieldsOf(fields.get("end"));
  const name = endNames.get(end.get("type")) ?? String(type);
  const first = end.get("code") ?? end.get("reason");
  const parts = describeAll(fields.get("parts"));
  return `${name}(${[first === undefined ? "" : JSON.stringify(first), parts].filter((text) => text !== "").join(", ")})`;
}

/** Describes a request to the model in one line. */
export function describeRequest(request: ModelRequest): string {
  const output = request.input.at(-1)?.["type"] === "message" ? undefined : request.outputs.at(-1);
  const last = output === undefined ? `the user's ${quote(request.userText)}` : `the output ${quote(output.text)}`;
  return `model request ${String(request.index + 1)}, which ends with ${last}`;
}

export function describeMatcher(matcher: RequestMatcher): string {
  if (typeof matcher === "function") return matcher.name === "" ? "a function" : matcher.name;
  return typeof matcher === "string" ? JSON.stringify(matcher) : String(matcher);
}

const endNames = new Map<unknown, string>([
  ["completed", "respond"],
  ["failed", "failResponse"],
  ["incomplete", "incomplete"],
  ["cut", "cut"],
]);

function describeAll(parts: unknown): string {
  return Array.isArray(parts) ? parts.map(describePart).join(", ") : "";
}

/** Describes a part by its type and its text, name or method. */
export function describePart(part: unknown): string {
  const fields = fieldsOf(part);
  const label = ["text", "name", "method", "query"]
    .map((name) => fields.get(name))
    .find((value) => value !== undefined);
  return String(fields.get("type")) + (typeof label === "string" ? ` ${JSON.stringify(label.slice(0, 60))}` : "");
}

function fieldsOf(value: unknown): Map<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

function quote(text: string): string {
  const oneLine = text.replaceAll(/\s+/g, " ").trim();
  return JSON.stringify(oneLine.length > 80 ? `${oneLine.slice(0, 80)}…` : oneLine);
}
