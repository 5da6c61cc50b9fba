import { describe, expect, it } from "vitest";
import { withOuterMarkers } from "../../../../src/transport/launch/outer-markers.js";
import { createRunMarker, markerConfig } from "../../../../src/transport/launch/run-marker.js";

describe("the marker of a run", () => {
  it("[A1.5] has a unique name for each run, which codex's filter for secrets allows", () => {
    const [first, second] = [createRunMarker(), createRunMarker()];
    expect(first.name).not.toBe(second.name);
    expect(first.name).toMatch(/^CODEXKIT_RUN_[0-9a-f]{32}$/);
    expect(first.value).toBe("1");
  });

  it("[A1.5] is added to a list of the only variables that a shell may see, unless that list is empty", () => {
    const marker = { name: "CODEXKIT_RUN_1", value: "1" } as const;
    const path = "shell_environment_policy.include_only";
    const set = { "shell_environment_policy.set.CODEXKIT_RUN_1": "1" };
    expect(markerConfig(marker, { [path]: ["PATH"] })).toEqual({ ...set, [path]: ["PATH", "CODEXKIT_RUN_*"] });
    expect(markerConfig(marker, { [path]: [] })).toEqual(set);
  });
});

describe("the environment of a codex that a command of codex starts", () => {
  it("[A1.5] contains the markers of the outer runs and of the outer thread, with any `env`", () => {
    const own = { CODEXKIT_RUN_a: "1", CODEXKIT_RUN_b: "1", CODEX_THREAD_ID: "01a2076b-ed21-7090-9aa8-0ce1835259c1" };
    expect(withOuterMarkers({ PATH: "/bin" }, { ...own, HOME: "/h" })).toEqual({
      PATH: "/bin",
      CODEXKIT_RUN_a: "1",
      CODEXKIT_RUN_b: "1",
      CODEXKIT_RUN_01a2076bed2170909aa80ce1835259c1: "1",
    });
  });

  it("is the given environment if no codex started this process, or if the thread's id is invalid", () => {
    expect(withOuterMarkers({ PATH: "/bin" }, { HOME: "/h" })).toEqual({ PATH: "/bin" });
    for (const id of ["", "x", "a=b", `${"a".repeat(40)} b`]) {
      expect(withOuterMarkers({ PATH: "/bin" }, { CODEX_THREAD_ID: id })).toEqual({ PATH: "/bin" });
    }
  });
});
