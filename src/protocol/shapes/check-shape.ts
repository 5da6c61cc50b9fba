import { isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import { namedShapes } from "../generated/shapes.js";

/** One field of a compiled shape. */
export interface Field {
  readonly key: string;
  readonly optional: boolean;
  /** Letters of the allowed JSON kinds. Empty if every kind is allowed. */
  readonly kinds: string;
  /** The name of the shape that the value must have. */
  readonly shape: string | undefined;
}

/**
 * Returns the problem of a value in a few words, or undefined if it is valid. Only the fields of the shape are checked;
 * others are allowed. `generated/shapes.ts` describes the language of `spec`.
 */
export function checkShape(spec: string, value: JsonObject): string | undefined {
  return checkFields(compileShape(spec), value);
}

/** Does the same with the fields of a compiled shape. */
export function checkFields(fields: readonly Field[], value: JsonObject): string | undefined {
  for (const field of fields) {
    const problem = checkField(field, value[field.key]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkField({ key, optional, kinds, shape }: Field, value: JsonValue | undefined): string | undefined {
  if (value === undefined) return optional ? undefined : `${key} is missing`;
  if (optional && value === null) return undefined;
  if (shape === undefined) {
    const kind = kindOf(value);
    return kinds === kind || kinds === "" || kinds.includes(kind) ? undefined : `${key} is of the wrong kind`;
  }
  if (!isJsonObject(value)) return `${key} is not an object`;
  const problem = checkShape(namedShapes[shape] ?? "", value);
  return problem === undefined ? undefined : `${key}.${problem}`;
}

function kindOf(value: JsonValue): string {
  switch (typeof value) {
    case "string":
      return "s";
    case "number":
      return "n";
    case "boolean":
      return "b";
    default:
      return value === null ? "0" : Array.isArray(value) ? "a" : "o";
  }
}

const compiled = new Map<string, readonly Field[]>();

/** Returns the fields of a spec. Each spec is parsed once. */
export function compileShape(spec: string): readonly Field[] {
  const known = compiled.get(spec);
  if (known !== undefined) return known;
  const fields = spec.split(" ").filter(Boolean).map(parseField);
  compiled.set(spec, fields);
  return fields;
}

function parseField(text: string): Field {
  const [name = "", kinds = ""] = text.split(":");
  const optional = name.endsWith("?");
  return {
    key: optional ? name.slice(0, -1) : name,
    optional,
    kinds: kinds === "*" || kinds.startsWith("@") ? "" : kinds,
    shape: kinds.startsWith("@") ? kinds.slice(1) : undefined,
  };
}
