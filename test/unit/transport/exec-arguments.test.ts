import { describe, expect, it } from "vitest";
import { CodexError } from "../../../src/errors/codex-error.js";
import { type ExecArguments, type ExecCall, toExecArguments } from "../../../src/transport/exec/exec-arguments.js";

const threadId = "01a2b3c4-0000-7000-8000-000000000000";

describe("the arguments of codex exec", () => {
  it("are ordered so that the later wins: configuration, raw overrides, codexkit's own; then flags, schema, thread, images", () => {
    const args = argv({
      client: { config: { model_verbosity: "low" }, configOverrides: ["model_verbosity=high"] },
      options: {
        config: { hide_agent_reasoning: true },
        model: "gpt-5.5",
        workingDirectory: "/w",
        modelReasoningEffort: "high",
        sandboxMode: "workspace-write",
        networkAccessEnabled: true,
        additionalDirectories: ["/a b", "/c,d"],
      },
      threadId,
      imagePaths: ["/i.png", "/-j.png"],
      schemaPath: "/s.json",
    });
    expect(args).toEqual([
      "exec",
      "--json",
      ...["--config", 'model_verbosity="low"'],
      ...["--config", "hide_agent_reasoning=true"],
      ...["--config", "model_verbosity=high"],
      ...["--config", 'model_reasoning_effort="high"'],
      ...["--config", "sandbox_workspace_write.network_access=true"],
      ...["--config", 'approval_policy="never"'],
      ...["--config", 'projects={ "/w" = { trust_level = "untrusted" }, "/" = { trust_level = "untrusted" } }'],
      ...["--config", 'shell_environment_policy.set.CODEXKIT_RUN_1="1"'],
      "--model=gpt-5.5",
      "--sandbox=workspace-write",
      "--add-dir=/a b",
      "--add-dir=/c,d",
      "--cd=/w",
      "--skip-git-repo-check",
      ...["--output-schema", "/s.json"],
      ...["resume", threadId],
      "--image=/i.png",
      "--image=/-j.png",
    ]);
  });

  it("keep a value that begins with a dash from being read as a flag", () => {
    const args = argv({ options: { model: "--oss", threadSource: "-x", workingDirectory: "-d" } });
    expect(args).toEqual(expect.arrayContaining(["--model=--oss", "--thread-source=-x", "--cd=-d"]));
    expect(args).not.toContain("--oss");
  });

  it("the thread's configuration overrides the client's, value by value", () => {
    const args = argv({
      client: { config: { features: { a: true, b: true }, projects: { "/a": { trust_level: "trusted" } } } },
      options: { config: { features: { b: false }, projects: { "/b": { trust_level: "untrusted" } } } },
    });
    expect(configOf(args)).toEqual(
      expect.arrayContaining([
        "features.a=true",
        "features.b=false",
        'projects={ "/a" = { trust_level = "trusted" }, "/b" = { trust_level = "untrusted" } }',
      ]),
    );
    expect(configOf(args).filter((entry) => entry.startsWith("features.b"))).toHaveLength(1);
  });

  it("[A1.15] [A1.16] contain neither the prompt nor the key", () => {
    const secret = "sk-planted-0123456789";
    const args = argv({ client: { apiKey: secret, baseUrl: "http://localhost/v1", env: { K: secret } } });
    expect(args.join("\n")).not.toContain(secret);
    expect(configOf(args)).toContain("shell_environment_policy.ignore_default_excludes=false");
    expect(configOf(argv({})).join()).not.toContain("ignore_default_excludes");
  });

  it("[K] divide configuration: a profile has what is secret by its name, its table, its flag or its form", () => {
    const { args, secrets } = split({
      client: {
        config: {
          mcp_servers: {
            s: { command: "c", args: ["--token", "T-1"], env: { ANY: "T-2" } },
            h: { url: "https://h/mcp?key=T-3", http_headers: { "X-Any": "T-4" }, bearer_token_env_var: "NAME" },
            d: { url: "https://u:T-5@h/mcp" },
          },
          model_providers: { m: { name: "m", query_params: { k: "T-6" } } },
          shell_environment_policy: { set: { ANY: "T-7" } },
          custom: {
            dsn: "T-8",
            private_key: "T-9",
            passphrase: "T-10",
            pat: "T-11",
            cookie: "T-12",
            password: 1234567,
          },
        },
        configOverrides: [
          'model_verbosity="low"',
          'model_providers.z.experimental_bearer_token="T-13"',
          'mcp_servers.r={ command = "c", env = { ANY = "T-14" } }',
        ],
      },
    });
    expect(args.join("\n")).not.toMatch(/T-\d|1234567/);
    for (let at = 1; at <= 14; at += 1) expect(JSON.stringify(secrets)).toContain(`T-${at}`);
    expect(secrets).toMatchObject({ "custom.password": 1_234_567, "mcp_servers.r.env.ANY": "T-14" });
    expect(args).toContain("--profile=codexkit-1");
    expect(configOf(args)).toEqual(
      expect.arrayContaining([
        'mcp_servers.s.command="c"',
        'mcp_servers.h.bearer_token_env_var="NAME"',
        'model_verbosity="low"',
        'mcp_servers.r.command="c"',
      ]),
    );
    expect(split({ client: { config: { model_verbosity: "low" } } }).secrets).toBeNull();
    expect(argv({}).join()).not.toContain("profile");
  });

  it("a baseUrl is a provider of codexkit without WebSocket, which overrides the user's configuration", () => {
    const entries = configOf(argv({ client: { baseUrl: "http://localhost/v1", config: { model_verbosity: "low" } } }));
    const at = entries.indexOf('model_provider="codexkit"');
    expect(at).toBeGreaterThan(entries.indexOf('model_verbosity="low"'));
    expect(entries[at + 1]).toBe(
      'model_providers.codexkit={ name = "OpenAI", base_url = "http://localhost/v1", wire_api = "responses", supports_websockets = false, requires_openai_auth = true }',
    );
  });

  it("[A1.15] refuses configuration over 64 KB, and the error names app-server", () => {
    const half = "x".repeat(33_000);
    for (const call of [
      { client: { config: { a: half } }, options: { config: { b: half } } },
      { client: { configOverrides: [`a=${half}`, `b=${half}`] } },
      { options: { developerInstructions: half, baseInstructions: half } },
      { options: { additionalDirectories: Array.from({ length: 70 }, (_, index) => `/${index}${"d".repeat(1_000)}`) } },
    ]) {
      expect(refusal(call)).toMatchObject({ code: "INVALID_OPTION" });
      expect(refusal(call).message).toContain('transport: "app-server"');
    }
    expect(() => argv({ client: { config: { a: half } } })).not.toThrow();
  });

  it("refuses an image whose path has a comma, because codex would split the path", () => {
    expect(refusal({ imagePaths: ["/fine.png", "/a,b.png"] })).toMatchObject({ code: "UNSUPPORTED_FEATURE" });
    expect(refusal({ imagePaths: ["/a,b.png"] }).message).toContain("/a,b.png");
  });
});

function argv(call: Partial<ExecCall>): readonly string[] {
  return split(call).args;
}

function split(call: Partial<ExecCall>): ExecArguments {
  const marker = { name: "CODEXKIT_RUN_1", value: "1" } as const;
  return toExecArguments({
    client: {},
    options: {},
    threadId: null,
    imagePaths: [],
    schemaPath: null,
    marker,
    profile: "codexkit-1",
    ...call,
  });
}

function configOf(args: readonly string[]): readonly string[] {
  return args.filter((_, index) => args[index - 1] === "--config");
}

function refusal(call: Partial<ExecCall>): CodexError {
  try {
    argv(call);
  } catch (error) {
    if (CodexError.isInstance(error)) return error;
  }
  throw new Error("not refused");
}
