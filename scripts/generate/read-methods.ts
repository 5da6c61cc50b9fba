import { resultTypes } from "./result-types.js";
import type { ProtocolSource } from "./protocol-source.js";
import { removedServerRequests } from "./removed-methods.js";

export interface Method {
  readonly name: string;
  /** A TypeScript type; `undefined` if the method has no params. */
  readonly params: string;
  readonly stability: "stable" | "experimental";
  /** The minor version of codex that has it no longer. */
  readonly removedIn?: string;
}

export interface Request extends Method {
  readonly result: string;
}

export interface Methods {
  readonly client: readonly Request[];
  readonly notifications: readonly Method[];
  readonly server: readonly Request[];
}

/**
 * Returns the binary's methods from its TypeScript unions, which are the complete list (its JSON Schema bundle omits
 * some).
 */
export function readMethods(source: ProtocolSource): Methods {
  const client = readUnion(source, "ClientRequest");
  const server = readUnion(source, "ServerRequest");
  return {
    client: withResults(source, client),
    notifications: readUnion(source, "ServerNotification"),
    server: withRemoved(withResults(source, server)),
  };
}

function readUnion(source: ProtocolSource, name: string): Method[] {
  const stable = new Set(membersOf(source.stableTypes.get(name) ?? "").map(([method]) => method));
  const members = membersOf(source.types.get(name) ?? "");
  if (members.length === 0 || stable.size === 0)
    throw new Error(`${name} is empty: has the generator's output changed?`);
  return members
    .map(([method, params]): Method => {
      if (!/^[A-Za-z_/]+$/.test(method)) throw new Error(`"${method}" cannot be written with dots and back`);
      return { name: method, params, stability: stable.has(method) ? "stable" : "experimental" };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function membersOf(text: string): [method: string, params: string][] {
  const body = text.slice(text.indexOf("export type"));
  return body
    .split('{ "method": "')
    .slice(1)
    .map((member): [string, string] => {
      const match = /^([^"]+)",(?: id: RequestId,)? "?params"?(\?)?: ([^}]+?),? }/.exec(member);
      if (match?.[1] === undefined || match[3] === undefined) throw new Error(`cannot read ${member}`);
      return [match[1], match[2] === undefined ? match[3] : `${match[3].replace(" | undefined", "")} | undefined`];
    });
}

function withResults(source: ProtocolSource, methods: readonly Method[]): Request[] {
  const requests = methods.map((method) => {
    const params = method.params.split(" ")[0] ?? "";
    return { ...method, result: resultTypes[method.name] ?? params.replace(/Params$/, "Response") };
  });
  const unknown = requests.filter(({ result }) => !result.endsWith("Response") || !hasType(source, result));
  if (unknown.length > 0) {
    const names = unknown.map(({ name }) => name).join(", ");
    throw new Error(`no result type; add it to scripts/generate/result-types.ts: ${names}`);
  }
  return requests;
}

function withRemoved(requests: readonly Request[]): Request[] {
  const names = new Set(requests.map(({ name }) => name));
  const removed = removedServerRequests.filter(({ name }) => !names.has(name));
  return [...requests, ...removed].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function hasType(source: ProtocolSource, name: string): boolean {
  return source.types.has(name) || source.types.has(`v2/${name}`);
}

/** Throws if a response type of the binary belongs to no method: a result type was then guessed wrongly. */
export function checkResultsAreComplete(source: ProtocolSource, methods: Methods): void {
  const used = new Set([...methods.client, ...methods.server].map(({ result }) => result));
  const unused = [...source.types.keys()]
    .map((name) => name.replace(/^v2\//, ""))
    .filter((name) => name.endsWith("Response") && !used.has(name));
  if (unused.length > 0) throw new Error(`response types without a method: ${unused.join(", ")}`);
}
