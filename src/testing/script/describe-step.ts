/** A step in one line for a message, in the words it was built with. */
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

const endNames = new Map<unknown, string>([
  ["completed", "respond"],
  ["failed", "failResponse"],
  ["incomplete", "incomplete"],
  ["cut", "cut"],
]);

function describeAll(parts: unknown): string {
  return Array.isArray(parts) ? parts.map(describePart).join(", ") : "";
}

function describePart(part: unknown): string {
  const fields = fieldsOf(part);
  const label = ["text", "name", "method", "query"]
    .map((name) => fields.get(name))
    .find((value) => value !== undefined);
  return String(fields.get("type")) + (typeof label === "string" ? ` ${JSON.stringify(label.slice(0, 60))}` : "");
}

function fieldsOf(value: unknown): Map<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}
