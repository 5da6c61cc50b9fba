import ts from "typescript";

/** One import of a file; `specifier` is undefined if its name is computed. */
export interface FoundImport {
  readonly specifier: string | undefined;
  readonly line: number;
}

/** Returns all imports of a file: values, types, re-exports, `import()` in expressions and in types, and `require`. */
export function readImports(file: string, text: string): FoundImport[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const onlyAtTop = !/\b(import|require)\s*\(/.test(text);
  const found: FoundImport[] = [];
  const visit = (node: ts.Node): void => {
    const name = importedName(node);
    if (name !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push({ specifier: ts.isStringLiteralLike(name) ? name.text : undefined, line: line + 1 });
    }
    if (!onlyAtTop) ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return found;
}

function importedName(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (!ts.isCallExpression(node)) return undefined;
  const dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const required = ts.isIdentifier(node.expression) && node.expression.text === "require";
  return dynamic || required ? node.arguments[0] : undefined;
}
