import { dirname, resolve } from "node:path";
import ts from "typescript";

/** A name of another file; `name` is undefined if the whole file is meant. `file` is undefined if it is a package. */
export interface Target {
  readonly file: string | undefined;
  readonly name: string | undefined;
}

/** A declaration file, as the names it imports, declares and exports. */
export interface DeclarationFile {
  readonly source: ts.SourceFile;
  /** Imported names, by their local name. */
  readonly imports: ReadonlyMap<string, Target>;
  /** The statements that declare a name: several for an overloaded function. */
  readonly declared: ReadonlyMap<string, readonly ts.Statement[]>;
  /** Names that `export { a as b }` exports, with the local or foreign name behind them. */
  readonly exported: ReadonlyMap<string, Target>;
  /** The files behind `export *`. */
  readonly stars: readonly string[];
}

export function readDeclarationFile(file: string, text: string): DeclarationFile {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const imports = new Map<string, Target>();
  const declared = new Map<string, ts.Statement[]>();
  const exported = new Map<string, Target>();
  const stars: string[] = [];
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const target = resolveSpecifier(file, statement.moduleSpecifier);
      for (const [local, name] of importedNames(statement)) imports.set(local, { file: target, name });
    } else if (ts.isExportDeclaration(statement)) {
      const { moduleSpecifier, exportClause } = statement;
      const target = moduleSpecifier === undefined ? file : resolveSpecifier(file, moduleSpecifier);
      if (exportClause === undefined) {
        if (target !== undefined) stars.push(target);
      } else {
        if (!ts.isNamedExports(exportClause)) throw new Error(`${file}: \`export * as\` is not supported`);
        for (const { name, propertyName } of exportClause.elements) {
          exported.set(name.text, { file: target, name: (propertyName ?? name).text });
        }
      }
    } else {
      for (const name of declaredNames(statement)) declared.set(name, [...(declared.get(name) ?? []), statement]);
    }
  }
  return { source, imports, declared, exported, stars };
}

/** The file behind a specifier, or undefined for a package. */
export function resolveSpecifier(file: string, specifier: ts.Expression | ts.TypeNode): string | undefined {
  const literal = ts.isLiteralTypeNode(specifier) ? specifier.literal : specifier;
  if (!ts.isStringLiteral(literal)) throw new Error(`${file}: an import without a literal name`);
  if (!literal.text.startsWith(".")) return undefined;
  return resolve(dirname(file), literal.text.replace(/\.js$/, ".d.ts"));
}

/** The local names of an import, each with its name in the other file. */
function importedNames({ importClause }: ts.ImportDeclaration): [local: string, name: string | undefined][] {
  const { name, namedBindings } = importClause ?? {};
  const own: [string, string | undefined][] = name === undefined ? [] : [[name.text, "default"]];
  if (namedBindings === undefined) return own;
  if (ts.isNamespaceImport(namedBindings)) return [...own, [namedBindings.name.text, undefined]];
  return [
    ...own,
    ...namedBindings.elements.map((each): [string, string] => [each.name.text, (each.propertyName ?? each.name).text]),
  ];
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const isNamed =
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isModuleDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}
