import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CodexOptions, ThreadStartOptions } from "../../../src/index.js";

/** Secrets that are planted once each, and the places where they were seen. */
export interface Canaries {
  /** Returns the secret of this name. */
  readonly of: (name: string) => string;
  /** Notes every planted secret in the text, also if it is encoded for a URL, a header or JSON. */
  readonly look: (place: string, text: string) => void;
  readonly names: () => readonly string[];
  /** The sightings as `name at place`, sorted. */
  readonly found: () => readonly string[];
}

export function createCanaries(): Canaries {
  const run = randomBytes(6).toString("hex");
  const planted = new Map<string, string>();
  const sightings = new Set<string>();
  return {
    of(name) {
      const secret = planted.get(name) ?? `${name.slice(0, 3)}9x${run}${planted.size}zq`;
      planted.set(name, secret);
      return secret;
    },
    look(place, text) {
      for (const [name, secret] of planted) {
        const inner = Buffer.from(`xxx${secret}`).toString("base64").slice(4, 16);
        if (text.includes(secret) || text.includes(inner)) sightings.add(`${name} at ${place}`);
      }
    },
    names: () => [...planted.keys()],
    found: () => [...sightings].sort(),
  };
}

/** Returns the command lines of all processes but this one. A process that ends meanwhile has none. Linux only. */
export function commandLines(): string {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.map((pid) => readOrEmpty(`/proc/${pid}/cmdline`).replaceAll("\0", " ")).join("\n");
}

/** Returns the content of all files below a folder, by their path. */
export function filesBelow(folder: string): readonly (readonly [path: string, content: string])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    return entry.isFile() ? [[path, readOrEmpty(path)] as const] : [];
  });
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/** Options of a client with a secret in each place where a caller may put one. */
export function plantedClient(of: Canaries["of"], baseUrl: string): CodexOptions {
  const server = { command: "/bin/sh", startup_timeout_sec: 1 };
  return {
    apiKey: of("apiKey"),
    baseUrl,
    context: { password: of("client context") },
    configOverrides: [
      `model_providers.z.experimental_bearer_token="${of("override bearer")}"`,
      'model_providers.z.name="z"',
      `model_providers.y={ name = "y", http_headers = { "X-Any" = "${of("override header table")}" } }`,
      `custom.url="https://user:${of("override password of an address")}@host/"`,
      `shell_environment_policy.set.ORDINARY='${of("override variable")}'`,
    ],
    config: {
      mcp_servers: {
        web: {
          url: `http://127.0.0.1:9/mcp?key=${of("mcp query")}`,
          startup_timeout_sec: 1,
          http_headers: { Authorization: of("mcp authorization"), "X-Ordinary": of("mcp header") },
        },
        local: {
          ...server,
          args: ["-c", "cat > /dev/null"],
          env: {
            SECRET: of("mcp secret variable"),
            ORDINARY: of("mcp variable"),
            "DOT.TED": of("mcp dotted variable"),
          },
        },
      },
      model_providers: {
        other: {
          name: "other",
          base_url: `http://user:${of("provider password of an address")}@127.0.0.1:9/v1`,
          http_headers: { "x-api-key": of("provider key header"), "X-Ordinary": of("provider header") },
          query_params: { ordinary: of("provider query") },
          experimental_bearer_token: of("provider bearer"),
        },
      },
      shell_environment_policy: { set: { ORDINARY_2: of("set variable") } },
      custom: {
        private_key: of("private key"),
        passphrase: of("passphrase"),
        pat: of("pat"),
        cookie: of("cookie"),
        dsn: `postgres://user:${of("password of a dsn")}@host/db`,
        password: of("password"),
        client_secret: of("client secret"),
        connection_string: of("connection string"),
        session: { id: of("nested session") },
        list: [{ token: of("token in a list") }],
        header: `Bearer ${of("bearer in a text")}`,
        url: `https://host/?access_token=${of("token of an address")}`,
      },
    },
  };
}

/** The same for a thread. */
export function plantedThread(of: Canaries["of"]): ThreadStartOptions {
  return {
    context: { password: of("thread context") },
    config: {
      mcp_servers: {
        late: {
          command: "/bin/sh",
          args: ["-c", "cat > /dev/null"],
          startup_timeout_sec: 1,
          env: { ORDINARY: of("thread mcp variable") },
        },
        far: {
          url: "http://127.0.0.1:9/mcp",
          startup_timeout_sec: 1,
          http_headers: { Cookie: of("thread mcp cookie") },
        },
      },
      model_providers: { third: { name: "third", query_params: { a: of("thread provider query") } } },
      shell_environment_policy: { set: { ORDINARY_3: of("thread set variable") } },
      custom2: {
        cookie: of("thread cookie"),
        private_key: of("thread private key"),
        passphrase: of("thread passphrase"),
        pat: of("thread pat"),
        dsn: of("thread dsn"),
        api_key: of("thread key"),
      },
    },
  };
}
