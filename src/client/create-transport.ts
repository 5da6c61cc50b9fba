import { withOuterMarkers } from "../transport/launch/outer-markers.js";
import { reachLoopback } from "../transport/launch/reach-loopback.js";
import type { Transport } from "../transport/transport.js";
import { splitHandlers } from "../thread/handler-options.js";
import type { CodexOptions } from "./codex-options.js";
import { withWholeBinary, withWholeHome } from "./whole-paths.js";
import { checkFreeHandles } from "./free-handles.js";
import { createLazyTransport } from "./lazy-transport.js";

/** Returns the transport that the options name. Nothing else reads the environment of the process. */
export function createTransport(options: CodexOptions): Transport {
  const { transport = "app-server", logger: _, ...client } = splitHandlers(options).rest;
  if (typeof transport === "object") return transport;
  const env = withWholeHome(reachLoopback(withOuterMarkers(client.env ?? process.env, process.env)));
  const whole = withWholeBinary(client);
  return createLazyTransport(transport, async () => {
    checkFreeHandles();
    const { loadTransport } = await import("./load-transport.js");
    return loadTransport(transport, whole, env);
  });
}
