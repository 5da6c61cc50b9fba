import { describe, expect, it } from "vitest";
import { toThreadParams, toTurnDraft } from "../../../../src/transport/app-server/thread-params.js";
import { settingsDifference, withOptions } from "../../../../src/transport/app-server/turn-settings.js";
import { checkTransportSupport } from "../../../../src/transport/options/check-change.js";
import { checkOptions } from "../../../../src/transport/options/check-options.js";
import { clientOptionsTable } from "../../../../src/transport/options/client-options-table.js";
import { toExecArguments } from "../../../../src/transport/exec/exec-arguments.js";
import type { ThreadOptions } from "../../../../src/transport/options/options.js";
import { optionRows } from "../../../../src/transport/options/options-table.js";
import { only, samples } from "../option-samples.js";
import { fieldsOf } from "../protocol-fields.js";

const rows = Object.entries(optionRows);
const inForce = {
  model: "gpt-6.1-sol",
  cwd: "/",
  effort: "low",
  summary: "none",
  serviceTier: null,
  approvalPolicy: "never",
  sandboxPolicy: { type: "workspaceWrite", writableRoots: [], networkAccess: false },
};

describe("the table of options", () => {
  it("[A1.23] has a row for every option of a thread, and no other", () => {
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(samples).sort());
  });

  for (const [name, row] of rows) {
    for (const level of ["thread", "turn"] as const) {
      if (row.levels.includes(level)) {
        it(`[A1.23] takes ${name} on a ${level}`, () => {
          expect(() => checkOptions(only(name), { level })).not.toThrow();
        });
      } else {
        it(`[A1.23] refuses ${name} on a ${level}, and names its place`, () => {
          const check = (): void => checkOptions(only(name), { level });
          expect(check).toThrow(expect.objectContaining({ code: "UNKNOWN_OPTION", option: name }));
          expect(check).toThrow(/an option of .*a thread/);
        });
      }
    }

    it(`[A1.23] refuses ${name} with an unusable value`, () => {
      for (const value of [null, Symbol("x"), () => 1, 7n, Number.NaN]) {
        expect(() => checkOptions({ [name]: value }, { level: "thread" })).toThrow(
          expect.objectContaining({ code: "INVALID_OPTION", option: name }),
        );
      }
    });

    it(`[A1.23] never ignores ${name} when an app-server thread starts`, () => {
      const changed = !same(toThreadParams({}, only(name)), toThreadParams({}, {}));
      expect(changed).toBe(typeof row.appServerThread === "object");
      if (row.appServerThread === "local") expect(["skipGitRepoCheck"]).toContain(name);
    });

    it(`[A1.23] never ignores ${name} on exec`, () => {
      if (row.exec === "unsupported" || name === "approvalPolicy") {
        expect(() => checkTransportSupport(only(name), "exec")).toThrow(
          expect.objectContaining({ code: "UNSUPPORTED_FEATURE", transport: "exec" }),
        );
        return;
      }
      expect(() => checkTransportSupport(only(name), "exec")).not.toThrow();
      expect(!same(argv(only(name)), argv({}))).toBe(typeof row.exec === "object");
    });

    if (!row.levels.includes("turn")) continue;
    it(`[A1.23] never ignores ${name} of a turn on app-server`, () => {
      const wanted = withOptions(inForce, only(name));
      const sticky = settingsDifference(inForce, wanted);
      const ownOfTurn = toTurnDraft(only(name)).params["serviceTierForTurn"];
      expect(Object.keys(sticky).length + (ownOfTurn === undefined ? 0 : 1)).toBe(1);
    });
  }

  it("[A1.23] sends only fields of the binary's own types", () => {
    const { config, ...started } = toThreadParams({ config: { model: "x" } }, samples);
    expect(config).toBeTypeOf("object");
    expect(subtract(Object.keys(started), fieldsOf("ThreadStartParams"))).toEqual([]);
    expect(fieldsOf("ThreadStartParams")).toContain("config");
    // Options of new threads only are refused on resume; the rest must reach codex.
    const resumed = Object.fromEntries(
      Object.entries(samples).filter(([name]) => optionRows[name]?.onResume !== "new only"),
    );
    expect(subtract(Object.keys(toThreadParams({}, resumed)), fieldsOf("ThreadResumeParams"))).toEqual([]);
    const turn = { ...settingsDifference(inForce, withOptions(inForce, samples)), ...toTurnDraft(samples).params };
    const known = fieldsOf("TurnStartParams");
    expect(subtract(Object.keys(turn), known)).toEqual([]);
    expect(known).toContain("collaborationMode");
  });

  it("[A1.23] sends every option again on resume that codex forgets", () => {
    for (const [name, { onResume, appServerThread }] of rows) {
      if (onResume === "always") expect(appServerThread, name).toBeTypeOf("object");
      if (onResume === "local") expect(appServerThread, name).toBe("local");
    }
  });

  it("the later row wins if two options set the same value, in any order of the options", () => {
    const either: ThreadOptions = { webSearchMode: "cached", webSearchEnabled: true };
    const other: ThreadOptions = { webSearchEnabled: true, webSearchMode: "cached" };
    for (const options of [either, other]) {
      expect(toThreadParams({}, options)["config"]).toMatchObject({ web_search: "cached" });
      expect(argv(options).filter((word) => word.startsWith("web_search"))).toEqual(['web_search="cached"']);
    }
    const overConfig: ThreadOptions = { modelReasoningEffort: "high", config: { model_reasoning_effort: "low" } };
    expect(toThreadParams({}, overConfig)["config"]).toMatchObject({ model_reasoning_effort: "high" });
    expect(
      argv(overConfig)
        .filter((word) => word.startsWith("model_reasoning_effort"))
        .at(-1),
    ).toContain('"high"');
  });

  it("treats an undefined option like a missing one", () => {
    const undefinedAll = Object.fromEntries(Object.keys(samples).map((name) => [name, undefined]));
    expect(() => checkOptions(undefinedAll, { level: "thread" })).not.toThrow();
    expect(toThreadParams({}, undefinedAll)).toEqual(toThreadParams({}, {}));
    expect(argv(undefinedAll)).toEqual(argv({}));
  });

  it("the defaults are the same on both transports: read-only, without approvals and without trust", () => {
    const untrusted = { "/w": { trust_level: "untrusted" }, "/": { trust_level: "untrusted" } };
    const config = { projects: untrusted };
    const options = { workingDirectory: "/w" };
    expect(toThreadParams({}, options)).toEqual({ cwd: "/w", sandbox: "read-only", approvalPolicy: "never", config });
    const projects = 'projects={ "/w" = { trust_level = "untrusted" }, "/" = { trust_level = "untrusted" } }';
    expect(argv(options)).toEqual(expect.arrayContaining(["--sandbox=read-only", 'approval_policy="never"', projects]));
  });

  it("[A1.23] every option of a client is checked", () => {
    for (const name of Object.keys(clientOptionsTable)) {
      expect(() => checkOptions({ [name]: null }, { level: "client" })).toThrow(
        expect.objectContaining({ code: "INVALID_OPTION", option: name }),
      );
    }
  });
});

function argv(options: ThreadOptions): readonly string[] {
  const marker = { name: "CODEXKIT_RUN_1", value: "1" } as const;
  const call = { client: {}, options, threadId: null, imagePaths: [], schemaPath: null, marker, profile: "codexkit-1" };
  return toExecArguments(call).args;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function subtract(names: readonly string[], known: ReadonlySet<string>): string[] {
  return names.filter((name) => !known.has(name));
}
