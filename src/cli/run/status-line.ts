/** A line at the bottom of a terminal that is drawn again and again, with lines of text that stay above it. */
export interface StatusLine {
  print(text: string): void;
  /** Takes the line away. Nothing is drawn after that; idempotent. */
  end(): void;
}

export interface StatusLineOptions {
  readonly write: (text: string) => void;
  /** What the line says now, without a line break. */
  readonly draw: () => string;
  /** Calls a function now and then, until the function that it gives is called. */
  readonly every: (redraw: () => void) => () => void;
}

const clearLine = "\r\u001b[K";

export function createStatusLine({ write, draw, every }: StatusLineOptions): StatusLine {
  let shown = "";
  let ended = false;

  function show(line: string, above = ""): void {
    if (above === "" && line === shown) return;
    write(`${shown === "" ? "" : clearLine}${above}${line}`);
    shown = line;
  }

  show(draw());
  const stop = every(() => show(draw()));
  return {
    print(text) {
      if (text !== "") show(ended ? "" : draw(), text);
    },
    end() {
      ended = true;
      stop();
      show("");
    },
  };
}
