import { isJsonObject, isList, type JsonObject, type JsonValue } from "../../internal/json.js";

/**
 * Returns the answer without the nulls that mean "absent": the nulls of properties that are neither `required` nor nullable
 * in the schema.
 */
export function restoreOptional(answer: JsonValue, node: JsonValue | undefined, root: JsonObject): JsonValue {
  const schema = resolve(node, root);
  if (schema === null) return answer;
  const branches = branchesOf(schema);
  if (branches.length > 0) {
    const fitting = branches.find((branch) => fits(answer, resolve(branch, root)));
    return restoreOptional(answer, fitting, root);
  }
  if (isList(answer)) return answer.map((entry) => restoreOptional(entry, schema["items"], root));
  const { properties } = schema;
  if (!isJsonObject(answer) || !isJsonObject(properties)) return answer;
  const required = new Set(isList(schema["required"]) ? schema["required"] : []);
  const kept: [string, JsonValue][] = [];
  for (const [name, value = null] of Object.entries(answer)) {
    const absent = value === null && !required.has(name) && !mayBeNull(properties[name], root);
    if (!absent) kept.push([name, restoreOptional(value, properties[name], root)]);
  }
  return Object.fromEntries(kept);
}

/** Whether an answer belongs to a branch of a union. Objects are closed in their strict form, so their keys decide. */
function fits(answer: JsonValue, branch: JsonObject | null): boolean {
  if (branch === null) return false;
  if (isList(answer)) return branch["items"] !== undefined;
  const { properties } = branch;
  if (!isJsonObject(answer) || !isJsonObject(properties)) return false;
  return Object.entries(answer).every(([name, value]) => {
    const property = properties[name];
    if (!isJsonObject(property)) return false;
    const allowed = property["const"] === undefined ? property["enum"] : [property["const"]];
    return !isList(allowed) || value === null || allowed.includes(value ?? null);
  });
}

function mayBeNull(node: JsonValue | undefined, root: JsonObject, depth = 0): boolean {
  const schema = depth > maxDepth ? null : resolve(node, root);
  if (schema === null) return false;
  const { type, const: only, enum: several } = schema;
  if (type === "null" || only === null) return true;
  if ((isList(type) && type.includes("null")) || (isList(several) && several.includes(null))) return true;
  return branchesOf(schema).some((branch) => mayBeNull(branch, root, depth + 1));
}

/** Chains of references are shorter than this; only a circle reaches it. */
const maxDepth = 32;

function resolve(node: JsonValue | undefined, root: JsonObject, depth = 0): JsonObject | null {
  const schema = withoutWrapper(node);
  const $ref = schema?.["$ref"];
  if (typeof $ref !== "string") return schema;
  if (!$ref.startsWith("#") || depth > maxDepth) return null;
  let target: JsonValue | undefined = root;
  for (const key of $ref.split("/").slice(1)) {
    const name = key.replaceAll("~1", "/").replaceAll("~0", "~");
    target = isJsonObject(target) ? target[name] : undefined;
  }
  return resolve(target, root, depth + 1);
}

/**
 * Returns the schema, or the only schema of its `allOf`: libraries write a reference with a description so. Returns null
 * if there is no schema.
 */
export function withoutWrapper(node: JsonValue | undefined): JsonObject | null {
  if (!isJsonObject(node)) return null;
  const { allOf, ...rest } = node;
  const [only, ...more] = isList(allOf) ? allOf : [];
  return isJsonObject(only) && more.length === 0 ? { ...rest, ...only } : node;
}

function branchesOf({ anyOf, oneOf }: JsonObject): readonly JsonValue[] {
  return isList(anyOf) ? anyOf : isList(oneOf) ? oneOf : [];
}
