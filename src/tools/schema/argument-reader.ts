import type { JsonObject, JsonValue } from "../../internal/json.js";
import { readSchemaSource, type SchemaVerdict, validateStandard } from "../../internal/schema-source.js";
import { createJsonSchemaCheck } from "./json-schema-check.js";
import { toWireSchema } from "./wire-schema.js";

/** The parameters of a tool, ready for use: what codex is told, and what checks a call's arguments. */
export interface ArgumentReader {
  readonly jsonSchema: JsonObject;
  /** Never rejects. Of a Standard Schema it gives the output, with defaults and transforms. */
  read(given: JsonValue): Promise<SchemaVerdict>;
}

/** Throws an `OptionError` (`INVALID_SCHEMA`) that names `option` for parameters that codex could not take. */
export function createArgumentReader(parameters: unknown, option: string): ArgumentReader {
  const { jsonSchema: given, schema } = readSchemaSource(parameters, option);
  const jsonSchema = toWireSchema(given, option);
  if (schema !== null) return { jsonSchema, read: (value) => validateStandard(schema, value ?? {}) };
  const check = createJsonSchemaCheck(given);
  return {
    jsonSchema,
    async read(given) {
      const value = given ?? {};
      const issues = await check(value);
      return issues.length === 0 ? { ok: true, value } : { ok: false, issues };
    },
  };
}
