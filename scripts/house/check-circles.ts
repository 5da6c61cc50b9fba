import { posix } from "node:path";
import type { SourceFiles } from "./check-layers.js";
import { readImports } from "./read-imports.js";

/**
 * Every circle of imports among the files, as one sentence each. Type-only imports count. A sentence names one shortest
 * circle of each group of files that reach each other.
 */
export function checkCircles(files: SourceFiles): string[] {
  const graph = new Map([...files].map(([file, text]) => [file, targetsOf(file, text, files)]));
  return connectedGroups(graph).flatMap((group) => {
    const circle = shortestCircle(group, graph);
    return circle === undefined ? [] : [`import circle: ${[...circle, ...circle.slice(0, 1)].join(" -> ")}`];
  });
}

type Graph = ReadonlyMap<string, readonly string[]>;

function targetsOf(file: string, text: string, files: SourceFiles): string[] {
  return readImports(file, text).flatMap(({ specifier }) => {
    if (specifier?.startsWith(".") !== true) return [];
    const named = posix.join(posix.dirname(file), specifier);
    return [named, named.replace(/\.js$/, ".ts")].filter((target) => files.has(target)).slice(0, 1);
  });
}

/** The strongly connected components of the graph, by Tarjan's algorithm. */
function connectedGroups(graph: Graph): string[][] {
  const order = new Map<string, number>();
  const stack: string[] = [];
  const groups: string[][] = [];
  const visit = (file: string): number => {
    const own = order.size;
    order.set(file, own);
    let lowest = own;
    stack.push(file);
    for (const target of graph.get(file) ?? []) {
      const seen = order.get(target);
      if (seen === undefined) lowest = Math.min(lowest, visit(target));
      else if (stack.includes(target)) lowest = Math.min(lowest, seen);
    }
    if (lowest === own) groups.push(stack.splice(stack.indexOf(file)));
    return lowest;
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return groups;
}

/** The files of a shortest circle inside the group. Returns undefined for a single file that does not import itself. */
function shortestCircle(group: readonly string[], graph: Graph): string[] | undefined {
  const inside = new Set(group);
  const circles = group.flatMap((start) => {
    const ways = [[start]];
    const reached = new Set<string>();
    // The list grows while it is walked: a search in breadth.
    for (const way of ways) {
      for (const target of graph.get(way.at(-1) ?? start) ?? []) {
        if (target === start) return [way];
        if (!inside.has(target) || reached.has(target)) continue;
        reached.add(target);
        ways.push([...way, target]);
      }
    }
    return [];
  });
  return circles.sort((one, other) => one.length - other.length)[0];
}
