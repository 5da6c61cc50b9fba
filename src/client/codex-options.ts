import { OptionError } from "../errors/option-error.js";
import { checkOptions } from "../transport/check-options.js";
import type { ThreadOptions, TransportName, TransportOptions } from "../transport/options.js";
import type { Transport } from "../transport/transport.js";
import type { OutputSchema } from "../thread/output-schema.js";

/** What `new Codex()` takes. */
export interface CodexOptions extends TransportOptions {
  /** How codex is driven. Default `app-server`; a test may give a transport of its own. */
  readonly transport?: TransportName | Transport | undefined;
}

/** What a thread is started or resumed with. */
export interface ThreadStartOptions<S extends OutputSchema = OutputSchema> extends ThreadOptions {
  /** What the final answer of every turn must look like, unless the turn says otherwise. */
  readonly outputSchema?: S | undefined;
}

export function checkCodexOptions(options: CodexOptions): void {
  checkOptions(options, { level: "client", own: { transport: isTransport } });
  const { transport, ...others } = options;
  if (typeof transport !== "object") return;
  for (const [name, value] of Object.entries(others)) {
    if (value === undefined) continue;
    const message = `The option \`${name}\` has no effect on a \`transport\` of your own, which is ready as it is.`;
    throw new OptionError("INVALID_OPTION", name, message);
  }
}

export function checkThreadOptions(options: ThreadStartOptions): void {
  checkOptions(options, { level: "thread", own: { outputSchema: isGiven } });
}

function isTransport(value: unknown): string | null {
  if (value === "app-server" || value === "exec") return null;
  if (typeof value === "object" && value !== null && "openThread" in value) return null;
  return 'must be "app-server" or "exec"';
}

function isGiven(value: unknown): string | null {
  return value === null ? "must not be null" : null;
}
