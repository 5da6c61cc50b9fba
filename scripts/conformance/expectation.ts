/**
 * The expected observation as data. An object requires its own keys only, an array has exactly these elements, and a
 * regular expression matches a text, or the JSON text of another value.
 */
export type Expectation =
  | string
  | number
  | boolean
  | null
  | undefined
  | RegExp
  | readonly Expectation[]
  | { readonly [key: string]: Expectation };

/** Returns the first difference between an observation and the expectation, for a person; null if there is none. */
export function findDifference(expected: Expectation, seen: unknown, path = "it"): string | null {
  if (expected instanceof RegExp) {
    const text = typeof seen === "string" ? seen : textOf(seen);
    return expected.test(text) ? null : `${path} is ${excerpt(text)}, which does not match ${String(expected)}`;
  }
  if (isList(expected)) {
    if (!Array.isArray(seen)) return differs(path, expected, seen);
    const found: readonly unknown[] = seen;
    if (found.length !== expected.length) return differs(path, expected, seen);
    return firstOf(expected.map((each, index) => () => findDifference(each, found[index], `${path}[${index}]`)));
  }
  if (typeof expected === "object" && expected !== null) {
    if (typeof seen !== "object" || seen === null) return differs(path, expected, seen);
    const found = new Map<string, unknown>(Object.entries(seen));
    return firstOf(
      Object.entries(expected).map(
        ([key, each]) =>
          () =>
            findDifference(each, found.get(key), `${path}.${key}`),
      ),
    );
  }
  return Object.is(expected, seen) ? null : differs(path, expected, seen);
}

function isList(value: Expectation): value is readonly Expectation[] {
  return Array.isArray(value);
}

function firstOf(checks: readonly (() => string | null)[]): string | null {
  for (const check of checks) {
    const difference = check();
    if (difference !== null) return difference;
  }
  return null;
}

function differs(path: string, expected: unknown, seen: unknown): string {
  return `${path} is ${excerpt(textOf(seen))}, not ${excerpt(textOf(expected))}`;
}

/** `JSON.stringify` returns undefined for undefined. */
function textOf(value: unknown): string {
  const patterns = (_key: string, each: unknown): unknown => (each instanceof RegExp ? String(each) : each);
  return value === undefined ? "undefined" : JSON.stringify(value, patterns);
}

function excerpt(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
