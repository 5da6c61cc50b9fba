import type { Paint } from "../paint.js";
import { cutToWidth } from "../render/cut-to-width.js";
import { toPrintable } from "../render/printable.js";
import type { Activity, Progress } from "./progress.js";

export interface StatusOptions {
  readonly columns: number;
  readonly elapsedMs: number;
  /** The number of redraws, which selects the frame of the spinner. */
  readonly frame: number;
  readonly paint: Paint;
}

const spinner = ["|", "/", "-", "\\"] as const;

/** Renders the current activity in one line: time, tokens, and the running item with its last line of output. */
export function renderStatus(progress: Progress, { columns, elapsedMs, frame, paint }: StatusOptions): string {
  const { tokens } = progress;
  const used = tokens === null ? "" : `${toShort(tokens.input)} in, ${toShort(tokens.output)} out  `;
  const head = `${spinner[frame % spinner.length] ?? ""} ${toClock(elapsedMs)}  ${used}`;
  // A terminal may wrap when the last column is filled.
  const width = Math.max(columns - 1, 0);
  if (head.length > width) return paint("dim", cutToWidth(head, width));
  return paint("dim", head) + renderActivity(progress, width - head.length);
}

function renderActivity({ phase, open }: Progress, columns: number): string {
  const activities = [...open.values()];
  const current = activities.at(-1);
  if (current === undefined) return cutToWidth(phase, columns);
  const others = activities.length === 1 ? "" : ` (and ${activities.length - 1} more)`;
  const last = lastLineOf(current);
  if (current.text === "") return renderWriting(`${current.label}${others}`, last, columns);
  const what = toPrintable(`${current.label} ${current.text}`);
  if (last === "") return cutToWidth(what + others, columns);
  return cutToWidth(`${cutToWidth(what, Math.floor(columns / 2))}${others} > ${last}`, columns);
}

/** Shows the end of a growing text. */
function renderWriting(label: string, text: string, columns: number): string {
  if (text === "" || label.length + 1 >= columns) return cutToWidth(label, columns);
  return `${label} ${cutToWidth(text, columns - label.length - 1, "end")}`;
}

/** A carriage return restarts the line, as in progress bars. */
function lastLineOf({ tail }: Activity): string {
  const lines = tail.split(/[\r\n]+/).map((line) => toPrintable(line).trim());
  return lines.filter((line) => line !== "").at(-1) ?? "";
}

function toClock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, "0");
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${String(minutes).padStart(2, "0")}:${rest}`;
}

function toShort(count: number): string {
  if (count < 10_000) return String(count);
  return count < 1_000_000 ? `${Math.floor(count / 1_000)}k` : `${(count / 1_000_000).toFixed(1)}M`;
}
