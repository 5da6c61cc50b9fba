import type { OutputUnit, SchemaDraft } from "@cfworker/json-schema";
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "../../internal/json.js";

/**
 * Returns a function that checks values against a JSON Schema. It returns the problems with their paths, or an empty list.
 * The validator is loaded for the first value, so a program without tool calls does not load it.
 */
export function createJsonSchemaCheck(schema: JsonObject): (value: JsonValue) => Promise<readonly string[]> {
  let validator: Promise<SchemaChecker> | null = null;
  return async (value) => {
    validator ??= loadSchemaChecker(schema);
    return (await validator).issuesOf(value);
  };
}

/** Checks values against a schema, and against parts of it. */
export interface SchemaChecker {
  /** The checker's own copy of the schema. */
  readonly root: JsonObject;
  /** Returns the problems of the value with their paths, or an empty list. */
  issuesOf(value: JsonValue): readonly string[];
  /** Whether the value fits a part of `root`. */
  fits(value: JsonValue, part: JsonValue): boolean;
}

/** Loads the validator. */
export async function loadSchemaChecker(schema: JsonObject): Promise<SchemaChecker> {
  const { dereference, validate } = await import("@cfworker/json-schema");
  const text = JSON.stringify(schema, withoutSlowFormat);
  // The validator modifies its schema. Without `$id`, references resolve against the root.
  const copy = parseJson(text);
  const { $id: _, ...root } = isJsonObject(copy) ? copy : {};
  const draft = draftOf(schema, text);
  let lookup: ReturnType<typeof dereference> | null = null;
  return {
    root,
    issuesOf(value) {
      try {
        lookup ??= dereference(root);
        return issuesIn(validate(value, root, draft, lookup, false));
      } catch (error) {
        return [`the schema itself cannot be applied: ${String(error)}`];
      }
    },
    fits(value, part) {
      try {
        lookup ??= dereference(root);
        return (isJsonObject(part) || typeof part === "boolean") && validate(value, part, draft, lookup, true).valid;
      } catch {
        return false;
      }
    },
  };
}

function issuesIn({
  valid,
  errors,
}: {
  readonly valid: boolean;
  readonly errors: readonly OutputUnit[];
}): readonly string[] {
  if (valid) return [];
  const causes = errors.filter(isCause).slice(0, maxCauses);
  const issues = causes.filter((unit) => !isConsequence(unit, causes)).map(describe);
  return issues.length === 0 ? ["the value does not fit the schema"] : issues;
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
