import { isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import { namedShapes } from "../generated/shapes.js";

/** One field of a compiled shape. */
export interface Field {
  readonly key: string;
  readonly optional: boolean;
  /** Letters of the JSON kinds that are allowed; empty where every one is. */
  readonly kinds: string;
  /** The name of the shape that the value must have. */
  readonly shape: string | undefined;
}

/**
 * What is wrong with a value, in a few words, or undefined where nothing is. Only the fields of the shape are looked at:
 * more are always allowed. The spec's language is told at the top of `generated/shapes.ts`.
 */
export function checkShape(spec: string, value: JsonObject): string | undefined {
  return checkFields(compileShape(spec), value);
}

/** Does the same with the fields of a shape that was compiled before. */
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

/** The fields of a spec, parsed once. */
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
