/** A value of a period: its start in seconds since the epoch. */
export type Point = [number, number];

/** Points in pieces without holes: a period without a value is a gap in the line and never a straight way over it. */
export function segments(points: Point[], period: number): Point[][] {
  const pieces: Point[][] = [];
  let last: number | undefined;
  for (const point of points) {
    const piece = pieces.at(-1);
    if (piece && last !== undefined && point[0] - last <= period) piece.push(point);
    else pieces.push([point]);
    last = point[0];
  }
  return pieces;
}
