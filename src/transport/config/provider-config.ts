import { OptionError } from "../../errors/option-error.js";
import type { JsonValue } from "../../internal/json.js";
import type { ThreadOptions, TransportOptions } from "../options/options.js";

/**
 * Returns the configuration that sends the model's requests to `baseUrl`: a provider of codexkit with the name "OpenAI", so
 * that codex treats it like its built-in one, but without WebSocket. With the built-in provider, an endpoint without WebSocket
 * delays the first turn by six seconds.
 */
export function providerConfig({ baseUrl }: TransportOptions): Record<string, JsonValue> {
  if (baseUrl === undefined) return {};
  return {
    model_provider: "codexkit",
    "model_providers.codexkit": {
      name: "OpenAI",
      base_url: baseUrl,
      wire_api: "responses",
      supports_websockets: false,
      requires_openai_auth: true,
    },
  };
}

/** Throws an `OptionError` if another option sets the model provider beside `baseUrl`. */
export function checkProvider(client: TransportOptions, options: ThreadOptions): void {
  const { baseUrl, config = {}, configOverrides = [] } = client;
  if (baseUrl === undefined) return;
  const rival =
    options.modelProvider !== undefined
      ? "modelProvider"
      : config["model_provider"] !== undefined || options.config?.["model_provider"] !== undefined
        ? "config.model_provider"
        : configOverrides.some((override) => /^\s*model_provider\s*=/.test(override))
          ? "configOverrides"
          : null;
  if (rival === null) return;
  throw new OptionError(
    "INVALID_OPTION",
    rival,
    `The option \`${rival}\` contradicts \`baseUrl\`, which sets its own provider: remove one of them.`,
  );
}
