import type { JsonObject, JsonValue } from "../internal/json.js";

/** Keywords that codex drops before the model sees the schema. They are checked here all the same. */
const dropped = [
  ...["minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  ...["maxItems", "uniqueItems", "contains", "minContains", "maxContains", "prefixItems"],
  ...["minProperties", "maxProperties", "patternProperties", "propertyNames", "dependentRequired"],
  ...["not", "default"],
];

/** A keyword with a longer value is not told: the description is for what helps at a glance. */
const maxValueLength = 120;

/** The node with what codex would drop told in its description, so that the model can get it right the first time. */
export function withConstraints(wire: JsonObject, given: JsonObject): JsonObject {
  const notes = dropped.flatMap((keyword) => noteOf(keyword, given[keyword]));
  if (notes.length === 0) return wire;
  const { description } = given;
  const lead = typeof description === "string" && description !== "" ? `${description} ` : "";
  return { ...wire, description: `${lead}(${notes.join(", ")})` };
}

function noteOf(keyword: string, value: JsonValue | undefined): string[] {
  if (value === undefined || (typeof value === "number" && isIntegerBound(keyword, value))) return [];
  const text = JSON.stringify(value);
  return text.length > maxValueLength ? [] : [`${keyword}: ${text}`];
}

/** What zod writes for any integer. */
function isIntegerBound(keyword: string, value: number): boolean {
  return (keyword === "minimum" || keyword === "maximum") && Math.abs(value) === Number.MAX_SAFE_INTEGER;
}
