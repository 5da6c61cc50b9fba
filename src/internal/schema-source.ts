import { OptionError } from "../errors/option-error.js";
import { isJsonObject, type JsonObject, parseJson } from "./json.js";
import type { StandardSchema } from "./standard-schema.js";

/** A schema with its JSON Schema, for libraries that cannot convert it themselves. */
export interface SchemaPair<S extends StandardSchema = StandardSchema> {
  readonly schema: S;
  readonly jsonSchema: object;
}

/** A schema of the caller: the JSON Schema for the wire, and the schema that validates a value. */
export interface SchemaSource {
  readonly jsonSchema: JsonObject;
  /** Null for a plain JSON Schema. */
  readonly schema: StandardSchema | null;
}

/**
 * Reads a Standard Schema that converts itself to JSON Schema, a pair of both, or a plain JSON Schema. Throws an
 * `OptionError` (`INVALID_SCHEMA`) with the name of the option if there is no JSON Schema.
 */
export function readSchemaSource(given: unknown, option: string): SchemaSource {
  if (isStandardSchema(given)) return { jsonSchema: jsonSchemaOf(given, option), schema: given };
  if (isSchemaPair(given)) return { jsonSchema: checkJsonSchema(given.jsonSchema, option), schema: given.schema };
  return { jsonSchema: checkJsonSchema(given, option), schema: null };
}

/** Validates a value by the schema. A validator that throws counts as an issue. */
export async function validateStandard(schema: StandardSchema, value: unknown): Promise<SchemaVerdict> {
  try {
    const result = await schema["~standard"].validate(value);
    if (result.issues === undefined) return { ok: true, value: result.value };
    return { ok: false, issues: result.issues.map(describeIssue) };
  } catch (error) {
    return { ok: false, issues: [`the schema's own check threw: ${String(error)}`] };
  }
}

export type SchemaVerdict =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly issues: readonly string[] };

function jsonSchemaOf(schema: StandardSchema, option: string): JsonObject {
  const { vendor, jsonSchema } = schema["~standard"];
  if (jsonSchema === undefined) throw noConverter(vendor, option);
  try {
    return checkJsonSchema(jsonSchema.input({ target: "draft-07" }), option);
  } catch (cause) {
    if (cause instanceof OptionError) throw cause;
    const message = `The \`${option}\` of ${vendor} cannot be written as JSON Schema: ${String(cause)}`;
    throw new OptionError("INVALID_SCHEMA", option, message, { cause });
  }
}

function noConverter(vendor: string, option: string): OptionError {
  const converters: Readonly<Record<string, string>> = {
    valibot: "`toJsonSchema` of @valibot/to-json-schema",
    zod: "`z.toJSONSchema` of zod 4.2 or newer, or `zodToJsonSchema` of zod-to-json-schema for zod 3",
  };
  const converter = converters[vendor] ?? "its own JSON Schema converter";
  const message = `This ${vendor} schema cannot be converted to JSON Schema by itself: pass \`{ schema, jsonSchema }\` with ${converter}.`;
  return new OptionError("INVALID_SCHEMA", option, message);
}

function checkJsonSchema(value: unknown, option: string): JsonObject {
  const copy = isPlainData(value) ? parseJson(JSON.stringify(value)) : undefined;
  if (isJsonObject(copy)) return copy;
  const message = `The \`${option}\` must be a schema or a plain JSON Schema object.`;
  throw new OptionError("INVALID_SCHEMA", option, message);
}

function isPlainData(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== "object" && typeof value !== "function") || value === null || !("~standard" in value))
    return false;
  const standard = value["~standard"];
  return (
    typeof standard === "object" &&
    standard !== null &&
    "validate" in standard &&
    typeof standard.validate === "function"
  );
}

function isSchemaPair(value: unknown): value is SchemaPair {
  if (typeof value !== "object" || value === null) return false;
  return "schema" in value && "jsonSchema" in value && isStandardSchema(value.schema);
}

function describeIssue({ message, path = [] }: StandardSchema.Issue): string {
  const keys = path.map((segment) => String(typeof segment === "object" ? segment.key : segment));
  return keys.length === 0 ? message : `${keys.join(".")}: ${message}`;
}
