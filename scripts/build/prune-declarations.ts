import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { type DeclarationFile, readDeclarationFile, resolveSpecifier } from "./declaration-file.js";
import { stripInternal } from "./strip-internal.js";

/**
 * Keeps only the declarations that a public entry point reaches, without their `@internal` members. Users cannot name the
 * others, and some of those need packages that only an optional feature uses.
 */
export async function pruneDeclarations(dist: string, entries: readonly string[]): Promise<void> {
  const texts = await readDeclarations(dist);
  const kept = keepReachable(texts, entries);
  for (const path of texts.keys()) {
    const text = kept.get(path);
    await (text === undefined ? rm(path) : writeFile(path, text));
  }
}

/** The texts of the declaration files of a folder, by path. */
export async function readDeclarations(dist: string): Promise<Map<string, string>> {
  const paths = (await readdir(dist, { recursive: true })).filter((path) => path.endsWith(".d.ts"));
  return new Map(
    await Promise.all(paths.map(async (path) => [join(dist, path), await readFile(join(dist, path), "utf8")] as const)),
  );
}

/** The texts of the files that the entries reach, reduced to the declarations they reach. */
export function keepReachable(texts: ReadonlyMap<string, string>, entries: readonly string[]): Map<string, string> {
  const files = new Map([...texts].map(([path, text]) => [path, readDeclarationFile(path, stripInternal(path, text))]));
  const reached = new Reached(files);
  for (const entry of entries) reached.addAll(entry);
  const kept = [...files].filter(([path]) => reached.has(path));
  return new Map(kept.map(([path, file]) => [path, printKept(file, reached)]));
}

/** The names that are reached in each file: its imports, its declarations and its exports. */
class Reached {
  readonly #files: ReadonlyMap<string, DeclarationFile>;
  readonly #names = new Map<string, Set<string>>();

  constructor(files: ReadonlyMap<string, DeclarationFile>) {
    this.#files = files;
  }

  has(path: string): boolean {
    return this.#names.has(path);
  }

  namesOf(path: string): ReadonlySet<string> {
    return this.#names.get(path) ?? new Set();
  }

  addAll(path: string): void {
    const { declared, exported, stars } = this.#fileAt(path);
    for (const name of [...declared.keys(), ...exported.keys()]) this.add(path, name);
    for (const star of stars) this.addAll(star);
  }

  add(path: string, name: string): void {
    const names = this.#names.get(path) ?? new Set();
    this.#names.set(path, names);
    if (names.has(name)) return;
    names.add(name);
    const { declared, exported, imports, stars } = this.#fileAt(path);
    const star = stars.find((file) => this.#exports(file, name));
    const starred = star === undefined ? undefined : { file: star, name };
    const target = declared.has(name) ? undefined : (exported.get(name) ?? imports.get(name) ?? starred);
    if (target?.file !== undefined) {
      if (target.name === undefined) this.addAll(target.file);
      else this.add(target.file, target.name);
    }
    for (const statement of declared.get(name) ?? []) this.#addUses(path, statement);
  }

  #addUses(path: string, node: ts.Node): void {
    const { declared, imports } = this.#fileAt(path);
    if (ts.isImportTypeNode(node)) {
      const file = resolveSpecifier(path, node.argument);
      const first = firstNameOf(node.qualifier);
      if (file !== undefined && first === undefined) this.addAll(file);
      else if (file !== undefined && first !== undefined) this.add(file, first);
    }
    if (ts.isIdentifier(node) && isUse(node) && (declared.has(node.text) || imports.has(node.text))) {
      this.add(path, node.text);
    }
    ts.forEachChild(node, (child) => this.#addUses(path, child));
  }

  #exports(path: string, name: string): boolean {
    const { declared, exported, stars } = this.#fileAt(path);
    return declared.has(name) || exported.has(name) || stars.some((star) => this.#exports(star, name));
  }

  #fileAt(path: string): DeclarationFile {
    const file = this.#files.get(path);
    if (file === undefined) throw new Error(`no declaration file ${path}`);
    return file;
  }
}

function firstNameOf(name: ts.EntityName | undefined): string | undefined {
  if (name === undefined || ts.isIdentifier(name)) return name?.text;
  return firstNameOf(name.left);
}

/** False for the name of a member, of a parameter or behind a dot. */
function isUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return !("name" in parent && parent.name === node);
}

function printKept({ source, declared, imports, stars }: DeclarationFile, reached: Reached): string {
  const path = source.fileName;
  const names = reached.namesOf(path);
  const keptStatements = new Set([...declared].filter(([name]) => names.has(name)).flatMap(([, each]) => each));
  const text = source.statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement)) {
      return printNamed(statement, (local) => names.has(local) && imports.has(local) && !declared.has(local));
    }
    if (!ts.isExportDeclaration(statement)) return keptStatements.has(statement) ? statement.getFullText() : [];
    if (statement.exportClause !== undefined) return printNamed(statement, (name) => names.has(name));
    const star = statement.moduleSpecifier && resolveSpecifier(path, statement.moduleSpecifier);
    return star === undefined || !stars.includes(star) || reached.has(star) ? statement.getFullText() : [];
  });
  return `${text.join("").trim()}\n`;
}

/** An import or an export with the names that are kept; nothing if none is. `export {}` stays. */
function printNamed(
  statement: ts.ImportDeclaration | ts.ExportDeclaration,
  keeps: (name: string) => boolean,
): string[] {
  const named = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : statement.exportClause;
  if (named === undefined || (!ts.isNamedImports(named) && !ts.isNamedExports(named))) return [statement.getFullText()];
  if (named.elements.length === 0) return [statement.getFullText()];
  const elements = [...named.elements].filter(({ name }) => keeps(name.text)).map((each) => each.getText());
  if (elements.length === 0) return [];
  const full = statement.getFullText();
  const offset = statement.getFullStart();
  return [`${full.slice(0, named.getStart() - offset)}{ ${elements.join(", ")} }${full.slice(named.end - offset)}`];
}
