import { describe, expect, it } from "vitest";
import type { Report } from "../../../scripts/conformance/report.js";
import { compareBehaviours } from "../../../scripts/drift/behaviour-drift.js";
import { drift } from "../../../scripts/drift/drift.js";
import { type Finding, inOrder, matters } from "../../../scripts/drift/finding.js";
import { compareProtocols } from "../../../scripts/drift/protocol-drift.js";
import { flattenProtocol } from "../../../scripts/drift/protocol-parts.js";
import { renderJson, renderMarkdown, renderText } from "../../../scripts/drift/render-drift.js";
import { compareFacts } from "../../../scripts/drift/table-drift.js";
import type { SourceUses } from "../../../scripts/drift/used-by.js";
import { compareWires } from "../../../scripts/drift/wire-drift.js";

/** `src/` uses the method `turn/start` with its status, and nothing else. */
const uses: SourceUses = {
  literal: (text) => (["turn/start", "turn/diff", "failed"].includes(text) ? ["src/a.ts"] : []),
  field: (name) => (["status", "diff"].includes(name) ? ["src/b.ts"] : []),
  names: () => false,
};

const protocol = (status: object, ...methods: string[]) =>
  flattenProtocol({
    ClientRequest: {
      oneOf: methods.map((method) => ({
        properties: { method: { enum: [method] }, params: { $ref: "#/definitions/v2/TurnStartParams" } },
      })),
    },
    v2: {
      TurnStartParams: { properties: { status }, required: ["status"] },
      Unused: { properties: { status } },
    },
  } as never);

const brief = (findings: readonly Finding[]): string[] =>
  findings.map((finding) => `${finding.kind} ${finding.path}${matters(finding) ? "!" : ""}`);

describe("the drift between two versions of codex", () => {
  it("[A5.3] names added and removed methods, changed fields and literals, and those that src/ uses", () => {
    const from = protocol({ type: "string", enum: ["failed", "done"] }, "turn/start", "old/method");
    const to = protocol({ type: ["string", "null"], enum: ["done", "new"] }, "turn/start", "new/method");
    expect(brief(compareProtocols(from, to, uses)).sort()).toEqual([
      '+ TurnStartParams.status="new"',
      '+ Unused.status="new"',
      "+ client method new/method",
      '- TurnStartParams.status="failed"!',
      '- Unused.status="failed"',
      "- client method old/method",
    ]);
    expect(compareProtocols(from, from, uses)).toEqual([]);
    const optional = protocol({ type: "number" }, "turn/start", "old/method");
    expect(brief(compareProtocols(from, optional, uses))).toContain("~ TurnStartParams.status!");
  });

  it("[A5.3] compares the wire by paths, counts equal differences, and folds version, model and window", () => {
    const line = (params: object) => `${JSON.stringify({ process: 1, message: { method: "turn/diff", params } })}\n`;
    const before = line({ diff: "a", cliVersion: "1", gone: 1 });
    const after = line({ diff: "b", cliVersion: "2", fresh: 1 });
    const findings = compareWires(
      new Map([
        ["app-server/x", before + before],
        ["app-server/y", before],
        ["exec/z", before],
      ]),
      new Map([
        ["app-server/x", after],
        ["app-server/y", after],
      ]),
      uses,
    );
    expect(findings.map(({ kind, path, count }) => [kind, path, count])).toEqual([
      ["~", "turn/diff.diff", 2],
      ["-", "turn/diff.gone", 2],
      ["~", "number of turn/diff in app-server/x", 1],
      ["+", "turn/diff.fresh", 2],
      ["~", "version, default model and context window", 1],
      ["-", "scenario exec/z", undefined],
    ]);
    expect(findings.filter(matters).map(({ path }) => path)).toEqual([
      "turn/diff.diff",
      "number of turn/diff in app-server/x",
    ]);
  });

  it("[A5.3] names the probes that changed their verdict; one that holds no longer matters", () => {
    const report = (a: string, b: string) =>
      ({ probes: { a: { feature: "f", status: a }, b: { feature: "f", status: b } } }) as unknown as Report;
    expect(brief(compareBehaviours(report("ok", "gap"), report("failed", "ok")))).toEqual(["~ a!", "+ b"]);
    expect(compareBehaviours(report("gap", "ok"), report("failed", "ok"))).toEqual([]);
  });

  it("[A5.3] a new tool of codex matters if codexkit does not list it", () => {
    const facts = (...tools: string[]) => ({
      model: new Map<string, string>(),
      feature: new Map<string, string>(),
      tool: new Map(tools.map((name): [string, string] => [name, ""])),
    });
    expect(brief(compareFacts(facts("gone"), facts("apply_patch", "brand_new_tool")))).toEqual([
      "- tool gone",
      "+ tool apply_patch",
      "+ tool brand_new_tool!",
    ]);
  });

  it("[A5.3] prints the worst section first, as text, Markdown and JSON", () => {
    const finding = { kind: "-", path: "x", from: "a", to: null, usedBy: ["src/a.ts"] } as const;
    const findings: Finding[] = [
      { ...finding, section: "tables" },
      { ...finding, section: "behaviour", kind: "~" },
      { ...finding, section: "protocol", usedBy: [] },
    ];
    expect(inOrder(findings).map(({ section }) => section)).toEqual(["behaviour", "protocol", "tables"]);
    const result = { from: "1", to: "2", findings };
    expect(renderText(result)).toContain("codex 1 to 2: 2 differences of what codexkit uses\n\nbehaviour: 1 changed");
    expect(renderMarkdown(result)).toContain("- **~ x: a -> nothing (src/a.ts)**");
    expect(renderJson(result).split("\n")[0]).toContain('{"kind":"~","path":"x"');
    expect(renderText({ ...result, findings: [] })).toContain("nothing that codexkit uses has changed");
  });

  it("[A5.3] ends with 3 without a binary, and with 2 for wrong usage", async () => {
    const printed: string[] = [];
    const output = { out: (text: string) => printed.push(text), err: (text: string) => printed.push(text) };
    expect(await drift(["--from", "/no/such/codex", "--to", "/no/such/codex"], output)).toBe(3);
    expect(printed.join("")).toContain("/no/such/codex");
    expect(await drift(["--only", "nothing"], output)).toBe(2);
  });
});
