import { ClientClosedError } from "../../errors/client-closed-error.js";
import { CodexError } from "../../errors/codex-error.js";
import { TransportClosedError } from "../../errors/transport-closed-error.js";
import type { LocatedBinary } from "../../process/locate/locate-binary.js";
import { keepAlive } from "../../internal/time/keep-alive.js";
import { onAbort } from "../../internal/abort/on-abort.js";
import { ProcessExitedError } from "../../process/spawn/process-exited-error.js";
import { createWatchdog, type Watchdog } from "../../process/watchdog/watchdog.js";
import { versionOfUserAgent } from "../../protocol/index.js";
import { NotCodexError } from "../launch/codex-errors.js";
import { judgeVersion, versionWarning } from "../launch/codex-version.js";
import { toExitError } from "../launch/exit-error.js";
import { SingleFlight } from "../../internal/single-flight.js";
import type { CreateToolServer } from "../../tools/tool-server.js";
import { createLazyToolServer } from "../lazy-tool-server.js";
import { HostGuard } from "../guard/host-guard.js";
import { launchCodex, type LaunchOptions } from "../launch/launch-codex.js";
import { findMissingMethods } from "../launch/method-probe.js";
import { readVersion } from "../launch/read-version.js";
import { createRunMarker } from "../launch/run-marker.js";
import type { Transport, TransportInfo } from "../transport.js";
import { transportFeatures } from "../transport-features.js";
import { toAppServerArguments } from "./app-server-arguments.js";
import { AppServerConnection } from "./app-server-connection.js";
import { AppServerThread } from "./app-server-thread.js";

export interface AppServerTransportOptions extends LaunchOptions {
  /** Finds the binary. Called when it is first needed. */
  readonly locate: () => LocatedBinary;
  readonly warn: (message: string) => void;
  /** The client's name in `initialize`. It must be ASCII, because codex puts it into HTTP headers. */
  readonly clientName: string;
  readonly clientVersion: string;
  readonly createToolServer: CreateToolServer;
}

interface Started {
  readonly connection: AppServerConnection;
  readonly info: TransportInfo;
}

/** Milliseconds that codex may take to answer `initialize`. It usually takes fifty. */
const greetingTimeoutMs = 30_000;

/** The number of attempts if the process ends right after its greeting. */
const maxStarts = 3;

/** One `codex app-server` child for all threads of a client. It is started when first needed, and again after it died. */
export function createAppServerTransport(options: AppServerTransportOptions): Transport {
  const living = new Set<AppServerConnection>();
  const watchdog = createWatchdog({ path: options.env["PATH"] });
  const guard = new HostGuard(options);
  const servers = createLazyToolServer(options.createToolServer);
  // All threads share the start, so it continues even if no caller waits for it any more; then it keeps no host program alive.
  const starts = new SingleFlight(
    async (signal) => {
      const started = await startAgain(() => start({ ...options, watchdog, guard }, signal));
      const { connection } = started;
      living.add(connection);
      void connection.gone.then(() => {
        living.delete(connection);
        starts.forget(started);
      });
      return started;
    },
    { lasting: true },
  );

  async function connected(signal?: AbortSignal): Promise<Started> {
    const endKeepAlive = keepAlive();
    try {
      for (let attempt = 1; ; attempt += 1) {
        const started = await starts.get(signal);
        if (!started.connection.ended) return started;
        // Several callers may find the same process ended: the first of them allows the next start.
        starts.forget(started);
        if (attempt === maxStarts) throw started.connection.reason ?? new TransportClosedError();
      }
    } finally {
      endKeepAlive();
    }
  }

  return {
    name: "app-server",
    features: transportFeatures["app-server"],
    ready: async (signal) => (await connected(signal)).info,
    openThread: (spec) =>
      new AppServerThread(spec, {
        client: options.client,
        guard,
        connect: async (signal) => (await connected(signal)).connection,
        toolServer: servers.get,
      }),
    request: async (method, params, request) =>
      (await connected(request?.signal)).connection.request(method, params, request),
    async close() {
      await Promise.all([
        starts.close(),
        ...[...living].map((connection) => connection.close(new ClientClosedError())),
      ]);
      await servers.close();
      watchdog.close();
    },
  };
}

/**
 * Starts codex again if another process that was starting at the same time in a new CODEX_HOME was in its way. Versions
 * before 0.168 do not wait for each other.
 */
async function startAgain(start: () => Promise<Started>): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      const collided = error instanceof ProcessExitedError && error.message.includes(collision);
      if (!collided || attempt === maxStarts) throw error;
    }
  }
}

const collision = "failed to initialize sqlite state runtime";

async function start(
  options: AppServerTransportOptions & { readonly watchdog: Watchdog; readonly guard: HostGuard },
  signal: AbortSignal,
): Promise<Started> {
  const binary = options.locate();
  const marker = createRunMarker();
  const args = toAppServerArguments(options.client, marker);
  const guarded = options.guard.environment(binary);
  const launched = await launchCodex({ ...options, binary, args, transport: "app-server", marker, guarded });
  const connection = new AppServerConnection(launched, options.client);
  const stopListening = onAbort(signal, () => void connection.close(new ClientClosedError()));
  try {
    const info = await greet(connection, binary, options);
    return { connection, info };
  } catch (error) {
    await connection.close();
    throw await toGreetingError(error, {
      binary,
      env: options.env,
      readVersion: () => readVersion(binary, { ...options, signal }),
    });
  } finally {
    stopListening();
  }
}

async function greet(
  connection: AppServerConnection,
  binary: LocatedBinary,
  options: AppServerTransportOptions,
): Promise<TransportInfo> {
  const { client, clientName, clientVersion } = options;
  const timeoutMs = greetingTimeoutMs;
  const clientInfo = { name: clientName, title: clientName, version: clientVersion };
  const greeting = connection.call(
    "initialize",
    { clientInfo, capabilities: { experimentalApi: true } },
    { timeoutMs },
  );
  // Sent without a wait in between: codex handles them in order.
  const initialized = connection.notify("initialized");
  const login =
    client.apiKey === undefined
      ? null
      : connection.call("account/login/start", { type: "apiKey", apiKey: client.apiKey }, { timeoutMs });
  const [answer] = await Promise.all([greeting, initialized, login]);
  const version = versionOfUserAgent(answer.userAgent, clientName);
  const judged = judgeVersion(version, { strict: client.strictVersion === true });
  const missing = judged.standing === "newer" ? await findMissingMethods(connection) : [];
  const warning = versionWarning(judged, missing);
  if (warning !== null) options.warn(warning);
  return { binaryPath: binary.path, ...judged, codexHome: answer.codexHome };
}

/**
 * Converts the error of a failed greeting. A program that exits, or does not answer, and prints no version of codex is not codex. For
 * codex its last output decides: it cannot run with its configuration, or a start at the same time was in its way.
 */
async function toGreetingError(error: unknown, { binary, env, readVersion }: GreetedProgram): Promise<unknown> {
  // A failed write reports how the process ended, without a class for its last output.
  const cause = error instanceof ProcessExitedError ? toExitError(error, { env }) : error;
  if (cause instanceof ProcessExitedError && cause.signal !== null) return cause;
  if (!CodexError.isInstance(cause)) return cause;
  if (cause.code !== "PROCESS_EXITED" && cause.code !== "RPC_TIMEOUT" && cause.code !== "TRANSPORT_CLOSED")
    return cause;
  const isCodex = await readVersion().then(
    () => true,
    () => false,
  );
  return isCodex ? cause : new NotCodexError(binary.path, cause.message, { cause });
}

interface GreetedProgram {
  readonly binary: LocatedBinary;
  readonly env: LaunchOptions["env"];
  readonly readVersion: () => Promise<string>;
}
