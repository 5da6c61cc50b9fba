const loopback = "127.0.0.1";

/**
 * Returns the environment with which codex connects to the tool server directly. Codex uses a configured proxy for loopback,
 * too: the proxy would receive the token of the tool server and could not reach it. An environment without a proxy is returned
 * unchanged.
 */
export function reachLoopback(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== "");
  if (!given.some(([name]) => proxies.has(name.toUpperCase()))) return env;
  const exceptions = Object.entries(env).filter(([name, value]) => isExceptions(name) && value !== undefined);
  if (exceptions.length > 0 && exceptions.every(([, value]) => value?.trim() === "*")) return withoutProxies(env);
  // Codex reads one of the two spellings, so each that exists is extended.
  const all = exceptions.length === 0 ? [["NO_PROXY", ""] as const] : exceptions;
  return { ...env, ...Object.fromEntries(all.map(([name, value = ""]) => [name, withHost(value)])) };
}

const proxies = new Set(["HTTP_PROXY", "ALL_PROXY"]);

/** `*` means that no host is reached by a proxy. Codex applies it to names and not to addresses, so it needs an environment without proxies. */
function withoutProxies(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !proxies.has(name.toUpperCase()) && name.toUpperCase() !== "HTTPS_PROXY"),
  );
}

function isExceptions(name: string): boolean {
  return name.toUpperCase() === "NO_PROXY";
}

function withHost(list: string): string {
  const hosts = list.split(",").map((entry) => entry.trim());
  if (hosts.includes(loopback)) return list;
  return [...hosts.filter((entry) => entry !== ""), loopback].join(",");
}
