import { describe, expect, test } from "vitest";
import { asObject } from "../../../../src/internal/json.js";
import { toThreadParams } from "../../../../src/transport/app-server/thread-params.js";
import type { CodexConfigObject, ThreadOptions } from "../../../../src/transport/options/options.js";

const server = { command: "x" };
const configOf = (config: CodexConfigObject, more: ThreadOptions = {}, overrides: readonly string[] = []): unknown => {
  const options: ThreadOptions = { approvalPolicy: "on-request", config, ...more };
  const { config: sent } = toThreadParams({ configOverrides: overrides }, options, { asks: true });
  const { projects: _, ...rest } = asObject(sent);
  return rest;
};

describe("[T9] the approval mode of MCP servers with an approval handler", () => {
  test("is `prompt` for each server of the host program", () => {
    expect(configOf({ mcp_servers: { one: server, two: server } })).toMatchObject({
      "mcp_servers.one.default_tools_approval_mode": "prompt",
      "mcp_servers.two.default_tools_approval_mode": "prompt",
    });
    expect(configOf({ "mcp_servers.one.command": "x" })).toMatchObject({
      "mcp_servers.one.default_tools_approval_mode": "prompt",
    });
    expect(configOf({ mcp_servers: { "a b": server } })).toMatchObject({
      mcp_servers: { "a b": { command: "x", default_tools_approval_mode: "prompt" } },
    });
    expect(configOf({}, {}, ['mcp_servers.raw.command="x"'])).toEqual({
      "mcp_servers.raw.default_tools_approval_mode": "prompt",
    });
  });

  test("stays as it is set", () => {
    const config = { mcp_servers: { one: { ...server, default_tools_approval_mode: "auto" } } };
    expect(configOf(config)).toMatchObject({ "mcp_servers.one.default_tools_approval_mode": "auto" });
    const raw = ['mcp_servers.raw.default_tools_approval_mode="writes"'];
    expect(configOf({}, {}, raw)).toEqual({});
  });

  test("is not set if codex does not ask", () => {
    const config = { mcp_servers: { one: server } };
    expect(JSON.stringify(configOf(config, { approvalPolicy: "never" }))).not.toContain("prompt");
    expect(JSON.stringify(toThreadParams({}, { config }))).not.toContain("prompt");
  });
});
