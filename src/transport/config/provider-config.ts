import { OptionError } from "../../errors/option-error.js";
import type { JsonValue } from "../../internal/json.js";
import type { ThreadOptions, TransportOptions } from "../options/options.js";

/**
 * The configuration that sends the model's requests to `baseUrl`. It is a provider of our own, named "OpenAI" so that
 * codex treats it as the real one, but without WebSocket: on codex's built-in provider an endpoint that speaks none
 * costs the first turn six seconds.
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

/** Refuses a second answer to the question which provider is meant. */
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
    `The option \`${rival}\` contradicts \`baseUrl\`, which brings its own provider.`,
  );
}
