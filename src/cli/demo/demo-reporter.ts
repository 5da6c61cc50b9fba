import type { ThreadEvent, TransportName } from "../../index.js";
import type { CliHost } from "../cli-host.js";
import type { Paint } from "../paint.js";
import type { DemoResult } from "./demo-result.js";
import { describeUsage } from "../render/describe-usage.js";
import { toJsonLine, toPrintable } from "../render/printable.js";
import { createEventRenderer, renderDiff, renderLine } from "../render/render-event.js";

/** Prints the progress and the result of a demo. */
export interface DemoReporter {
  begin(facts: DemoFacts): void;
  event(event: ThreadEvent): void;
  end(result: DemoResult): void;
}

export interface DemoFacts {
  readonly live: boolean;
  readonly transport: TransportName;
  readonly codex: NonNullable<DemoResult["codex"]>;
  readonly directory: string;
  readonly prompt: string;
}

export function createDemoReporter({ json }: { readonly json: boolean }, host: CliHost): DemoReporter {
  return json ? createJsonReporter(host) : createTextReporter(host);
}

/** Prints one JSON object a line: the events of the library, then the result. */
function createJsonReporter({ out }: CliHost): DemoReporter {
  const print = (value: ThreadEvent | DemoResult): void => out(toJsonLine(value));
  return { begin: () => undefined, event: print, end: print };
}

function createTextReporter({ out, paint }: CliHost): DemoReporter {
  const print = (label: string, text: string): void => out(renderLine(label, text, paint));
  let render: ((event: ThreadEvent) => string) | null = null;
  return {
    begin({ live, transport, codex, directory, prompt }) {
      print("codex", `${codex.version ?? "unknown version"} by ${transport}, ${codex.path ?? ""}`);
      print("model", live ? "real, with your login" : "scripted, on this machine: no key, no network");
      print("project", `${directory}, with a failing test`);
      print("prompt", prompt);
      out("\n");
      render = createEventRenderer({ paint, directory });
    },
    event: (event) => out(render?.(event) ?? ""),
    end: (result) => out(renderResult(result, paint)),
  };
}

/** Renders the end of the demo: the changes, the answer, the tokens and the result of the test. */
export function renderResult(result: DemoResult, paint: Paint): string {
  const { diff, finalResponse, usage, test, directory } = result;
  const parts = [
    diff === null ? "" : renderLine("diff", diff === "" ? "nothing changed" : renderDiff(diff, paint), paint),
    finalResponse === null ? "" : renderLine("answer", toPrintable(finalResponse), paint),
    usage === null ? "" : renderLine("usage", describeUsage(usage), paint),
    test === null ? "" : renderLine("test", describeTest(test, paint), paint),
    directory === null ? "" : renderLine("kept", directory, paint),
  ];
  return `\n${parts.join("")}`;
}

function describeTest({ command, exitCode, passed }: NonNullable<DemoResult["test"]>, paint: Paint): string {
  if (passed) return paint("green", `\`${command}\` passes`);
  return paint("red", `\`${command}\` still fails (${exitCode === null ? "it did not end" : `exit ${exitCode}`})`);
}
