import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CodexError } from "../../../../src/errors/codex-error.js";
import { checkContradictions, checkTransportSupport } from "../../../../src/transport/options/check-change.js";
import { checkOptions } from "../../../../src/transport/options/check-options.js";
import { namesOfOthers } from "../../../../src/transport/options/option-advice.js";
import { nearestName } from "../../../../src/errors/nearest-name.js";
import type { ThreadOptions } from "../../../../src/transport/options/options.js";
import { tool } from "../../../../src/tools/tool.js";
import { checkProvider } from "../../../../src/transport/config/provider-config.js";

describe("checking options", () => {
  it("names the nearest known option", () => {
    expect(refusal({ sandboxmode: "read-only" })).toMatchObject({ code: "UNKNOWN_OPTION", option: "sandboxmode" });
    expect(refusal({ sandboxmode: "read-only" }).message).toContain("Did you mean `sandboxMode`?");
    expect(refusal({ workingDirectoy: "/" }).message).toContain("`workingDirectory`");
    expect(refusal({ codexPath: "/" }, "client").message).toContain("codexPathOverride");
    expect(refusal({ zzz: 1 }).message).toContain("Known are: additionalDirectories, ");
  });

  it.each([
    ["thread", "instructions", "developerInstructions"],
    ["thread", "systemPrompt", "developerInstructions"],
    ["thread", "base_instructions", "baseInstructions"],
    ["thread", "sandbox", "sandboxMode"],
    ["thread", "cwd", "workingDirectory"],
    ["thread", "working_directory", "workingDirectory"],
    ["thread", "schema", "outputSchema"],
    ["turn", "outputType", "outputSchema"],
    ["turn", "abortSignal", "signal"],
    ["turn", "effort", "modelReasoningEffort"],
    ["client", "api_key", "apiKey"],
    ["client", "baseURL", "baseUrl"],
    ["client", "codex_bin", "codexPathOverride"],
    ["client", "canUseTool", "onApproval"],
  ] as const)("[A7] on a %s, offers the option that another SDK calls %s: %s", (level, given, meant) => {
    expect(refusal({ [given]: "x" }, level).message).toMatch(new RegExp(`Did you mean \`${meant}\`\\?$`));
  });

  it("[A7] names the place of an option that another SDK has elsewhere", () => {
    expect(refusal({ cwd: "/" }, "client").message).toMatch(
      /Did you mean `workingDirectory`\? It is an option of a thread or a turn\.$/,
    );
    expect(refusal({ abortController: 1 }).message).toContain("`signal`? It is an option of a turn.");
    expect(refusal({ maxTurns: 3 }).message).toContain("`thread.runAuto(input, ");
    expect(refusal({ mcpServers: {} }, "client").message).toContain("`config: { mcp_servers: ");
  });

  it("[A7] offers the replacement of codex's own prompt only for a name that begins with base", () => {
    const names = [
      "instructions",
      "instruction",
      "Instructions",
      "myInstructions",
      "asInstructions",
      "caseInstructions",
    ];
    for (const name of names) expect(refusal({ [name]: "x" }).message).not.toContain("Did you mean `base");
    expect(refusal({ baseInstruction: "x" }).message).toContain("Did you mean `baseInstructions`?");
  });

  it("[A7] means existing options by the names of other SDKs, and hides no option of its own", () => {
    const levels = ["client", "thread", "turn"] as const;
    for (const [name, others] of Object.entries(namesOfOthers)) {
      expect(
        levels.some((level) => !isUnknown(name, level)),
        name,
      ).toBe(true);
      for (const other of others.split(" "))
        for (const level of levels) expect(isUnknown(other, level), other).toBe(true);
    }
  });

  it("names the right place of a misplaced option", () => {
    expect(refusal({ apiKey: "x" }).message).toContain("an option of `new Codex()`, not of a thread");
    expect(refusal({ model: "x" }, "client").message).toContain("an option of a thread or a turn, not of a client");
    expect(refusal({ timeoutMs: 1 }).message).toContain("an option of a turn, not of a thread");
    expect(refusal({ outputSchema: {} }, "client").message).toContain("a thread or a turn");
    expect(refusal({ transport: "exec" }).message).toContain("`new Codex()`");
  });

  it("advises to wrap a single tool in an array", () => {
    const one = tool({ name: "a", description: "Does it.", execute: () => "done" });
    const advice = "Wrap it in an array: `tools: [yourTool]`.";
    for (const level of ["client", "thread"] as const) {
      expect(refusal({ tools: one }, level)).toMatchObject({ code: "INVALID_OPTION", option: "tools" });
      expect(refusal({ tools: one }, level).message).toContain(`not one tool. ${advice}`);
    }
    expect(refusal({ tools: 5 }).message).not.toContain(advice);
  });

  it("refuses values other than objects, and accepts no option from a prototype", () => {
    for (const options of [null, "model", 1, [], undefined]) {
      expect(() => {
        checkOptions(options, { level: "thread" });
      }).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
    }
    for (const name of ["toString", "__proto__", "constructor", "hasOwnProperty"]) {
      expect(refusal(Object.fromEntries([[name, "x"]]))).toMatchObject({ code: "UNKNOWN_OPTION" });
    }
  });

  it("accepts any value or throws a CodexError", () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.constantFrom("client" as const, "thread" as const, "turn" as const),
        (options, level) => {
          try {
            checkOptions(options, { level });
          } catch (error) {
            expect(CodexError.isInstance(error)).toBe(true);
          }
        },
      ),
    );
  });

  it("cuts an unknown name in the message", () => {
    expect(refusal({ ["x".repeat(10_000)]: 1 }).message.length).toBeLessThan(1_000);
  });
});

describe("the checks of values", () => {
  it.each([
    ["null within", { config: { a: { b: null } } }, "a.b"],
    ["null in a list", { config: { a: [1, null] } }, "a.1"],
    ["undefined in a list", { config: { a: [undefined] } }, "a.0"],
    ["a hole in a list", { config: { a: new Array(2) } }, "a.0"],
    ["NaN", { config: { a: Number.NaN } }, "a"],
    ["Infinity", { config: { a: { b: Number.POSITIVE_INFINITY } } }, "a.b"],
    ["a date", { config: { a: new Date(0) } }, "a"],
    ["a function", { config: { a: () => 1 } }, "a"],
    ["a bigint", { config: { a: 1n } }, "a"],
    ["an empty key", { config: { a: { "": 1 } } }, "empty key"],
    ["itself", { config: circular() }, "circular"],
  ])("refuses config with %s, and names the place", (_, options, place) => {
    for (const level of ["client", "thread"] as const) {
      expect(refusal(options, level)).toMatchObject({ code: "INVALID_OPTION", option: "config" });
      expect(refusal(options, level).message).toContain(place);
    }
  });

  it("accepts one table at two places of config, and ignores undefined values", () => {
    const table = { a: 1 };
    expect(() => {
      checkOptions({ config: { x: table, y: [table], z: undefined } }, { level: "thread" });
    }).not.toThrow();
  });

  it.each([
    ["credentials", "https://user:pass@host/v1", "credentials"],
    ["a user", "https://user@host/v1", "credentials"],
    ["a query, where keys are passed", "https://host/v1?key=sk-1", "query"],
    ["a fragment", "https://host/v1#x", "fragment"],
    ["another protocol", "ftp://host/v1", "ftp:"],
    ["no protocol", "host/v1", "absolute URL"],
    ["nothing", "", "absolute URL"],
  ])("refuses baseUrl with %s, without showing its text", (_, baseUrl, reason) => {
    const error = refusal({ baseUrl }, "client");
    expect(error).toMatchObject({ code: "INVALID_OPTION", option: "baseUrl" });
    expect(error.message).toContain(reason);
    expect(error.message).not.toMatch(/pass|sk-1/);
  });

  it("accepts the environment of the process as env, and only strings", () => {
    for (const env of [process.env, { ...process.env, X: undefined }, { "=C:": "C:\\" }, {}]) {
      expect(() => {
        checkOptions({ env }, { level: "client" });
      }).not.toThrow();
    }
    for (const env of [{ A: 1 }, { A: { b: "c" } }, { A: null }, { A: "x\0y" }, { "A=B": "x" }, [], "A=B"]) {
      expect(refusal({ env }, "client"), JSON.stringify(env)).toMatchObject({ code: "INVALID_OPTION", option: "env" });
    }
  });

  it("never shows the value of a variable", () => {
    expect(refusal({ env: { KEY: "sk-secret\0" } }, "client").message).not.toContain("sk-secret");
  });

  it("refuses configOverrides without a key", () => {
    for (const configOverrides of [["a"], ["=1"], [" =1"], [""], "a=1", [1]]) {
      expect(refusal({ configOverrides }, "client")).toMatchObject({ option: "configOverrides" });
    }
  });

  it("refuses a text that is empty or does not fit in an argument", () => {
    for (const model of ["", "  ", "a\0b"]) expect(refusal({ model })).toMatchObject({ option: "model" });
    expect(refusal({ additionalDirectories: ["/a", ""] }).message).toContain("entry 1");
  });
});

describe("contradictions", () => {
  it.each<[string, ThreadOptions]>([
    ["a network in a read-only sandbox", { networkAccessEnabled: true }],
    ["a network in a sandbox said to be read-only", { networkAccessEnabled: true, sandboxMode: "read-only" }],
    ["no network without a sandbox", { networkAccessEnabled: false, sandboxMode: "danger-full-access" }],
    ["more directories in a read-only sandbox", { additionalDirectories: ["/a"] }],
    ["two answers on web search", { webSearchEnabled: true, webSearchMode: "disabled" }],
    ["two other answers on web search", { webSearchEnabled: false, webSearchMode: "cached" }],
  ])("refuses %s", (_, options) => {
    expect(() => {
      checkContradictions(options, false);
    }).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  });

  it.each<[string, ThreadOptions]>([
    ["no network in a read-only sandbox", { networkAccessEnabled: false }],
    ["a network in a sandbox that may write", { networkAccessEnabled: true, sandboxMode: "workspace-write" }],
    ["an empty list of directories", { additionalDirectories: [] }],
    ["one answer on web search", { webSearchEnabled: true, webSearchMode: "cached" }],
  ])("takes %s", (_, options) => {
    expect(() => {
      checkContradictions(options, false);
    }).not.toThrow();
  });

  it("refuses options of new threads on resume", () => {
    for (const options of [{ ephemeral: true }, { threadSource: "ci" }, { serviceName: "x" }]) {
      expect(() => {
        checkContradictions(options, true);
      }).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
      expect(() => {
        checkContradictions(options, false);
      }).not.toThrow();
    }
  });

  it("refuses a provider beside baseUrl on any level", () => {
    const baseUrl = "http://localhost/v1";
    for (const [client, options] of [
      [{ baseUrl }, { modelProvider: "x" }],
      [{ baseUrl, config: { model_provider: "x" } }, {}],
      [{ baseUrl }, { config: { model_provider: "x" } }],
      [{ baseUrl, configOverrides: ['model_provider="x"'] }, {}],
    ] as const) {
      expect(() => {
        checkProvider(client, options);
      }).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
    }
    expect(() => {
      checkProvider({ baseUrl, configOverrides: ["model_providers.x.name=y"] }, {});
    }).not.toThrow();
  });

  it("exec cannot request approvals", () => {
    for (const approvalPolicy of ["untrusted", "on-request"] as const) {
      expect(() => {
        checkTransportSupport({ approvalPolicy }, "exec");
      }).toThrow(expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }));
      expect(() => {
        checkTransportSupport({ approvalPolicy }, "app-server");
      }).not.toThrow();
    }
    expect(() => {
      checkTransportSupport({ approvalPolicy: "never" }, "exec");
    }).not.toThrow();
  });
});

describe("the nearest name", () => {
  it("is the name itself, in another case or with a typing error", () => {
    const known = ["model", "sandboxMode", "workingDirectory"];
    expect(nearestName("model", known)).toBe("model");
    expect(nearestName("MODEL", known)).toBe("model");
    expect(nearestName("sandboxMod", known)).toBe("sandboxMode");
    expect(nearestName("somethingElse", known)).toBeNull();
    expect(nearestName("x", [])).toBeNull();
  });
});

function refusal(options: object, level: "client" | "thread" | "turn" = "thread"): CodexError {
  try {
    checkOptions(options, { level });
  } catch (error) {
    if (CodexError.isInstance(error)) return error;
  }
  throw new Error(`not refused: ${Object.keys(options).join()}`);
}

function circular(): object {
  const table: Record<string, unknown> = {};
  table["list"] = [table];
  return table;
}

function isUnknown(name: string, level: "client" | "thread" | "turn"): boolean {
  try {
    checkOptions({ [name]: undefined }, { level });
    return false;
  } catch {
    return true;
  }
}
