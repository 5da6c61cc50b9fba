import { mergeTypes } from "./merge-types.js";
import type { ProtocolSource } from "./protocol-source.js";
import type { Methods } from "./read-methods.js";

/** The wire's item, which `src/protocol/items/item.ts` is derived from. */
const wireItem = "WireThreadItem";

/**
 * Returns every type that a method's params or result needs, in two files. `item-types.ts` holds the wire's item and the
 * types it consists of, `types.ts` all others: they refer to the `ThreadItem` of the domain, which imports `item-types.ts`.
 */
export function writeTypes(source: ProtocolSource, methods: Methods): Record<"item-types.ts" | "types.ts", string> {
  const roots = new Set<string>();
  for (const { params } of [...methods.client, ...methods.server, ...methods.notifications]) {
    for (const name of params.split(" | ")) if (name !== "undefined" && name !== "null") roots.add(name);
  }
  for (const { result } of [...methods.client, ...methods.server]) roots.add(result);
  const declarations = mergeTypes(source, [...roots].sort());
  const ofItems = namesNeededBy(wireItem, declarations);
  if (ofItems.has("ThreadItem")) throw new Error(`${wireItem} refers to ThreadItem: two files would import each other`);
  const items = [...declarations].filter(([name]) => ofItems.has(name)).map(([, text]) => text);
  const others = [...declarations].filter(([name]) => !ofItems.has(name)).map(([, text]) => text);
  const used = namesIn(others.join("\n"));
  return {
    "item-types.ts": [...importOfJson(items), "", items.join("\n")].join("\n"),
    "types.ts": [
      ...importOfJson(others),
      'import type { ThreadItem } from "../items/item.js";',
      `import type { ${[...ofItems].filter((name) => used.has(name)).join(", ")} } from "./item-types.js";`,
      "",
      'export type * from "./item-types.js";',
      "",
      others.join("\n"),
    ].join("\n"),
  };
}

/** The name itself and every declared name that it needs, sorted. */
function namesNeededBy(root: string, declarations: ReadonlyMap<string, string>): ReadonlySet<string> {
  const needed = new Set<string>();
  const visit = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    for (const other of namesIn(declarations.get(name) ?? "")) {
      if (declarations.has(other) || other === "ThreadItem") visit(other);
    }
  };
  visit(root);
  return new Set([...needed].sort());
}

function namesIn(declaration: string): ReadonlySet<string> {
  const code = declaration.replace(/\/\*[\s\S]*?\*\//g, "").replace(/"[^"]*"/g, "");
  return new Set(code.match(/\b[A-Z]\w*/g));
}

function importOfJson(declarations: readonly string[]): string[] {
  const used = namesIn(declarations.join("\n")).has("JsonValue");
  return used ? ['import type { JsonValue } from "../../internal/json.js";'] : [];
}
