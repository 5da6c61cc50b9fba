import { mkdirSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { CodexConfigObject } from "../../transport/options/options.js";

const tokenVariable = "CODEXKIT_SCRIPTED_MODEL_TOKEN";

/** The input of {@link ScriptedModel.codexOptions}. */
export interface ScriptedCodexInput {
  /**
   * The environment of codex and its commands. Default: only `PATH`, with the system's usual directories, and `HOME`,
   * so that the test does not depend on the machine. On Windows, pass `process.env`.
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The CODEX_HOME directory, which is created if it is missing. Default: a temporary one, removed with the model. */
  readonly codexHome?: string;
  /** Additional configuration. Each of its top-level keys replaces the model's own. */
  readonly config?: CodexConfigObject;
}

/** The options that connect codex to the scripted model. Spread them into `new Codex({ ... })`. */
export interface ScriptedCodexOptions {
  readonly config: CodexConfigObject;
  readonly env: Record<string, string>;
  /** The commands come from the test's own script, so the codex of the project's `node_modules` is safe in every sandbox. */
  readonly allowWritableBinary: true;
}

/** Builds the options that connect codex to the scripted model, and owns the CODEX_HOME that it creates. */
export class ScriptedHome {
  readonly #baseUrl: string;
  readonly #token: string;
  #own: string | undefined;

  constructor(baseUrl: string, token: string) {
    this.#baseUrl = baseUrl;
    this.#token = token;
  }

  codexOptions(input: ScriptedCodexInput): ScriptedCodexOptions {
    const codexHome = input.codexHome ?? this.#ownHome();
    mkdirSync(codexHome, { recursive: true });
    const env = input.env ?? bareEnvironment(codexHome);
    return {
      config: { ...this.#config(), ...input.config },
      env: { ...withoutUndefined(env), CODEX_HOME: codexHome, [tokenVariable]: this.#token },
      allowWritableBinary: true,
    };
  }

  async remove(): Promise<void> {
    if (this.#own === undefined) return;
    await rm(this.#own, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }

  #ownHome(): string {
    this.#own ??= mkdtempSync(join(tmpdir(), "codexkit-home-"));
    return this.#own;
  }

  /** Defines a model provider without retries, and disables the features that use the network on their own. */
  #config(): CodexConfigObject {
    return {
      model_provider: "scripted",
      model_providers: {
        scripted: {
          name: "scripted",
          base_url: this.#baseUrl,
          env_key: tokenVariable,
          wire_api: "responses",
          supports_websockets: false,
          request_max_retries: 0,
          stream_max_retries: 0,
        },
      },
      check_for_update_on_startup: false,
      features: { plugins: false, apps: false, unbounded_connection_retries: false },
    };
  }
}

function bareEnvironment(home: string): Record<string, string> {
  const directories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
  return { PATH: directories.join(delimiter), HOME: home };
}

function withoutUndefined(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return Object.fromEntries(entries);
}
