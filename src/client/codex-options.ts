import { OptionError } from "../errors/option-error.js";
import { checkOptions } from "../transport/options/check-options.js";
import type { TransportName, TransportOptions } from "../transport/options/options.js";
import type { Transport } from "../transport/transport.js";
import { type HandlerOptions, splitHandlers } from "../thread/handler-options.js";
import type { ToolLogger } from "../tools/call/tool-call.js";

/** Options of `new Codex()`. */
export interface CodexOptions extends TransportOptions, HandlerOptions {
  /** The transport. Default `app-server`. Tests can pass a transport object. */
  readonly transport?: TransportName | Transport | undefined;
  /** The logger of the host tools. Default: none. */
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
    const message = `The option \`${name}\` has no effect with a \`transport\` object: remove the option.`;
    throw new OptionError("INVALID_OPTION", name, message);
  }
}
