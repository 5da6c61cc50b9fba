/** One declaration of a report. */
export interface Declaration {
  readonly name: string;
  readonly exported: boolean;
  readonly text: string;
}

/** Returns the declarations of a report of API Extractor: its blocks, without their release tags. */
export function declarationsOf(report: string): Declaration[] {
  const code = /```ts\n([^]*?)\n```/.exec(report)?.[1] ?? "";
  return code
    .split(/\n{2,}/)
    .map((block) => block.replace(/^ *\/\/.*\n/gm, "").trim())
    .flatMap((text) => {
      const [, exported, name] =
        /^(export )?(?:declare )?(?:abstract )?(?:class|const|enum|function|interface|namespace|type) (\w+)/.exec(
          text,
        ) ?? [];
      if (name !== undefined) return [{ name, exported: exported !== undefined || text.includes("\nexport {"), text }];
      return text === "" || text.startsWith("//") ? [] : [{ name: text, exported: true, text }];
    });
}

/**
 * Returns the exports and the declarations in their signatures, directly or through another kept declaration, except
 * those in `elsewhere`.
 */
export function shortenReport(all: readonly Declaration[], elsewhere: ReadonlySet<string>): Declaration[] {
  const kept = new Set(all.filter(({ exported }) => exported));
  // The loop also visits elements that are added during it.
  for (const { text } of kept) {
    const words = new Set(text.match(/\w+/g));
    for (const other of all) if (words.has(other.name) && !elsewhere.has(withoutNumber(other.name))) kept.add(other);
  }
  return all.filter((declaration) => kept.has(declaration));
}

/** Returns a name without the number that API Extractor adds to a taken name: `Thread_2`. */
function withoutNumber(name: string): string {
  return name.replace(/_\d+$/, "");
}
