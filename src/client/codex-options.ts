import { OptionError } from "../errors/option-error.js";
import { checkOptions } from "../transport/options/check-options.js";
import type { TransportName, TransportOptions } from "../transport/options/options.js";
import type { Transport } from "../transport/transport.js";
import { type HandlerOptions, handlerChecks, splitHandlers } from "../thread/handler-options.js";
import type { ToolLogger } from "../tools/call/tool-call.js";
import type { ThreadStartOptions } from "../thread/thread-options.js";

/** What `new Codex()` takes. */
export interface CodexOptions extends TransportOptions, HandlerOptions {
  /** How codex is driven. Default `app-server`; a test may give a transport of its own. */
  readonly transport?: TransportName | Transport | undefined;
  /** Where the host's tools may log to. Default: nowhere. */
  readonly logger?: ToolLogger | undefined;
}

export function checkCodexOptions(options: CodexOptions): void {
  checkOptions(options, { level: "client", own: { transport: isTransport, logger: isLogger, ...handlerChecks } });
  const {
    handlers: _,
    rest: { transport, logger: _logger, ...others },
  } = splitHandlers(options);
  if (typeof transport !== "object") return;
  for (const [name, value] of Object.entries(others)) {
    if (value === undefined) continue;
    const message = `The option \`${name}\` has no effect on a \`transport\` of your own, which is ready as it is.`;
    throw new OptionError("INVALID_OPTION", name, message);
  }
}

export function checkThreadOptions(options: ThreadStartOptions): void {
  checkOptions(options, { level: "thread", own: { outputSchema: isGiven, ...handlerChecks } });
}

function isTransport(value: unknown): string | null {
  if (value === "app-server" || value === "exec") return null;
  if (typeof value === "object" && value !== null && "openThread" in value) return null;
  return 'must be "app-server" or "exec"';
}

function isLogger(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return "must be an object";
  const methods = ["debug", "info", "warn", "error"];
  return methods.every((name) => typeof Reflect.get(value, name) === "function")
    ? null
    : "must have the methods debug, info, warn and error";
}

function isGiven(value: unknown): string | null {
  return value === null ? "must not be null" : null;
}
