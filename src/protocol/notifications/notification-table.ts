import { compileShape } from "../shapes/check-shape.js";
import { notificationItemPaths, notificationShapes } from "../generated/shapes.js";
import { parseItemPaths, type ItemPath } from "../shapes/item-paths.js";

/** What decoding and encoding need to know of one notification. */
export interface KnownNotification {
  readonly type: string;
  readonly shape: string;
  readonly itemPaths: readonly ItemPath[];
  /** Which of `threadId` and `turnId` its params carry on the wire. */
  readonly carries: readonly string[];
}

const known = new Map<string, KnownNotification>();

/** Undefined for a method this version does not know. */
export function describeNotification(method: string): KnownNotification | undefined {
  const found = known.get(method);
  if (found !== undefined) return found;
  const shape = Object.hasOwn(notificationShapes, method) ? notificationShapes[method] : undefined;
  if (shape === undefined) return undefined;
  const notification: KnownNotification = {
    type: method.replaceAll("/", "."),
    shape,
    itemPaths: parseItemPaths(notificationItemPaths[method]),
    carries: compileShape(shape)
      .map(({ key }) => key)
      .filter((key) => key === "threadId" || key === "turnId"),
  };
  known.set(method, notification);
  return notification;
}
