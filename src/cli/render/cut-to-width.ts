const graphemes = new Intl.Segmenter();
const ellipsis = "...";

/**
 * Cuts a text to one line of at most `columns` columns of a terminal and keeps its beginning or its end. Characters outside
 * the simple scripts count as two columns, so that a line may be too short but never wraps.
 */
export function cutToWidth(text: string, columns: number, keep: "beginning" | "end" = "beginning"): string {
  const line = text.replace(/\s+/g, " ");
  const clusters = [...graphemes.segment(line)].map(({ segment }) => segment);
  if (keep === "end") clusters.reverse();
  const room = columns - ellipsis.length;
  const whole = fitting(clusters, columns);
  if (whole.length === clusters.length || room <= 0) return inOrder(whole, keep);
  const part = inOrder(fitting(clusters, room), keep);
  return keep === "end" ? `${ellipsis}${part}` : `${part}${ellipsis}`;
}

function fitting(clusters: readonly string[], columns: number): string[] {
  let left = columns;
  const end = clusters.findIndex((cluster) => (left -= widthOf(cluster)) < 0);
  return clusters.slice(0, end === -1 ? clusters.length : end);
}

function widthOf(cluster: string): number {
  return cluster.length === 1 && cluster.charCodeAt(0) < 0x1100 ? 1 : 2;
}

function inOrder(clusters: string[], keep: "beginning" | "end"): string {
  return (keep === "end" ? clusters.reverse() : clusters).join("");
}
