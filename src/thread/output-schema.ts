import { OptionError } from "../errors/option-error.js";
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "../internal/json.js";
import { toStrictSchema } from "./strict-schema.js";
import type { StandardSchema } from "./standard-schema.js";

/** A schema with its JSON Schema beside it, for libraries that cannot give one themselves. */
export interface SchemaPair<S extends StandardSchema = StandardSchema> {
  readonly schema: S;
  readonly jsonSchema: object;
}

/**
 * What a final answer must look like: a Standard Schema that can give its JSON Schema (zod >= 4.2, arktype), a pair of
 * any Standard Schema and a JSON Schema, or a plain JSON Schema, whose output is `unknown`. Its top must be an object.
 * Codex sends it as strict: objects are closed, and optional properties, which the model must answer, become nullable
 * and are absent again in the output. What has no such form, a dictionary for one, is refused with its path.
 */
export type OutputSchema = StandardSchema | SchemaPair | Readonly<Record<string, unknown>>;

/** The type of a turn's `output` under a schema. */
export type OutputOf<S> = [S] extends [never]
  ? undefined
  : S extends SchemaPair<infer T>
    ? StandardSchema.Output<T>
    : S extends StandardSchema
      ? StandardSchema.Output<S>
      : unknown;

/** A schema ready for use: what goes on the wire, and how the answer is read. */
export interface OutputReader {
  readonly jsonSchema: JsonObject;
  read(text: string): Promise<ReadOutput>;
}
export type ReadOutput =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly issues: string[] };

/** Throws an `OptionError` (`INVALID_SCHEMA`) where no JSON Schema can be had, or none that codex could send. */
export function toOutputReader(schema: unknown): OutputReader {
  if (isStandardSchema(schema)) return createReader(jsonSchemaOf(schema), schema);
  if (isSchemaPair(schema)) return createReader(checkJsonSchema(schema.jsonSchema), schema.schema);
  return createReader(checkJsonSchema(schema), null);
}

function createReader(given: JsonObject, schema: StandardSchema | null): OutputReader {
  const strict = toStrictSchema(given);
  return {
    jsonSchema: strict.jsonSchema,
    async read(text) {
      const answer = parseJson(text);
      if (answer === undefined) return { ok: false, issues: ["the answer is not valid JSON"] };
      const value = strict.restore(answer);
      if (schema === null) return { ok: true, value };
      const result = await validate(schema, value);
      if (result.issues === undefined) return { ok: true, value: result.value };
      return { ok: false, issues: result.issues.map(describeIssue) };
    },
  };
}

/** A check of the caller's own may throw: then the answer does not fit, as it does not where the check complains. */
async function validate(schema: StandardSchema, value: JsonValue): Promise<StandardSchema.Result<unknown>> {
  try {
    return await schema["~standard"].validate(value);
  } catch (error) {
    return { issues: [{ message: `the schema's own check threw: ${String(error)}` }] };
  }
}

function jsonSchemaOf(schema: StandardSchema): JsonObject {
  const { vendor, jsonSchema } = schema["~standard"];
  if (jsonSchema === undefined) throw noConverter(vendor);
  try {
    return checkJsonSchema(jsonSchema.input({ target: "draft-07" }));
  } catch (cause) {
    if (cause instanceof OptionError) throw cause;
    const message = `The \`outputSchema\` of ${vendor} cannot be written as JSON Schema: ${String(cause)}`;
    throw new OptionError("INVALID_SCHEMA", "outputSchema", message, { cause });
  }
}

function noConverter(vendor: string): OptionError {
  const converters: Readonly<Record<string, string>> = {
    valibot: "`toJsonSchema` of @valibot/to-json-schema",
    zod: "`z.toJSONSchema` of zod 4.2 or newer, or `zodToJsonSchema` of zod-to-json-schema for zod 3",
  };
  const converter = converters[vendor] ?? "its own JSON Schema converter";
  const message = `This ${vendor} schema cannot give its JSON Schema: pass \`{ schema, jsonSchema }\` with ${converter}.`;
  return new OptionError("INVALID_SCHEMA", "outputSchema", message);
}

function checkJsonSchema(value: unknown): JsonObject {
  const copy = isPlainData(value) ? parseJson(JSON.stringify(value)) : undefined;
  if (isJsonObject(copy)) return copy;
  throw new OptionError(
    "INVALID_SCHEMA",
    "outputSchema",
    "The `outputSchema` must be a schema or a plain JSON Schema object.",
  );
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
