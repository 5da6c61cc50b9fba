import { createServer } from "node:http";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import type { CodexConfigObject } from "../../../src/index.js";
import { message, respond } from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";

describe.each(transports)("configuration that codex reads when it starts, %s", (transport) => {
  it("[I] `config.otel` of a client has its effect", { timeout: 30_000 }, async () => {
    await using collector = await openCollector();
    await using real = await openRealCodex(transport, [respond(message("ok"))]);
    const { config } = real.model.codexOptions({ codexHome: real.home });
    const codex = real.client({ config: { ...config, otel: collector.otel } });
    await codex.startThread(real.thread).run("hello", { timeoutMs: 10_000 });
    await codex.close();
    await expect.poll(collector.count, { timeout: 10_000 }).toBeGreaterThan(0);
  });
});

it("[I] `config` of a thread with such a section is refused on app-server", async () => {
  await using real = await openRealCodex("app-server", []);
  const sections: CodexConfigObject[] = [
    { otel: { exporter: "none" } },
    { "otel.exporter": "none" },
    { log_dir: real.home },
    { sqlite_home: real.home },
    { cli_auth_credentials_store: "file" },
    { forced_login_method: "api" },
  ];
  const refusal = { code: "INVALID_OPTION", option: "config" };
  const thread = real.codex.startThread(real.thread);
  for (const config of sections) {
    expect(() => real.codex.startThread({ ...real.thread, config })).toThrow(expect.objectContaining(refusal));
    await expect(thread.update({ config })).rejects.toMatchObject(refusal);
  }
});

it("[K] a secret of `config.otel` of a client is refused on app-server: the command line would show it", () => {
  const headers = { authorization: "Bearer secret-0123456789" };
  const otel = { exporter: { "otlp-http": { endpoint: "http://127.0.0.1:9", protocol: "json", headers } } };
  const opened = openRealCodex("app-server", [], { codex: { config: { otel } } });
  return expect(opened).rejects.toMatchObject({ code: "INVALID_OPTION", option: "config" });
});

interface Collector extends AsyncDisposable {
  readonly otel: CodexConfigObject;
  readonly count: () => number;
}

/** Starts a server that counts the reports of codex's telemetry. */
async function openCollector(): Promise<Collector> {
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    request.resume();
    response.end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const endpoint = `http://127.0.0.1:${String(port)}/v1/logs`;
  return {
    otel: { exporter: { "otlp-http": { endpoint, protocol: "json" } } },
    count: () => count,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
