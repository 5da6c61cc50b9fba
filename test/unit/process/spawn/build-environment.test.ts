import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildEnvironment } from "../../../../src/process/spawn/build-environment.js";

describe("buildEnvironment", () => {
  it("contains the given variables and none of the host program", () => {
    expect(buildEnvironment({ env: { A: "1", B: undefined, NODE_OPTIONS: "--x" } })).toEqual({
      A: "1",
      NODE_OPTIONS: "--x",
    });
  });

  it("`set` overrides and removes variables", () => {
    expect(buildEnvironment({ env: { A: "1", B: "2" }, set: { A: "3", B: undefined, C: "4" } })).toEqual({
      A: "3",
      C: "4",
    });
  });

  it("prepends folders to PATH without doubling one", () => {
    const linux = { platform: "linux" } as const;
    expect(buildEnvironment({ ...linux, env: { PATH: "/a:/b" }, prependPath: ["/c", "/b"] })).toEqual({
      PATH: "/c:/b:/a",
    });
    expect(buildEnvironment({ ...linux, env: {}, prependPath: ["/c"] })).toEqual({ PATH: "/c" });
    expect(buildEnvironment({ ...linux, env: { Path: "kept" }, prependPath: [] })).toEqual({ Path: "kept" });
  });

  it("[A1.18] keeps the casing of PATH on Windows, takes its last value and drops the other spellings", () => {
    const built = buildEnvironment({
      platform: "win32",
      env: { Path: "C:\\old", PATH: "C:\\new;C:\\tools" },
      prependPath: ["C:\\tools"],
      set: { path: "C:\\set;C:\\tools" },
    });
    expect(built).toEqual({ Path: "C:\\tools;C:\\set" });
  });

  it("does not change its input, and returns the same when applied twice", () => {
    const name = fc.constantFrom("PATH", "Path", "A", "a", "B");
    const environment = fc.dictionary(name, fc.option(fc.string(), { nil: undefined }));
    fc.assert(
      fc.property(environment, fc.constantFrom("win32", "linux"), (env, platform) => {
        const before = { ...env };
        const options = { prependPath: ["/x"], platform } as const;
        const once = buildEnvironment({ ...options, env });
        expect(env).toEqual(before);
        expect(buildEnvironment({ ...options, env: once })).toEqual(once);
      }),
    );
  });
});
