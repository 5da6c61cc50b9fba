import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/internal/json.js";
import { addCall, noMetrics } from "../../../src/tools/tool-metrics.js";
import { tool } from "../../../src/tools/tool.js";
import { toInstructions } from "../../../src/tools/to-instructions.js";
import { ToolRegistry } from "../../../src/tools/tool-registry.js";
import { createToolSet } from "../../../src/tools/tool-set.js";
import { openTurn } from "./call.js";

const named = (name: string, namespace?: string, more: object = {}) =>
  tool({ name, namespace, description: `Does ${name}. And more.`, execute: () => name, ...more });

describe("a registry of tools", () => {
  test("[A2.1] registers, looks up, lists and deregisters, and counts its changes", () => {
    const registry = new ToolRegistry([named("a")]);
    expect(registry.register([named("b"), named("c", "ns")])).toBe(registry);
    expect(registry.list().map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect([...registry]).toEqual(registry.list());
    expect([registry.size, registry.version]).toEqual([3, 2]);
    expect(registry.lookup("c", "ns")?.name).toBe("c");
    expect([registry.has("c"), registry.has("ns__c"), registry.lookup("nope")]).toEqual([false, false, null]);
    expect([registry.deregister("c", "ns"), registry.deregister("c", "ns"), registry.deregister("nope")]).toEqual([
      true,
      false,
      false,
    ]);
    expect([registry.size, registry.version]).toEqual([2, 3]);
  });

  test.each([
    [["a"], ["a"]],
    [["a-b"], ["a_b"]],
    [["a__b"], ["b", "a"]],
    [["1st"], ["_st"]],
  ] as [[string, string?], [string, string?]][])(
    "[A2.1] refuses two tools that are the same to codex: %j and %j",
    (one, other) => {
      const registry = new ToolRegistry([named(...one)]);
      const problem: unknown = expect.objectContaining({ code: "DUPLICATE_TOOL", name: "OptionError" });
      expect(() => registry.register(named(...other))).toThrow(problem);
      expect(() => new ToolRegistry([named(...one), named(...other)])).toThrow(problem);
      expect(() => createToolSet([[named(...one)], registry])).toThrow(problem);
      expect(() => registry.register([named("fresh"), named(...other)])).toThrow(problem);
      expect(registry.has("fresh")).toBe(false);
      expect(registry.has(...one)).toBe(true);
    },
  );

  test("[A2.1] refuses values that are not tools", () => {
    const fake: JsonObject = { ...named("a") } as never;
    expect(() => new ToolRegistry([fake as never])).toThrow(expect.objectContaining({ code: "INVALID_TOOL" }));
    for (const not of [5, null, fake]) expect(() => createToolSet([[not as never]])).toThrow(/tool/);
  });

  test("[A2.1] returns the metadata of each tool as plain data", () => {
    const registry = new ToolRegistry([named("a", "ns", { needsApproval: () => true, timeoutMs: null })]);
    const [metadata] = registry.metadata();
    expect(metadata).toEqual({
      name: "a",
      namespace: "ns",
      description: "Does a. And more.",
      inputSchema: { type: "object", properties: {} },
      isEnabled: true,
      timeoutMs: null,
      needsApproval: "sometimes",
    });
    expect(structuredClone(metadata)).toEqual(metadata);
  });

  test("[A2.1] counts the calls of its own tools, with their outcomes and times", async () => {
    const fails = tool({
      name: "fails",
      description: "F.",
      namespace: "ns",
      execute: () => Promise.reject(new Error("x")),
    });
    const registry = new ToolRegistry([named("a"), fails]);
    const other = new ToolRegistry([named("a")]);
    const { call } = openTurn(registry);
    await Promise.all([call("a"), call("a"), call("a", "no object"), call("fails", {}, "ns"), call("nope")]);
    expect(registry.metrics("a")).toMatchObject({
      calls: 3,
      failures: 0 + 1,
      byOutcome: { success: 2, invalidArguments: 1 },
    });
    expect(registry.metrics("fails", "ns")).toMatchObject({ calls: 1, failures: 1, byOutcome: { threw: 1 } });
    expect(Object.keys(registry.metrics())).toEqual(["a", "ns.fails"]);
    expect(registry.metrics("nope")).toBeNull();
    expect(other.metrics("a")).toEqual(noMetrics);
    const { latency } = registry.metrics("a") ?? noMetrics;
    expect(latency.count).toBe(3);
    expect(latency.meanMs).toBeCloseTo(latency.totalMs / 3);
    registry.deregister("a");
    expect(registry.register(named("a")).metrics("a")).toEqual(noMetrics);
  });

  test("[A2.1] has metrics that equal the sums over its calls", () => {
    const calls = fc.array(
      fc.tuple(fc.constantFrom("success", "threw", "aborted"), fc.integer({ min: 0, max: 1000 })),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(calls, (given) => {
        const metrics = given.reduce((sum, [outcome, ms]) => addCall(sum, outcome, ms), noMetrics);
        const times = given.map(([, ms]) => ms);
        expect(metrics.calls).toBe(given.length);
        expect(Object.values(metrics.byOutcome).reduce((sum, count) => sum + count, 0)).toBe(given.length);
        expect(metrics.failures).toBe(given.filter(([outcome]) => outcome !== "success").length);
        expect(metrics.latency).toMatchObject({
          minMs: Math.min(...times),
          maxMs: Math.max(...times),
          lastMs: times.at(-1),
        });
      }),
    );
  });
});

describe("a set of tools", () => {
  test("[A2.1] follows its registries, and omits disabled tools", () => {
    const registry = new ToolRegistry([named("a")]);
    const set = createToolSet([registry, [named("b"), named("off", undefined, { isEnabled: false })]]);
    const names = () => set.definitions().map(({ name }) => name);
    expect(names()).toEqual(["a", "b"]);
    registry.register(named("c"));
    registry.deregister("a");
    expect(names()).toEqual(["c", "b"]);
    expect([set.find(null, "a"), set.find(null, "off")?.name]).toEqual([null, "off"]);
    registry.register(named("b"));
    expect(names()).toEqual(["c", "b"]);
  });

  test("[A2.1] returns definitions that are plain data", () => {
    const [definition] = createToolSet([[named("a", "ns")]]).definitions();
    expect(definition).toEqual({
      name: "a",
      namespace: "ns",
      description: "Does a. And more.",
      inputSchema: { type: "object", properties: {} },
    });
  });

  test("[A2.1] has instructions of its names and first sentences, of limited length", () => {
    const set = createToolSet([[named("a"), named("b", "ns")]]);
    expect(toInstructions(set.definitions())).toMatch(/:\n- a: Does a\.\n- ns__b: Does b\.$/);
    const many = Array.from({ length: 1000 }, (_, index) => named(`tool${index}`));
    const text = toInstructions(createToolSet([many]).definitions());
    expect(text.length).toBeLessThan(4_200);
    expect(text).toMatch(/- and \d+ more$/);
  });
});
