/** Where the tooltip stands: beside the cursor's line, never on it, and inside the window. */

export interface Size {
  width: number;
  height: number;
}

const APART_PX = 16;
const EDGE_PX = 8;

/** @returns the tooltip's left and top in the coordinates of `pointer`, which are the window's. */
export function tooltipPlace(
  pointer: { x: number; y: number },
  tooltip: Size,
  window: Size,
): { left: number; top: number } {
  const right = pointer.x + APART_PX;
  const left = pointer.x - APART_PX - tooltip.width;
  const fitsRight = right + tooltip.width <= window.width - EDGE_PX;
  const top = Math.min(Math.max(pointer.y - tooltip.height / 2, EDGE_PX), window.height - EDGE_PX - tooltip.height);
  if (fitsRight) return { left: right, top };
  if (left >= EDGE_PX) return { left, top };
  // Too narrow for either side, as on a phone: above or below the finger instead.
  const above = pointer.y - APART_PX * 2 - tooltip.height;
  const centred = Math.min(Math.max(pointer.x - tooltip.width / 2, EDGE_PX), window.width - EDGE_PX - tooltip.width);
  return { left: centred, top: above >= EDGE_PX ? above : pointer.y + APART_PX * 2 };
}
