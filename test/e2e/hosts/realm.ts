import { createRequire } from "node:module";
import { join } from "node:path";
import { constants, createContext, runInContext, Script, type Context } from "node:vm";
import { build } from "esbuild";
import type * as library from "../../../src/index.js";
import { root } from "../../../scripts/house/read-files.js";

type Library = Pick<typeof library, "Codex" | "CodexError" | "partialResultOf" | "tool">;

export interface Realm {
  /** The library, evaluated in the realm. */
  readonly library: Library;
  /** Evaluates an expression in the realm. */
  readonly evaluate: (expression: string) => unknown;
}

/**
 * Evaluates the library in a `vm` context with the globals of jest's environment for jsdom: timers are numbers, `setImmediate`,
 * `structuredClone` and `AbortSignal.any` are missing, and Node's own modules are of another realm.
 */
export async function openRealm(): Promise<Realm> {
  const code = await bundled();
  const require = createRequire(import.meta.url);
  const context = createContext({
    ...nodeGlobals(),
    ...browserTimers(),
    require,
    __filename: join(root, "src/index.ts"),
  });
  runInContext(browserSignals, context);
  const wrapped = `(function () { const module = { exports: {} }; const { exports } = module; ${code}\nreturn module.exports; })()`;
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const library = new Script(wrapped, { importModuleDynamically }).runInContext(context) as Realm["library"];
  return { library, evaluate: (expression) => evaluate(expression, context) };
}

function evaluate(expression: string, context: Context): unknown {
  const value: unknown = runInContext(`(${expression})`, context);
  return value;
}

async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, "src/index.ts")],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    external: ["@modelcontextprotocol/sdk"],
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild wrote no file");
  return file.text;
}

/** The globals that jest passes on from Node. */
function nodeGlobals() {
  return {
    process,
    Buffer,
    console,
    URL,
    DOMException,
    EventTarget,
    Event,
    TextDecoder,
    Uint8Array,
    ArrayBuffer,
    performance,
  };
}

function browserTimers() {
  const timers = new Map<number, NodeJS.Timeout>();
  let last = 0;
  const remember = (timer: NodeJS.Timeout): number => {
    last += 1;
    timers.set(last, timer);
    return last;
  };
  const clear = (id: number | undefined): void => {
    if (id !== undefined) clearTimeout(timers.get(id));
  };
  return {
    setTimeout: (call: () => void, ms?: number) => remember(setTimeout(call, ms)),
    setInterval: (call: () => void, ms?: number) => remember(setInterval(call, ms)),
    clearTimeout: clear,
    clearInterval: clear,
  };
}

/** An `AbortController` as jsdom has it: not Node's, and without `AbortSignal.any`. */
const browserSignals = `
  class AbortSignal extends EventTarget {
    aborted = false;
    reason = undefined;
    throwIfAborted() { if (this.aborted) throw this.reason; }
  }
  class AbortController {
    signal = new AbortSignal();
    abort(reason = new DOMException("This operation was aborted", "AbortError")) {
      if (this.signal.aborted) return;
      this.signal.aborted = true;
      this.signal.reason = reason;
      this.signal.dispatchEvent(new Event("abort"));
    }
  }
  Object.assign(globalThis, { AbortSignal, AbortController });
`;
