import type { JsonObject, JsonValue } from "../../internal/json.js";
import { readSchemaSource, type SchemaVerdict, validateStandard } from "../../internal/schema-source.js";
import { createJsonSchemaCheck } from "./json-schema-check.js";
import { toWireSchema } from "./wire-schema.js";

/** The parameters of a tool: the JSON Schema for codex, and the check of a call's arguments. */
export interface ArgumentParser {
  readonly jsonSchema: JsonObject;
  /** Validates the arguments. Never rejects. A Standard Schema returns its output, with defaults and transforms. */
  parse(args: JsonValue): Promise<SchemaVerdict>;
}

/** Throws an `OptionError` (`INVALID_SCHEMA`), which names `option`, for parameters that codex would not accept. */
export function createArgumentParser(parameters: unknown, option: string): ArgumentParser {
  const { jsonSchema: source, schema } = readSchemaSource(parameters, option);
  const jsonSchema = toWireSchema(source, option);
  if (schema !== null) return { jsonSchema, parse: (value) => validateStandard(schema, value ?? {}) };
  const check = createJsonSchemaCheck(source);
  return {
    jsonSchema,
    async parse(args) {
      const value = args ?? {};
      const issues = await check(value);
      return issues.length === 0 ? { ok: true, value } : { ok: false, issues };
    },
  };
}
