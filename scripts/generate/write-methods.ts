import type { Method, Methods, Request } from "./read-methods.js";

/** Writes methods.ts: the methods as interfaces for the compiler and as tables for the run time. */
export function writeMethods(methods: Methods): string {
  const types = new Set<string>();
  const note = (type: string): string => {
    for (const name of type.split(" | ")) if (name !== "undefined" && name !== "null") types.add(name);
    return type;
  };
  const request = ({ name, params, result, removedIn }: Request): string =>
    `${removedIn === undefined ? "" : `  /** @deprecated Removed in codex ${removedIn}. */\n`}  "${name}": { params: ${note(params)}; result: ${note(result)} };`;
  const body = [
    "/** Requests a client sends. */",
    "export interface ClientMethods {",
    ...methods.client.map(request),
    "}",
    "",
    "/** Notifications the server sends, by method: their params. */",
    "export interface ServerNotifications {",
    ...methods.notifications.map(({ name, params }) => `  "${name}": ${note(params)};`),
    "}",
    "",
    "/** Requests the server sends; every one of them must be answered. */",
    "export interface ServerRequests {",
    ...methods.server.map(request),
    "}",
    "",
    'export type Stability = "stable" | "experimental";',
    "",
    table("clientMethods", "ClientMethods", methods.client),
    table("serverNotifications", "ServerNotifications", methods.notifications),
    table("serverRequests", "ServerRequests", methods.server),
  ];
  const imports = [...types].sort().map((name) => `  ${name},`);
  return ["import type {", ...imports, '} from "./types.js";', "", ...body].join("\n");
}

function table(name: string, type: string, methods: readonly Method[]): string {
  const rows = methods.map((method) => `  "${method.name}": "${method.stability}",`);
  return [`export const ${name}: Readonly<Record<keyof ${type}, Stability>> = {`, ...rows, "};", ""].join("\n");
}
