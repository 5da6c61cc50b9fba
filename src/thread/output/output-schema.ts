import type { JsonObject, JsonValue } from "../../internal/json.js";
import {
  readSchemaSource,
  type SchemaPair,
  type SchemaVerdict,
  validateStandard,
} from "../../internal/schema-source.js";
import type { StandardSchema } from "../../internal/standard-schema.js";
import { loadSchemaChecker, type SchemaChecker } from "../../tools/schema/json-schema-check.js";
import { readAnswer } from "./answer-text.js";
import { restoreOptional } from "./restore-optional.js";
import { toStrictSchema } from "./strict-schema.js";

/**
 * The schema of a final answer: a Standard Schema that can produce its JSON Schema (zod >= 4.2, arktype), a pair of any
 * Standard Schema and a JSON Schema, or a plain JSON Schema, whose output is validated and has type `unknown`. Its top level
 * must be an object. Codex requires a strict schema: objects are closed, and optional properties become nullable, because the
 * model must answer them; nulls of optional properties are removed from the output again. Constraints that a strict schema
 * cannot have, such as a pattern with lookaround, are sent as a description. A schema without a strict form, such as a
 * dictionary whose keys are not listed, is refused with its path.
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
  /** Parses the answer. `texts` are the messages that can be the answer, the last one first. */
  parse(texts: readonly string[]): Promise<SchemaVerdict>;
}

/** Throws an `OptionError` (`INVALID_SCHEMA`) if the schema has no JSON Schema, or if it has no strict form. */
export function toOutputParser(schema: unknown): OutputParser {
  const source = readSchemaSource(schema, "outputSchema");
  return createParser(source.jsonSchema, source.schema);
}

function createParser(given: JsonObject, schema: StandardSchema | null): OutputParser {
  let checker: Promise<SchemaChecker> | null = null;
  return {
    jsonSchema: toStrictSchema(given),
    async parse(texts) {
      const answer = readAnswer(texts);
      if (answer === undefined) return { ok: false, issues: ["the answer is not valid JSON"] };
      // A Standard Schema checks an answer without nulls as it is.
      if (schema !== null && !hasNull(answer)) return validateStandard(schema, answer);
      checker ??= loadSchemaChecker(given);
      const loaded = await checker;
      const value = restoreOptional(answer, loaded);
      if (schema !== null) return validateStandard(schema, value);
      const issues = loaded.issuesOf(value);
      return issues.length === 0 ? { ok: true, value } : { ok: false, issues };
    },
  };
}

function hasNull(value: JsonValue | undefined): boolean {
  return value === null || (typeof value === "object" && Object.values<JsonValue | undefined>(value).some(hasNull));
}
