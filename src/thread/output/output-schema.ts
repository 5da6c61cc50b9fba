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
 * The schema of a final answer: a Standard Schema that can produce its JSON Schema (zod >= 4.2, arktype), a pair of any
 * Standard Schema and a JSON Schema, or a plain JSON Schema, whose output has type `unknown`. Its top level must be an
 * object. Codex requires a strict schema: objects are closed, and optional properties become nullable, because the model
 * must answer them; nulls of optional properties are removed from the output again. A schema without a strict form, such as
 * a dictionary, is refused with its path.
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

/** Applies an output schema: the JSON Schema that is sent, and the check of the answer. */
export interface OutputParser {
  readonly jsonSchema: JsonObject;
  parse(text: string): Promise<SchemaVerdict>;
}

/** Throws an `OptionError` (`INVALID_SCHEMA`) if the schema has no JSON Schema, or if it has no strict form. */
export function toOutputParser(schema: unknown): OutputParser {
  const source = readSchemaSource(schema, "outputSchema");
  return createParser(source.jsonSchema, source.schema);
}

function createParser(given: JsonObject, schema: StandardSchema | null): OutputParser {
  const strict = toStrictSchema(given);
  return {
    jsonSchema: strict.jsonSchema,
    async parse(text) {
      const answer = parseJson(text);
      if (answer === undefined) return { ok: false, issues: ["the answer is not valid JSON"] };
      const value = strict.restore(answer);
      if (schema === null) return { ok: true, value };
      return validateStandard(schema, value);
    },
  };
}
