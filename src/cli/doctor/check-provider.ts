import type { Codex } from "../../index.js";
import type { CliHost } from "../cli-host.js";
import { type Check, checkTimeoutMs, reasonOf } from "./check.js";

/** Checks that the environment has the key of the configured model provider. The key is not printed. */
export async function checkProvider(codex: Codex, { env, signal }: CliHost): Promise<Check> {
  const config = await readConfig(codex, signal);
  const id = config["model_provider"];
  const provider = asTable(asTable(config["model_providers"])[typeof id === "string" ? id : ""]);
  const variable = provider["env_key"];
  const details = {
    provider: typeof id === "string" ? id : null,
    envKey: typeof variable === "string" ? variable : null,
  };
  if (typeof id !== "string")
    return { name: "provider", status: "ok", summary: "Codex uses its default provider.", details };
  if (typeof variable !== "string" || (env[variable] ?? "").trim() !== "")
    return { name: "provider", status: "ok", summary: `The model provider ${id} has its key, or needs none.`, details };
  return {
    name: "provider",
    status: "fail",
    summary: `${variable} is not set, which is the \`env_key\` of the model provider ${id}.`,
    advice: `Set ${variable} to the key of the provider.`,
    details,
  };
}

/** Starts the configured MCP servers and checks that they list their tools. */
export async function checkMcp(codex: Codex, { signal }: CliHost): Promise<Check> {
  try {
    const names = Object.entries(asTable((await readConfig(codex, signal))["mcp_servers"])).flatMap(([name, server]) =>
      asTable(server)["enabled"] === false ? [] : [name],
    );
    if (names.length === 0)
      return { name: "mcp", status: "ok", summary: "No MCP server is configured.", details: { failed: [] } };
    const options = { signal, timeoutMs: checkTimeoutMs };
    const answer = asTable(await codex.appServer.requestRaw("mcpServerStatus/list", {}, options));
    const servers: readonly unknown[] = Array.isArray(answer["data"]) ? answer["data"] : [];
    const errors = servers
      .map(asTable)
      .flatMap(({ name, toolsError }) =>
        typeof name === "string" && names.includes(name) && typeof toolsError === "string"
          ? [[name, toolsError] as const]
          : [],
      );
    const details = { failed: errors.map(([name]) => name) };
    if (errors.length === 0)
      return { name: "mcp", status: "ok", summary: `MCP servers that start: ${names.join(", ")}.`, details };
    return {
      name: "mcp",
      status: "warn",
      summary: errors.map(([name, error]) => `The MCP server ${name} does not start: ${reasonOf(error)}`).join(" "),
      advice: "Correct or remove it in config.toml. Codex works without it, unless it has `required = true`.",
      details,
    };
  } catch (error) {
    const summary = `The MCP servers cannot be tested: ${reasonOf(error)}`;
    return { name: "mcp", status: "warn", summary, details: { failed: [] } };
  }
}

async function readConfig(codex: Codex, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
  const options = { signal, timeoutMs: checkTimeoutMs };
  // An unreadable configuration is the result of another check.
  const answer = await codex.appServer.requestRaw("config/read", { includeLayers: false }, options).catch(() => null);
  return asTable(asTable(answer)["config"]);
}

function asTable(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
