// The house rules that eslint enforces, as options of its rules; eslint.config.mjs applies them to folders.
import { hostFolders, publicOnly, ranks, windows, withoutNode } from "./ranks.mjs";

/** @typedef {{ selector: string, message: string }} SyntaxRule */
/** @typedef {{ regex?: string, group?: string[], message: string }} ImportPattern */

const paths = [
  ...["readline", "node:readline", "readline/promises", "node:readline/promises"].map((name) => ({
    name,
    message: "readline splits on U+2028 and holds no bound: frame on the LF byte (src/internal/lines/line-channel.ts).",
  })),
  ...["child_process", "node:child_process"].map((name) => ({
    name,
    importNames: ["exec", "execSync"],
    message: "No shell strings: use `spawn` or `execFile` with an argument list.",
  })),
];

/** @param {readonly ImportPattern[]} patterns */
const imports = (patterns = []) => ({ paths, patterns: [...patterns] });

/** @type {SyntaxRule[]} */
const everywhere = [
  {
    selector: "Property[key.name='shell'][value.type='Literal']:not([value.value=false])",
    message: "No shell: pass an argument list.",
  },
  {
    selector:
      "CallExpression[callee.name=/^(spawn|spawnSync|execFile|execFileSync|fork)$/] Property[key.name='shell']:not([value.value=false])",
    message: "No shell: pass an argument list.",
  },
  { selector: "TSEnumDeclaration", message: "Use a union of string literals." },
];

/** @type {SyntaxRule[]} */
const classes = [
  {
    selector: ":matches(PropertyDefinition, MethodDefinition, TSParameterProperty)[accessibility='private']",
    message: "Private state is `#x`.",
  },
  { selector: "ExportDefaultDeclaration", message: "Exports are named." },
];

/**
 * Expressions whose value differs between realms: a renderer, jsdom, and the `vm` contexts of jest.
 * @type {SyntaxRule[]}
 */
const realms = [
  {
    selector:
      "BinaryExpression[operator='instanceof'][right.name=/^(Error|Object|Array|Map|Set|Date|RegExp|Promise|Uint8Array|ArrayBuffer|AbortSignal)$/]",
    message:
      "False for an object of another realm, as in jest: use `isError`, `isAbortSignal`, `tagOf` or `isPlainObject`.",
  },
  {
    selector: "MemberExpression[object.name='AbortSignal'][property.name='any']",
    message: "Refuses the signals of another realm: use `anySignal`.",
  },
];

/** @type {SyntaxRule[]} */
const library = [
  ...classes,
  ...realms,
  { selector: "ExportAllDeclaration", message: "Public names are listed by hand; adding one is a decision." },
];

/** @type {SyntaxRule[]} */
const processFacts = [
  {
    selector: "MemberExpression[object.name='process']:not([property.name=/^(platform|arch|execPath|pid|kill)$/])",
    message: "Only the client and the command line read the process's state; take it as a parameter.",
  },
];

/** Globals that a renderer or jsdom replaces, or lacks. */
const browserGlobals = [
  ...["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate"].map((name) => ({
    name,
    message: "A renderer's timers are numbers without `unref`: import it from node:timers.",
  })),
  { name: "structuredClone", message: "jsdom may lack it." },
  { name: "crypto", message: "A renderer may lack its `randomUUID`: use `randomId` or node:crypto." },
];

const globals = [
  ...browserGlobals,
  { name: "process", message: "Only src/client and src/cli see the host process; take what is needed as a parameter." },
  { name: "console", message: "Nothing is printed; report through telemetry." },
  { name: "globalThis", message: "No global state." },
  { name: "global", message: "No global state." },
  { name: "require", message: "Use an import." },
];

const syntax = { everywhere, library, classes, processFacts, realms };
export const houseRules = { imports, globals, browserGlobals, syntax };

/**
 * Returns one block for each folder of src/ with the imports that its rank forbids. The layers test checks the same
 * table more exactly.
 * @returns {import("eslint").Linter.Config[]}
 */
export function layerConfigs() {
  return Object.entries(ranks).map(([folder, rank]) => ({
    files: folder === "index" ? ["src/index.ts"] : [`src/${folder}/**/*.{ts,js}`],
    rules: { "no-restricted-imports": ["error", imports(forbidden(folder, rank))] },
  }));
}

/**
 * @param {string} folder
 * @param {number} rank
 * @returns {ImportPattern[]}
 */
function forbidden(folder, rank) {
  const up = folder === "index" ? "^\\./" : "^(\\.\\./)+";
  const others = Object.keys(ranks).filter((other) => other !== folder && other !== "index");
  const patterns = others
    .filter((other) => (ranks[other] ?? 0) >= rank)
    .map((other) => ({ regex: `${up}${other}/`, message: `src/${folder} (rank ${rank}) imports lower ranks only.` }));
  for (const [target, files] of Object.entries(windows[folder] ?? {})) {
    const seen = files.map((file) => file.slice(target.length + 1).replace(/\.ts$/, "\\.js")).join("|");
    patterns.push({ regex: `${up}${target}/(?!(${seen})$)`, message: `src/${folder} sees only ${files.join(", ")}.` });
  }
  if (withoutNode.includes(folder)) {
    patterns.push({ regex: "^node:", message: `src/${folder} runs anywhere: no node:*.` });
  }
  if (!hostFolders.includes(folder)) {
    patterns.push({ regex: "^(node:)?(process|console)$", message: "Take what is needed as a parameter." });
  }
  if (folder === publicOnly) {
    const regex = `${up}(${others.join("|")})/(?!index\\.js$)`;
    patterns.push({ regex, message: "The command line uses public entry points only, like any user." });
  }
  return patterns;
}
