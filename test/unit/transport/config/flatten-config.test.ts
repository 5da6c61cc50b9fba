import fc from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { isJsonObject, type JsonValue, parseJson } from "../../../../src/internal/json.js";
import { flattenConfig, layConfig } from "../../../../src/transport/config/flatten-config.js";
import type { CodexConfigObject } from "../../../../src/transport/options/options.js";
import { toTomlValue } from "../../../../src/transport/config/toml-value.js";

const bareName = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/).filter((name) => name !== "__proto__");
const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }));
const { tree } = fc.letrec<{ tree: CodexConfigObject }>((tie) => ({
  tree: fc.dictionary(bareName, fc.oneof({ depthSize: "small" }, leaf, tie("tree")), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
}));

describe("flattening configuration", () => {
  it("writes each value under a path of its own", () => {
    expect(flattenConfig({ a: 1, b: { c: [1, { d: 2 }], e: { f: "x" } }, "g.h": true })).toEqual({
      a: 1,
      "b.c": [1, { d: 2 }],
      "b.e.f": "x",
      "g.h": true,
    });
  });

  it("writes a table whole if a path cannot name its keys, and an empty one too", () => {
    expect(flattenConfig({ projects: { "/a b/c.d": { trust_level: "trusted" } }, mcp_servers: {} })).toEqual({
      projects: { "/a b/c.d": { trust_level: "trusted" } },
      mcp_servers: {},
    });
  });

  it("ignores undefined values at every depth", () => {
    expect(flattenConfig({ a: undefined, b: { c: undefined, d: 1 } })).toEqual({ "b.d": 1 });
  });

  it("loses nothing: the nested paths equal the configuration", () => {
    fc.assert(
      fc.property(tree, (config) => {
        expect(nested(flattenConfig(config))).toEqual(config);
      }),
    );
  });
});

describe("merging configuration", () => {
  it("overrides single values and not whole tables, even if one of the two is written whole", () => {
    expect(layered({ features: { a: true } }, { features: { b: false } })).toEqual({
      "features.a": true,
      "features.b": false,
    });
    expect(layered({ projects: { "/a": { x: 1 } } }, { projects: { "/b": { x: 2 } } })).toEqual({
      projects: { "/a": { x: 1 }, "/b": { x: 2 } },
    });
    expect(layered({ env: { A: "1" } }, { env: { "B C": "2" } })).toEqual({ env: { A: "1", "B C": "2" } });
    expect(layered({ env: { "B C": "2" } }, { env: { A: "1" } })).toEqual({ env: { A: "1", "B C": "2" } });
    expect(layered({ env: { "B C": "2" } }, { "env.A": "1" })).toEqual({ env: { A: "1", "B C": "2" } });
  });

  it("a value replaces a table and a table a value", () => {
    expect(layered({ a: { b: 1 } }, { a: 2 })).toEqual({ a: 2 });
    expect(layered({ a: 2 }, { a: { b: 1 } })).toEqual({ "a.b": 1 });
  });

  it("never leaves a path inside another, and keeps the later value", () => {
    fc.assert(
      fc.property(tree, tree, (under, over) => {
        const flat = layered(under, over);
        const paths = Object.keys(flat);
        for (const path of paths) expect(paths.some((other) => other.startsWith(`${path}.`))).toBe(false);
        expect(nested(flat)).toEqual(merge(under, over));
      }),
    );
  });
});

describe("a value in TOML", () => {
  it("is on one line and is read back unchanged", () => {
    const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }));
    const scalar = fc.oneof(
      text,
      fc.boolean(),
      fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
      fc.constant(0.25),
    );
    const key = fc.string().filter((name) => name !== "__proto__");
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        scalar,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (given) => {
        const toml = toTomlValue(given);
        expect(toml).not.toMatch(/[\n\r]/);
        expect(plain(parse(`v = ${toml}`)["v"])).toEqual(plain(given));
      }),
    );
  });

  it.each([
    ["quotes and newlines", 'a "b"\n\tc\\d', '"a \\"b\\"\\n\\tc\\\\d"'],
    ["the delete character", "a\u007fb", '"a\\u007fb"'],
    ["a line separator", "a\u2028b", '"a\u2028b"'],
    ["a list", ["a", "b"], '[ "a", "b" ]'],
    ["an empty table", {}, "{}"],
    ["a nested table", { a: { "b c": 1 } }, '{ a = { "b c" = 1 } }'],
    ["a large number", 9_007_199_254_740_991, "9007199254740991"],
  ])("writes %s", (_, value, toml) => {
    expect(toTomlValue(value)).toBe(toml);
  });
});

function layered(under: CodexConfigObject, over: CodexConfigObject): Record<string, JsonValue> {
  const base = flattenConfig(under);
  layConfig(base, flattenConfig(over));
  return base;
}

/** Nests dotted paths as codex does. */
function nested(flat: Readonly<Record<string, JsonValue>>): JsonValue {
  let whole: JsonValue = {};
  for (const [path, value] of Object.entries(flat)) {
    whole = merge(
      whole,
      path.split(".").reduceRight<JsonValue>((inner, key) => ({ [key]: inner }), value),
    );
  }
  return whole;
}

function merge(under: unknown, over: unknown): JsonValue {
  if (!isJsonObject(under) || !isJsonObject(over)) return plain(over);
  const merged = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const before = merged.get(key);
    merged.set(key, isJsonObject(before) ? merge(before, value) : plain(value));
  }
  return plain(Object.fromEntries(merged));
}

/** The same as JSON: without prototypes, and without the difference of -0 and 0. */
function plain(value: unknown): JsonValue {
  return parseJson(JSON.stringify(value)) ?? null;
}
