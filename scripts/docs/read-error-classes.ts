import ts from "typescript";

/** Where an error code is thrown: by which class, and what that says of trying again. */
export interface ErrorUse {
  readonly code: string;
  readonly className: string;
  /** `undefined` where the class passes on what it is told, or never says. */
  readonly retryable: boolean | "depends" | undefined;
}

/** Every use of a code in a source file: in the `super()` call of an error class, or in a bare `new CodexError()`. */
export function readErrorUses(file: string, text: string): ErrorUse[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const uses: ErrorUse[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword) {
      uses.push(...toUses(source, node.arguments, classNameOf(node)));
    } else if (ts.isNewExpression(node) && node.expression.getText(source) === "CodexError") {
      uses.push(...toUses(source, node.arguments ?? [], "CodexError"));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses;
}

function toUses(source: ts.SourceFile, args: readonly ts.Expression[], className: string): ErrorUse[] {
  const [code] = args;
  if (code === undefined) return [];
  const retryable = retryableOf(source, args);
  if (ts.isStringLiteral(code)) return [{ code: code.text, className, retryable }];
  return codesOfParameter(source).map((each) => ({ code: each, className, retryable }));
}

/** The class takes its code as a parameter: the codes are those of the union that it declares for it. */
function codesOfParameter(source: ts.SourceFile): string[] {
  const union = source.statements.filter(ts.isTypeAliasDeclaration).find(({ name }) => name.text.endsWith("ErrorCode"));
  return [...(union?.getText(source).matchAll(/"([A-Z_]+)"/g) ?? [])].flatMap(([, code]) => code ?? []);
}

function retryableOf(source: ts.SourceFile, args: readonly ts.Expression[]): ErrorUse["retryable"] {
  const options = args.find(ts.isObjectLiteralExpression);
  const property = options?.properties.find((each) => each.name?.getText(source) === "retryable");
  if (property === undefined || !ts.isPropertyAssignment(property)) return undefined;
  if (property.initializer.kind === ts.SyntaxKind.TrueKeyword) return true;
  return property.initializer.kind === ts.SyntaxKind.FalseKeyword ? false : "depends";
}

function classNameOf(node: ts.Node): string {
  for (let at = node.parent as ts.Node | undefined; at !== undefined; at = at.parent as ts.Node | undefined) {
    if (ts.isClassDeclaration(at)) return at.name?.text ?? "";
  }
  return "";
}
