import { isJsonObject, isList, type JsonObject, type JsonValue } from "../../internal/json.js";
import type { SchemaChecker } from "../../tools/schema/json-schema-check.js";
import { followReference } from "../../tools/schema/schema-reference.js";

/**
 * Returns the answer without the nulls that mean "absent": the nulls of listed properties that are neither `required` nor
 * nullable in the schema. In a union the first branch decides that the restored answer fits.
 */
export function restoreOptional(answer: JsonValue, checker: SchemaChecker): JsonValue {
  return new Restorer(checker).restore(answer, checker.root);
}

class Restorer {
  readonly #checker: SchemaChecker;
  /** The results by part of the answer and part of the schema: nested unions would repeat them exponentially. */
  readonly #restored = new Map<JsonValue, Map<JsonValue | undefined, JsonValue>>();

  constructor(checker: SchemaChecker) {
    this.#checker = checker;
  }

  restore(answer: JsonValue, node: JsonValue | undefined): JsonValue {
    if (typeof answer !== "object" || answer === null) return answer;
    const known = this.#restored.get(answer) ?? new Map<JsonValue | undefined, JsonValue>();
    this.#restored.set(answer, known);
    const before = known.get(node);
    if (before !== undefined) return before;
    const restored = this.#restoreNew(answer, node);
    known.set(node, restored);
    return restored;
  }

  #restoreNew(answer: JsonObject | readonly JsonValue[], node: JsonValue | undefined): JsonValue {
    const schema = resolve(node, this.#checker.root);
    if (schema === null) return answer;
    const branches = branchesOf(schema);
    if (branches.length > 0) return this.#restoreUnion(answer, branches);
    if (isList(answer)) return answer.map((entry) => this.restore(entry, schema["items"]));
    return this.#restoreObject(answer, schema);
  }

  #restoreUnion(answer: JsonObject | readonly JsonValue[], branches: readonly JsonValue[]): JsonValue {
    for (const branch of branches) {
      if (!this.#mayFit(answer, branch)) continue;
      const restored = this.restore(answer, branch);
      if (this.#checker.fits(restored, branch)) return restored;
    }
    return answer;
  }

  #restoreObject(answer: JsonObject, schema: JsonObject): JsonValue {
    const required = new Set(isList(schema["required"]) ? schema["required"] : []);
    const kept: [string, JsonValue][] = [];
    for (const [name, value = null] of Object.entries(answer)) {
      const property = propertyOf(schema, name);
      const absent =
        value === null && property !== undefined && !required.has(name) && !this.#checker.fits(null, property);
      if (!absent) kept.push([name, this.restore(value, property)]);
    }
    return Object.fromEntries(kept);
  }

  /** Returns false if a text, number or boolean of the object contradicts the branch. This keeps the search short. */
  #mayFit(answer: JsonObject | readonly JsonValue[], branch: JsonValue): boolean {
    if (isList(answer)) return true;
    const schema = resolve(branch, this.#checker.root) ?? {};
    return Object.entries(answer).every(([name, value = null]) => {
      const property = propertyOf(schema, name);
      return property === undefined || typeof value === "object" || this.#checker.fits(value, property);
    });
  }
}

function propertyOf({ properties, additionalProperties }: JsonObject, name: string): JsonValue | undefined {
  if (isJsonObject(properties) && Object.hasOwn(properties, name)) return properties[name];
  return isJsonObject(additionalProperties) ? additionalProperties : undefined;
}

/** Returns the schema object to which a node and its references lead, or null if there is none. */
function resolve(node: JsonValue | undefined, root: JsonObject): JsonObject | null {
  let schema = withoutWrapper(node);
  // A chain of references without an end is refused before the turn.
  while (typeof schema?.["$ref"] === "string") schema = withoutWrapper(followReference(schema["$ref"], root));
  return schema;
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
