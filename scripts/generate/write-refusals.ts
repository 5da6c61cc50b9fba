import { Ajv } from "ajv";
import type { ProtocolSource } from "./protocol-source.js";
import type { Methods } from "./read-methods.js";
import { refusalPolicy } from "./refusal-policy.js";

/**
 * Writes refusals.ts: the policy, after checking that every server request has an answer that its response schema
 * allows.
 */
export function writeRefusals(source: ProtocolSource, methods: Methods): string {
  const known = new Set(methods.server.map(({ name }) => name));
  const stale = Object.keys(refusalPolicy).filter((name) => !known.has(name));
  if (stale.length > 0) throw new Error(`refusals for unknown requests: ${stale.join(", ")}`);
  const rows = methods.server.map(({ name, result }) => {
    const refusal = refusalPolicy[name];
    if (refusal === undefined) throw new Error(`no refusal for ${name}: add it to scripts/generate/refusal-policy.ts`);
    if ("result" in refusal) checkAnswer(source, name, result, refusal.result);
    const kind = "result" in refusal ? "result" : "error";
    return `  "${name}": ${JSON.stringify({ kind, ...refusal })},`;
  });
  return [
    'import type { ServerRequestAnswer } from "../methods/server-request-answer.js";',
    'import type { ServerRequests } from "./methods.js";',
    "",
    "export const refusals: Readonly<Record<keyof ServerRequests, ServerRequestAnswer>> = {",
    ...rows,
    "};",
    "",
  ].join("\n");
}

function checkAnswer(source: ProtocolSource, method: string, type: string, answer: unknown): void {
  const schema = source.standalone.get(type);
  if (schema === undefined) throw new Error(`no schema ${type}`);
  const ajv = new Ajv({ strict: false, validateFormats: false });
  if (!ajv.validate(schema, answer)) throw new Error(`invalid refusal for ${method}: ${ajv.errorsText()}`);
}
