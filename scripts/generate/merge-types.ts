import type { ProtocolSource } from "./protocol-source.js";

/** Types that our own modules define instead: the wire's declaration gets the prefix, every reference means ours. */
const domainTypes = new Set(["v2/ThreadItem"]);
const jsonValue = "serde_json/JsonValue";

/**
 * Returns the declarations of all types reachable from `roots`, sorted by name. If a root-level type and one of `v2` share
 * a name but differ, the root-level one (the older API's) is called `Core...`.
 */
export function mergeTypes(source: ProtocolSource, roots: readonly string[]): ReadonlyMap<string, string> {
  const { types } = source;
  const files = reachable(
    types,
    roots.map((name) => (types.has(`v2/${name}`) ? `v2/${name}` : name)),
  );
  const names = new Map(files.map((file) => [file, nameOf(file, types)]));
  const declarations = new Map<string, string>();
  for (const file of files) {
    const text = declarationOf(file, types, names);
    const name = domainTypes.has(file) ? `Wire${baseName(file)}` : (names.get(file) ?? "");
    const known = declarations.get(name);
    if (known !== undefined && bodyOf(known) !== bodyOf(text))
      throw new Error(`two different types are called ${name}`);
    if (known === undefined || known.length < text.length) declarations.set(name, text);
  }
  return new Map([...declarations].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function reachable(types: ReadonlyMap<string, string>, roots: readonly string[]): string[] {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file) || file === jsonValue) return;
    seen.add(file);
    for (const imported of importsOf(file, types).values()) visit(imported);
  };
  roots.forEach(visit);
  return [...seen].sort();
}

/** Local name -> file, for the imports of one file. */
function importsOf(file: string, types: ReadonlyMap<string, string>): Map<string, string> {
  const directory = file.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : "";
  const imports = new Map<string, string>();
  for (const [, name, target] of textOf(file, types).matchAll(/^import type \{ (\w+) \} from "(.+)";$/gm)) {
    if (name === undefined || target === undefined) continue;
    imports.set(name, new URL(target, `file:///${directory}`).pathname.slice(1));
  }
  return imports;
}

function nameOf(file: string, types: ReadonlyMap<string, string>): string {
  const name = baseName(file);
  const twin = file === name ? types.get(`v2/${name}`) : undefined;
  return twin === undefined || bodyOf(twin) === bodyOf(textOf(file, types)) ? name : `Core${name}`;
}

function declarationOf(file: string, types: ReadonlyMap<string, string>, names: ReadonlyMap<string, string>): string {
  const name = domainTypes.has(file) ? `Wire${baseName(file)}` : (names.get(file) ?? baseName(file));
  let text = textOf(file, types).replace(/^import .*\n/gm, "");
  text = text.slice(text.indexOf("\n\n", text.indexOf("ts-rs")) + 1).trim();
  text = text.replace(`export type ${baseName(file)} `, `export type ${name} `);
  for (const [local, target] of importsOf(file, types)) {
    const renamed = names.get(target) ?? local;
    if (renamed !== local) text = text.replace(new RegExp(`\\b${local}\\b`, "g"), renamed);
  }
  // Data is never changed, so it is readonly; JSON.parse returns a number for a bigint of ts-rs.
  return text.replace(/\bArray</g, "ReadonlyArray<").replace(/\bbigint\b/g, "number") + "\n";
}

function bodyOf(text: string): string {
  return text.slice(text.indexOf("export type"));
}

function textOf(file: string, types: ReadonlyMap<string, string>): string {
  const text = types.get(file);
  if (text === undefined) throw new Error(`no type ${file}`);
  return text;
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}
