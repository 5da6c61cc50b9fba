import { describe, expect, it } from "vitest";
import { OptionError } from "../../../src/errors/option-error.js";
import { type ExecCall, toExecArguments } from "../../../src/transport/exec/exec-arguments.js";
import { rawConfig } from "../../../src/transport/config/raw-config.js";

const url = "http://127.0.0.1:1234/path";

describe("the arguments of exec for host tools", () => {
  it("[A2.2] name the server and the variable of its token, and hide that variable from the model's shells", () => {
    expect(configOf({})).toEqual(
      expect.arrayContaining([
        `mcp_servers.codexkit.url="${url}"`,
        'mcp_servers.codexkit.bearer_token_env_var="CODEXKIT_TOOL_TOKEN"',
        "mcp_servers.codexkit.required=true",
        'mcp_servers.codexkit.default_tools_approval_mode="approve"',
        "mcp_servers.codexkit.supports_parallel_tool_calls=true",
        'features.code_mode.direct_only_tool_namespaces=[ "mcp__codexkit" ]',
        'shell_environment_policy.set.CODEXKIT_TOOL_TOKEN=""',
      ]),
    );
    expect(configOf({ toolsUrl: null }).join()).not.toContain("codexkit");
  });

  it("[A2.2] keep the user's own direct namespaces, servers and shell variables", () => {
    const config = { features: { code_mode: { direct_only_tool_namespaces: ["mcp__a"] } } };
    const directOf = (call: Partial<ExecCall>): string | undefined =>
      configOf(call)
        .filter((entry) => entry.startsWith("features.code_mode.direct_only_tool_namespaces="))
        .at(-1);
    const both = 'features.code_mode.direct_only_tool_namespaces=[ "mcp__a", "mcp__codexkit" ]';
    expect(directOf({ client: { config } })).toBe(both);
    expect(directOf({ options: { config } })).toBe(both);
    const table = ['features.code_mode={direct_only_tool_namespaces=["mcp__a"]}'];
    expect(configOf({ client: { configOverrides: table } })).toContain(
      'features.code_mode={ direct_only_tool_namespaces = [ "mcp__a", "mcp__codexkit" ] }',
    );
    const raw = ['features.code_mode.direct_only_tool_namespaces = ["mcp__a"]'];
    expect(directOf({ client: { configOverrides: raw } })).toBe(both);
    const servers = { mcp_servers: { "my server": { url: "http://127.0.0.1:1" } } };
    const whole = configOf({ client: { config: servers } })
      .filter((entry) => entry.startsWith("mcp_servers="))
      .at(-1);
    expect(whole).toContain("my server");
    expect(whole).toContain(url);
  });

  it.each([
    { client: { config: { mcp_servers: { codexkit: { command: "mine" } } } } },
    { options: { config: { mcp_servers: { codexkit: { command: "mine" } } } } },
    { client: { config: { mcp_servers: { codexkit: { command: "mine" }, "a b": { command: "x" } } } } },
    { client: { configOverrides: ['mcp_servers.codexkit.command="mine"'] } },
    { client: { configOverrides: ['mcp_servers={codexkit={command="mine"}}'] } },
  ] satisfies Partial<ExecCall>[])("[A2.2] refuse a server of their own name: %j", (call) => {
    expect(() => configOf(call)).toThrow(OptionError);
    expect(() => configOf({ ...call, toolsUrl: null })).not.toThrow();
  });
});

describe("raw overrides", () => {
  it("are read as codex reads them: TOML, or else a text; the later wins", () => {
    expect(rawConfig(["a.b=1", "a.c = [true]", "d=plain text", 'e="x"', "a.b=2", "=1", "f"])).toEqual({
      "a.b": 2,
      "a.c": [true],
      d: "plain text",
      e: "x",
    });
  });
});

function configOf(call: Partial<ExecCall>): readonly string[] {
  const marker = { name: "CODEXKIT_RUN_1", value: "1" } as const;
  const whole = {
    client: {},
    options: {},
    threadId: null,
    imagePaths: [],
    schemaPath: null,
    marker,
    toolsUrl: url,
    profile: "codexkit-1",
    ...call,
  };
  const { args } = toExecArguments(whole);
  return args.flatMap((arg, index) => (arg === "--config" ? [args[index + 1] ?? ""] : []));
}
