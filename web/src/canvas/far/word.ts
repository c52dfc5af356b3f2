/** The font of the words that follow. */
export const write = (pen: CanvasRenderingContext2D, size: number): void => {
  pen.font = `500 ${size}px Inter, sans-serif`;
};

/** A line of text, shortened to what fits by a letter's usual width: exact measuring would cost more than drawing. */
export function label(
  pen: CanvasRenderingContext2D,
  words: string,
  x: number,
  y: number,
  size: number,
  width: number,
): void {
  const letters = Math.floor(width / (size * 0.54));
  pen.fillText(words.length > letters ? `${words.slice(0, Math.max(1, letters - 1))}…` : words, x, y);
}
