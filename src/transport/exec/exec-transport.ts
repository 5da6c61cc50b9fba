import { UnsupportedFeatureError } from "../../errors/unsupported-feature-error.js";
import type { LocatedBinary } from "../../process/locate/locate-binary.js";
import { createWatchdog, type Watchdog } from "../../process/watchdog/watchdog.js";
import { checkKeyIsHidden, judgeVersion, versionWarning } from "../launch/codex-version.js";
import type { LaunchOptions } from "../launch/launch-codex.js";
import { HostGuard } from "../guard/host-guard.js";
import type { ThreadConnection, ThreadSpec, Transport, TransportInfo, TurnConnection } from "../transport.js";
import type { CreateToolServer } from "../../tools/tool-server.js";
import { createLazyToolServer, type LazyToolServer } from "../lazy-tool-server.js";
import { transportFeatures } from "../transport-features.js";
import { findHistory, readHistory } from "../history/read-history.js";
import { ExecTools } from "./exec-tools.js";
import { createExecTurn, type ExecThreadState } from "./exec-turn.js";
import { readVersion } from "../launch/read-version.js";
import { SingleFlight } from "../../internal/single-flight.js";

export interface ExecTransportOptions extends LaunchOptions {
  /** Finds the binary. Called on first use. */
  readonly locate: () => LocatedBinary;
  readonly warn: (message: string) => void;
  /** Creates the tool server. Called for the first thread with tools. */
  readonly createToolServer?: CreateToolServer | undefined;
}

/** Creates the transport that starts one `codex exec --json` child per turn. It has no deltas, approvals, steering or requests. */
export function createExecTransport(options: ExecTransportOptions): Transport {
  const turns = new Set<TurnConnection>();
  const watchdog = createWatchdog({ path: options.env["PATH"] });
  const guard = new HostGuard(options);
  const toolServer = createLazyToolServer(options.createToolServer ?? noToolServer);
  const binary = new SingleFlight((signal) => inspect({ ...options, watchdog, guard }, signal));

  function track(turn: TurnConnection): TurnConnection {
    turns.add(turn);
    return {
      ...turn,
      async close() {
        await turn.close();
        turns.delete(turn);
      },
    };
  }

  return {
    name: "exec",
    features: transportFeatures.exec,
    ready: async (signal) => (await binary.get(signal)).info,
    openThread: (spec) =>
      createExecThread(spec, { toolServer, env: options.env }, (turn) =>
        track(
          createExecTurn({
            ...options,
            ...turn,
            watchdog,
            guard,
            binary: async (signal) => (await binary.get(signal)).binary,
          }),
        ),
      ),
    request: (method) =>
      Promise.reject(
        new UnsupportedFeatureError(`The request \`${method}\``, "exec", 'use `transport: "app-server"`.'),
      ),
    async close() {
      await Promise.all([binary.close(), ...[...turns].map((turn) => turn.close())]);
      await toolServer.close();
      watchdog.close();
    },
  };
}

function createExecThread(
  { threadId, options, tools: given = null }: ThreadSpec,
  { toolServer, env }: { readonly toolServer: LazyToolServer } & Pick<LaunchOptions, "env">,
  open: (turn: ExecThreadState) => TurnConnection,
): ThreadConnection {
  let id = threadId;
  let current = options;
  const tools = given === null ? null : new ExecTools(given, toolServer, threadId === null);
  return {
    get storedTools() {
      // A new thread without tools has an empty set.
      return tools?.stored ?? (threadId === null ? {} : "unknown");
    },
    start: () =>
      Promise.reject(
        new UnsupportedFeatureError("`thread.start()`", "exec", "the thread's id comes with its first turn."),
      ),
    update(next) {
      current = next;
    },
    openTurn: (spec) => {
      if (id !== null && id !== threadId && current.ephemeral === true) {
        const advice = 'codex keeps such a thread in its process, which is gone: use `transport: "app-server"`.';
        throw new UnsupportedFeatureError("A second turn on an ephemeral thread", "exec", advice);
      }
      return open({ spec, options: current, tools, threadId: id, onThreadId: (newId) => void (id ??= newId) });
    },
    history: async () => (id === null ? null : readHistory(await findHistory(env, id))),
    close: () => Promise.resolve(),
    abandon: () => Promise.resolve(),
  };
}

function noToolServer(): Promise<never> {
  const advice = "this transport has no tool server.";
  return Promise.reject(new UnsupportedFeatureError("Host tools", "exec", advice));
}

async function inspect(
  options: ExecTransportOptions & { readonly watchdog: Watchdog; readonly guard: HostGuard },
  signal: AbortSignal,
): Promise<{ readonly binary: LocatedBinary; readonly info: TransportInfo }> {
  const binary = options.locate();
  const version = await readVersion(binary, { ...options, signal });
  const judged = judgeVersion(version, { strict: options.client.strictVersion === true });
  checkKeyIsHidden(version, options.client);
  const warning = versionWarning(judged);
  if (warning !== null) options.warn(warning);
  return { binary, info: { binaryPath: binary.path, ...judged, codexHome: null } };
}
