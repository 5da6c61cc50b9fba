import { isJsonObject, type JsonObject, type JsonValue } from "../internal/json.js";
import type { ElicitationApprovalRequest } from "./approval-request.js";
import type { CheckedPart } from "./check-decision.js";
import { fitsForm } from "./fits-form.js";
import { isFlatForm } from "./is-flat-form.js";

/** Content that fits what an MCP server asks for; `{}` for a form that asks for nothing, and null for a page to open. */
export function checkContent(
  { mode, schema }: ElicitationApprovalRequest,
  given: JsonValue | undefined,
): CheckedPart<JsonObject | null> {
  if (mode === "url")
    return given === undefined
      ? { ok: true, value: null }
      : { ok: false, problem: "a page to open takes no `content`" };
  if (schema === null)
    return { ok: false, problem: `the mode ${JSON.stringify(mode.slice(0, 40))} can only be declined` };
  if (!isFlatForm(schema)) return { ok: false, problem: "a form of more than plain fields can only be declined" };
  const content = given ?? {};
  if (!isJsonObject(content)) return { ok: false, problem: "its `content` is no object" };
  if (!fitsForm(content, schema)) return { ok: false, problem: "its `content` does not fit the schema of the request" };
  return { ok: true, value: content };
}
