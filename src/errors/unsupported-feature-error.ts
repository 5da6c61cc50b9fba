import { CodexError } from "./codex-error.js";

/** The transport does not support an option or a method. Thrown at the call; no option is silently ignored. */
export class UnsupportedFeatureError extends CodexError {
  override name = "UnsupportedFeatureError";
  readonly feature: string;
  readonly transport: string;

  constructor(feature: string, transport: string, advice: string) {
    super("UNSUPPORTED_FEATURE", `${feature} is not supported on the ${transport} transport: ${advice}`, {
      retryable: false,
    });
    this.feature = feature;
    this.transport = transport;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), feature: this.feature, transport: this.transport };
  }
}
