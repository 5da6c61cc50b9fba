import { resolveSchema, type JsonSchema, type SchemaDefinitions } from "./json-schema.js";

/** Definitions with their own shape, because a wrong one would break more than its own event. */
export const namedShapes = ["Thread", "ThreadTokenUsage", "TokenUsageBreakdown", "Turn", "TurnError"] as const;

const named: ReadonlySet<string> = new Set(namedShapes);
const routing: ReadonlySet<string> = new Set(["threadId", "turnId"]);
const letters: Readonly<Record<string, string>> = {
  string: "s",
  number: "n",
  integer: "n",
  boolean: "b",
  object: "o",
  array: "a",
  null: "0",
};

/**
 * Returns the spec that `check-shape.ts` reads: "threadId:s turn:@Turn error?:@TurnError". It contains the required
 * fields with their JSON kinds, and the optional fields that route an event or have a named shape.
 */
export function shapeSpec(definitions: SchemaDefinitions, schema: JsonSchema, options: ShapeOptions = {}): string {
  const { skip = [] } = options;
  return [...fieldsOf(definitions, schema, options.withDefaults).entries()]
    .filter(([key]) => !skip.includes(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${key}${field.required ? "" : "?"}:${field.kinds}`)
    .join(" ");
}

export interface ShapeOptions {
  readonly skip?: readonly string[];
  /** Counts a field with a default as required: serde adds it when it reads, and always writes it. */
  readonly withDefaults?: boolean;
}

interface Field {
  readonly required: boolean;
  readonly kinds: string;
}

function fieldsOf(definitions: SchemaDefinitions, schema: JsonSchema, withDefaults = false): Map<string, Field> {
  const { schema: resolved } = resolveSchema(definitions, schema);
  const fields = new Map<string, Field>();
  for (const [key, property] of Object.entries(resolved.properties ?? {})) {
    if (!/^\w+$/.test(key)) throw new Error(`"${key}" cannot stand in a shape`);
    const filled = withDefaults && property !== true && (property.default ?? null) !== null;
    const required = filled || (resolved.required?.includes(key) ?? false);
    const kinds = kindsOf(definitions, property);
    if (required || routing.has(key) || kinds.startsWith("@")) fields.set(key, { required, kinds });
  }
  const variants = (resolved.oneOf ?? resolved.anyOf ?? []).map((variant) =>
    fieldsOf(definitions, variant, withDefaults),
  );
  for (const [key, field] of variants[0] ?? []) {
    const all = variants.map((variant) => variant.get(key));
    if (!all.every((other) => other?.required === true)) continue;
    fields.set(key, { ...field, kinds: joinKinds(all.map((other) => other?.kinds ?? "*")) });
  }
  return fields;
}

function kindsOf(definitions: SchemaDefinitions, schema: JsonSchema | true): string {
  if (schema === true) return "*";
  const { name, schema: resolved } = resolveSchema(definitions, schema);
  if (name !== undefined && named.has(name)) return `@${name}`;
  if (resolved.enum !== undefined) return joinKinds(resolved.enum.map((value) => letters[typeof value] ?? "*"));
  if (resolved.type !== undefined) return joinKinds([resolved.type].flat().map((type) => letters[type] ?? "*"));
  const variants = resolved.oneOf ?? resolved.anyOf;
  if (variants === undefined) return "*";
  const inner = variants.map((variant) => kindsOf(definitions, variant));
  const only = inner.filter((kinds) => kinds !== "0");
  // An optional field may be null in any case, so "a named shape or null" is that shape.
  if (only.length === 1 && only[0]?.startsWith("@") === true) return only[0];
  return joinKinds(inner.map((kinds) => (kinds.startsWith("@") ? "o" : kinds)));
}

function joinKinds(kinds: readonly string[]): string {
  const all = [...new Set(kinds.join(""))].sort().join("");
  return all.includes("*") ? "*" : all;
}
