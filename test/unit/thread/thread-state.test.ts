import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CodexError } from "../../../src/errors/codex-error.js";
import { planted, secretSpelling } from "../internal/secret-spellings.js";
import { checkThreadId, checkThreadState, toStoredOptions } from "../../../src/thread/thread-state.js";
import { samples } from "../transport/option-samples.js";
import { tokens } from "./events.js";

const threadId = "01a2b3c4-0000-7000-8000-000000000000";
const interruptions = { requests: [], decisions: [] };
const state = {
  version: 2,
  threadId,
  transport: "exec",
  options: { model: "x" },
  usage: tokens(42, 12, 5),
  tools: { "crm.lookup": "0123456789abcdef" },
  interruptions,
  run: null,
};
/** A state that an earlier codexkit wrote. Never change it. */
const stateOfVersion1 =
  '{"version":1,"threadId":"01a2b3c4-0000-7000-8000-000000000000","transport":"app-server","options":{"model":"x","sandboxMode":"workspace-write"},"usage":{"inputTokens":42,"cachedInputTokens":0,"cacheWriteInputTokens":0,"outputTokens":12,"reasoningOutputTokens":5,"totalTokens":54}}';

describe("a thread's saved state", () => {
  it("survives a round trip through JSON", () => {
    expect(checkThreadState(JSON.parse(JSON.stringify(state)))).toEqual(state);
    expect(checkThreadState({ ...state, usage: null }).usage).toBeNull();
  });

  it("[A2.7] reads a state of version 1, without tools and approvals", () => {
    expect(checkThreadState(JSON.parse(stateOfVersion1))).toMatchObject({
      version: 2,
      threadId,
      transport: "app-server",
      options: { model: "x", sandboxMode: "workspace-write" },
      usage: { inputTokens: 42, totalTokens: 54 },
      tools: null,
      interruptions,
      run: null,
    });
  });

  it("keeps every option and drops undefined values", () => {
    expect(toStoredOptions({ ...samples, model: undefined })).toEqual(
      Object.fromEntries(Object.entries(samples).filter(([name]) => name !== "model")),
    );
  });

  it("[A1.16] contains no secret of the configuration, at any depth", () => {
    const secret = "planted-secret-value";
    const config = {
      experimental_bearer_token: secret,
      model_providers: {
        x: {
          name: "X",
          base_url: "http://x/v1",
          experimental_bearer_token: secret,
          http_headers: { "X-Anything": secret },
          query_params: { key: secret },
          env_key: "X_KEY",
          env_http_headers: { Authorization: "X_AUTHORIZATION" },
        },
      },
      "mcp_servers.a.env": { GH_PAT: secret },
      "mcp_servers.a.env.GH_PAT": secret,
      mcp_servers: {
        b: { command: "b", env: { PASS: secret }, args: ["--url", `https://user:${secret}@host`], env_vars: ["PATH"] },
        c: { url: `https://user:${secret}@host/mcp`, bearer_token_env_var: "C_TOKEN" },
      },
      shell_environment_policy: { inherit: "core", set: { MY: secret } },
      list: [{ password: secret, keep: 1 }, [{ api_key: secret }]],
      apiKey: secret,
      note: "sk-0123456789abcdef",
      model_auto_compact_token_limit: 5_000,
      tool_output_token_limit: 100,
      authorization_required: true,
    };
    const stored = toStoredOptions({ config });
    expect(JSON.stringify(stored)).not.toMatch(/planted|sk-0123/);
    expect(stored.config).toEqual({
      model_providers: {
        x: {
          name: "X",
          base_url: "http://x/v1",
          env_key: "X_KEY",
          env_http_headers: { Authorization: "X_AUTHORIZATION" },
        },
      },
      mcp_servers: { b: { command: "b", env_vars: ["PATH"] }, c: { bearer_token_env_var: "C_TOKEN" } },
      shell_environment_policy: { inherit: "core" },
      list: [{ keep: 1 }, [{}]],
      model_auto_compact_token_limit: 5_000,
      tool_output_token_limit: 100,
      authorization_required: true,
    });
  });

  it("[A1.16] holds no value under any spelling of a secret's name", () => {
    fc.assert(
      fc.property(secretSpelling, fc.constantFrom("leaf", "list", "table", "dotted"), (name, form) => {
        const value = { leaf: planted, list: [planted], table: { x: planted }, dotted: planted }[form];
        const config = form === "dotted" ? { [`custom.${name}`]: value } : { custom: { [name]: value, kept: "text" } };
        expect(JSON.stringify(toStoredOptions({ config }))).not.toContain("battery");
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    "https://user:horse-battery@host/mcp",
    "wss://horse-battery@host",
    "https://host/mcp?key=horse-battery",
    "https://host/mcp?a=1&X-Amz-Signature=horse-battery",
    "https://host/#access_token=horse-battery",
    "postgres://u:horse-battery@h/db",
    "Server=db;Password=horse-battery",
    "Cookie: id=horse-battery",
  ])("[A1.16] holds no text with a credential: %s", (text) => {
    const config = { mcp_servers: { x: { url: text, args: ["--at", text], command: "c" } } };
    expect(toStoredOptions({ config })).toEqual({ config: { mcp_servers: { x: { command: "c" } } } });
  });

  it("[A1.16] holds no argument after the flag of a secret", () => {
    const config = { mcp_servers: { x: { command: "c", args: ["--token", planted] } } };
    expect(toStoredOptions({ config })).toEqual({ config: { mcp_servers: { x: { command: "c" } } } });
  });

  it("keeps hooks, references and limits", () => {
    const config = {
      hooks: { SessionStart: [{ hooks: [{ type: "command", command: "check" }] }] },
      cli_auth_credentials_store: "file",
      model_providers: { x: { auth: { command: "print-token" }, env_key: "X_KEY" } },
      tui: { session_picker_view: "dense" },
      max_tokens: 5,
    };
    expect(toStoredOptions({ config })).toEqual({ config });
  });

  it("names the version of a newer state, and refuses any other value", () => {
    expect(refusal({ ...state, version: 3 }).message).toContain("version 3");
    expect(refusal({ ...state, tools: { add: 7 } }).code).toBe("INVALID_STATE");
    expect(refusal({ ...state, interruptions: [] }).code).toBe("INVALID_STATE");
    expect(refusal({ ...state, run: { version: 1 } }).code).toBe("INVALID_STATE");
    for (const other of [
      null,
      undefined,
      [],
      "text",
      7,
      {},
      { ...state, version: 0 },
      { ...state, version: "1" },
      { ...state, threadId: 7 },
      { ...state, transport: undefined },
      { ...state, options: null },
      { ...state, options: [] },
      { ...state, usage: {} },
      { ...state, usage: undefined },
      { ...state, usage: { ...state.usage, inputTokens: "42" } },
    ]) {
      expect(refusal(other), JSON.stringify(other)).toMatchObject({ code: "INVALID_STATE", option: "state" });
    }
    expect(refusal({ ...state, threadId: "my thread" })).toMatchObject({ code: "INVALID_THREAD_ID" });
  });

  it("throws a CodexError for every invalid value", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(() => checkThreadState(value)).toThrow(CodexError);
      }),
    );
  });
});

describe("a thread id", () => {
  it("accepts UUIDs only, because codex would take any other text for a name and start a new thread", () => {
    expect(checkThreadId(threadId.toUpperCase())).toBe(threadId);
    for (const id of [
      "",
      "last",
      "--last",
      `${threadId} `,
      `${threadId}\n`,
      threadId.slice(1),
      `{${threadId}}`,
      null,
      7,
      {},
    ]) {
      expect(() => checkThreadId(id)).toThrow(expect.objectContaining({ code: "INVALID_THREAD_ID" }));
    }
  });

  it("is cut in the error message if it is long", () => {
    expect(() => checkThreadId("x".repeat(10_000))).toThrow(/^.{1,300}$/);
  });
});

function refusal(value: unknown): CodexError {
  try {
    checkThreadState(value);
  } catch (error) {
    if (CodexError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("not refused");
}
