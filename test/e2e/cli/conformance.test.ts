import { describe, expect, it } from "vitest";
import { findDifference } from "../../../scripts/conformance/expectation.js";
import { holdsOn, type Probe, probeRuns } from "../../../scripts/conformance/probe.js";
import { probes } from "../../../scripts/conformance/probes/index.js";
import { toReport, withReport } from "../../../scripts/conformance/report.js";
import { runProbes } from "../../../scripts/conformance/run-probes.js";
import { renderTable } from "../../../scripts/conformance/table.js";
import { resolveCodex } from "../../../src/index.js";

const [text] = probes.filter(({ id }) => id === "turn.text");
if (text === undefined) throw new Error("there is no probe turn.text");

describe("the conformance suite", () => {
  it("[A7.1] reports probes that hold, fail, hang and are known not to hold, each without an end of the run", async () => {
    const seeded: Probe[] = [
      text,
      { ...text, id: "seeded.wrong", feature: "seeded", transports: ["exec"], expected: { finalResponse: "Goodbye." } },
      {
        ...text,
        id: "seeded.throws",
        feature: "seeded",
        transports: ["exec"],
        play: () => Promise.reject(new Error("boom")),
      },
      {
        ...text,
        id: "seeded.hangs",
        feature: "seeded",
        transports: ["exec"],
        timeoutMs: 300,
        play: () => new Promise(() => undefined),
      },
      {
        ...text,
        id: "seeded.gap",
        feature: "gap",
        transports: ["exec"],
        since: "99.0.0",
        expected: { status: "failed" },
      },
    ];
    const codexPath = resolveCodex().path;
    const results = await runProbes(probeRuns(seeded), { codexPath, version: "1.0.0", jobs: 3 });
    expect(results.map(({ id, status, detail }) => [id, status, detail])).toEqual([
      ["turn.text app-server", "ok", null],
      ["turn.text exec", "ok", null],
      ["seeded.wrong exec", "failed", 'it.finalResponse is "Hello.", not "Goodbye."'],
      ["seeded.throws exec", "failed", "boom"],
      ["seeded.hangs exec", "failed", "no end after 300 ms"],
      ["seeded.gap exec", "gap", 'it.status is "completed", not "failed"'],
    ]);
    const report = toReport("1.0.0", { results, seconds: 1 });
    const rows = renderTable([report], { whole: false }).split("\n");
    expect(rows.slice(2, 6)).toEqual([
      "| seeded | **no** |",
      "| gap | **no** |",
      "| 1 other features | ok |",
      "| probes that hold | 2 of 6 |",
    ]);
    expect(rows.at(-1)).toBe("The other features: turn.");
  });

  it("[A7.1] a saved report is replaced by a whole one, and merged with one of some probes", () => {
    const ok = { id: "a", feature: "f", status: "ok", ms: 1, detail: null } as const;
    const gap = { id: "b", feature: "f", status: "gap", ms: 1, detail: "why" } as const;
    const whole = toReport("1.0.0", { results: [ok, gap], seconds: 2 });
    const newer = toReport("1.10.0", { results: [ok], seconds: 2 });
    const part = toReport("1.0.0", { results: [{ ...gap, status: "ok", detail: null }], seconds: 1 });
    expect(withReport([whole], newer).map(({ version }) => version)).toEqual(["1.10.0", "1.0.0"]);
    expect(withReport([whole], part)).toMatchObject([
      { ok: 2, seconds: 2, probes: { a: { status: "ok" }, b: { status: "ok" } } },
    ]);
    expect(withReport([part], whole)).toEqual([whole]);
  });

  it("[A7.1] has probes with unique ids", () => {
    const ids = probeRuns(probes).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(110);
  });

  it("[A7.1] knows on which versions a probe holds", () => {
    const run = (more: Partial<Probe>, transport: "app-server" | "exec" = "exec") => ({
      id: "",
      transport,
      probe: { ...text, ...more },
    });
    expect(holdsOn(run({ since: "0.164.0" }), "0.163.9")).toBe(false);
    expect(holdsOn(run({ since: "0.164.0" }), "0.164.0")).toBe(true);
    expect(holdsOn(run({ since: { "app-server": "0.164.0" } }), "0.163.0")).toBe(true);
    expect(holdsOn(run({ except: [["0.166.0", "0.168.0"]] }), "0.167.2")).toBe(false);
    expect(holdsOn(run({ except: [["0.166.0", "0.168.0"]] }), "0.168.0")).toBe(true);
  });

  it("[A7.1] compares observations: subsets of objects, whole arrays, patterns on texts and values", () => {
    expect(findDifference({ a: [1, /b/] }, { a: [1, "abc"], more: true })).toBeNull();
    expect(findDifference({ a: [1] }, { a: [1, 2] })).toBe("it.a is [1,2], not [1]");
    expect(findDifference(/"x":1/, { x: 1 })).toBeNull();
    expect(findDifference({ a: { b: null } }, { a: {} })).toBe("it.a.b is undefined, not null");
  });
});
