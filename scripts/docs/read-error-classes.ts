import ts from "typescript";

/** A use of an error code: the class that throws it, and its `retryable`. */
export interface ErrorUse {
  readonly code: string;
  readonly className: string;
  /** Undefined if the class takes it as a parameter or does not set it. */
  readonly retryable: boolean | "depends" | undefined;
}

/** Returns every use of a code in a source file: in the `super()` call of an error class, or in `new CodexError()`. */
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

/** Returns the codes of the union that the file declares for a class that takes its code as a parameter. */
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
