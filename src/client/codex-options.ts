import { OptionError } from "../errors/option-error.js";
import { checkOptions } from "../transport/options/check-options.js";
import type { TransportName, TransportOptions } from "../transport/options/options.js";
import type { Transport } from "../transport/transport.js";
import { type HandlerOptions, splitHandlers } from "../thread/handler-options.js";
import type { ToolLogger } from "../tools/call/tool-call.js";

/** What `new Codex()` takes. */
export interface CodexOptions extends TransportOptions, HandlerOptions {
  /** How codex is driven. Default `app-server`; a test may give a transport of its own. */
  readonly transport?: TransportName | Transport | undefined;
  /** Where the host's tools may log to. Default: nowhere. */
  readonly logger?: ToolLogger | undefined;
}

export function checkCodexOptions(options: CodexOptions): void {
  checkOptions(options, { level: "client" });
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
