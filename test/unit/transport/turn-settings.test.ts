import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/internal/json.js";
import {
  settingsDifference,
  type StickySettings,
  toStickySettings,
  withOptions,
  withThreadOptions,
} from "../../../src/transport/app-server/turn-settings.js";
import type { SandboxMode, SharedOptions } from "../../../src/transport/options/options.js";

const readOnly = { type: "readOnly", networkAccess: false };
const workspaceWrite = {
  type: "workspaceWrite",
  writableRoots: ["/data"],
  networkAccess: true,
  excludeTmpdirEnvVar: true,
  excludeSlashTmp: false,
};
const own: StickySettings = {
  model: "gpt-5.5",
  cwd: "/work",
  effort: null,
  summary: "auto",
  serviceTier: null,
  approvalPolicy: "never",
  sandboxPolicy: readOnly,
};

const sandboxes: readonly SandboxMode[] = ["read-only", "workspace-write", "danger-full-access"];
const overrides: fc.Arbitrary<SharedOptions> = fc.record(
  {
    model: fc.constantFrom("gpt-5.5", "gpt-6.1-sol"),
    workingDirectory: fc.constantFrom("/work", "/other"),
    modelReasoningEffort: fc.constantFrom("low", "high"),
    modelReasoningSummary: fc.constantFrom("none", "auto", "detailed"),
    approvalPolicy: fc.constantFrom("never", "on-request"),
    sandboxMode: fc.constantFrom(...sandboxes),
    networkAccessEnabled: fc.boolean(),
    additionalDirectories: fc.constantFrom<string[]>([], ["/more"]),
    serviceTier: fc.constantFrom("priority", "default"),
  },
  { requiredKeys: [] },
);
const threads: fc.Arbitrary<StickySettings> = fc.record({
  model: fc.constantFrom("gpt-5.5", "gpt-6.1-sol"),
  cwd: fc.constantFrom("/work", "/other"),
  effort: fc.constantFrom(null, "low", "medium"),
  // A turn's summary is only overridden once the thread's own has been learnt.
  summary: fc.constantFrom("none", "auto"),
  serviceTier: fc.constantFrom(null, "priority"),
  approvalPolicy: fc.constantFrom("never", "on-request"),
  sandboxPolicy: fc.constantFrom<JsonValue>(readOnly, workspaceWrite, { type: "dangerFullAccess" }),
});

describe("a turn's settings on the app-server, which keeps them", () => {
  it("apply to that turn only, regardless of earlier turns", () => {
    fc.assert(
      fc.property(threads, fc.array(overrides, { maxLength: 8 }), (wanted, turns) => {
        const server = { ...wanted };
        let known: StickySettings = wanted;
        for (const turn of [...turns, {}]) {
          const target = withOptions(wanted, turn);
          startTurn(server, settingsDifference(known, target));
          known = target;
          expect(server).toEqual(target);
        }
        expect(server).toEqual(wanted);
      }),
    );
  });

  it("nothing is sent if nothing changes", () => {
    fc.assert(
      fc.property(threads, overrides, (wanted, turn) => {
        expect(settingsDifference(wanted, wanted)).toEqual({});
        expect(settingsDifference(wanted, withOptions(wanted, {}))).toEqual({});
        const target = withOptions(wanted, turn);
        expect(settingsDifference(target, target)).toEqual({});
      }),
    );
  });

  it("the collaboration mode unsets an effort, because null keeps the current one", () => {
    const high = withOptions(own, { modelReasoningEffort: "high" });
    expect(settingsDifference(own, high)).toEqual({ effort: "high" });
    expect(settingsDifference(high, own)).toEqual({
      collaborationMode: {
        mode: "default",
        settings: { model: "gpt-5.5", reasoning_effort: null, developer_instructions: "" },
      },
    });
  });

  it("changes only the overridden fields of a sandbox: its roots and its network stay in force [P4]", () => {
    const base = { ...own, sandboxPolicy: workspaceWrite };
    expect(withOptions(base, { sandboxMode: "workspace-write" }).sandboxPolicy).toEqual(workspaceWrite);
    expect(withOptions(base, { additionalDirectories: ["/x"] }).sandboxPolicy).toEqual({
      ...workspaceWrite,
      writableRoots: ["/x"],
    });
    expect(withOptions(base, { networkAccessEnabled: false }).sandboxPolicy).toEqual({
      ...workspaceWrite,
      networkAccess: false,
    });
    expect(withOptions(base, { model: "x" }).sandboxPolicy).toBe(workspaceWrite);
  });

  it("another sandbox mode starts empty, without the roots and the network of the old one", () => {
    const full = { ...own, sandboxPolicy: { type: "dangerFullAccess" } };
    expect(withOptions(full, { sandboxMode: "workspace-write" }).sandboxPolicy).toEqual({
      type: "workspaceWrite",
      writableRoots: [],
      networkAccess: false,
      excludeTmpdirEnvVar: false,
      excludeSlashTmp: false,
    });
    const open = { ...own, sandboxPolicy: workspaceWrite };
    expect(withOptions(open, { sandboxMode: "read-only" }).sandboxPolicy).toEqual(readOnly);
    expect(withOptions(open, { sandboxMode: "danger-full-access" }).sandboxPolicy).toEqual({
      type: "dangerFullAccess",
    });
  });

  it("a thread's service tier stays, a turn's has its own field", () => {
    expect(settingsDifference(own, withOptions(own, { serviceTier: "priority" }))).toEqual({});
    expect(settingsDifference(own, withThreadOptions(own, { serviceTier: "priority" }))).toEqual({
      serviceTier: "priority",
    });
    expect(withThreadOptions({ ...own, serviceTier: "flex" }, {}).serviceTier).toBe("flex");
  });

  it("start from the settings that the server reports", () => {
    const { cwd, approvalPolicy, serviceTier, model } = own;
    const effective = { model, cwd, reasoningEffort: null, serviceTier, approvalPolicy, sandbox: readOnly };
    expect(toStickySettings(effective, "auto")).toEqual(own);
  });
});

/** Applies the settings of `turn/start` as codex does: each one that is set stays. */
function startTurn(server: Record<keyof StickySettings, JsonValue>, params: JsonObject): void {
  const { collaborationMode, ...plain } = params;
  const known = new Set<string>(Object.keys(server));
  for (const [key, value] of Object.entries(plain)) {
    if (!known.has(key)) throw new Error(`turn/start knows no ${key}`);
    if (value !== undefined && value !== null) Object.assign(server, { [key]: value });
  }
  if (!isJsonObject(collaborationMode) || !isJsonObject(collaborationMode["settings"])) return;
  const { model = null, reasoning_effort = null } = collaborationMode["settings"];
  Object.assign(server, { model, effort: reasoning_effort });
}
