import { type JsonObject, parseJson } from "../../internal/json.js";
import {
  readSchemaSource,
  type SchemaPair,
  type SchemaVerdict,
  validateStandard,
} from "../../internal/schema-source.js";
import type { StandardSchema } from "../../internal/standard-schema.js";
import { toStrictSchema } from "./strict-schema.js";

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
  read(text: string): Promise<SchemaVerdict>;
}

/** Throws an `OptionError` (`INVALID_SCHEMA`) where no JSON Schema can be had, or none that codex could send. */
export function toOutputReader(schema: unknown): OutputReader {
  const source = readSchemaSource(schema, "outputSchema");
  return createReader(source.jsonSchema, source.schema);
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
      return validateStandard(schema, value);
    },
  };
}
