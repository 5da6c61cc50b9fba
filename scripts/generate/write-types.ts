import { mergeTypes } from "./merge-types.js";
import type { ProtocolSource } from "./protocol-source.js";
import type { Methods } from "./read-methods.js";

/** types.ts: every type that a method's params or result needs. */
export function writeTypes(source: ProtocolSource, methods: Methods): string {
  const roots = new Set<string>();
  for (const { params } of [...methods.client, ...methods.server, ...methods.notifications]) {
    for (const name of params.split(" | ")) if (name !== "undefined" && name !== "null") roots.add(name);
  }
  for (const { result } of [...methods.client, ...methods.server]) roots.add(result);
  return [
    'import type { JsonValue } from "../../internal/json.js";',
    'import type { ThreadItem } from "../item.js";',
    "",
    mergeTypes(source, [...roots].sort()),
  ].join("\n");
}
