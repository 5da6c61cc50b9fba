import type { OutputUnit, SchemaDraft, Validator } from "@cfworker/json-schema";
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "../../internal/json.js";

/**
 * Returns a function that checks values against a JSON Schema. It returns the problems with their paths, or an empty list.
 * The validator is loaded for the first value, so a program without tool calls does not load it.
 */
export function createJsonSchemaCheck(schema: JsonObject): (value: JsonValue) => Promise<readonly string[]> {
  let validator: Promise<Validator> | null = null;
  return async (value) => {
    try {
      validator ??= createValidator(schema);
      const { valid, errors } = (await validator).validate(value);
      if (valid) return [];
      const causes = errors.filter(isCause).slice(0, maxCauses);
      const issues = causes.filter((unit) => !isConsequence(unit, causes)).map(describe);
      return issues.length === 0 ? ["they do not fit the schema"] : issues;
    } catch (error) {
      return [`the schema itself cannot be applied: ${String(error)}`];
    }
  };
}

async function createValidator(schema: JsonObject): Promise<Validator> {
  const { Validator } = await import("@cfworker/json-schema");
  const text = JSON.stringify(schema, withoutSlowFormat);
  // The validator modifies its schema. Without `$id`, references resolve against the root.
  const copy = parseJson(text);
  const { $id: _, ...own } = isJsonObject(copy) ? copy : {};
  return new Validator(own, draftOf(schema, text), false);
}

/** Limits the pairwise comparison below, because a model may send any number of wrong arguments. */
const maxCauses = 200;

function draftOf({ $schema }: JsonObject, text: string): SchemaDraft {
  const named = typeof $schema === "string" ? $schema : "";
  if (named.includes("draft-04")) return "4";
  // Drafts before 2020-12 write a tuple as a list of `items`.
  if (/draft-0[67]/.test(named) || (named === "" && text.includes('"items":['))) return "7";
  return named.includes("2019-09") ? "2019-09" : "2020-12";
}

/** The validator's check of the non-standard format `url` takes exponential time on hostile text. */
function withoutSlowFormat(key: string, value: unknown): unknown {
  return key === "format" && value === "url" ? "uri" : value;
}

/** Returns false for the validator's units about an object or list that contains the invalid value. */
function isCause({ keyword }: OutputUnit): boolean {
  return !["properties", "patternProperties", "items", "prefixItems", "$ref", "allOf", "false"].includes(keyword);
}

/** The validator also reports a property that fails its own schema as an additional property. */
function isConsequence({ keyword, error, instanceLocation }: OutputUnit, causes: readonly OutputUnit[]): boolean {
  if (keyword !== "additionalProperties" && keyword !== "unevaluatedProperties") return false;
  const [, name = ""] = /^Property "(.*)" does not match/s.exec(error) ?? [];
  const place = `${instanceLocation}/${encodeURI(name.replaceAll("~", "~0").replaceAll("/", "~1"))}`;
  return causes.some((cause) => cause.instanceLocation === place || cause.instanceLocation.startsWith(`${place}/`));
}

function describe({ instanceLocation, error }: OutputUnit): string {
  const path = instanceLocation
    .replace(/^#\/?/, "")
    .split("/")
    .map((key) => decodeURI(key).replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");
  const sentence = error.replace(/^Instance /, "the value ");
  return path === "" ? sentence : `${path}: ${sentence}`;
}
